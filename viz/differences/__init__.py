"""Two forward and backward passes laid beside each other: where they part, and what comes of it.

`passes` copies the numbers of a pass, `align` (`prints`, `matching`) joins nodes of two passes,
`compare` how far they are apart and where that begins, `findings` says it in a sentence;
`difference` is the picture that users hold, which `overlay`, `overviews` and `stems` draw. In come
two nodes, passes or arrays by name. May import `viz.cards`, `viz.picture`, `viz.plan`, `viz.read`,
`viz.layout`, `viz.draw`, `viz.text`, `viz.model` and `viz.geometry`.
"""
