"""Elementary functions beside the common ones: quotients exact at 0, odds, angles, roots.

Each takes tensors, arrays, numbers or Values, as those of `functions.elementwise`.
"""

from __future__ import annotations

from autodiff.ops.elementwise import elementary, exponential
from autodiff.signatures import binary, unary

__all__ = [
    "cbrt",
    "deg2rad",
    "degrees",
    "exprel",
    "log_sigmoid",
    "logaddexp2",
    "logit",
    "rad2deg",
    "radians",
    "sinc",
]

sinc = unary(elementary.sinc)
exprel = unary(elementary.exprel)
logit = unary(elementary.logit)
log_sigmoid = unary(elementary.log_sigmoid)
logaddexp2 = binary(exponential.logaddexp2)
cbrt = unary(elementary.cbrt)
deg2rad = radians = unary(elementary.deg2rad)
rad2deg = degrees = unary(elementary.rad2deg)
