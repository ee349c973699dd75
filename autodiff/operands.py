"""What a function is given, as nodes: tensors as they are, numbers and arrays as constants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff.dtypes import as_array
from autodiff.graph import Node, holds_nodes, next_sequence
from autodiff.tensor import Tensor

__all__ = ["alike", "as_operand", "constant", "operands_of"]

_new: Callable[..., Any] = Tensor.__new__


def constant(array: Any) -> Tensor:
    """A tensor outside the graph around an array that nobody else changes."""
    node = _new(Tensor)
    node._data = array
    node._grad = None
    node.op = None
    node.parents = ()
    node.requires_grad = False
    node.sequence = next_sequence()
    return node  # type: ignore[no-any-return]


_scalars: dict[tuple[Any, type, Any], Tensor] = {}


_NUMBERS: frozenset[Any] = frozenset((float, int, bool, complex))


def as_operand(x: Any, like: Any = None) -> Any:
    """A node for an operand: nodes as they are, numbers and arrays as constants.

    Args:
        x: a `Tensor`, `Value`, array, number or nested list (of any of these).
        like: a tensor whose dtype a bare Python number takes.

    Returns:
        A `Tensor`.
    """
    if isinstance(x, Tensor):
        return x
    if isinstance(x, Node):
        from autodiff.crossing import to_tensor

        return to_tensor(x)
    if x.__class__ in _NUMBERS and like is not None:
        dtype = like._data.dtype
        # 1, 1.0 and True are equal keys, but give an array of integers different dtypes.
        key = (x, x.__class__, dtype)
        found = _scalars.get(key)
        if found is not None and x:
            return found
        kind = np.result_type(dtype, x)
        array = np.asarray(x, kind)
        array.flags.writeable = False
        node = constant(array)
        # Zeros have two signs under one key and NaN has no equal: neither is kept.
        if x and x == x and x.__class__ is not complex and len(_scalars) < 4096:
            _scalars[key] = node
        return node
    if holds_nodes(x):
        from autodiff.crossing import from_nested

        return from_nested(x)
    # Copied, so that a later change of the array cannot falsify a gradient.
    return constant(as_array(x))


def alike(x: Any, like: Any) -> Any:
    """A node for an operand; numbers and lists of them take the floating type of ``like``.

    Example:
        >>> alike([0, 1], constant(np.zeros(2))).dtype
        dtype('float64')
    """
    if isinstance(x, (list, tuple)) and like.dtype.kind in "fc" and not holds_nodes(x):
        array = np.asarray(x)
        return constant(
            array.astype(
                np.result_type(array, like.dtype) if array.dtype.kind == "c" else like.dtype
            )
        )
    return as_operand(x, like)


def operands_of(values: Sequence[Any]) -> list[Any]:
    """Nodes for all operands; bare numbers take the dtype of the first tensor of numbers."""
    tensors = [v for v in values if isinstance(v, Tensor)]
    # A condition is no example: where(x > 0, x, 0.0) is of the type of x.
    like = next((t for t in tensors if t._data.dtype.kind != "b"), tensors[0] if tensors else None)
    return [as_operand(v, like) for v in values]
