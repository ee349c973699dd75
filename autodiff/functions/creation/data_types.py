"""The dtypes by name, and questions about them, as the Python array API standard has them."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.kinds import is_numeric
from autodiff.graph.node import Node

if TYPE_CHECKING:
    import numpy.typing as npt


__all__ = [
    "bool",
    "can_cast",
    "complex64",
    "complex128",
    "finfo",
    "float16",
    "float32",
    "float64",
    "iinfo",
    "int8",
    "int16",
    "int32",
    "int64",
    "isdtype",
    "result_type",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
]

DType = np.dtype[Any]

bool = np.bool_
int8 = np.int8
int16 = np.int16
int32 = np.int32
int64 = np.int64
uint8 = np.uint8
uint16 = np.uint16
uint32 = np.uint32
uint64 = np.uint64
float16 = np.float16
float32 = np.float32
float64 = np.float64
complex64 = np.complex64
complex128 = np.complex128


@dataclass(frozen=True)
class FloatLimits:
    """What `finfo` gives: limits of a floating dtype, as Python numbers.

    Attributes:
        bits: bits of one real number.
        eps: distance from 1 to the next larger number.
        max: largest number.
        min: smallest (most negative) number.
        smallest_normal: smallest positive number of full precision.
        dtype: the real floating dtype.
    """

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: DType


@dataclass(frozen=True)
class IntegerLimits:
    """What `iinfo` gives: limits of an integer dtype, as Python integers.

    Attributes:
        bits: bits of one number.
        max: largest number.
        min: smallest number.
        dtype: the integer dtype.
    """

    bits: int
    max: int
    min: int
    dtype: DType


def _dtype_of(given: Any) -> Any:
    """The dtype of a tensor or array; a Value counts as a bare number; else the thing itself."""
    if is_numeric(given) or _is_tensor(given):
        return given.dtype
    return 0.0 if isinstance(given, Node) else given


def _is_tensor(given: Any) -> builtins.bool:
    return isinstance(given, Node) and hasattr(given, "dtype")


def finfo(type: Any, /) -> FloatLimits:
    """Limits of a floating dtype; of a complex one those of its parts.

    Args:
        type: a dtype, or a tensor or array for its dtype.

    Returns:
        An object with ``bits``, ``eps``, ``max``, ``min``, ``smallest_normal`` and ``dtype``.

    Raises:
        TypeError: the dtype is not a floating one.

    Example:
        >>> import autodiff as ad
        >>> ad.finfo(ad.float32).bits, ad.finfo(ad.complex64).dtype
        (32, dtype('float32'))
    """
    dtype = np.dtype(_dtype_of(type))
    if dtype.kind not in "fc":
        raise TypeError(f"finfo() needs a floating dtype, not {dtype}; use iinfo() for integers")
    limits: Any = np.finfo(dtype)
    return FloatLimits(
        bits=int(limits.bits),
        eps=float(limits.eps),
        max=float(limits.max),
        min=float(limits.min),
        smallest_normal=float(limits.smallest_normal),
        dtype=limits.dtype,
    )


def iinfo(type: Any, /) -> IntegerLimits:
    """Limits of an integer dtype.

    Args:
        type: a dtype, or a tensor or array for its dtype.

    Returns:
        An object with ``bits``, ``max``, ``min`` and ``dtype``.

    Raises:
        TypeError: the dtype is not an integer one.

    Example:
        >>> import autodiff as ad
        >>> ad.iinfo(ad.int8).max
        127
    """
    dtype = np.dtype(_dtype_of(type))
    if dtype.kind not in "iu":
        raise TypeError(f"iinfo() needs an integer dtype, not {dtype}; use finfo() for floats")
    limits: Any = np.iinfo(dtype)
    return IntegerLimits(
        bits=int(limits.bits), max=int(limits.max), min=int(limits.min), dtype=dtype
    )


def isdtype(dtype: npt.DTypeLike, kind: Any) -> builtins.bool:
    """Whether a dtype is of a kind.

    Args:
        dtype: the dtype asked about.
        kind: a dtype, one of ``"bool"``, ``"signed integer"``, ``"unsigned integer"``,
            ``"integral"``, ``"real floating"``, ``"complex floating"`` and ``"numeric"``, or a
            tuple of these.

    Returns:
        Whether it is of that kind, or of one of them.

    Raises:
        ValueError: there is no such kind.

    Example:
        >>> import autodiff as ad
        >>> ad.isdtype(ad.float32, "real floating"), ad.isdtype(ad.int8, (ad.bool, ad.int16))
        (True, False)
    """
    return builtins.bool(np.isdtype(np.dtype(dtype), kind))


def can_cast(from_: Any, to: Any, /) -> builtins.bool:
    """Whether numbers of a dtype keep their value in another.

    Args:
        from_: a dtype, or a tensor or array for its dtype.
        to: the other dtype.

    Returns:
        Whether promotion may lead from the one to the other.

    Example:
        >>> import autodiff as ad
        >>> ad.can_cast(ad.float32, ad.float64), ad.can_cast(ad.float32, ad.int64)
        (True, False)
    """
    return builtins.bool(np.can_cast(_dtype_of(from_), to))


def result_type(*arrays_and_dtypes: Any) -> DType:
    """The dtype that an operation on these operands gives.

    Args:
        *arrays_and_dtypes: tensors, arrays, dtypes, Python numbers and Values; the latter two
            take part by their kind only.

    Returns:
        The dtype they are promoted to.

    Raises:
        ValueError: nothing is given.

    Example:
        >>> import autodiff as ad
        >>> ad.result_type(ad.ones(2), ad.float64), ad.result_type(ad.float32, 1.5)
        (dtype('float64'), dtype('float32'))
    """
    return np.result_type(*map(_dtype_of, arrays_and_dtypes))
