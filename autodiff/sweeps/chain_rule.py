"""The chain rule on nodes: products with partial derivatives that are nodes again.

Backward and forward alike: what is multiplied is a cotangent of the result or a tangent of an
operand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.backends.scalars import NOTHING
from autodiff.dtypes import in_one_precision
from autodiff.functions.elementwise import elementwise
from autodiff.functions.nodes import nodes, scalar_nodes
from autodiff.graph.node import Node
from autodiff.ops.primitive import Elementwise, Fused
from autodiff.symbolic.evaluate import evaluate
from autodiff.symbolic.expression import Constant
from autodiff.symbolic.strong_zeros import choice_of
from autodiff.tensors.record import constant
from autodiff.values.value import Value, lift

__all__ = [
    "saved_partials",
    "strong_product",
    "strong_zero",
    "times_partial",
    "value_partials",
]


def times_partial(entry: Elementwise, node: Any, g: Any, position: int) -> Any:
    """The product of a node with a partial derivative, 0 where that is 0 by choice.

    Args:
        entry: the operation.
        node: its result.
        g: what is multiplied: a cotangent of the result, or a tangent of the operand.
        position: of the operand.

    Returns:
        A tensor.
    """
    partial: Any = entry.partials[position]
    choice = choice_of(entry, position, node.params)
    if choice is None and not callable(partial):
        return g if partial == 1 else g * partial
    operands = in_one_precision(node._data, *node.parents)
    if choice is None:
        return g * partial(nodes, node, *operands, **node.params)
    condition, slope = choice
    env = {"y": node, **{f"x{i}": x for i, x in enumerate(operands)}}
    product = g if slope == Constant(1) else g * evaluate(slope, nodes, env)
    return _where(evaluate(condition, nodes, env), product)


def strong_zero(g: Any, product: Any) -> Any:
    """A product of ``g``, 0 where ``g`` is 0 and the product is not finite.

    A finite product stays as it is: where g is 0 it may still have a derivative by g.
    """
    chosen = np.isfinite(product._data) | (g._data != 0)
    everywhere = np.all(chosen)
    # Numbers of a batch, and those of a step that is being recorded, may be others next time.
    if isinstance(everywhere, np.bool_) and everywhere:
        return product
    return _where(constant(chosen), product)


def _where(condition: Any, x: Any) -> Any:
    return elementwise.where(condition, x, constant(np.zeros((), x.dtype)))


def value_partials(node: Value) -> Iterator[tuple[int, Any, Any]]:
    """The derivatives of a Value's operation by its operands that need a gradient.

    Yields:
        The operand's position, the operand, and the derivative: a node, or a number where
        it depends on nothing.
    """
    entry = node.op
    if isinstance(entry, Fused):
        partials = entry.partials(nodes, node, *node.parents)
    else:
        assert isinstance(entry, Elementwise)
        partials = entry.partials
    for position, (parent, partial) in enumerate(zip(node.parents, partials, strict=True)):
        if parent.requires_grad:
            if callable(partial) and not isinstance(partial, Node):
                partial = partial(scalar_nodes, node, *node.parents, **node.params)
            yield position, parent, partial


def strong_product(g: Any, partial: Any, node: Value, position: int) -> Any:
    """The product of a Value with a partial derivative, as in a sweep over floats.

    A zero stays zero, whatever the local derivative, and one that was chosen is strong too.
    """
    slope = getattr(partial, "data", partial)
    if g.data == 0 and not np.isfinite(slope):
        return lift(0.0)
    if slope == 0 and not np.isfinite(g.data) and dict(saved_partials(node))[position] is NOTHING:
        return lift(0.0)
    return g * partial


def saved_partials(node: Value) -> Iterator[tuple[int, float]]:
    """The derivatives that a Value has kept since it was made, each with its operand's position."""
    if isinstance(node._a, tuple):
        yield from ((i, d) for i, d in enumerate(node._da) if d is not None)
        return
    for position, partial in enumerate((node._da, node._db)):
        if partial is not None:
            yield position, partial
