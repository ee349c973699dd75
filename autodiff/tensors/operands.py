"""What a function is given, as nodes: tensors, Values, arrays, numbers and lists of them.

Every function gets its operands here, so what becomes of weak ones is decided once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import holds_objects
from autodiff.dtypes import as_array, get_default_dtype
from autodiff.errors import ShapeError
from autodiff.graph.modes import current_mode
from autodiff.graph.node import Node, holds_nodes
from autodiff.ops.engine import value_conversion
from autodiff.ops.shaping import joining
from autodiff.tensors.operand_errors import shape_error
from autodiff.tensors.promotion import (
    NUMBERS,
    common_dtype,
    list_beside,
    value_dtype,
    weak_dtype,
)
from autodiff.tensors.record import constant, record
from autodiff.tensors.result_array import HANDED_OUT, note_copied
from autodiff.tensors.tensor import Tensor
from autodiff.values.value import Value, lift

__all__ = ["as_operand", "beside", "from_nested", "gathered", "operands_of", "to_tensor"]

Nested = Any

_scalars: dict[tuple[Any, type, Any], Tensor] = {}


def as_operand(x: Any, like: Any = None) -> Tensor:
    """A node for an operand: nodes as they are, numbers and arrays as constants.

    Args:
        x: a `Tensor`, `Value`, array, number or nested list (of any of these).
        like: the tensor that it stands beside, whose float type it takes if it is weak.

    Returns:
        A `Tensor`.

    Example:
        >>> as_operand([0, 1], constant(np.zeros(2, np.float32))).dtype
        dtype('float32')
    """
    if isinstance(x, Tensor):
        return x
    return beside(x, None if like is None else like._data.dtype)  # type: ignore[no-any-return]


def beside(x: Any, dtype: Any) -> Any:
    """A node for an operand that stands beside arrays of a dtype; None if there are none."""
    if x.__class__ in NUMBERS and dtype is not None:
        # 1, 1.0 and True are equal keys, but give an array of integers different dtypes.
        key = (x, x.__class__, dtype)
        found = _scalars.get(key)
        if found is not None and x:
            return found
        array = np.asarray(x, weak_dtype(dtype, x))
        array.flags.writeable = False
        node = constant(array)
        # Zeros have two signs under one key and NaN has no equal: neither is kept. Nor is what
        # depends on the default float type.
        if x and x == x and array.dtype == dtype and len(_scalars) < 4096:
            _scalars[key] = node
        return node
    if isinstance(x, Tensor):
        return x
    if isinstance(x, Node):
        return to_tensor(x, None if dtype is None else value_dtype(dtype))
    if isinstance(x, (list, tuple)):
        if holds_nodes(x):
            return from_nested(x, dtype)
        if dtype is not None:
            return constant(list_beside(x, dtype))
    if holds_objects(x):
        x = gathered(x, dtype)
        if isinstance(x, Node):
            return x
    # Copied, so that a later change of the array cannot falsify a gradient.
    node = constant(as_array(x))
    if x.__class__ in HANDED_OUT:
        note_copied(node, x)
    return node


def gathered(x: Any, dtype: Any = None) -> Any:
    """An array of objects that holds nodes as the tensor of them; anything else as it is.

    To NumPy a list of Values is such an array, and what it computes with one is another.

    Args:
        x: anything.
        dtype: of arrays that the tensor will stand beside, if there are any.

    Example:
        >>> from autodiff.values.value import Value
        >>> gathered(np.dot(np.ones(2), Value(3.0))).tolist()
        [3.0, 3.0]
    """
    if holds_objects(x):
        listed = x.tolist()
        if isinstance(listed, Node) or holds_nodes(listed):
            return beside(listed, dtype)
    return x


def operands_of(
    values: Sequence[Any], dtype: Any = None, *, aside: Iterable[int] = ()
) -> list[Any]:
    """Nodes for all operands of a function; the weak ones take the float type of the others.

    Args:
        values: tensors, Values, arrays, numbers, nested lists; None stays None.
        dtype: of further arrays that the result will stand beside.
        aside: positions of operands that only choose, and so are no example for the others.

    Returns:
        A `Tensor` for each.

    Example:
        >>> [x.dtype.name for x in operands_of([0.5, np.float32([1, 2])])]
        ['float32', 'float32']
    """
    found = common_dtype([x for i, x in enumerate(values) if i not in aside] if aside else values)
    if dtype is None or found is None:
        found = dtype if found is None else found
    else:
        found = np.result_type(found, dtype)
    return [x if x is None or isinstance(x, Tensor) else beside(x, found) for x in values]


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
    made: Tensor = record(value_conversion.from_values, data, tuple(flat), {"shape": shape})
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
    entry, nodes = joining.stack, operands_of(given, dtype)
    try:
        data = entry.forward(arrays, *[node._data for node in nodes])
    except ValueError as error:
        raise shape_error(entry, nodes, {}, error) from None
    return record(entry, data, tuple(nodes), {})  # type: ignore[no-any-return]


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
