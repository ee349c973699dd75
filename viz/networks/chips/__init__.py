"""A small network with every number of one step: weights as chips where they arrive.

`symbols` says what things are called, `places` where they stand; `cards`, `lines`, `lanes`,
`judge` and `bands` draw neurons, weights, wires, loss and formulas; `picture` is what users get.
In comes a `viz.networks.model.Network`. May import what `viz.networks` may.
"""
