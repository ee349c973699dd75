"""Sums, weighted sums and the largest of Values, each as one node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter, mul
from types import CodeType
from typing import Any

from autodiff.backends.scalars import scalars
from autodiff.errors import ShapeError
from autodiff.graph.cuts import note_value
from autodiff.graph.finiteness import check_result
from autodiff.graph.modes import current_mode
from autodiff.graph.origin import user_frame
from autodiff.ops.engine import fusions
from autodiff.ops.primitive import Fused
from autodiff.values.record import record
from autodiff.values.value import Value, constant_value, lift

__all__ = ["fused_values", "largest", "total", "weighted_sum", "weighted_sums"]

_data = attrgetter("data")


def total(terms: Iterable[Any]) -> Value:
    """The sum of Values and numbers as one node.

    Args:
        terms: Values and numbers.

    Returns:
        A `Value`; 0 for no terms.

    Example:
        >>> a, b = Value(1.0), Value(2.0)
        >>> total([a, b, 3.0]).data
        6.0
    """
    operands = tuple(map(lift, terms))
    if not operands:
        return constant_value(0.0)
    return _node(fusions.total, sum(map(_data, operands), 0.0), operands, (1.0,) * len(operands))


def largest(terms: Iterable[Any]) -> Value:
    """The largest of Values and numbers as one node.

    Args:
        terms: Values and numbers, at least one.

    Returns:
        A `Value`; where several are equally large, they share its gradient.

    Raises:
        ShapeError: there are no terms.

    Example:
        >>> a, b = Value(1.0), Value(2.0)
        >>> y = largest([a, b, 0.5])
        >>> y.backward()
        >>> y.data, a.grad, b.grad
        (2.0, 0.0, 1.0)
    """
    given = list(terms)
    if not given:
        raise ShapeError("largest() was given no terms; of nothing there is no largest one")
    return fused_values(fusions.largest, given)


def fused_values(entry: Fused, terms: Iterable[Any]) -> Value:
    """Any fused entry of the table on Values and numbers, as one node.

    Example:
        >>> fused_values(fusions.total, [Value(1.0), 2.0])
        Value(data=3.0, op=total)
    """
    operands = tuple(map(lift, terms))
    numbers = [operand.data for operand in operands]
    y = float(entry.forward(scalars, *numbers))
    return _node(entry, y, operands, tuple(entry.partials(scalars, y, *numbers)))


def weighted_sum(weights: Sequence[Any], inputs: Sequence[Any], bias: Any = 0.0) -> Value:
    """Weights times inputs plus a bias, as one node: what a neuron computes.

    Args:
        weights: Values and numbers.
        inputs: as many.
        bias: a Value or a number.

    Returns:
        A `Value`.

    Raises:
        ShapeError: there are not as many inputs as weights.

    Example:
        >>> w = [Value(2.0), Value(-1.0)]
        >>> z = weighted_sum(w, [3.0, 4.0], 0.5)
        >>> z.backward()
        >>> z.data, w[0].grad, w[1].grad
        (2.5, 3.0, 4.0)
    """
    n = len(weights)
    if n != len(inputs):
        raise ShapeError(
            f"a weighted sum needs as many inputs as weights, but there are {n} "
            f"weights and {len(inputs)} inputs"
        )
    operands = (*weights, *inputs, bias)
    try:
        data = tuple(map(_data, operands))
        y = sum(map(mul, data[:n], data[n:-1]), data[-1])
    except (AttributeError, TypeError):
        y = None
    if y.__class__ is not float:
        # Plain numbers among the operands become constants; what is no number is refused.
        operands = tuple(map(lift, operands))
        data = tuple(float(operand.data) for operand in operands)
        y = sum(map(mul, data[:n], data[n:-1]), data[-1])
    return _node(fusions.weighted_sum, y, operands, (*data[n:-1], *data[:n], 1.0))


def weighted_sums(
    weights: Iterable[Sequence[Any]],
    inputs: Sequence[Value],
    biases: Iterable[Any],
    code: CodeType,
    instruction: int,
) -> list[Value]:
    """Weighted sums of the same inputs, a node each: what the neurons of a layer compute.

    Args:
        weights: those of each sum, as many as inputs.
        inputs: Values.
        biases: a Value or a number for each sum.
        code: the code object that asks for them.
        instruction: the place in it.

    Returns:
        A `Value` for each sum, as `weighted_sum` gives it.
    """
    given = tuple(map(_data, inputs))
    mode = current_mode()
    recorded = mode.grad and not mode.anomaly
    made = []
    for row, bias in zip(weights, biases, strict=True):
        y: Any = None
        if recorded and bias.__class__ is Value and len(row) == len(given):
            try:
                own = tuple(map(_data, row))
                y = sum(map(mul, own, given), bias.data)
            except (AttributeError, TypeError):
                y = None
        if y.__class__ is float:
            operands = (*row, *inputs, bias)
            partials = (*given, *own, 1.0)
            z = record(fusions.weighted_sum, y, operands, partials, mode, code, instruction)
        else:
            z = weighted_sum(row, inputs, bias)
        made.append(z)
    return made


def _node(entry: Any, y: float, operands: tuple[Any, ...], partials: tuple[Any, ...]) -> Value:
    mode = current_mode()
    # The last is a bias as a rule, which tells without a look at the others.
    wanted = operands[-1].requires_grad or any(operand.requires_grad for operand in operands)
    if mode.grad and wanted:
        frame = user_frame(2)
        code, instruction = frame.f_code, frame.f_lasti
        node = record(entry, y, operands, partials, mode, code, instruction)
    else:
        node = constant_value(y)
        note_value(node, mode.block if wanted else None, operands)
    if mode.anomaly:
        check_result(entry, node, operands)
    return node
