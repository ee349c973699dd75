"""The gamma function and its relatives.

The derivatives of `digamma` are zeta functions, and the derivative of a zeta function is
the next one, so the family is closed.
"""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Domain, Elementwise, Notation, elementwise

_ABOVE = Domain(1.3, 3.5)

gamma: Elementwise = elementwise(
    "gamma",
    "gamma",
    [lambda xp, y, x: y * xp.digamma(x)],
    notation=Notation.function("Γ", r"\Gamma"),
    domains=[_ABOVE],
    doc="The gamma function, (x - 1)! for whole x.",
)

gammaln: Elementwise = elementwise(
    "gammaln",
    "gammaln",
    [lambda xp, y, x: xp.digamma(x)],
    notation=Notation("log Γ({0})", r"\ln \left|\Gamma\left({0}\right)\right|"),
    domains=[Domain(2.4, 5.0)],
    doc="Logarithm of the absolute value of the gamma function.",
)

digamma: Elementwise = elementwise(
    "digamma",
    "digamma",
    [lambda xp, y, x: xp.hurwitz_zeta(x, 2.0)],
    notation=Notation.function("ψ", r"\psi"),
    domains=[Domain(1.7, 4.0)],
    doc="Derivative of the logarithm of the gamma function.",
)


def _zeta_partial(xp: Any, y: Any, x: Any, s: Any = 2.0) -> Any:
    return -s * xp.hurwitz_zeta(x, s + 1)


hurwitz_zeta: Elementwise = elementwise(
    "hurwitz_zeta",
    lambda xp, x, s=2.0: xp.hurwitz_zeta(x, s),
    [_zeta_partial],
    notation=Notation.function("ζ", r"\zeta"),
    domains=[_ABOVE],
    doc="Sum of 1/(n + x)**s over n = 0, 1, …; the exponent is a number without gradient.",
)

betaln: Elementwise = elementwise(
    "betaln",
    "betaln",
    [
        lambda xp, y, a, b: xp.digamma(a) - xp.digamma(a + b),
        lambda xp, y, a, b: xp.digamma(b) - xp.digamma(a + b),
    ],
    notation=Notation("log B({0}, {1})", r"\ln B\left({0}, {1}\right)", 5, (None, None)),
    domains=[_ABOVE, Domain(1.2, 3.0)],
    doc="Logarithm of the absolute value of the beta function.",
)

beta: Elementwise = elementwise(
    "beta",
    "beta",
    [
        lambda xp, y, a, b: y * (xp.digamma(a) - xp.digamma(a + b)),
        lambda xp, y, a, b: y * (xp.digamma(b) - xp.digamma(a + b)),
    ],
    notation=Notation.function("B", "B", arity=2),
    domains=[_ABOVE, Domain(1.2, 3.0)],
    doc="The beta function, Γ(a) Γ(b) / Γ(a + b).",
)
