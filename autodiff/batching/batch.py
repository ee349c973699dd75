"""One mapping over a batch: how functions of arrays are carried out on all examples."""

from __future__ import annotations

import operator
from typing import Any, NoReturn

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.interpreter import Interpreter
from autodiff.backends.kinds import is_plain
from autodiff.batching.array import BatchedArray
from autodiff.batching.table import RULES
from autodiff.errors import BatchingError
from autodiff.graph.modes import current_mode

__all__ = ["Batch", "ndim_of"]


def ndim_of(x: Any) -> int:
    """Number of axes of one example of what may be batched."""
    shape = getattr(x, "shape", None)
    return np.ndim(x) if shape is None else len(shape)


class Batch(Interpreter):
    """One call of a mapped function: the examples it is carried out on together.

    Of two mappings, one within the other, the inner one began later. A function of arrays
    of both is carried out for the inner one first, in terms of functions of arrays of the
    outer one.

    Attributes:
        size: number of examples.
        start: when it began, by the clock (`autodiff.graph.clock`): older nodes are outside.
    """

    __slots__ = ("size", "start")
    writes = False

    def __init__(self, size: int, start: int) -> None:
        self.size: int = size
        self.start: int = start

    def wrap(self, value: Any) -> BatchedArray:
        """An array of all examples along axis 0 as that of one."""
        if self._within(value):
            # The batch that began later is always the outer one of the two.
            inner = self.wrap(np.swapaxes(value.value, 0, 1))
            return BatchedArray(value.interpreter, inner)
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
            outer_axis = axis if axis is None else axis % (x.ndim + 1) + 1
            return BatchedArray(x.interpreter, self.leave(x.value, outer_axis))
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
            return BatchedArray(x.interpreter, self.total(x.value))
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
        return x.__class__ is BatchedArray and x.interpreter.start > self.start

    def holds(self, x: Any) -> bool:
        """Whether something is an array of this batch."""
        return x.__class__ is BatchedArray and x.interpreter is self

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
        return RULES[np.ufunc](self, ufunc, method, inputs, kwargs)

    def function(self, function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out a NumPy function on all examples."""
        return RULES[function](self, function, *args, **kwargs)

    def kernel(self, function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out a function of the library's on all examples."""
        return RULES[function.__name__](self, function, *args, **kwargs)

    def method(self, array: Any, name: str, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out a method of an array that returns a new one."""
        if name == "copy":
            return array.copy()
        return BatchedArray(self, getattr(array.value, name)(*args, **kwargs))

    def getitem(self, array: Any, index: Any) -> Any:
        """Elements at an index."""
        return RULES[operator.getitem](self, array, index)

    def setitem(self, array: Any, index: Any, value: Any) -> None:
        """Write into elements: the array gets others, in its own dtype."""
        if not isinstance(array, BatchedArray):
            self.refuse(array, "an array that is the same for all was to be written into")
        array.replace(arrays.index_set(array, index, value).astype(array.dtype, copy=False))

    def stand_in(self, array: Any) -> BatchedArray:
        """The same array for every example."""
        return self.wrap(self.spread(array))

    def refuse(self, array: Any, what: str) -> NoReturn:
        """Raise because something was asked that has an answer for every example."""
        raise BatchingError(
            f"within vmap, for a value of shape {array.shape} that stands for the {self.size} "
            f"examples of a batch, {what}. Use autodiff's functions on it (autodiff.where for a "
            "choice), return what you want to read, and read it outside the mapped function"
        )

    def refuse_value(self) -> NoReturn:
        """Raise because the gradient by a Value was asked for."""
        raise BatchingError(
            "within vmap the gradient by a Value was asked for, which is one number, not one for "
            "every example; use a Tensor without axes, or differentiate outside the mapped function"
        )


def _view(x: Any) -> Any:
    # A view, so that a change of the array is noticed.
    return x.view() if is_plain(x) else x
