"""Bessel functions of order 0 and 1, modified (i) and of the first kind (j).

Each takes tensors, arrays, numbers or Values, as those of `autodiff.functions.elementwise`.
`i0e` and `i1e` are scaled with exp(-|x|), and so do not overflow.
"""

from __future__ import annotations

from autodiff.operations import elementwise_function as _function
from autodiff.ops import bessel

__all__ = ["i0", "i0e", "i1", "i1e", "j0", "j1"]

i0 = _function(bessel.i0)
i0e = _function(bessel.i0e)
i1 = _function(bessel.i1)
i1e = _function(bessel.i1e)
j0 = _function(bessel.j0)
j1 = _function(bessel.j1)
