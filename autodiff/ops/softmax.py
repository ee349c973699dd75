"""Softmax and its logarithm."""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Notation, structural
from autodiff.ops.sampling import cases

_SAMPLES = cases(
    ((3, 4), {}), ((3, 4), {"axis": 0}), ((2, 3, 4), {"axis": (1, 2)}), ((5,), {"axis": -1})
)


def _softmax(xp: Any, x: Any, *, axis: int = -1) -> Any:
    if 0 in x.shape:
        return xp.exp(x)
    e = xp.exp(x - xp.max(x, axis=axis, keepdims=True))
    return e / xp.sum(e, axis=axis, keepdims=True)


softmax = structural(
    "softmax",
    _softmax,
    [lambda xp, g, y, x, *, axis=-1: y * (g - xp.sum(g * y, axis=axis, keepdims=True))],
    notation=Notation.function("softmax"),
    reads=("y",),
    samples=_SAMPLES,
    factors=["softmax Jacobian"],
    doc="exp(x) divided by its sum along an axis.",
)


def _log_softmax(xp: Any, x: Any, *, axis: int = -1) -> Any:
    if 0 in x.shape:
        return xp.exp(x)
    shifted = x - xp.max(x, axis=axis, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=axis, keepdims=True))


log_softmax = structural(
    "log_softmax",
    _log_softmax,
    [lambda xp, g, y, x, *, axis=-1: g - xp.exp(y) * xp.sum(g, axis=axis, keepdims=True)],
    notation=Notation.function("log softmax"),
    reads=("y",),
    samples=_SAMPLES,
    factors=["1 − p · Σ"],
    doc="Logarithm of the softmax along an axis, without overflow.",
)
