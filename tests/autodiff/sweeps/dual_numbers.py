"""Forward-mode derivatives written for the tests alone: numbers with a tangent.

An independent second opinion on `backward`: nothing of the library is used. A dual number
carries float64 arrays; for each operation the tangent follows the textbook rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Dual", "evaluate"]


class Dual:
    """A value and its derivative in one direction."""

    def __init__(self, value: Any, tangent: Any) -> None:
        self.value = np.asarray(value, np.float64)
        self.tangent = np.broadcast_to(np.asarray(tangent, np.float64), self.value.shape)


def _add(a: Dual, b: Dual) -> Dual:
    return Dual(a.value + b.value, a.tangent + b.tangent)


def _subtract(a: Dual, b: Dual) -> Dual:
    return Dual(a.value - b.value, a.tangent - b.tangent)


def _multiply(a: Dual, b: Dual) -> Dual:
    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent)


def _divide(a: Dual, b: Dual) -> Dual:
    # Always by a number away from 0.
    safe = 1.5 + b.value * b.value
    slope = 2 * b.value * b.tangent
    return Dual(a.value / safe, (a.tangent * safe - a.value * slope) / safe**2)


def _tanh(a: Dual) -> Dual:
    return Dual(np.tanh(a.value), a.tangent / np.cosh(a.value) ** 2)


def _sin(a: Dual) -> Dual:
    return Dual(np.sin(a.value), a.tangent * np.cos(a.value))


def _exp(a: Dual) -> Dual:
    # Of a bounded number, so that towers of exponentials stay finite.
    s = np.sin(a.value)
    return Dual(np.exp(s), a.tangent * np.cos(a.value) * np.exp(s))


def _log(a: Dual) -> Dual:
    safe = 1.0 + a.value * a.value
    return Dual(np.log(safe), 2 * a.value * a.tangent / safe)


def _sigmoid(a: Dual) -> Dual:
    return Dual(1 / (1 + np.exp(-a.value)), a.tangent / (2 * np.cosh(a.value / 2)) ** 2)


def _relu(a: Dual) -> Dual:
    return Dual(np.where(a.value > 0, a.value, 0), np.where(a.value > 0, a.tangent, 0))


def _maximum(a: Dual, b: Dual) -> Dual:
    left = a.value > b.value
    tie = a.value == b.value
    slope = np.where(left, a.tangent, b.tangent)
    return Dual(np.maximum(a.value, b.value), np.where(tie, (a.tangent + b.tangent) / 2, slope))


def _sum(a: Dual) -> Dual:
    return Dual(np.sum(a.value), np.sum(a.tangent))


def _mean_rows(a: Dual) -> Dual:
    return Dual(np.mean(a.value, axis=0), np.mean(a.tangent, axis=0))


def _transpose(a: Dual) -> Dual:
    return Dual(a.value.T, a.tangent.T)


def _reverse(a: Dual) -> Dual:
    return Dual(a.value[..., ::-1], a.tangent[..., ::-1])


def _gather(a: Dual) -> Dual:
    places = [0, -1, 0]
    return Dual(a.value[places], a.tangent[places])


def _gram(a: Dual) -> Dual:
    value, tangent = a.value, a.tangent
    return Dual(value @ value.T / 9, (tangent @ value.T + value @ tangent.T) / 9)


def _softmax(a: Dual) -> Dual:
    e = np.exp(a.value - a.value.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    return Dual(p, p * (a.tangent - (p * a.tangent).sum(-1, keepdims=True)))


def _pair(a: Dual, b: Dual) -> Dual:
    value = np.stack(np.broadcast_arrays(a.value, b.value))
    return Dual(value, np.stack(np.broadcast_arrays(a.tangent, b.tangent)))


evaluate = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "maximum": _maximum,
    "tanh": _tanh,
    "sin": _sin,
    "exp": _exp,
    "log": _log,
    "sigmoid": _sigmoid,
    "relu": _relu,
    "sum": _sum,
    "mean_rows": _mean_rows,
    "transpose": _transpose,
    "reverse": _reverse,
    "gather": _gather,
    "gram": _gram,
    "softmax": _softmax,
    "pair": _pair,
}
