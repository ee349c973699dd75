"""Elementary functions beside the common ones: quotients exact at 0, odds, angles, roots.

Each takes tensors, arrays, numbers or Values, as those of `functions.elementwise`.
"""

from __future__ import annotations

from autodiff.functions.signatures import Binary, Unary, binary, unary
from autodiff.ops.elementwise import elementary, exponential

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

sinc: Unary = unary(elementary.sinc)
exprel: Unary = unary(elementary.exprel)
logit: Unary = unary(elementary.logit)
log_sigmoid: Unary = unary(elementary.log_sigmoid)
logaddexp2: Binary = binary(exponential.logaddexp2)
cbrt: Unary = unary(elementary.cbrt)
deg2rad: Unary = unary(elementary.deg2rad)
radians: Unary = deg2rad
rad2deg: Unary = unary(elementary.rad2deg)
degrees: Unary = rad2deg
