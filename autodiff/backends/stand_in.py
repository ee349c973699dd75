"""What stands in for an array under an interpreter: one class for recordings, batches and others.

To NumPy and to the library a stand-in looks like an array. What is done with it is carried out
by its interpreter, in whose module it is said what that takes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autodiff.backends.interpreter import Interpreter

__all__ = ["StandIn", "dispatched", "innermost"]

# Of NumPy's functions the type checker knows arrays only, not what stands in for them.
_numpy: Any = np
_PLAIN = frozenset({np.ndarray, int, float, bool, str, type(None)})


class StandIn(NDArrayOperatorsMixin):
    """What looks like an array, and is computed with by an interpreter.

    Attributes:
        interpreter: carries out what is done with it.
        value: what it stands for, as the interpreter keeps it: a plain array, or a stand-in of
            an interpreter that began earlier.
    """

    __slots__ = ("interpreter", "value")
    interpreter: Interpreter
    value: Any

    def __init__(self, interpreter: Interpreter, value: Any) -> None:
        self.interpreter = interpreter
        self.value = value

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        for x in inputs:
            if x.__class__ not in _PLAIN and _takes_over(x.__class__):
                return NotImplemented
        return innermost(inputs, kwargs).ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if any(map(_takes_over, types)):
            return NotImplemented
        return innermost(args, kwargs).function(function, args, kwargs)

    @property
    def base(self) -> Any:
        """The array whose memory it lies in, if that is not its own."""
        return self.value.base

    @property
    def flags(self) -> Any:
        """Memory layout."""
        return self.value.flags

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
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        size = 1
        for n in self.shape:
            size *= n
        return size

    @property
    def nbytes(self) -> int:
        """Bytes that the elements take."""
        return self.size * self.dtype.itemsize

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
        if not self.shape:
            raise TypeError("an array without axes has no length")
        return self.shape[0]

    def __getitem__(self, index: Any) -> Any:
        return innermost((self, index)).getitem(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        innermost((self, index, value)).setitem(self, index, value)

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """The elements in another type."""
        if not copy and self.dtype == dtype:
            return self
        return self.interpreter.method(self, "astype", (np.dtype(dtype),), {"copy": copy})

    def view(self, dtype: Any) -> Any:
        """The same memory, its bits read as another type of the same size."""
        return self.interpreter.method(self, "view", (np.dtype(dtype),), {})

    def copy(self) -> Any:
        """A copy of its own."""
        return self.interpreter.method(self, "copy", (), {})

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
        self.interpreter.refuse(
            self, "its numbers were asked for as a plain NumPy array, or as an index into one"
        )

    def __bool__(self) -> NoReturn:
        self.interpreter.refuse(self, "Python branched on it (if, while, and, or, assert)")

    def __float__(self) -> NoReturn:
        self.interpreter.refuse(self, "it was turned into a Python float")

    def __complex__(self) -> NoReturn:
        self.interpreter.refuse(self, "it was turned into a Python complex number")

    def __int__(self) -> NoReturn:
        self.interpreter.refuse(self, "it was turned into a Python int")

    def __index__(self) -> NoReturn:
        self.interpreter.refuse(self, "it was used as a Python index or length")

    def item(self) -> NoReturn:
        """Refused: there is no one number."""
        self.interpreter.refuse(self, "item() was called on it, as float() and if do")

    def tolist(self) -> NoReturn:
        """Refused: there are no plain numbers."""
        self.interpreter.refuse(self, "tolist() was called on it")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of shape {self.shape}, {self.dtype}>"


@cache
def _takes_over(kind: type) -> bool:
    """Whether a class answers to NumPy's functions in a way of its own, as nodes do."""
    own = hasattr(kind, "__array_ufunc__") or hasattr(kind, "__array_function__")
    return own and not issubclass(kind, (StandIn, np.ndarray))


def innermost(*given: Any) -> Any:
    """The interpreter that began last of those whose stand-ins are among arguments; or None.

    Looked for within tuples, lists and dicts as well.
    """
    found = None
    for x in given:
        if isinstance(x, StandIn):
            owner = x.interpreter
        elif isinstance(x, (tuple, list)):
            owner = innermost(*x)
        elif isinstance(x, dict):
            owner = innermost(*x.values())
        else:
            continue
        if found is None or (owner is not None and owner.start > found.start):
            found = owner
    return found


def dispatched(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the library's that is carried out by the interpreter of its operands."""

    @wraps(function)
    def dispatching(*args: Any, **kwargs: Any) -> Any:
        for arg in args:
            if arg.__class__ in _PLAIN:
                continue
            for part in arg if arg.__class__ is tuple else (arg,):
                if part.__class__ not in _PLAIN and isinstance(part, StandIn):
                    return innermost(args, kwargs).kernel(dispatching, args, kwargs)
        return function(*args, **kwargs)

    return dispatching
