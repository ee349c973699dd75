"""A graph as cards and wires: the picture that `viz.draw` makes.

`card`, `lanes` and `legend` draw the pieces, `compose` the whole scene, `table` the table below it,
`dot` the same graph for Graphviz; `drawing` is the object that users hold. In comes a
`viz.model.Graph`. May import `viz.picture`, `viz.draw`, `viz.layout`, `viz.text`, `viz.model`.
"""
