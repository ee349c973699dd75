"""From Values to a Tensor and back, with gradients crossing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff.dtypes import get_default_dtype
from autodiff.errors import ShapeError
from autodiff.graph import next_sequence
from autodiff.modes import current_mode
from autodiff.operands import common_dtype, operands_of, value_dtype
from autodiff.operations import apply, record
from autodiff.ops.engine import crossing
from autodiff.ops.shaping import joining
from autodiff.origin import user_frame
from autodiff.tensor import Tensor
from autodiff.value import Value, constant_value, lift

__all__ = ["from_nested", "to_tensor", "to_value", "values"]

Nested = Any


def to_tensor(given: Nested, dtype: Any = None) -> Tensor:
    """Values, alone or in nested sequences, as the elements of one tensor.

    Args:
        given: a Value, or nested lists or tuples of Values and numbers, all of one shape.
        dtype: a floating type, the default one if not given.

    Returns:
        The tensor; gradients flow back into the Values, as doubles whatever the dtype is.

    Raises:
        ShapeError: the nesting is ragged.

    Example:
        >>> a, b = Value(1.0), Value(2.0)
        >>> t = to_tensor([[a, b]])
        >>> (t * t).sum().backward()
        >>> t.shape, a.grad, b.grad
        ((1, 2), 2.0, 4.0)
    """
    shape = _shape_of(given)
    flat: list[Value] = []
    _flatten(given, shape, flat)
    data = np.array([v.data for v in flat], dtype or get_default_dtype()).reshape(shape)
    made: Tensor = record(crossing.from_values, data, tuple(flat), {"shape": shape})
    batches = current_mode().batches
    if batches and made.requires_grad:
        # Values are from outside, whenever they were made.
        made = batches.shared(made, 0)
    return made


def from_nested(given: Nested, dtype: Any = None) -> Tensor:
    """Nested lists of nodes, numbers and arrays as one tensor, gradients flowing back.

    Args:
        given: lists or tuples that hold a node somewhere, all of one shape.
        dtype: of arrays that the tensor will stand beside, if there are any.

    Returns:
        A tensor with an axis for each level of nesting.

    Raises:
        ShapeError: the nesting is ragged.

    Example:
        >>> x = Tensor([1.0, 2.0], requires_grad=True)
        >>> from_nested([[x[0], 3.0], x]).tolist()
        [[1.0, 3.0], [1.0, 2.0]]
    """
    common = common_dtype(given)
    if common is None:
        return to_tensor(given, None if dtype is None else value_dtype(dtype))
    return apply(joining.stack, *operands_of(given, dtype))


def _shape_of(given: Nested) -> tuple[int, ...]:
    if isinstance(given, Sequence):
        inner = _shape_of(given[0]) if len(given) else ()
        return (len(given), *inner)
    return ()


def _flatten(given: Nested, shape: tuple[int, ...], into: list[Value]) -> None:
    nested = isinstance(given, Sequence)
    if nested != bool(shape) or (nested and len(given) != shape[0]):
        raise ShapeError(
            "nested sequences of Values must have equal lengths at every level; "
            f"one differs from the shape {shape} of the first"
        )
    if nested:
        for inner in given:
            _flatten(inner, shape[1:], into)
    else:
        into.append(lift(given))


def to_value(x: Tensor, index: tuple[int, ...] = ()) -> Value:
    """One element of a tensor as a Value.

    Args:
        x: the tensor.
        index: the element's place, one integer for each axis.

    Returns:
        A `Value` whose gradient flows back into that element.

    Example:
        >>> x = Tensor([1.0, 2.0], requires_grad=True)
        >>> (to_value(x, (1,)) * 3).backward()
        >>> x.grad
        array([0., 3.])
    """
    if len(index) != x.ndim:
        raise ShapeError(
            f"to_value() needs one index for each of the {x.ndim} axes, but got {index}"
        )
    if x._data.dtype.kind == "c":
        raise TypeError(
            f"to_value() was given a tensor of {x._data.dtype}, but a Value is one real number; "
            "take autodiff.real(x) or autodiff.imag(x) first"
        )
    data = float(x._data[index])
    mode = current_mode()
    if not (x.requires_grad and mode.grad):
        return constant_value(data)
    node: Any = Value.__new__(Value)
    node.data = data
    node.op = crossing.to_value
    node._a = x
    node._da = index
    node.grad = node._b = node._db = node._total = None
    node.sequence = next_sequence()
    node._info = {"scope": mode.scope, "params": {"index": index}}
    frame = user_frame(2)
    node._code = frame.f_code
    node._instruction = frame.f_lasti
    return node  # type: ignore[no-any-return]


def values(x: Tensor) -> Nested:
    """A tensor taken apart into nested lists of Values.

    Args:
        x: the tensor.

    Returns:
        A Value for a tensor without axes, else nested lists in its shape.

    Example:
        >>> values(Tensor([[1.0, 2.0]]))
        [[Value(data=1.0), Value(data=2.0)]]
    """

    def build(prefix: tuple[int, ...]) -> Nested:
        if len(prefix) == x.ndim:
            return to_value(x, prefix)
        return [build((*prefix, i)) for i in range(x.shape[len(prefix)])]

    return build(())
