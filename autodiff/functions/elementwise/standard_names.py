"""The array API standard's names of functions that also have an older one of NumPy's."""

from __future__ import annotations

from typing import Any

from autodiff.functions.elementwise.elementwise import arccos as acos
from autodiff.functions.elementwise.elementwise import arccosh as acosh
from autodiff.functions.elementwise.elementwise import arcsin as asin
from autodiff.functions.elementwise.elementwise import arcsinh as asinh
from autodiff.functions.elementwise.elementwise import arctan as atan
from autodiff.functions.elementwise.elementwise import arctan2 as atan2
from autodiff.functions.elementwise.elementwise import arctanh as atanh
from autodiff.functions.elementwise.elementwise import power as pow
from autodiff.functions.linalg.structured import matrix_transpose
from autodiff.functions.shaping.joining import concatenate as concat
from autodiff.functions.shaping.shaping import transpose
from autodiff.tensors.tensor import Tensor

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


def permute_dims(x: Any, /, axes: tuple[int, ...]) -> Tensor:
    """Axes in another order; as `transpose`, with the order required.

    Example:
        >>> permute_dims([[1.0, 2.0, 3.0]], (1, 0)).shape
        (3, 1)
    """
    return transpose(x, axes)
