"""Which loss it is: a formula is named only if it gives the value and the gradients found."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

__all__ = ["SOFTMAX", "Known", "recognise"]

SOFTMAX = "softmax cross-entropy"
_EXPONENTIAL = frozenset(
    "exp log softmax log_softmax logsumexp softmax_cross_entropy sigmoid log1p expm1 softplus "
    "log_sigmoid tanh".split()
)
_CLOSE = 1e-7

Array = np.ndarray[Any, Any]


class Known(NamedTuple):
    """A loss that was recognised."""

    formula: str
    targets: tuple[float, ...]
    kind: str = ""


def recognise(outputs: Array, gradients: Array, value: float, ops: set[str], name: str) -> Known:
    """The loss that has this value, and these derivatives by its outputs.

    Args:
        outputs: what the network gives, shape (outputs,).
        gradients: the derivative of the loss by each.
        value: of the loss.
        ops: names of the operations between the two.
        name: what an output is called in the formula.

    Returns:
        Formula and targets; both empty if it is none of those known.

    Example:
        >>> recognise(np.array([0.5]), np.array([-0.5]), 0.125, {"square"}, "o")
        Known(formula='½ (o − t)²', targets=(1.0,), kind='')
    """
    with np.errstate(all="ignore"):
        if np.isfinite(outputs).all() and np.isfinite(gradients).all() and math.isfinite(value):
            for family in _FAMILIES:
                for known in family(outputs, gradients, value, ops, name):
                    return known
    return Known("", ())


def _near(a: Any, b: Any) -> bool:
    return bool(np.allclose(a, b, rtol=_CLOSE, atol=_CLOSE * 1e-3))


def _softmax(o: Array, g: Array, value: float, ops: set[str], name: str) -> Iterator[Known]:
    if len(o) < 2 or not ops & _EXPONENTIAL:
        return
    shifted = np.exp(o - o.max())
    p = shifted / shifted.sum()
    y = p - g
    y = np.where(np.abs(y - np.round(y)) < _CLOSE, np.round(y), y)
    if (y >= 0).all() and _near(y.sum(), 1) and _near(value, -(y * np.log(p))[y > 0].sum()):
        yield Known("− Σ y ln p", tuple(y.tolist()), SOFTMAX)


def _squares(o: Array, g: Array, value: float, ops: set[str], name: str) -> Iterator[Known]:
    if not ops & {"square", "power", "multiply", "inner", "dot"} or not value > 0:
        return
    count = len(o)
    scale = float((g * g).sum()) / (4 * value)
    inside = f"({name} − t)²"
    total = inside if count == 1 else f"Σ {inside}"
    forms = {0.5 / count: f"{total} / {2 * count}", 1 / count: f"{total} / {count}"}
    for known, text in {**forms, 0.5: f"½ {total}", 1.0: total}.items():
        if _near(scale, known):
            yield Known(text, _rounded(o - g / (2 * known)))


def _hinge(o: Array, g: Array, value: float, ops: set[str], name: str) -> Iterator[Known]:
    if len(o) != 1 or not ops & {"relu", "maximum", "clip", "where"}:
        return
    for y in (1.0, -1.0):
        inside = 1 - y * o[0]
        if _near(value, max(0.0, inside)) and _near(g[0], -y if inside > 0 else 0.0):
            yield Known(f"max(0, 1 − y {name})", (y,))


def _logistic(o: Array, g: Array, value: float, ops: set[str], name: str) -> Iterator[Known]:
    if len(o) != 1 or not ops & _EXPONENTIAL:
        return
    score, slope = float(o[0]), float(g[0])
    p = float(1 / (1 + np.exp(-score)))
    for y, wanted in ((1.0, np.logaddexp(0, -score)), (0.0, np.logaddexp(0, score))):
        if _near(value, wanted) and _near(slope, p - y):
            yield Known(f"− ln σ({name})" if y else f"− ln(1 − σ({name}))", (y,))
    if 0 < score < 1:
        for y, chance in ((1.0, score), (0.0, 1 - score)):
            if _near(value, -math.log(chance)) and _near(slope, (1 - 2 * y) / chance):
                yield Known(f"− ln {name}" if y else f"− ln(1 − {name})", (y,))


def _absolute(o: Array, g: Array, value: float, ops: set[str], name: str) -> Iterator[Known]:
    if len(o) == 1 and ops & {"absolute", "abs"} and _near(abs(g[0]), 1):
        yield Known(f"|{name} − t|", _rounded(o - g * value))


def _rounded(targets: Array) -> tuple[float, ...]:
    """Targets are mostly short numbers, and were found by a subtraction that rounds."""
    short = np.round(targets, 5)
    return tuple((np.where(np.abs(short - targets) < 2e-7, short, targets) + 0.0).tolist())


_FAMILIES: tuple[Callable[[Array, Array, float, set[str], str], Iterator[Known]], ...] = (
    _softmax,
    _hinge,
    _logistic,
    _absolute,
    _squares,
)
