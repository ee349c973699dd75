"""The array that stands in for one example while a function is mapped over many.

It has the shape of one example and holds the arrays of all of them. NumPy's functions
applied to it are carried out on all at once.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autodiff.backends.arrays import arrays
from autodiff.errors import BatchingError
from autodiff.graph import Node

if TYPE_CHECKING:
    from autodiff.batching.batch import Batch

__all__ = ["BatchedArray"]

# Of NumPy's functions the type checker knows arrays only, not what stands in for them.
_numpy: Any = np


class BatchedArray(NDArrayOperatorsMixin):
    """The examples of a batch, seen as the array of one.

    Attributes:
        batch: which mapping it belongs to.
        factors: a column and a row for each example, whose products it is, as long as nobody
            has asked for these. Their sum, a weight's gradient, is one matrix product.
    """

    __slots__ = ("_value", "batch", "factors")

    batch: Batch
    factors: Any

    def __init__(self, batch: Batch, value: Any, factors: Any = None) -> None:
        self.batch = batch
        self._value = value
        self.factors = factors

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Carry out a ufunc on all examples; with a node among the operands the node does."""
        if any(isinstance(x, Node) for x in inputs):
            return NotImplemented
        return self.batch.ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """Carry out a NumPy function on all examples."""
        if any(issubclass(kind, Node) for kind in types):
            return NotImplemented
        return self.batch.function(function, args, kwargs)

    @property
    def tracer(self) -> Batch:
        """What carries out the library's own functions on it."""
        return self.batch

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

    @property
    def ndim(self) -> int:
        """Number of axes of one example."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements of one example."""
        size = 1
        for n in self.shape:
            size *= n
        return size

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """Axes reversed."""
        return _numpy.transpose(self)

    @property
    def real(self) -> Any:
        """Real parts."""
        return _numpy.real(self)

    @property
    def imag(self) -> Any:
        """Imaginary parts."""
        return _numpy.imag(self)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> Any:
        return self.batch.getitem(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        found = arrays.index_set(self, index, value)
        self.batch, self.value = found.batch, found.value.astype(self.dtype, copy=False)

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """The elements in another type."""
        return BatchedArray(self.batch, self.value.astype(np.dtype(dtype), copy=copy))

    def copy(self) -> Any:
        """A copy of its own. The memory is shared: it is never written into."""
        return BatchedArray(self.batch, self._value, self.factors)

    def reshape(self, *shape: Any) -> Any:
        """The elements under another shape."""
        wanted = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
        return _numpy.reshape(self, wanted)

    def ravel(self) -> Any:
        """The elements along one axis."""
        return self.reshape(-1)

    def transpose(self, *axes: Any) -> Any:
        """Axes in another order."""
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None
        return _numpy.transpose(self, order)

    def swapaxes(self, axis1: int, axis2: int) -> Any:
        """Two axes exchanged."""
        return _numpy.swapaxes(self, axis1, axis2)

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Sum along axes."""
        return _numpy.add.reduce(self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Mean along axes."""
        return _numpy.mean(self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Maximum along axes."""
        return _numpy.maximum.reduce(self, axis=axis, keepdims=keepdims)

    def min(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Minimum along axes."""
        return _numpy.minimum.reduce(self, axis=axis, keepdims=keepdims)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        self._refuse("its numbers were asked for as a plain NumPy array")

    def __bool__(self) -> NoReturn:
        self._refuse(
            "Python branched on it (if, while, and, or, assert), and the examples may differ; "
            "use autodiff.where for a choice"
        )

    def __float__(self) -> NoReturn:
        self._refuse("it was turned into a Python float")

    def __complex__(self) -> NoReturn:
        self._refuse("it was turned into a Python complex number")

    def __int__(self) -> NoReturn:
        self._refuse("it was turned into a Python int")

    def __index__(self) -> NoReturn:
        self._refuse("it was used as a Python index or length")

    def item(self) -> NoReturn:
        """Refused: there is a number for every example."""
        self._refuse("one number was asked for, as by item(), float() or an if")

    def tolist(self) -> NoReturn:
        """Refused: there are numbers for every example."""
        self._refuse("tolist() was called on it")

    def _refuse(self, what: str) -> NoReturn:
        raise BatchingError(
            f"within vmap, for a value of shape {self.shape} that stands for the "
            f"{self.batch.size} examples of a batch, {what}. Use autodiff's functions on it, "
            "return what you want to read, and read it outside the mapped function"
        )

    def __repr__(self) -> str:
        return f"<{self.batch.size} examples of shape {self.shape}, {self.dtype}>"
