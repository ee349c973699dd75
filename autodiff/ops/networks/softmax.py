"""Softmax and its logarithm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import Sample, cases
from autodiff.ops.tangents import of_symmetric

_SAMPLES = cases(
    ((3, 4), {}), ((3, 4), {"axis": 0}), ((2, 3, 4), {"axis": (1, 2)}), ((5,), {"axis": -1})
)


def _softmax(xp: Any, x: Any, *, axis: int = -1) -> Any:
    if 0 in x.shape:
        return xp.exp(x)
    e = xp.exp(x - xp.max(x, axis=axis, keepdims=True))
    return e / xp.sum(e, axis=axis, keepdims=True)


def _softmax_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: int = -1) -> Any:
    return y * (g - xp.sum(g * y, axis=axis, keepdims=True))


softmax: Structural = structural(
    "softmax",
    _softmax,
    [_softmax_vjp],
    jvp=of_symmetric(_softmax_vjp),
    notation=Notation.function("softmax"),
    reads=("y",),
    samples=_SAMPLES,
    factors=[("· (diag({y}) − {y} {y}ᵀ)", "y ⊙ (g − Σ(g ⊙ y))")],
    ordered=True,
    sums=True,
    doc="exp(x) divided by its sum along an axis.",
)


def _log_softmax(xp: Any, x: Any, *, axis: int = -1) -> Any:
    if 0 in x.shape:
        return xp.exp(x)
    shifted = x - xp.max(x, axis=axis, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=axis, keepdims=True))


log_softmax: Structural = structural(
    "log_softmax",
    _log_softmax,
    [lambda xp, g, y, x, *, axis=-1: g - xp.exp(y) * xp.sum(g, axis=axis, keepdims=True)],
    jvp=lambda xp, tangents, y, x, *, axis=-1: (
        tangents[0] - xp.sum(xp.exp(y) * tangents[0], axis=axis, keepdims=True)
    ),
    notation=Notation.function("log softmax"),
    reads=("y",),
    samples=_SAMPLES,
    factors=[("g − p Σ g", "g − p ⊙ Σ(g), with p = exp(y)")],
    ordered=True,
    sums=True,
    doc="Logarithm of the softmax along an axis, without overflow.",
)


def _softmax_cross_entropy(xp: Any, z: Any, y: Any, *, axis: int = -1) -> Any:
    if 0 in z.shape:
        return xp.sum(y * z, axis=axis)
    z, y = xp.short_rows(z, axis), xp.short_rows(y, axis)
    # A class that is ruled out (logit -inf) and is no target counts 0, not 0 · inf.
    log_p = xp.where(xp.equal(y, 0), 0.0, xp.log_softmax(z, axis=axis))
    return -xp.sum(y * log_p, axis=axis)


def _logits_vjp(xp: Any, g: Any, loss: Any, z: Any, y: Any, *, axis: int = -1) -> Any:
    z, y = xp.short_rows(z, axis), xp.short_rows(y, axis)
    # p - y, where y is a distribution; y may also carry the weights of samples or classes.
    total = xp.sum(y, axis=axis, keepdims=True)
    return xp.reshape(g, total.shape) * (xp.softmax(z, axis=axis) * total - y)


def _targets_vjp(xp: Any, g: Any, loss: Any, z: Any, y: Any, *, axis: int = -1) -> Any:
    return -(xp.expand_dims(g, axis) * xp.log_softmax(z, axis=axis))


def _pairs(rng: np.random.Generator) -> Iterator[Sample]:
    for shape, axis in (((3, 4), -1), ((2, 3, 4), 1), ((5,), 0)):
        yield [rng.standard_normal(shape), rng.random(shape)], {"axis": axis}


softmax_cross_entropy: Structural = structural(
    "softmax_cross_entropy",
    _softmax_cross_entropy,
    [_logits_vjp, _targets_vjp],
    notation=Notation.function("CE", r"\operatorname{{CE}}", arity=2),
    reads=(0, 1),
    samples=_pairs,
    factors=[
        ("⊙ (p − {1})", "g ⊙ (softmax({0}) ⊙ Σ({1}) − {1}), with p = softmax({0})"),
        ("⊙ (−log p)", "−g ⊙ log(softmax({0})), with p = softmax({0})"),
    ],
    ordered=True,
    sums=True,
    doc="-Σ y log softmax(z) along an axis; its derivative by z is softmax(z) - y.",
)
