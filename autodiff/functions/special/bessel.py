"""Bessel functions of order 0 and 1, modified (i) and of the first kind (j).

Each takes tensors, arrays, numbers or Values, as those of `functions.elementwise`.
`i0e` and `i1e` are scaled with exp(-|x|), and so do not overflow.
"""

from __future__ import annotations

from autodiff.functions.signatures import Unary, unary
from autodiff.ops.special import bessel

__all__ = ["i0", "i0e", "i1", "i1e", "j0", "j1"]

i0: Unary = unary(bessel.i0)
"""Modified Bessel function of order 0. d I₀(x)/dx = I₁(x)."""
i0e: Unary = unary(bessel.i0e)
"""Modified Bessel function of order 0 times exp(-|x|); derivative 0 at 0.

d I₀ₑ(x)/dx = I₁ₑ(x) − sign(x) · I₀ₑ(x).
"""
i1: Unary = unary(bessel.i1)
"""Modified Bessel function of order 1.

f = I₁(x).
d f/dx: see `python -m autodiff show i1`.
"""
i1e: Unary = unary(bessel.i1e)
"""Modified Bessel function of order 1 times exp(-|x|).

f = I₁ₑ(x).
d f/dx: see `python -m autodiff show i1e`.
"""
j0: Unary = unary(bessel.j0)
"""Bessel function of the first kind of order 0. d J₀(x)/dx = −J₁(x)."""
j1: Unary = unary(bessel.j1)
"""Bessel function of the first kind of order 1.

f = J₁(x).
d f/dx: see `python -m autodiff show j1`.
"""
