"""Reverse mode: the backward pass, and the gradients that come of it.

`seeds` (what it begins with), `walk` (the pass over the nodes, told by a `pull` what each sends),
`pullbacks` (that on arrays and floats, from the table), `higher_order` and `chain_rule` (the same
on nodes), `plain` (the walk where nobody asks anything), `store` (into `grad`); `backward` and
`gradients` are what users call. `released` is what is known of a graph once it is released.

In come a root and its graph, out go gradients. It may import functions and all below them.
"""
