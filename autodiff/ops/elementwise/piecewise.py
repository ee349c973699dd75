"""Piecewise activation functions: hard ones, shrinking ones, and smooth ones beside them.

At a kink the derivative is the subgradient of least magnitude where the function is
convex or concave around it; where the value jumps it is that of the side to which the
point belongs.
"""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Domain, Elementwise, Notation, elementwise

_WIDE = Domain(-4.0, 4.0)


def _between(xp: Any, x: Any, low: Any, high: Any, inside: Any) -> Any:
    """``inside`` strictly between two bounds, 0 elsewhere."""
    return xp.where(xp.logical_and(xp.greater(x, low), xp.less(x, high)), inside, 0.0)


def _beyond(xp: Any, x: Any, bound: Any, outside: Any) -> Any:
    """``outside`` where the operand is larger than a bound in magnitude (or NaN), else 0."""
    return xp.where(xp.less_equal(xp.abs(x), bound), 0.0, outside)


def _ramp(xp: Any, x: Any) -> Any:
    return xp.minimum(xp.maximum(x + 3, 0.0), 6.0) / 6


relu6: Elementwise = elementwise(
    "relu6",
    lambda xp, x: xp.minimum(xp.maximum(x, 0.0), 6.0),
    [lambda xp, y, x: _between(xp, x, 0, 6, 1.0)],
    notation=Notation.function("ReLU6"),
    domains=[Domain(-3.0, 9.0)],
    kinks=[0.0, 6.0],
    selects=True,
    ordered=True,
    doc="x between 0 and 6, the bounds beyond; derivative 0 at both.",
)

hardtanh: Elementwise = elementwise(
    "hardtanh",
    lambda xp, x, min_val=-1.0, max_val=1.0: xp.minimum(xp.maximum(x, min_val), max_val),
    [lambda xp, y, x, min_val=-1.0, max_val=1.0: _between(xp, x, min_val, max_val, 1.0)],
    notation=Notation.function("HardTanh"),
    kinks=[-1.0, 1.0],
    selects=True,
    ordered=True,
    refused=lambda min_val, max_val: (
        f"takes bounds in order, and min_val={min_val} is above max_val={max_val}"
        if min_val > max_val
        else ""
    ),
    doc="x between two bounds, the bounds beyond; derivative 0 at both.",
)

hardsigmoid: Elementwise = elementwise(
    "hardsigmoid",
    _ramp,
    [lambda xp, y, x: _between(xp, x, -3, 3, 1 / 6)],
    notation=Notation.function("HardSigmoid"),
    domains=[_WIDE],
    kinks=[-3.0, 3.0],
    selects=True,
    ordered=True,
    doc="A line from 0 at -3 to 1 at 3, constant beyond; derivative 0 at both.",
)

hardswish: Elementwise = elementwise(
    "hardswish",
    lambda xp, x: xp.where(xp.greater_equal(x, 3), x, x * _ramp(xp, x)),
    [
        lambda xp, y, x: xp.where(
            xp.greater_equal(x, 3), 1.0, _between(xp, x, -3, 3, (2 * x + 3) / 6)
        )
    ],
    notation=Notation.function("HardSwish"),
    domains=[_WIDE],
    kinks=[-3.0, 3.0],
    selects=True,
    ordered=True,
    doc="x times `hardsigmoid` of x (Howard et al., 2019); derivative 0 at -3 and 1 at 3.",
)

celu: Elementwise = elementwise(
    "celu",
    lambda xp, x, alpha=1.0: xp.where(
        xp.greater(x, 0), x, alpha * xp.expm1(xp.minimum(x, 0.0) / alpha)
    ),
    [
        lambda xp, y, x, alpha=1.0: xp.where(
            xp.greater(x, 0), 1.0, xp.exp(xp.minimum(x, 0.0) / alpha)
        )
    ],
    notation=Notation.function("CELU"),
    ordered=True,
    refused=lambda alpha: "" if alpha else "divides by alpha, and alpha=0 was given",
    doc="x above 0 and alpha * (exp(x / alpha) - 1) below, smooth at 0 (Barron, 2017).",
)

