"""The operators and methods of `Tensor`: the namespace's functions, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from inspect import signature
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_plain
from autodiff.errors import ShapeError
from autodiff.functions.elementwise import activations, bits, comparison, elementwise
from autodiff.functions.indexing import indexing
from autodiff.functions.networks import probabilities
from autodiff.functions.other_libraries import METHODS, OtherName
from autodiff.functions.parameter_aliases import spelt
from autodiff.functions.products import linear
from autodiff.functions.reductions import reductions, searching
from autodiff.functions.shaping import shaping
from autodiff.methods.array_api_protocol import STANDARD_METHODS
from autodiff.methods.attach import form_of
from autodiff.methods.conversions import array_taken
from autodiff.methods.in_place import OPERATORS, assign, augmented
from autodiff.methods.lazy_methods import LAZY_METHODS
from autodiff.ops.primitive import Primitive
from autodiff.ops.reductions import reductions as entries
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

Function = Callable[..., Any]


def one_or_many(values: Sequence[Any]) -> Any:
    """Arguments given one by one, or as one sequence.

    Example:
        >>> one_or_many((2, 3)), one_or_many(((2, 3),))
        ((2, 3), (2, 3))
    """
    return values[0] if len(values) == 1 and not isinstance(values[0], int) else tuple(values)


def _reflected(function: Function) -> Function:
    def reflected(self: Any, other: Any) -> Any:
        return function(other, self)

    return reflected


def _transposed(self: Tensor, *axes: Any, **named: Any) -> Tensor:
    if named:
        result: Tensor = spelt(shaping.transpose)(self, *axes, **named)
        return result
    return shaping.transpose(self, one_or_many(axes) if axes else None)


def _reshaped(self: Tensor, *shape: Any, **named: Any) -> Tensor:
    if named:
        given = (one_or_many(shape),) if shape else ()
        result: Tensor = spelt(shaping.reshape)(self, *given, **named)
        return result
    return shaping.reshape(self, one_or_many(shape))


def _names(self: Tensor) -> list[str]:
    absent = {name for name in METHODS if isinstance(getattr(type(self), name), OtherName)}
    return [name for name in object.__dir__(self) if name not in absent]


def _reduction(function: Function, entry: Primitive) -> Function:
    """A method that is called often: past the function's options where none is given."""
    named = spelt(function)

    def method(self: Tensor, axis: Any = None, keepdims: bool = False, **options: Any) -> Tensor:
        if options:
            if axis is not None:
                options["axis"] = axis
            if keepdims:
                options["keepdims"] = keepdims
            result: Tensor = named(self, **options)
            return result
        return apply(entry, self, axis=reductions.plain_axis(axis), keepdims=keepdims)

    method.__name__ = method.__qualname__ = function.__name__
    method.__doc__ = function.__doc__
    method.__signature__ = signature(function)  # type: ignore[attr-defined]
    return method


