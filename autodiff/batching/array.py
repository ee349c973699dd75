"""The array that stands in for one example while a function is mapped over many.

It has the shape of one example and holds the arrays of all of them. NumPy's functions
applied to it are carried out on all at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from autodiff.backends.interpreter import Interpreter
from autodiff.backends.stand_in import StandIn

__all__ = ["BatchedArray", "batched_parts"]


class BatchedArray(StandIn):
    """The examples of a batch, seen as the array of one.

    Attributes:
        interpreter: which mapping it belongs to, a `Batch`.
        factors: a column and a row for each example, whose products it is, as long as nobody
            has asked for these. Their sum, a weight's gradient, is one matrix product.
    """

    __slots__ = ("_value", "factors")

    interpreter: Interpreter
    factors: Any

    def __init__(self, interpreter: Interpreter, value: Any, factors: Any = None) -> None:
        self.interpreter = interpreter
        self._value = value
        self.factors = factors

    @property
    def value(self) -> Any:
        """The arrays of all examples, along axis 0."""
        if self._value is None:
            self._value = np.multiply(*self.factors)
            self.factors = None
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = value
        self.factors = None

    @property
    def base(self) -> Any:
        """The array whose memory that of the examples is, if it is not their own."""
        return None if self._value is None else self._value.base

    @property
    def flags(self) -> Any:
        """Memory layout, of which nothing particular is promised."""
        return SimpleNamespace(c_contiguous=True, f_contiguous=False, writeable=True)

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis of one example."""
        if self._value is None:
            column, row = self.factors
            return column.shape[1], row.shape[2]
        shape: tuple[int, ...] = self._value.shape[1:]
        return shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the elements."""
        if self._value is None:
            return np.result_type(*self.factors)
        dtype: np.dtype[Any] = self._value.dtype
        return dtype

    def copy(self) -> Any:
        """A copy of its own. The memory is shared: it is never written into."""
        return BatchedArray(self.interpreter, self._value, self.factors)

    def replace(self, other: BatchedArray) -> None:
        """Take over the numbers of another one: writing, in memory that others may share."""
        self.interpreter, self.value = other.interpreter, other.value

    def __repr__(self) -> str:
        count = len(self.factors[0] if self._value is None else self._value)
        return f"<{count} examples of shape {self.shape}, {self.dtype}>"


def batched_parts(given: Any) -> Iterator[BatchedArray]:
    """The batched arrays among arguments, also within tuples, lists and dicts."""
    if isinstance(given, BatchedArray):
        yield given
    elif isinstance(given, (tuple, list)):
        for part in given:
            yield from batched_parts(part)
    elif isinstance(given, dict):
        yield from batched_parts(tuple(given.values()))
