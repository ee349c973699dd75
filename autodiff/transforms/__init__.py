"""Functions that turn functions into others: derivatives, products with derivatives, and more.

Each lives in a module of its own; all are found as ``autodiff.NAME``.
"""

from __future__ import annotations

from autodiff.transforms.gradient import grad, value_and_grad
from autodiff.transforms.jacobians import hessian, hvp, jacfwd, jacobian, jacrev
from autodiff.transforms.products import jvp, linearize, vjp

__all__ = [
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "linearize",
    "value_and_grad",
    "vjp",
]
