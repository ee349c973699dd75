"""The incomplete gamma functions, with derivatives by both operands to every order.

By x the derivative is the density x^(a - 1) exp(-x) / Γ(a), whose own is the density at
a - 1 less itself. Derivatives by a are functions of the same two kinds, of a higher order.
"""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Domain, Elementwise, Notation, elementwise

_DOMAINS = (Domain(0.8, 3.0), Domain(0.4, 3.0))


def _density_by_x(xp: Any, y: Any, a: Any, x: Any, order: Any = 0.0) -> Any:
    return xp.gamma_density(a - 1, x, order) - y


gammainc: Elementwise = elementwise(
    "gammainc",
    "gammainc",
    [
        lambda xp, y, a, x: xp.gammainc_derivative(a, x, 1.0),
        lambda xp, y, a, x: xp.gamma_density(a, x, 0.0),
    ],
    notation=Notation.function("P", "P", arity=2),
    domains=_DOMAINS,
    doc="Regularised lower incomplete gamma function of a and x.",
)

gammaincc: Elementwise = elementwise(
    "gammaincc",
    "gammaincc",
    [
        lambda xp, y, a, x: -xp.gammainc_derivative(a, x, 1.0),
        lambda xp, y, a, x: -xp.gamma_density(a, x, 0.0),
    ],
    notation=Notation.function("Q", "Q", arity=2),
    domains=_DOMAINS,
    doc="Regularised upper incomplete gamma function of a and x, 1 - `gammainc`.",
)

gammainc_derivative: Elementwise = elementwise(
    "gammainc_derivative",
    lambda xp, a, x, order=1.0: xp.gammainc_derivative(a, x, order),
    [
        lambda xp, y, a, x, order=1.0: xp.gammainc_derivative(a, x, order + 1),
        lambda xp, y, a, x, order=1.0: xp.gamma_density(a, x, order),
    ],
    notation=Notation.function("∂P/∂a", r"\partial_a P", arity=2),
    domains=_DOMAINS,
    doc="Derivative of `gammainc` by a, of an order that is a number without gradient.",
)

gamma_density: Elementwise = elementwise(
    "gamma_density",
    lambda xp, a, x, order=0.0: xp.gamma_density(a, x, order),
    [
        lambda xp, y, a, x, order=0.0: xp.gamma_density(a, x, order + 1),
        _density_by_x,
    ],
    notation=Notation.function("gamma_density", arity=2),
    domains=_DOMAINS,
    doc="x^(a - 1) exp(-x) / Γ(a), or its derivative by a of the given order.",
)
