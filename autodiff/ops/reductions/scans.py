"""Scans: running products, extrema and log-sums, and the linear recurrence they rest on.

The derivative of each is a linear recurrence run backwards, and so is the derivative of
a linear recurrence: no rule divides, so all are exact where elements are 0.
"""

from __future__ import annotations

import math
from typing import Any

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases

_AXES = cases(((4,), {"axis": 0}), ((3, 4), {"axis": 1}), ((3, 4), {"axis": -2}))


def _shifted(xp: Any, x: Any, axis: int, first: float) -> Any:
    """Elements moved on by one place along an axis, a number before them."""
    start = (slice(None),) * (axis % len(x.shape)) + (slice(0, 1),)
    return xp.index_set(xp.roll(x, 1, axis=axis), start, first)


def _backwards(xp: Any, a: Any, g: Any, axis: int) -> Any:
    """s_t = g_t + a_{t+1}·s_{t+1}, from the end."""
    coefficients = xp.roll(xp.flip(a, axis=axis), 1, axis=axis)
    return xp.flip(xp.linear_recurrence(coefficients, xp.flip(g, axis=axis), axis=axis), axis=axis)


def _recurrence_factor_vjp(xp: Any, g: Any, y: Any, a: Any, b: Any, *, axis: int = -1) -> Any:
    return _backwards(xp, a, g, axis) * _shifted(xp, y, axis, 0.0)


def _recurrence_jvp(xp: Any, tangents: Any, y: Any, a: Any, b: Any, *, axis: int = -1) -> Any:
    along_a, along_b = tangents
    if along_a is None:
        return xp.linear_recurrence(a, along_b, axis=axis)
    step = along_a * _shifted(xp, y, axis, 0.0)
    return xp.linear_recurrence(a, step if along_b is None else step + along_b, axis=axis)


linear_recurrence: Structural = structural(
    "linear_recurrence",
    lambda xp, a, b, *, axis=-1: xp.linear_recurrence(a, b, axis),
    [
        _recurrence_factor_vjp,
        lambda xp, g, y, a, b, *, axis=-1: _backwards(xp, a, g, axis),
    ],
    jvp=_recurrence_jvp,
    notation=Notation.function("recurrence", arity=2),
    reads=(0, "y"),
    samples=cases(
        ([(4,), (4,)], {"axis": 0}),
        ([(3, 4), (3, 4)], {"axis": 1}),
        ([(3, 4), (3, 4)], {"axis": -2}),
    ),
    factors=[
        ("⊙ states before", "what {1} receives, times the state before"),
        ("Σ over ways on", "the recurrence of g from the end, with {0} of the next place"),
    ],
    doc="h_t = a_t·h_{t-1} + b_t along an axis, beginning with 0.",
)


def _cumprod_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: int = -1) -> Any:
    # y_i is what stands before x_j, times x_j, times what follows up to i.
    return _shifted(xp, y, axis, 1.0) * _backwards(xp, x, g, axis)


def _cumprod_jvp(xp: Any, tangents: Any, y: Any, x: Any, *, axis: int = -1) -> Any:
    step = tangents[0] * _shifted(xp, y, axis, 1.0)
    return xp.linear_recurrence(x, step, axis=axis)


cumprod: Structural = structural(
    "cumprod",
    lambda xp, x, *, axis=-1: xp.cumprod(x, axis=axis),
    [_cumprod_vjp],
    jvp=_cumprod_jvp,
    notation=Notation.function("cumprod"),
    reads=(0, "y"),
    samples=_AXES,
    factors=[
        (
            "⊙ Π before · Σ Π after",
            "the sum of g_i times the product of the others up to i, for i from its own on",
        )
    ],
    doc="Running product along an axis, its derivative exact where elements are 0.",
)


def _running_extremum_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: int = -1) -> Any:
    # A stretch of equal results has the elements equal to them as its ties, and each
    # result shares its cotangent among the ties met so far: the minimum-norm subgradient.
    hit = xp.equal(x, y)
    goes_on = xp.astype_like(xp.equal(y, xp.roll(y, 1, axis=axis)), g)
    ties = xp.linear_recurrence(goes_on, xp.astype_like(hit, g), axis=axis)
    return xp.where(hit, _backwards(xp, goes_on, g / xp.maximum(ties, 1.0), axis), 0.0)


cummax: Structural = structural(
    "cummax",
    lambda xp, x, *, axis=-1: xp.cummax(x, axis),
    [_running_extremum_vjp],
    notation=Notation.function("cummax"),
    reads=(0, "y"),
    samples=_AXES,
    factors=[("to the max", "each g at the elements that are the result so far")],
    selects=True,
    sums=True,
    kinks="Equal largest elements so far share the gradient equally.",
    doc="Largest element so far along an axis; equal ones share the gradient.",
)

cummin: Structural = structural(
    "cummin",
    lambda xp, x, *, axis=-1: xp.cummin(x, axis),
    [_running_extremum_vjp],
    notation=Notation.function("cummin"),
    reads=(0, "y"),
    samples=_AXES,
    factors=[("to the min", "each g at the elements that are the result so far")],
    selects=True,
    sums=True,
    kinks="Equal smallest elements so far share the gradient equally.",
    doc="Smallest element so far along an axis; equal ones share the gradient.",
)


def _logcumsumexp_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: int = -1) -> Any:
    # With y increasing, every exponent is at most 0. Where y is -inf nothing is taken.
    safe = xp.where(xp.equal(y, -math.inf), 0.0, y)
    kept = xp.exp(_shifted(xp, y, axis, -math.inf) - safe)
    return xp.exp(x - safe) * _backwards(xp, kept, g, axis)


logcumsumexp: Structural = structural(
    "logcumsumexp",
    lambda xp, x, *, axis=-1: xp.logcumsumexp(x, axis),
    [_logcumsumexp_vjp],
    notation=Notation.function("logcumsumexp"),
    reads=(0, "y"),
    samples=_AXES,
    factors=[
        (
            "⊙ Σ exp({0} − {y})",
            "the sum of g_i · exp({0} − y_i) over the places i from its own on",
        )
    ],
    sums=True,
    kinks="Where all so far are -inf the gradient is 0.",
    doc="log of the running sum of exponentials along an axis, without overflow.",
)
