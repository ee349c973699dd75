"""What a picture shows: which nodes share a card, and what stands on cards and wires.

In comes a `viz.read.skeleton.Skeleton`. `rollup` makes a plan of it: `loops` and `steps` find
what repeats, `modules`, `sums`, `chains`, `rows` and `fusions` what belongs together. `build`
makes the card or wire of single nodes, `groups` and `bundles` of several, `assemble` the
`viz.model.Graph` of plain data, `opening` what is behind a card. May import `viz.read`,
`viz.layout`, `viz.text` and `viz.model`.
"""
