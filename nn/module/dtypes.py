"""The default float type of parameters, buffers and data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from autodiff import Tensor
from autodiff.dtypes import DefaultFloat

__all__ = ["as_data", "default_dtype", "floating", "get_default_dtype", "set_default_dtype"]

DType = np.dtype[Any]

_default = DefaultFloat(np.float32, " of parameters")


def get_default_dtype() -> DType:
    """The float type of new parameters and buffers, and of lists of numbers given as data.

    It is float32, whatever the default float type of `autodiff` is, unless
    `set_default_dtype` says otherwise.

    Example:
        >>> get_default_dtype()
        dtype('float32')
    """
    return _default.get()


def set_default_dtype(dtype: npt.DTypeLike) -> None:
    """Set the float type of new parameters and buffers, for the whole process.

    Models that exist already keep theirs; `Module.to` changes it.

    Args:
        dtype: a floating type such as ``numpy.float64``.

    Raises:
        TypeError: the type is not a floating one.
    """
    _default.set(dtype)


@contextmanager
def default_dtype(dtype: npt.DTypeLike) -> Iterator[None]:
    """Use another default float type for parameters and buffers inside a block.

    Args:
        dtype: a floating type such as ``numpy.float64``.

    Yields:
        Nothing; afterwards the type is what it was.

    Raises:
        TypeError: the type is not a floating one.

    Example:
        >>> import nn
        >>> with nn.default_dtype("float64"):
        ...     print(nn.Linear(2, 1).weight.dtype)
        float64
    """
    with _default.within(dtype):
        yield


def floating(dtype: Any) -> DType:
    """A float type that was asked for, or the default one for None.

    Raises:
        TypeError: it is another type, in which numbers would be cut to whole ones.
    """
    chosen = np.dtype(get_default_dtype() if dtype is None else dtype)
    if chosen.kind != "f":
        raise TypeError(f"dtype must be a floating type such as numpy.float32, not {chosen}")
    return chosen


def as_data(given: Any) -> np.ndarray[Any, Any]:
    """Data as an array: arrays keep their type, Python floats get the default one of `nn`."""
    if isinstance(given, Tensor):
        # Of one that needs a gradient, this is refused.
        return np.asarray(given)
    # NumPy would ask a dataset for entry after entry, perhaps without end.
    endless = hasattr(given, "__getitem__") and not hasattr(given, "__array__")
    if endless and not isinstance(given, Sequence):
        raise TypeError(
            f"a {type(given).__name__} is no array; give arrays or lists, or the dataset "
            "itself to nn.data.DataLoader"
        )
    array = np.asarray(given)
    if array.dtype != np.float64 or hasattr(given, "dtype"):
        return array
    leaf = given
    while isinstance(leaf, list | tuple) and leaf:
        leaf = leaf[0]
    return array if hasattr(leaf, "dtype") else array.astype(get_default_dtype())
