"""Bessel functions of order 0 and 1, modified (i) and of the first kind (j).

Each takes tensors, arrays, numbers or Values, as those of `functions.elementwise`.
`i0e` and `i1e` are scaled with exp(-|x|), and so do not overflow.
"""

from __future__ import annotations

from autodiff.functions.signatures import Unary, unary
from autodiff.ops.special import bessel

__all__ = ["i0", "i0e", "i1", "i1e", "j0", "j1"]

i0: Unary = unary(bessel.i0)
i0e: Unary = unary(bessel.i0e)
i1: Unary = unary(bessel.i1)
i1e: Unary = unary(bessel.i1e)
j0: Unary = unary(bessel.j0)
j1: Unary = unary(bessel.j1)
