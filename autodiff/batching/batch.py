"""One mapping over a batch: how functions of arrays are carried out on all examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autodiff.batching.array import BatchedArray
from autodiff.errors import BatchingError
from autodiff.modes import current_mode

__all__ = ["Batch", "Rule", "batched_parts", "is_plain", "ndim_of"]

Rule = Callable[..., Any]


def batched_parts(given: Any) -> Iterator[BatchedArray]:
    """The batched arrays among arguments, also within tuples, lists and dicts."""
    if isinstance(given, BatchedArray):
        yield given
    elif isinstance(given, (tuple, list)):
        for part in given:
            yield from batched_parts(part)
    elif isinstance(given, dict):
        yield from batched_parts(tuple(given.values()))


def ndim_of(x: Any) -> int:
    """Number of axes of one example of what may be batched."""
    shape = getattr(x, "shape", None)
    return np.ndim(x) if shape is None else len(shape)


def is_plain(*arrays: Any) -> bool:
    """Whether all are arrays of NumPy's, not stand-ins for some."""
    return all(x.__class__ is np.ndarray for x in arrays)


class Batch:
    """One call of a mapped function: the examples it is carried out on together.

    Of two mappings, one within the other, the inner one began later. A function of arrays
    of both is carried out for the inner one first, in terms of functions of arrays of the
    outer one.

    Attributes:
        size: number of examples.
        start: when it began, in the order of nodes: older nodes are outside.
    """

    __slots__ = ("size", "start")

    def __init__(self, size: int, start: int) -> None:
        self.size: int = size
        self.start: int = start

    def wrap(self, value: Any) -> BatchedArray:
        """An array of all examples along axis 0 as that of one."""
        if value.__class__ is BatchedArray and value.batch.start > self.start:
            # The batch that began later is always the outer one of the two.
            inner = self.wrap(np.swapaxes(value.value, 0, 1))
            return BatchedArray(value.batch, inner)
        return BatchedArray(self, value)

    def outer(self, column: Any, row: Any) -> BatchedArray:
        """The products of a column and a row of every example, which are formed when needed.

        Args:
            column: of shape (examples, n, 1).
            row: of shape (examples, 1, m).
        """
        return BatchedArray(self, None, (column, row))

    def enter(self, x: Any, axis: int | None) -> BatchedArray:
        """The examples along an axis; with None ``x`` for the first and zeros for the others."""
        if axis is not None:
            return self.wrap(np.moveaxis(x, axis, 0))
        first = np.zeros((self.size,) + (1,) * len(x.shape), bool)
        first[:1] = True
        return self.wrap(np.where(first, x, np.zeros((), x.dtype)))

    def leave(self, x: Any, axis: int | None) -> Any:
        """The examples along a new axis; with None the first one."""
        if self._within(x):
            place = axis if axis is None else axis % (x.ndim + 1) + 1
            return x.batch.wrap(self.leave(x.value, place))
        if axis is None:
            return x.value[0] if self.holds(x) else _view(x)
        if self.holds(x):
            return np.moveaxis(x.value, 0, axis)
        return np.moveaxis(np.broadcast_to(x, (self.size, *x.shape)), 0, axis).copy()

    def share(self, x: Any) -> Any:
        """The same array for every example."""
        return _view(x)

    def total(self, x: Any) -> Any:
        """The sum over all examples."""
        if self._within(x):
            return x.batch.wrap(self.total(x.value))
        if self.holds(x):
            if x.factors is not None:
                column, row = x.factors
                return np.matmul(np.transpose(column[:, :, 0]), row[:, 0, :])
            return np.add.reduce(x.value, axis=0, dtype=x.dtype)
        return x * np.asarray(self.size, x.dtype)

    def under_way(self) -> bool:
        """Whether the mapped function is being run."""
        return self in current_mode().batches

    def _within(self, x: Any) -> bool:
        return x.__class__ is BatchedArray and x.batch.start > self.start

    def holds(self, x: Any) -> bool:
        """Whether something is an array of this batch."""
        return x.__class__ is BatchedArray and x.batch is self

    def aligned(self, x: Any, ndim: int) -> Any:
        """The array of all examples, ready to be broadcast against one with ``ndim`` axes more.

        What is no array of the batch passes as it is.
        """
        if not self.holds(x):
            return x
        value = x.value
        missing = ndim - len(value.shape) + 1
        if missing <= 0:
            return value
        return value.reshape((self.size,) + (1,) * missing + value.shape[1:])

    def spread(self, x: Any) -> Any:
        """The array of all examples; what is the same for all is repeated, as a view."""
        if self.holds(x):
            return x.value
        if not hasattr(x, "shape"):
            x = np.asarray(x)
        return np.broadcast_to(x, (self.size, *x.shape))

    def ufunc(self, ufunc: Any, method: str, inputs: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out a ufunc on all examples."""
        from autodiff.batching.rules import ufuncs

        return ufuncs.carry_out(_innermost(inputs, kwargs), ufunc, method, inputs, kwargs)

    def function(self, function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out a NumPy function on all examples."""
        from autodiff.batching.rules import rule_of

        return rule_of(function)(_innermost(args, kwargs), function, *args, **kwargs)

    def kernel(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Carry out a function of the library's on all examples."""
        from autodiff.backends.arrays import arrays
        from autodiff.batching.rules import kernel_rule_of

        # As the namespace has it, for operands that are again more than plain arrays.
        function = getattr(arrays, function.__name__)
        return kernel_rule_of(function)(_innermost(args, kwargs), function, *args, **kwargs)

    def method(self, array: Any, name: str, args: Any, kwargs: Any) -> Any:
        """Carry out a method of an array that returns a new one."""
        if name != "copy":
            raise BatchingError(f"arrays within vmap have no method {name!r}")
        return array.copy()

    def getitem(self, x: Any, index: Any) -> Any:
        """Elements at an index."""
        from autodiff.batching.rules.indexing import getitem

        return getitem(_innermost((x, index), {}), x, index)

    def stand_in(self, array: Any) -> BatchedArray:
        """The same array for every example."""
        return self.wrap(self.spread(array))


def _view(x: Any) -> Any:
    # A view, so that a change of the array is noticed.
    return x.view() if x.__class__ is np.ndarray else x


def _innermost(args: Any, kwargs: Any) -> Batch:
    return max((x.batch for x in batched_parts((*args, kwargs))), key=lambda batch: batch.start)
