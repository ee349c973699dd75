"""Nodes, and what holds for the code that makes and visits them.

`node` is the base of `Value` and `Tensor`, `order` visits a graph, `clock` tells before from
after. In come a table entry, operands and the user's frame, out comes a graph that refers to its
operands only.

May import ops, symbolic, writers, backends and dtypes.
"""
