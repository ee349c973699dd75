"""Products of nodes with partial derivatives, which are nodes again: backward and forward alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.dtypes import in_one_precision
from autodiff.functions.elementwise import elementwise
from autodiff.functions.nodes import nodes
from autodiff.ops.primitive import Elementwise
from autodiff.symbolic.choices import choice_of
from autodiff.symbolic.evaluate import evaluate
from autodiff.symbolic.expression import Constant
from autodiff.tensors.record import constant

__all__ = ["strong_zero", "times_partial"]


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
    settled = np.all(chosen)
    # Numbers of a batch, and those of a step that is being recorded, may be others next time.
    if isinstance(settled, np.bool_) and settled:
        return product
    return _where(constant(chosen), product)


def _where(condition: Any, x: Any) -> Any:
    return elementwise.where(condition, x, constant(np.zeros((), x.dtype)))
