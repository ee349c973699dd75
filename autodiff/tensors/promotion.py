"""The float type that bare numbers take beside arrays.

Tensors, arrays and NumPy's numbers are strong: their types promote as in NumPy. Bare Python
numbers, lists of them and Values are weak: beside an array they take its float type, so they
neither raise a float32 computation nor round a float64 one. Where all operands are weak they
are of the default float type.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autodiff.dtypes import from_numbers, get_default_dtype, keeps_precision
from autodiff.tensors.tensor import Tensor

__all__ = ["NUMBERS", "common_dtype", "list_beside", "value_dtype", "weak_dtype"]

NUMBERS: frozenset[Any] = frozenset((float, int, bool, complex))
"""The types of bare numbers."""


def common_dtype(values: Iterable[Any]) -> Any:
    """The dtype that the strong ones of some operands promote to; None where all are weak.

    Booleans count only where there is nothing else: a condition is no example for a number.

    Example:
        >>> common_dtype([0.1, [1, np.float32(2)], np.zeros(2, np.int8)]).name
        'float32'
        >>> common_dtype([0.1, [1, 2j]]) is None
        True
    """
    found = condition = None
    for x in values:
        if x.__class__ in NUMBERS:
            continue
        if isinstance(x, Tensor):
            dtype = x._data.dtype
        elif isinstance(x, (list, tuple)):
            dtype = common_dtype(x)
        else:
            dtype = getattr(x, "dtype", None)
        if dtype is None or dtype is found:
            continue
        if dtype.kind == "b":
            condition = dtype
        elif dtype.kind in "iufc":
            found = dtype if found is None else np.result_type(found, dtype)
    return condition if found is None else found


def weak_dtype(dtype: Any, number: Any) -> Any:
    """The dtype of a bare number beside arrays of a dtype.

    Example:
        >>> weak_dtype(np.dtype("float32"), 0.1).name, weak_dtype(np.dtype("int64"), 0.1).name
        ('float32', 'float64')
    """
    if dtype.kind in "fc" or number.__class__ is int or number.__class__ is bool:
        return np.result_type(dtype, number)
    return np.result_type(dtype, get_default_dtype(), number)


def value_dtype(dtype: Any) -> Any:
    """The dtype of Values and lists of real numbers beside arrays of a dtype, which is real.

    Example:
        >>> value_dtype(np.dtype("complex64")).name
        'float32'
    """
    if keeps_precision():
        # A check of gradients sees more than single precision shows.
        dtype = np.result_type(dtype, np.float64)
    return dtype if dtype.kind == "f" else np.finfo(weak_dtype(dtype, 1.0)).dtype


def list_beside(x: Any, dtype: Any) -> Any:
    """A list without nodes as the array that stands beside arrays of a dtype."""
    array = from_numbers(x)
    kind = array.dtype.kind
    if kind == "b" or (kind in "iu" and dtype.kind not in "fc"):
        return array
    wanted = weak_dtype(dtype, 1j) if kind == "c" else value_dtype(dtype)
    # With an array or a NumPy number in it the list is no bare one.
    return array if wanted == array.dtype or common_dtype(x) is not None else array.astype(wanted)
