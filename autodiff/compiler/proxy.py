"""The array that stands in for a real one while a step is being recorded.

It holds the real numbers, so that a recording run is an ordinary run; every NumPy
function it meets is carried out and noted by the tracer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autodiff.errors import TracingError
from autodiff.graph import Node
from autodiff.overrides.interface import ufunc_support

if TYPE_CHECKING:
    from autodiff.compiler.program import Variable
    from autodiff.compiler.tracer import Tracer

__all__ = ["TraceArray"]

# Of NumPy's functions the type checker knows arrays only, not what stands in for them.
_numpy: Any = np


class TraceArray(NDArrayOperatorsMixin):
    """An array under recording: its numbers, and the program's variable for it."""

    __slots__ = ("tracer", "value", "variable")

    base = None

    def __init__(self, tracer: Tracer, value: Any, variable: Variable) -> None:
        self.tracer: Tracer = tracer
        self.value: Any = value
        self.variable: Variable = variable

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Carry out a ufunc and record it; with a node among the operands the node does."""
        if any(isinstance(x, Node) or hasattr(x, "batch") for x in inputs):
            return NotImplemented
        if getattr(np, ufunc.__name__, None) is not ufunc:
            found = ufunc_support(ufunc, method)
            if found.how == "refused":
                raise TracingError(
                    f"{found.title} is not supported in a compiled step: {found.by}, outside the "
                    "step"
                )
        return self.tracer.ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """Carry out a NumPy function and record it; on the examples of a batch those do."""
        if any(hasattr(kind, "batch") for kind in types):
            return NotImplemented
        return self.tracer.function(function, args, kwargs)

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        shape: tuple[int, ...] = self.value.shape
        return shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the elements."""
        dtype: np.dtype[Any] = self.value.dtype
        return dtype

    @property
    def flags(self) -> Any:
        """Memory layout of the real array."""
        return self.value.flags

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.value.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(self.value.size)

    @property
    def nbytes(self) -> int:
        """Bytes that the elements take."""
        return int(self.value.nbytes)

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """Axes reversed."""
        return _numpy.transpose(self)

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, index: Any) -> Any:
        return self.tracer.getitem(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        self.tracer.setitem(self, index, value)

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """The elements in another type."""
        if not copy and self.dtype == dtype:
            return self
        return self.tracer.method(self, "astype", (np.dtype(dtype),), {"copy": copy})

    def view(self, dtype: Any) -> Any:
        """The same memory, its bits read as another type of the same size."""
        return self.tracer.method(self, "view", (np.dtype(dtype),), {})

    def copy(self) -> Any:
        """A copy of its own."""
        return self.tracer.method(self, "copy", (), {})

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

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Sum along axes."""
        return _numpy.add.reduce(self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Mean along axes."""
        return _numpy.mean(self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Maximum along axes."""
        return _numpy.maximum.reduce(self, axis=axis, keepdims=keepdims)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        self._refuse("its numbers were asked for as a plain NumPy array, or as an index into one")

    def __bool__(self) -> NoReturn:
        self._refuse("Python branched on it (if, while, and, or, assert)")

    def __float__(self) -> NoReturn:
        self._refuse("it was turned into a Python float")

    def __complex__(self) -> NoReturn:
        self._refuse("it was turned into a Python complex number")

    def __int__(self) -> NoReturn:
        self._refuse("it was turned into a Python int")

    def __index__(self) -> NoReturn:
        self._refuse("it was used as a Python index")

    def item(self) -> NoReturn:
        """Refused: the number is not the same at every call."""
        self._refuse("item() was called on it")

    def tolist(self) -> NoReturn:
        """Refused: the numbers are not the same at every call."""
        self._refuse("tolist() was called on it")

    def _refuse(self, what: str) -> NoReturn:
        raise TracingError(
            f"in a compiled step {what}, for an array of shape {self.shape}; its numbers change "
            "from call to call, so this cannot be recorded: use autodiff.where for a choice, and "
            "return what you want to read, then read it outside the step"
        )

    def __repr__(self) -> str:
        return f"TraceArray({self.variable.name or self.variable.kind}, shape={self.shape})"
