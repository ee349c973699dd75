"""Reductions: many elements to one along axes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.ops.broadcasting import Axis, expand_reduced, normalize_axes
from autodiff.ops.notation import Place
from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases
from autodiff.ops.tangents import of_reduction

_AXES = cases(
    ((3, 4), {}),
    ((3, 4), {"axis": 0}),
    ((3, 4), {"axis": -1, "keepdims": True}),
    ((2, 3, 4), {"axis": (0, 2)}),
    ((5,), {"axis": 0}),
)


def _notation(text: str, latex: str) -> Notation:
    return Notation(f"{text} {{0}}", f"{latex} {{0}}", 2, (3,))


def _count(shape: tuple[int, ...], axis: Axis) -> int:
    return math.prod(shape[a] for a in normalize_axes(axis, len(shape)))


def _divisor(shape: tuple[int, ...], axis: Axis, correction: float) -> float:
    # Too few elements: the variance is NaN, and so is its gradient.
    return _count(shape, axis) - correction or math.nan


def _sum_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
    if axis is not None:
        g = expand_reduced(xp, g, x.shape, axis, keepdims)
    return xp.broadcast_to(g, x.shape)


sum_: Structural = structural(
    "sum",
    lambda xp, x, *, axis=None, keepdims=False: xp.sum(x, axis=axis, keepdims=keepdims),
    [_sum_vjp],
    notation=_notation("Σ", r"\sum"),
    linear=True,
    samples=_AXES,
    factors=[("1 each", "g repeated along the axes summed over")],
    doc="Sum of the elements along axes.",
)


def _mean_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
    share = g / max(_count(x.shape, axis), 1)
    return xp.broadcast_to(expand_reduced(xp, share, x.shape, axis, keepdims), x.shape)


def _nth(place: Place) -> str:
    return f"· 1/{_count(place.shape, place.params.get('axis'))}"


mean: Structural = structural(
    "mean",
    lambda xp, x, *, axis=None, keepdims=False: xp.mean(x, axis=axis, keepdims=keepdims),
    [_mean_vjp],
    notation=_notation("mean", r"\operatorname{{mean}}"),
    linear=True,
    samples=_AXES,
    factors=[("· 1/n", "g / n, with n elements to each mean", _nth)],
    sums=True,
    doc="Arithmetic mean along axes.",
)


def _deviation(xp: Any, x: Any, axis: Axis) -> Any:
    deviation = x - xp.mean(x, axis=axis, keepdims=True)
    return xp.conjugate(deviation) if x.dtype.kind == "c" else deviation


def _var_vjp(
    xp: Any,
    g: Any,
    y: Any,
    x: Any,
    *,
    axis: Axis = None,
    correction: float = 0,
    keepdims: bool = False,
) -> Any:
    scaled = g * (2 / _divisor(x.shape, axis, correction))
    return expand_reduced(xp, scaled, x.shape, axis, keepdims) * _deviation(xp, x, axis)


def _by_count(write: Callable[[str], tuple[str, str]]) -> tuple[Any, ...]:
    """A factor in which the number of deviations stands, less the correction."""

    def fitted(place: Place) -> tuple[str, str]:
        count = _count(place.shape, place.params.get("axis"))
        return write(f"{count - place.params.get('correction', 0):g}".replace("-", "−"))

    return *write("(n − correction)"), fitted


var: Structural = structural(
    "var",
    lambda xp, x, *, axis=None, correction=0, keepdims=False: xp.var(
        x, axis=axis, ddof=correction, keepdims=keepdims
    ),
    [_var_vjp],
    jvp=of_reduction(_var_vjp),
    notation=_notation("var", r"\operatorname{{var}}"),
    reads=(0,),
    samples=_AXES,
    factors=[
        _by_count(lambda n: (f"⊙ 2({{0}} − mean)/{n}", f"2 · g ⊙ ({{0}} − mean({{0}})) / {n}"))
    ],
    sums=True,
    doc="Variance along axes, divided by n - correction.",
)


def _std_vjp(
    xp: Any,
    g: Any,
    y: Any,
    x: Any,
    *,
    axis: Axis = None,
    correction: float = 0,
    keepdims: bool = False,
) -> Any:
    # A constant sample: the deviations are 0, and so is the minimum-norm subgradient.
    safe = xp.where(xp.equal(y, 0), 1.0, y)
    scaled = g / (safe * _divisor(x.shape, axis, correction))
    return expand_reduced(xp, scaled, x.shape, axis, keepdims) * _deviation(xp, x, axis)


std: Structural = structural(
    "std",
    lambda xp, x, *, axis=None, correction=0, keepdims=False: xp.std(
        x, axis=axis, ddof=correction, keepdims=keepdims
    ),
    [_std_vjp],
    jvp=of_reduction(_std_vjp),
    notation=_notation("std", r"\operatorname{{std}}"),
    reads=(0, "y"),
    samples=_AXES,
    factors=[
        _by_count(
            lambda n: (
                f"⊙ ({{0}} − mean)/({n} · {{y}})",
                f"g ⊙ ({{0}} − mean({{0}})) / ({n} · y)",
            )
        )
    ],
    sums=True,
    kinks="Where all elements are equal the gradient is 0.",
    doc="Standard deviation along axes; gradient 0 where it is 0.",
)


def _extremum_vjp(
    xp: Any, g: Any, y: Any, x: Any, *, axis: Axis = None, keepdims: bool = False
) -> Any:
    # Ties share the cotangent equally: the minimum-norm subgradient.
    chosen = xp.equal(x, expand_reduced(xp, y, x.shape, axis, keepdims))
    ties = xp.sum(chosen, axis=axis, keepdims=keepdims)
    share = expand_reduced(xp, g / xp.astype_like(ties, g), x.shape, axis, keepdims)
    return xp.where(chosen, share, 0.0)


max_: Structural = structural(
    "max",
    lambda xp, x, *, axis=None, keepdims=False: xp.max(x, axis=axis, keepdims=keepdims),
    [_extremum_vjp],
    jvp=of_reduction(_extremum_vjp, selects=True),
    notation=_notation("max", r"\max"),
    reads=(0, "y"),
    samples=_AXES,
    factors=[("to the max", "g where {0} = y")],
    selects=True,
    ordered=True,
    sums=True,
    kinks="Equal ones share it.",
    doc="Largest element along axes; equal largest elements share the gradient.",
)

min_: Structural = structural(
    "min",
    lambda xp, x, *, axis=None, keepdims=False: xp.min(x, axis=axis, keepdims=keepdims),
    [_extremum_vjp],
    jvp=of_reduction(_extremum_vjp, selects=True),
    notation=_notation("min", r"\min"),
    reads=(0, "y"),
    samples=_AXES,
    factors=[("to the min", "g where {0} = y")],
    selects=True,
    ordered=True,
    sums=True,
    kinks="Equal ones share it.",
    doc="Smallest element along axes; equal smallest elements share the gradient.",
)


def _logsumexp_vjp(
    xp: Any, g: Any, y: Any, x: Any, *, axis: Axis = None, keepdims: bool = False
) -> Any:
    if 0 in x.shape:
        return xp.zeros_like(x)
    # The softmax, and not exp(x - y), which loses as many digits as y has before its point.
    # Infinite elements share equally; where every element is -inf, nothing is taken.
    largest = float(np.finfo(x.dtype).max)
    x = xp.minimum(x, largest)
    e = xp.exp(x - xp.maximum(xp.max(x, axis=axis, keepdims=True), -largest))
    total = xp.sum(e, axis=axis, keepdims=True)
    shares = e / xp.where(xp.equal(total, 0), 1.0, total)
    return expand_reduced(xp, g, x.shape, axis, keepdims) * shares


def _logsumexp(xp: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
    if 0 in x.shape:
        return xp.log(xp.sum(xp.exp(x), axis=axis, keepdims=keepdims))
    top = xp.max(x, axis=axis, keepdims=True)
    top = xp.where(xp.isfinite(top), top, 0.0)
    total = xp.sum(xp.exp(x - top), axis=axis, keepdims=True)
    y = xp.log(total) + top
    if keepdims:
        return y
    kept = normalize_axes(axis, len(x.shape))
    return xp.reshape(y, tuple(n for i, n in enumerate(x.shape) if i not in kept))


logsumexp: Structural = structural(
    "logsumexp",
    _logsumexp,
    [_logsumexp_vjp],
    jvp=of_reduction(_logsumexp_vjp),
    notation=_notation("log Σ exp", r"\log\sum\exp"),
    reads=(0,),
    samples=_AXES,
    factors=["⊙ softmax({0})"],
    ordered=True,
    sums=True,
    kinks="Where all are -inf the gradient is 0, and those that are inf share it equally.",
    doc="log of the sum of exponentials along axes, without overflow.",
)
