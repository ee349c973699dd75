"""Elementary functions beside the common ones: quotients exact at 0, odds, angles, roots.

Each takes tensors, arrays, numbers or Values, as those of `autodiff.functions.elementwise`.
"""

from __future__ import annotations

from autodiff.operations import elementwise_function as _function
from autodiff.ops import elementary

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

sinc = _function(elementary.sinc)
exprel = _function(elementary.exprel)
logit = _function(elementary.logit)
log_sigmoid = _function(elementary.log_sigmoid)
logaddexp2 = _function(elementary.logaddexp2)
cbrt = _function(elementary.cbrt)
deg2rad = radians = _function(elementary.deg2rad)
rad2deg = degrees = _function(elementary.rad2deg)
