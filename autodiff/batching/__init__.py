"""Functions of one example carried out on a batch: `vmap`, an interpreter of the table.

Within a mapped function the array of a node is a `BatchedArray`, a stand-in in the shape of one
example; each function of arrays that meets it, in a forward or backward pass, is looked up in
the `table` and carried out on all examples. In come arrays and nodes, out come the same with
the examples' axis. `rules` enter themselves in the table, which `batch` reads.

May import tensors and what lies under them, not functions.
"""

from __future__ import annotations

from autodiff.backends.kinds import whole
from autodiff.batching import rules
from autodiff.batching.vmap import vmap

__all__ = ["rules", "vmap", "whole"]
