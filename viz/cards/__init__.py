"""A graph as cards and wires: the picture that `viz.draw` makes.

`card`, `small`, `lanes` and `frames` draw the pieces, `body` a placed graph of them; `insets`,
`series` and `legend` stand around it in the scene of `compose`, `table` below it; `dot` is the same
graph for Graphviz, `drawing` the object that users hold. In comes a `viz.model.Graph`. May import
`viz.picture`, `viz.draw`, `viz.layout`, `viz.text` and `viz.model`.
"""
