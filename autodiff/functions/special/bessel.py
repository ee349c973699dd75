"""Bessel functions of order 0 and 1, modified (i) and of the first kind (j).

Each takes tensors, arrays, numbers or Values, as those of `functions.elementwise`.
`i0e` and `i1e` are scaled with exp(-|x|), and so do not overflow.
"""

from __future__ import annotations

from autodiff.ops.special import bessel
from autodiff.signatures import unary

__all__ = ["i0", "i0e", "i1", "i1e", "j0", "j1"]

i0 = unary(bessel.i0)
i0e = unary(bessel.i0e)
i1 = unary(bessel.i1)
i1e = unary(bessel.i1e)
j0 = unary(bessel.j0)
j1 = unary(bessel.j1)
