"""Nodes, and what holds for the code that makes and visits them.

`node` is the base of `Value` and `Tensor`, `order` visits a graph, `clock` tells before from
after, `modes` and `switches` say what is in force, `origin` finds the user's line. `hooks`,
`staleness` and `finiteness` watch a graph, `saved_parameters` keeps what its rules read, and
`collector` spares Python from walking over it.
In come table entries, operands and frames; out comes a graph that refers to its operands only.

May import ops, symbolic, backends, writers and dtypes.
"""
