"""What a picture shows: which nodes share a card, and what stands on cards and wires.

In comes a `viz.read.skeleton.Skeleton`; `rollup` makes a plan of it, `build` the card or wire of
single nodes, and `assemble` the `viz.model.Graph` of plain data. May import `viz.read`,
`viz.layout`, `viz.text` and `viz.model`.
"""
