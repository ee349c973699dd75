"""Products with a logarithm, 0 where the first factor is: entropies and divergences.

Where both operands of such a product are at the edge (x = 0, and the logarithm's operand
is not positive) no derivative exists, and it is chosen to be 0, as that of x**0 at 0 is.
"""

from __future__ import annotations

import math
from typing import Any

from autodiff.ops.primitive import Domain, Elementwise, Notation, elementwise

_POSITIVE = Domain(0.2, 2.0)
_BESIDE = Domain(0.3, 2.5)


def _edge(xp: Any, x: Any, y: Any) -> Any:
    """Where both the factor and the logarithm's operand are at the edge."""
    return xp.logical_and(xp.equal(x, 0), xp.less_equal(y, 0))


def _nothing(xp: Any, x: Any, y: Any) -> Any:
    """Where the factor makes the product 0, whatever the logarithm."""
    return xp.logical_and(xp.equal(x, 0), xp.logical_not(xp.isnan(y)))


def _log_of_ratio(xp: Any, x: Any, y: Any) -> Any:
    """log(x / y), exact also where the two are nearly equal: the quotient would be rounded."""
    beside = xp.less(xp.abs(x - y), 0.5 * y)
    excess = xp.where(beside, x - y, 0.0) / xp.where(beside, y, 1.0)
    return xp.where(beside, xp.log1p(excess), xp.log(x / y))


def _ratio_log(xp: Any, x: Any, y: Any) -> Any:
    """log(x / y), and 0 at the edge."""
    edge = _edge(xp, x, y)
    return _log_of_ratio(xp, xp.where(edge, 1.0, x), xp.where(edge, 1.0, y))


def _quotient(xp: Any, x: Any, y: Any, edge: Any) -> Any:
    """x / y, and 0 at the edge."""
    return xp.where(edge, 0.0, x / xp.where(edge, 1.0, y))


def _rel_entr(xp: Any, x: Any, y: Any) -> Any:
    inside = xp.logical_and(xp.greater(x, 0), xp.greater(y, 0))
    product = x * _log_of_ratio(xp, xp.where(inside, x, 1.0), xp.where(inside, y, 1.0))
    zero = xp.logical_and(xp.equal(x, 0), xp.greater_equal(y, 0))
    unknown = xp.logical_or(xp.isnan(x), xp.isnan(y))
    return xp.where(inside, product, xp.where(zero, x, xp.where(unknown, x + y, math.inf)))


xlogy: Elementwise = elementwise(
    "xlogy",
    lambda xp, x, y: x * xp.log(xp.where(_nothing(xp, x, y), 1.0, y)),
    [
        lambda xp, out, x, y: xp.log(xp.where(_edge(xp, x, y), 1.0, y)),
        lambda xp, out, x, y: _quotient(xp, x, y, _edge(xp, x, y)),
    ],
    notation=Notation.function("xlogy", arity=2),
    domains=[Domain(), _BESIDE],
    ordered=True,
    doc="x · log(y), 0 where x is 0.",
)

xlog1py: Elementwise = elementwise(
    "xlog1py",
    lambda xp, x, y: x * xp.log1p(xp.where(_nothing(xp, x, y), 0.0, y)),
    [
        lambda xp, out, x, y: xp.log1p(xp.where(_edge(xp, x, 1 + y), 0.0, y)),
        lambda xp, out, x, y: _quotient(xp, x, 1 + y, _edge(xp, x, 1 + y)),
    ],
    notation=Notation.function("xlog1py", arity=2),
    domains=[Domain(), Domain(-0.7, 2.0)],
    ordered=True,
    doc="x · log(1 + y), 0 where x is 0, exact for small y.",
)

entr: Elementwise = elementwise(
    "entr",
    lambda xp, x: xp.where(
        xp.greater(x, 0),
        -x * xp.log(xp.where(xp.greater(x, 0), x, 1.0)),
        xp.where(xp.less(x, 0), -math.inf, x),
    ),
    [lambda xp, y, x: -xp.log(x) - 1],
    notation=Notation.function("entr"),
    domains=[_POSITIVE],
    ordered=True,
    doc="-x · log(x), 0 at 0 and -inf below: the entropy's summand.",
)

rel_entr: Elementwise = elementwise(
    "rel_entr",
    _rel_entr,
    [
        lambda xp, out, x, y: xp.where(_edge(xp, x, y), 0.0, _ratio_log(xp, x, y) + 1),
        lambda xp, out, x, y: -_quotient(xp, x, y, _edge(xp, x, y)),
    ],
    notation=Notation.function("rel_entr", arity=2),
    domains=[_POSITIVE, _BESIDE],
    ordered=True,
    doc="x · log(x / y), the relative entropy's summand; 0 for x = 0, inf outside.",
)

kl_div: Elementwise = elementwise(
    "kl_div",
    lambda xp, x, y: _rel_entr(xp, x, y) - x + y,
    [
        lambda xp, out, x, y: _ratio_log(xp, x, y),
        lambda xp, out, x, y: xp.where(
            _edge(xp, x, y), 1.0, (y - x) / xp.where(_edge(xp, x, y), 1.0, y)
        ),
    ],
    notation=Notation.function("kl_div", arity=2),
    domains=[_POSITIVE, _BESIDE],
    ordered=True,
    doc="x · log(x / y) - x + y, never negative.",
)
