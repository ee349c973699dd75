"""The blocks of a Jacobian: derivatives of each result by each variable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_stand_in
from autodiff.functions.shaping import joining, shaping
from autodiff.graph.conjugation import conjugated
from autodiff.graph.node import Node
from autodiff.tensors.operands import to_tensor
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.tensors.to_values import to_value
from autodiff.transforms.arguments import plain
from autodiff.transforms.basis import Derivative, over_basis, units_of
from autodiff.transforms.calls import Call
from autodiff.transforms.nesting import enclosed
from autodiff.transforms.pullback import gradients_by
from autodiff.transforms.pushforward import tangents_of
from autodiff.values.value import Value, lift

__all__ = ["by_columns", "by_rows", "shape_of"]

Shape = tuple[int, ...]


def by_rows(call: Call, *, holomorphic: bool) -> list[list[Any]]:
    """For each result its derivatives by all variables: a cotangent for each element."""
    blocks = []
    for result in call.results:
        rows: list[list[Any]] = []
        if isinstance(result, Node) and result.requires_grad:

            def back(seed: Any, root: Node = result) -> list[Any]:
                seeds, record = {root: seed}, call.record
                found = gradients_by(call.variables, seeds, record=record, free=False)
                # The gradient of a holomorphic function is the conjugate of its derivative.
                return [conjugated(g) for g in found] if holomorphic else found

            rows = _products(call, result, [result], back)
        blocks.append(
            [
                _block(call, result, x, [row[i] for row in rows], shape_of(result), shape_of(x))
                for i, x in enumerate(call.variables)
            ]
        )
    return blocks


def by_columns(call: Call) -> list[list[Any]]:
    """For each result its derivatives by all variables: a tangent for each element of these."""
    roots = call.differentiable()
    columns: list[list[list[Any]]] = [[] for _ in call.variables]
    for column, x in zip(columns, call.variables, strict=True):

        def forth(t: Any, variable: Node = x) -> list[Any]:
            return tangents_of(roots, {variable: t}, call.since, record=call.record)

        column += _products(call, x, roots, forth)
    blocks, position = [], 0
    for result in call.results:
        varies = isinstance(result, Node) and result.requires_grad
        row = []
        for column, x in zip(columns, call.variables, strict=True):
            parts = [entry[position] for entry in column] if varies else []
            block = _block(call, result, x, parts, shape_of(x), shape_of(result), turned=True)
            row.append(block)
        position += varies
        blocks.append(row)
    return blocks


def _products(call: Call, x: Any, roots: Sequence[Any], derivative: Derivative) -> list[list[Any]]:
    """The products with the direction of each element, all at once where that works."""
    rows = None if call.record else over_basis(x, roots, call.since, derivative)
    return [derivative(unit) for unit in _units(x, call.record)] if rows is None else rows


def shape_of(x: Any) -> Shape:
    """The shape of a node, an array or a number."""
    if isinstance(x, Tensor):
        return x.shape
    return () if isinstance(x, Value) else np.shape(x)


def _units(x: Any, record: bool) -> Iterator[Any]:
    """The directions of all elements in turn."""
    if isinstance(x, Value):
        yield lift(1.0) if record else 1.0
        return
    for i in range(x.size):
        (unit,) = units_of(x, i, 1)
        yield constant(unit) if record else unit


def _block(
    call: Call,
    result: Any,
    x: Any,
    parts: Sequence[Any],
    outer: Shape,
    inner: Shape,
    *,
    turned: bool = False,
) -> Any:
    """Derivatives, one part for each place in ``outer``, as one array, number or node."""
    dtype = _dtype(parts, (result, x) if turned else (x, result))
    found: Any
    zero: Any
    if all(part is None for part in parts):
        found = np.zeros((*outer, *inner), dtype)
    elif call.record:
        zero = constant(np.zeros(inner, dtype))
        stacked = joining.stack([zero if p is None else _tensor(p, dtype) for p in parts])
        found = shaping.reshape(stacked, (*outer, *inner))
    else:
        zero = np.zeros(inner, dtype)
        found = np.stack([zero if p is None else _array(p, dtype) for p in parts])
        found = found.reshape((*outer, *inner))
    if turned and outer and inner:
        order = (*range(len(outer), len(outer) + len(inner)), *range(len(outer)))
        found = found.transpose(order)
    return _handed_over(call, result, x, found)


def _dtype(parts: Sequence[Any], likely: Sequence[Any]) -> Any:
    """That of the parts; of mere numbers that of the array they stand beside."""
    for one in (*parts, *likely):
        if hasattr(one, "dtype") and one.dtype.kind in "fc":
            return one.dtype
    return np.dtype(float)


def _array(part: Any, dtype: Any) -> Any:
    # What stands in for an array within another transform stays what it is.
    return part if is_stand_in(part) else np.asarray(part, dtype)


def _tensor(part: Any, dtype: Any) -> Any:
    return to_tensor(part, dtype) if isinstance(part, Value) else part


def _handed_over(call: Call, result: Any, x: Any, found: Any) -> Any:
    if isinstance(x, Value) and isinstance(result, (Value, int, float)):
        found = to_value(found) if isinstance(found, Tensor) else float(found)
    if not (call.nodes_given or (call.record and enclosed())):
        return plain(found)
    if isinstance(found, Node):
        return found
    return lift(found) if isinstance(found, float) else constant(found)
