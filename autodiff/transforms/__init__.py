"""Functions that turn functions into others: derivatives, products with derivatives, and more.

Each lives in a module of its own; all are found as ``autodiff.NAME``.
"""

from __future__ import annotations

from autodiff.transforms.products import jvp, linearize, vjp
from autodiff.transforms.reverse import grad, value_and_grad

__all__ = ["grad", "jvp", "linearize", "value_and_grad", "vjp"]
