"""Scalars of the graph: `value` is the class, `backward` the backward pass of Values alone.

`source` prints a function or operator on Values from the table, `functions` makes it when it is
first needed; `record` makes the nodes of what is written by hand, from the same lines. `fusions`
are sums of many Values as one node, `neurons` a layer of such sums, and `micrograd` has that
library's names. In come Values and numbers, out come Values.

May import the graph, writers, symbolic, backends and ops.
"""