softshrink: Elementwise = elementwise(
    "softshrink",
    lambda xp, x, lambd=0.5: _beyond(xp, x, lambd, x - lambd * xp.sign(x)),
    [lambda xp, y, x, lambd=0.5: _beyond(xp, x, lambd, 1.0)],
    notation=Notation.function("SoftShrink"),
    kinks=[-0.5, 0.5],
    selects=True,
    ordered=True,
    refused=lambda lambd: (
        f"moves x towards 0, and lambd={lambd} would move it away; give 0 or more"
        if lambd < 0
        else ""
    ),
    doc="x moved towards 0 by lambd, 0 where that is nearer; derivative 0 at both edges.",
)

hardshrink: Elementwise = elementwise(
    "hardshrink",
    lambda xp, x, lambd=0.5: _beyond(xp, x, lambd, x),
    [lambda xp, y, x, lambd=0.5: _beyond(xp, x, lambd, 1.0)],
    notation=Notation.function("HardShrink"),
    # Here the value itself jumps.
    kinks=[-0.5, 0.5],
    selects=True,
    ordered=True,
    doc="x where it is larger than lambd in magnitude, else 0, and so is the derivative.",
)

tanhshrink: Elementwise = elementwise(
    "tanhshrink",
    lambda xp, x: x - xp.tanh(x),
    [lambda xp, y, x: xp.square(xp.tanh(x))],
    notation=Notation.function("TanhShrink"),
    doc="x - tanh(x).",
)

softsign: Elementwise = elementwise(
    "softsign",
    lambda xp, x: x / (1 + xp.abs(x)),
    [lambda xp, y, x: 1 / xp.square(1 + xp.abs(x))],
    notation=Notation.function("SoftSign"),
    ordered=True,
    doc="x / (1 + |x|).",
)

squareplus: Elementwise = elementwise(
    "squareplus",
    lambda xp, x, b=4.0: xp.where(
        xp.greater(x, 0),
        0.5 * (x + xp.sqrt(x * x + b)),
        0.5 * b / (xp.sqrt(x * x + b) - xp.minimum(x, 0.0)),
    ),
    [lambda xp, y, x, b=4.0: y / xp.sqrt(x * x + b)],
    notation=Notation.function("SquarePlus"),
    ordered=True,
    doc="(x + sqrt(x² + b)) / 2, a smooth `relu` without exponentials (Barron, 2021).",
)

threshold: Elementwise = elementwise(
    "threshold",
    lambda xp, x, threshold=0.0, value=0.0: xp.where(xp.less_equal(x, threshold), value, x),
    [lambda xp, y, x, threshold=0.0, value=0.0: xp.where(xp.less_equal(x, threshold), 0.0, 1.0)],
    notation=Notation.function("threshold"),
    kinks=[0.0],
    selects=True,
    ordered=True,
    doc="x above a threshold, a constant value at it and below, where the derivative is 0.",
)

prelu: Elementwise = elementwise(
    "prelu",
    lambda xp, x, weight: xp.where(xp.greater(x, 0), x, weight * x),
    [
        lambda xp, y, x, weight: xp.where(
            xp.greater(x, 0),
            1.0,
            xp.where(xp.equal(x, 0), xp.minimum(xp.maximum(weight, 0.0), 1.0), weight),
        ),
        lambda xp, y, x, weight: xp.where(xp.greater(x, 0), 0.0, x),
    ],
    notation=Notation.function("PReLU", arity=2),
    domains=[Domain(-2.0, -0.2), Domain(0.1, 0.9)],
    ordered=True,
    doc="x above 0 and weight * x below, the weight with a gradient of its own.",
)
