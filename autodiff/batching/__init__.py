"""Functions of one example carried out on a batch: `vmap`.

It is another interpreter of the operation table. Within a mapped function the array of a
node is a `BatchedArray`, which has the shape of one example; every function of arrays that
it meets, in a forward or a backward pass, is carried out on all examples.
"""

from __future__ import annotations

from autodiff.batching.mapping import vmap
from autodiff.batching.sharing import whole

__all__ = ["vmap", "whole"]
