"""The default floating type, and how given data becomes arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import numpy.typing as npt

from autodiff.backends.recorder import RECORDER
from autodiff.backends.stand_in import StandIn

__all__ = [
    "DefaultFloat",
    "as_array",
    "default_dtype",
    "from_numbers",
    "get_default_dtype",
    "in_one_precision",
    "keep_precision",
    "keeps_precision",
    "set_default_dtype",
]

DType = np.dtype[Any]


class DefaultFloat:
    """The float type that is taken where none is named: one of the process, or of a block.

    Args:
        dtype: the type to begin with.
        what: what it is the type of, for messages.

    Example:
        >>> default = DefaultFloat("float32", " of weights")
        >>> with default.within("float64"):
        ...     inside = default.get()
        >>> inside, default.get()
        (dtype('float64'), dtype('float32'))
        >>> default.set(int)
        Traceback (most recent call last):
        TypeError: the default type of weights must be a floating one, ...
    """

    def __init__(self, dtype: npt.DTypeLike, what: str) -> None:
        self._what = what
        self._of_process = np.dtype(dtype)
        self._of_block: ContextVar[DType | None] = ContextVar(
            "glassgrad_default_dtype", default=None
        )

    def get(self) -> DType:
        """The type at present."""
        return self._of_block.get() or self._of_process

    def set(self, dtype: npt.DTypeLike) -> None:
        """Set the type of the process."""
        self._of_process = self._checked(dtype)

    @contextmanager
    def within(self, dtype: npt.DTypeLike) -> Iterator[None]:
        """Use another type inside a block."""
        token = self._of_block.set(self._checked(dtype))
        try:
            yield
        finally:
            self._of_block.reset(token)

    def _checked(self, dtype: npt.DTypeLike) -> DType:
        wanted = np.dtype(dtype)
        if wanted.kind != "f":
            raise TypeError(
                f"the default type{self._what} must be a floating one, such as numpy.float32, "
                f"not {wanted}"
            )
        return wanted


_default = DefaultFloat(np.float64, "")


def get_default_dtype() -> DType:
    """The floating type given to Python floats and lists that stand beside no array.

    Example:
        >>> get_default_dtype()
        dtype('float64')
    """
    return _default.get()


def set_default_dtype(dtype: npt.DTypeLike) -> None:
    """Set the floating type for Python floats, lists and new tensors, for the whole process.

    Args:
        dtype: a floating type such as ``numpy.float64``.

    Raises:
        TypeError: the type is not a floating one.

    Example:
        >>> set_default_dtype("float64")
        >>> get_default_dtype()
        dtype('float64')
    """
    _default.set(dtype)


@contextmanager
def default_dtype(dtype: npt.DTypeLike) -> Iterator[None]:
    """Use another default floating type inside a block.

    Args:
        dtype: a floating type such as ``numpy.float64``.

    Yields:
        Nothing; afterwards the type is what it was.

    Raises:
        TypeError: the type is not a floating one.

    Example:
        >>> import autodiff as ad
        >>> with default_dtype("float64"):
        ...     print(ad.Tensor([1.5]).dtype)
        float64
    """
    with _default.within(dtype):
        yield


_KEPT: ContextVar[bool] = ContextVar("glassgrad_keep_precision", default=False)
keeps_precision: Callable[[], bool] = _KEPT.get
"""Whether layers and losses must not bring what they are given to a lower precision."""


@contextmanager
def keep_precision() -> Iterator[None]:
    """Inside, layers and losses compute in the precision of what they are given.

    Outside, a layer with float32 parameters brings a float64 input to float32, whose
    rounding would hide the derivatives that a check looks for.

    Yields:
        Nothing; afterwards all is as it was.
    """
    token = _KEPT.set(True)
    try:
        yield
    finally:
        _KEPT.reset(token)


def as_array(data: Any, dtype: npt.DTypeLike | None = None, *, copy: bool = True) -> Any:
    """Data as an array: arrays keep their type, Python floats get the default one.

    Complex Python numbers get the complex type of the default one's precision.

    Args:
        data: an array, a number, or nested lists of numbers.
        dtype: the type wanted; by default as described.
        copy: whether an array is copied.

    Returns:
        A NumPy array.

    Raises:
        TypeError: the data is not numeric.
    """
    if isinstance(data, np.ndarray) and (recorder := RECORDER.get()) is not None:
        # Read anew in every call of the step that is being recorded.
        data = recorder.stand_in(data)
    if isinstance(data, StandIn):
        if dtype is not None and data.dtype != dtype:
            return data.astype(np.dtype(dtype))
        return data.interpreter.method(data, "copy", ("K",), {}) if copy else data
    if isinstance(data, (np.ndarray, np.generic)):
        return _numeric(np.array(data, dtype=dtype, copy=copy or None), data)
    array = from_numbers(data, dtype)
    default = get_default_dtype()
    if dtype is None and default != np.float64 and _bare(data):
        if array.dtype == np.float64:
            array = array.astype(default)
        elif array.dtype == np.complex128:
            array = array.astype(np.result_type(default, np.complex64))
    return array


def from_numbers(data: Any, dtype: npt.DTypeLike | None = None) -> Any:
    """An array of numbers in nested lists, with the dtype that NumPy gives them.

    Raises:
        TypeError: the data is not numeric.

    Example:
        >>> from_numbers([[1, 0.5]])
        array([[1. , 0.5]])
    """
    try:
        if hasattr(data, "__array__") and not isinstance(data, (np.ndarray, np.generic)):
            # Not every library knows the argument `copy` of that method.
            data = np.asarray(data, dtype=dtype)
        array = np.array(data, dtype=dtype)
    except (ValueError, TypeError) as error:
        raise TypeError(
            f"{_short(data)} is no array of numbers: {error}; "
            "give numbers, or nested lists of numbers of equal lengths"
        ) from None
    return _numeric(array, data)


def _bare(data: Any) -> bool:
    """Whether nested lists hold Python's numbers only, which have no type of their own."""
    if isinstance(data, (list, tuple)):
        return all(map(_bare, data))
    return not hasattr(data, "dtype") and not hasattr(data, "__array__")


def _numeric(array: Any, data: Any) -> Any:
    if array.dtype.kind not in "biufc":
        raise TypeError(
            f"a Tensor holds numbers, but {_short(data)} gives an array of dtype {array.dtype}; "
            "give numbers, or nested lists of numbers of equal lengths"
        )
    return array


def _short(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else text[:57] + "…"


def in_one_precision(y: Any, *operands: Any) -> tuple[Any, ...]:
    """The operands, arrays or tensors, in the precision of the result, as NumPy computed it.

    A derivative that is a function of a float32 operand alone, such as 1/x, would else be
    rounded to that, also where the result is float64.

    Example:
        >>> short, long = np.ones(2, np.float32), np.ones(2)
        >>> [x.dtype.name for x in in_one_precision(short / long, short, long)]
        ['float64', 'float64']
    """
    dtype = y.dtype
    if dtype.kind not in "fc":
        return operands
    real = dtype if dtype.kind == "f" else np.finfo(dtype).dtype
    return tuple(
        x
        if x.dtype.kind not in "fc" or x.dtype in (real, dtype)
        else x.astype(real if x.dtype.kind == "f" else dtype)
        for x in operands
    )
