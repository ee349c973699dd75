"""From a graph of tensors to the graph of scalars that it stands for, and back.

`array` looks like an array and holds Values; the `interpreter` carries the table's own forward
rules out on it, by the `rules`, whose derivatives are those of Values; `graph` does that for all
nodes of a graph, and gathers the gradients of the elements again. In come nodes, out come Values.

May import batching, tensors, values, graph, backends and ops.
"""

from __future__ import annotations

from autodiff.scalarizing.graph import ScalarGraph, scalarize

__all__ = ["ScalarGraph", "scalarize"]
