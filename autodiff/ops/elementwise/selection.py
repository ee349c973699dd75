"""Functions that choose between values: extrema, clipping, `where`, absolute value.

Ties follow the minimum-norm subgradient: `maximum` of equal operands sends half of the
cotangent to each, `abs` at 0 sends none, and `clip` sends none at its edges.
"""

from __future__ import annotations

from autodiff.ops.primitive import ATOM, Domain, Elementwise, Notation, elementwise

_LOW = Domain(-1.2, -0.4)
_HIGH = Domain(0.4, 1.2)

absolute: Elementwise = elementwise(
    "abs",
    "absolute",
    [lambda xp, y, x: xp.sign(x)],
    notation=Notation("|{0}|", r"\left|{0}\right|"),
    kinks=[0.0],
    selects=True,
    doc="Absolute value; derivative 0 at 0.",
)

sign: Elementwise = elementwise(
    "sign",
    "sign",
    [0],
    notation=Notation.function("sign"),
    kinks=[0.0],
    selects=True,
    doc="-1, 0 or 1; derivative 0 everywhere.",
)

maximum: Elementwise = elementwise(
    "maximum",
    "maximum",
    [
        lambda xp, y, a, b: xp.where(xp.equal(a, b), 0.5, xp.where(xp.greater(a, b), 1.0, 0.0)),
        lambda xp, y, a, b: xp.where(xp.equal(a, b), 0.5, xp.where(xp.greater(b, a), 1.0, 0.0)),
    ],
    notation=Notation.function("max", r"\max", arity=2),
    kinks=[0.0],
    selects=True,
    ordered=True,
    doc="The larger of two operands.",
)

minimum: Elementwise = elementwise(
    "minimum",
    "minimum",
    [
        lambda xp, y, a, b: xp.where(xp.equal(a, b), 0.5, xp.where(xp.less(a, b), 1.0, 0.0)),
        lambda xp, y, a, b: xp.where(xp.equal(a, b), 0.5, xp.where(xp.less(b, a), 1.0, 0.0)),
    ],
    notation=Notation.function("min", r"\min", arity=2),
    kinks=[0.0],
    selects=True,
    ordered=True,
    doc="The smaller of two operands.",
)

clip: Elementwise = elementwise(
    "clip",
    lambda xp, x, low, high: xp.minimum(xp.maximum(x, low), high),
    [
        lambda xp, y, x, low, high: xp.where(
            xp.logical_and(xp.greater(x, low), xp.less(x, high)), 1.0, 0.0
        ),
        lambda xp, y, x, low, high: xp.where(
            xp.logical_and(xp.less(x, low), xp.less(low, high)), 1.0, 0.0
        ),
        lambda xp, y, x, low, high: xp.where(
            xp.logical_or(xp.greater(x, high), xp.greater_equal(low, high)), 1.0, 0.0
        ),
    ],
    notation=Notation.function("clip", arity=3),
    domains=[Domain(), _LOW, _HIGH],
    selects=True,
    ordered=True,
    doc="The first operand limited to the interval of the other two.",
)

where: Elementwise = elementwise(
    "where",
    "where",
    [
        0,
        lambda xp, y, condition, a, b: xp.where(condition, 1.0, 0.0),
        lambda xp, y, condition, a, b: xp.where(condition, 0.0, 1.0),
    ],
    notation=Notation(
        "{1} if {0}, else {2}",
        r"\begin{{cases}}{1} & {0}\\{2} & \text{{otherwise}}\end{{cases}}",
        0,
        (None, ATOM, ATOM),
    ),
    domains=[Domain(0, 1), Domain(), Domain()],
    selects=True,
    aside=[0],
    doc="The second operand where the first is true, else the third. Given the first alone, "
    "the places where it is true, as a tuple: see `nonzero`.",
)
