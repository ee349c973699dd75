"""A graph in the forms of other tools: Graphviz, Mermaid, TikZ.

In comes the plain data of a picture (`viz.model.Graph`), for `tikz` with where it stands; out
comes text, of `dot` a graph of Graphviz. `tex` writes text for LaTeX. It may import `viz.model`,
`viz.layout`, `viz.draw`, `viz.text` and `viz.files`.
"""
