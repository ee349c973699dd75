"""The gamma function and its relatives.

Each takes tensors, arrays, numbers or Values, as those of `functions.elementwise`.
"""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.functions.signatures import Binary, Parametric, Unary, binary, parametric, unary
from autodiff.graph.settings import setting
from autodiff.ops.special import gammas, incomplete_gamma

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "beta",
    "betaln",
    "digamma",
    "gamma",
    "gammainc",
    "gammaincc",
    "gammaln",
    "hurwitz_zeta",
    "lgamma",
    "multigammaln",
    "polygamma",
    "zeta",
]

gamma: Unary = unary(gammas.gamma)
"""The gamma function, (x - 1)! for whole x. d Γ(x)/dx = Γ(x) · ψ(x)."""
gammaln: Unary = unary(gammas.gammaln)
"""Logarithm of the absolute value of the gamma function. d log Γ(x)/dx = ψ(x)."""
lgamma: Unary = gammaln
"""Logarithm of the absolute value of the gamma function. d log Γ(x)/dx = ψ(x)."""
digamma: Unary = unary(gammas.digamma)
"""Derivative of the logarithm of the gamma function. d ψ(x)/dx = hurwitz_zeta(x, 2)."""
hurwitz_zeta: Parametric = parametric(gammas.hurwitz_zeta)
"""Sum of 1/(n + x)**s over n = 0, 1, …; the exponent is a number without gradient.

d ζ(x)/dx = −s · hurwitz_zeta(x, s + 1).
"""
betaln: Binary = binary(gammas.betaln)
"""Logarithm of the absolute value of the beta function.

∂log B(a, b)/∂a = ψ(a) − ψ(a + b).
∂log B(a, b)/∂b = ψ(b) − ψ(a + b).
"""
beta: Binary = binary(gammas.beta)
"""The beta function, Γ(a) Γ(b) / Γ(a + b).

∂B(a, b)/∂a = B(a, b) · (ψ(a) − ψ(a + b)).
∂B(a, b)/∂b = B(a, b) · (ψ(b) − ψ(a + b)).
"""
gammainc: Binary = binary(incomplete_gamma.gammainc)
"""Regularised lower incomplete gamma function of a and x.

∂P(a, x)/∂a = gammainc_derivative(a, x, 1).
∂P(a, x)/∂x = gamma_density(a, x, 0).
"""
gammaincc: Binary = binary(incomplete_gamma.gammaincc)
"""Regularised upper incomplete gamma function of a and x, 1 - `gammainc`.

∂Q(a, x)/∂a = −gammainc_derivative(a, x, 1).
∂Q(a, x)/∂x = −gamma_density(a, x, 0).
"""


def polygamma(n: int, x: TensorLike) -> Any:
    """Derivative of order ``n`` of `digamma`.

    Args:
        n: a whole number from 0 up.
        x: tensor, Value, array or number.

    Returns:
        A node of the shape of ``x``.

    Raises:
        ValueError: ``n`` is negative.
        TypeError: ``n`` is not a whole number.

    Example:
        >>> round(polygamma(1, 1.0).item(), 4)
        1.6449
    """
    order = operator.index(n)
    if order < 0:
        raise ValueError(f"polygamma() was given n={n}; give a whole number from 0 up")
    if order == 0:
        return digamma(x)
    return (-1.0) ** (order + 1) * math.factorial(order) * hurwitz_zeta(x, float(order + 1))


def zeta(s: float, q: TensorLike = 1.0) -> Any:
    """The Hurwitz zeta function Σ 1/(n + q)**s over n = 0, 1, …; for q = 1 Riemann's.

    Args:
        s: the exponent, one number above 1; no gradient is known by it.
        q: tensor, Value, array or number; negative ones for whole ``s`` only.

    Returns:
        A node of the shape of ``q``.

    Raises:
        TypeError: ``s`` is not one plain number.
        ValueError: ``s`` is at most 1, where the sum does not converge.

    Example:
        >>> round(zeta(2.0).item(), 4)
        1.6449
    """
    s = setting(s, "zeta", "s")
    if np.ndim(s) > 0:
        raise TypeError(f"zeta() was given {type(s).__name__} as s; give one plain number")
    if not s > 1:
        raise ValueError(f"zeta() was given s={s}; the sum converges for s above 1 only")
    return hurwitz_zeta(q, float(s))


def multigammaln(a: Any, d: int) -> Any:
    """Logarithm of the multivariate gamma function of dimension ``d``.

    Args:
        a: numbers above (d - 1) / 2; tensor, Value, array or number.
        d: the dimension, a whole number from 1 up.

    Returns:
        A node of the shape of ``a``.

    Raises:
        ValueError: ``d`` is below 1.

    Example:
        >>> round(multigammaln(3.0, 2).item(), 4)
        1.5502
    """
    if operator.index(d) < 1:
        raise ValueError(f"multigammaln() was given d={d}; give a whole number from 1 up")
    total = gammaln(a) + 0.25 * d * (d - 1) * math.log(math.pi)
    for j in range(1, d):
        total = total + gammaln(a - 0.5 * j)
    return total