def _flattened(self: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The axes from one to another as a single one; all of them by default."""
    if isinstance(start_dim, str):
        # NumPy's order: rows first, as always here.
        start_dim = 0
    first, last = (shaping.place_of_axis(axis, max(self.ndim, 1)) for axis in (start_dim, end_dim))
    if first > last:
        raise ShapeError(
            f"flatten(start_dim={start_dim}, end_dim={end_dim}) of shape {self.shape}: the first "
            "axis comes after the last"
        )
    merged = int(np.prod(self.shape[first : last + 1], dtype=int))
    return shaping.reshape(self, (*self.shape[:first], merged, *self.shape[last + 1 :]))


def _axes_reversed(self: Tensor) -> Tensor:
    """The tensor with its axes in the opposite order."""
    return shaping.transpose(self)


def _places(self: Tensor) -> indexing.At:
    """Places for a functional update: ``x.at[index].set(v)`` gives a changed copy."""
    return indexing.At(self)


def _matrix_transposed(self: Tensor) -> Tensor:
    """The tensor with its last two axes exchanged."""
    if self.ndim < 2:
        raise ShapeError(f".mT needs at least two axes, but the shape is {self.shape}")
    return shaping.swapaxes(self, -1, -2)


def _power(self: Tensor, exponent: Any) -> Any:
    if exponent.__class__ in (int, float) and exponent == 2 and self._data.dtype.kind == "f":
        return elementwise.square(self)
    return elementwise.power(self, exponent)


def _iterate(self: Tensor) -> Iterator[Tensor]:
    if self.ndim == 0:
        raise TypeError("a tensor with no axes is one number and cannot be iterated over")
    return (self[i] for i in range(self.shape[0]))


def _length(self: Tensor) -> int:
    if self.ndim == 0:
        raise TypeError("a tensor with no axes is one number and has no len()")
    return self.shape[0]


def _truth(self: Tensor) -> bool:
    if self.size != 1:
        raise ValueError(
            f"the truth of a tensor of shape {self.shape} is ambiguous; "
            "use (x > 0).data.any() or .all()"
        )
    return bool(self._data.item())


def _array(self: Tensor, dtype: Any = None, copy: bool | None = None) -> Any:
    # What stands in for an array has a refusal of its own.
    if self.requires_grad and is_plain(self._data):
        array_taken(self)
    if copy is False:
        raise ValueError(
            "a tensor's numbers are copied when they become a plain array, because a gradient may "
            "need them; leave out copy=False, or read x.data"
        )
    return np.array(self._data, dtype=dtype)


def _text(self: Tensor) -> str:
    kind = type(self).__name__
    parts = [np.array2string(self._data, separator=", ", prefix=f"{kind}(", threshold=100)]
    if self.size == 0:
        parts.append(f"shape={self.shape}")
    parts.append(f"dtype={self.dtype}")
    if self.name is not None:
        parts.append(f"name={self.name!r}")
    if self.op is not None:
        parts.append(f"op={self.op.name}")
    elif self.requires_grad:
        parts.append("requires_grad=True")
    return f"{kind}({', '.join(parts)})"


_COMPARISONS: dict[str, Function] = {
    "__lt__": comparison.less,
    "__le__": comparison.less_equal,
    "__gt__": comparison.greater,
    "__ge__": comparison.greater_equal,
    "__eq__": comparison.equal,
    "__ne__": comparison.not_equal,
}

_OPERATORS: dict[str, Function] = {
    "add": elementwise.add,
    "sub": elementwise.subtract,
    "mul": elementwise.multiply,
    "truediv": elementwise.divide,
    "floordiv": elementwise.floor_divide,
    "mod": elementwise.remainder,
    "matmul": linear.matmul,
    "and": bits.bitwise_and,
    "or": bits.bitwise_or,
    "xor": bits.bitwise_xor,
    "lshift": bits.bitwise_left_shift,
    "rshift": bits.bitwise_right_shift,
}
_IN_PLACE = {**_OPERATORS, "pow": _power}
_SPELT: tuple[tuple[Any, str], ...] = (
    (linear, "dot"),
    (probabilities, "softmax log_softmax"),
    (searching, "argmax argmin any all"),
    (reductions, "var std max min prod cumsum logsumexp"),
    (shaping, "ravel swapaxes squeeze astype"),
)
_ELEMENTWISE = "clip exp log sqrt abs sin cos tanh"


TENSOR_METHODS: dict[str, Any] = {
    **_COMPARISONS,
    **STANDARD_METHODS,
    **LAZY_METHODS,
    **{name: OtherName(name, instead) for name, instead in METHODS.items()},
    **{f"__{name}__": function for name, function in _OPERATORS.items()},
    **{f"__i{name}__": augmented(name, _IN_PLACE[name]) for name in OPERATORS},
    **{f"__r{name}__": _reflected(function) for name, function in _OPERATORS.items()},
    **{name: spelt(getattr(family, name)) for family, names in _SPELT for name in names.split()},
    **{name: getattr(elementwise, name) for name in _ELEMENTWISE.split()},
    "relu": activations.relu,
    "sigmoid": activations.sigmoid,
    "__hash__": object.__hash__,
    "__pow__": _power,
    "__rpow__": _reflected(elementwise.power),
    "__neg__": elementwise.negative,
    "__pos__": lambda self: self,
    "__abs__": elementwise.absolute,
    "__invert__": bits.bitwise_invert,
    "__getitem__": indexing.getitem,
    "__setitem__": assign,
    "__iter__": _iterate,
    "__len__": _length,
    "__bool__": _truth,
    "__array__": _array,
    "__repr__": _text,
    "__dir__": _names,
    "reshape": form_of(shaping.reshape, _reshaped),
    "transpose": form_of(shaping.transpose, _transposed),
    "flatten": _flattened,
    "sum": _reduction(reductions.sum, entries.sum_),
    "mean": _reduction(reductions.mean, entries.mean),
    "T": property(_axes_reversed),
    "mT": property(_matrix_transposed),
    "at": property(_places),
}
"""The operators, methods and properties of a tensor, by name."""
