"""What makes `Value` work: its functions, sums as one node, the backward pass of scalar graphs.

`source` prints a function or operator on Values from the table, `functions` makes it when it is
first needed; `record` makes the nodes of what is written by hand, from the same lines. `fusions`
are sums of many Values as one node, `sweep` goes back over a graph of Values alone, and
`micrograd` has that library's names. In come Values and numbers, out come Values.

May import the graph, writers, symbolic, backends and ops.
"""
