"""The array API standard's names of functions that also have an older one of NumPy's."""

from __future__ import annotations

from typing import Any

from autodiff.functions.elementwise import elementwise
from autodiff.functions.linalg.structured import matrix_transpose
from autodiff.functions.shaping import joining
from autodiff.functions.shaping.shaping import transpose
from autodiff.tensor import Tensor

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "concat",
    "matrix_transpose",
    "permute_dims",
    "pow",
]

acos = elementwise.arccos
acosh = elementwise.arccosh
asin = elementwise.arcsin
asinh = elementwise.arcsinh
atan = elementwise.arctan
atan2 = elementwise.arctan2
atanh = elementwise.arctanh
concat = joining.concatenate
pow = elementwise.power


def permute_dims(x: Any, /, axes: tuple[int, ...]) -> Tensor:
    """Axes in another order; as `transpose`, with the order required.

    Example:
        >>> permute_dims([[1.0, 2.0, 3.0]], (1, 0)).shape
        (3, 1)
    """
    return transpose(x, axes)
