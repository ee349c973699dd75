"""The incomplete gamma functions P(a, x) and Q(a, x), and their derivatives by a.

Derivatives come from Taylor coefficients in a, carried through the power series below
x = a + 1 and through the continued fraction above, so each is as exact as the value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.special.error_tails import erfc
from autodiff.backends.special.gammas import digamma, gamma, log_gamma_beside_one, stirling
from autodiff.backends.special.real_functions import of_reals
from autodiff.backends.special.zeta import hurwitz_zeta
from autodiff.ops.polynomials import polynomial

__all__ = ["gamma_density", "gammainc", "gammainc_derivative", "gammaincc"]

_WIDE = 1e6

# Coefficients of 1, t, t², … of a function of a + t, an array for each.
Taylor = list[Any]


@of_reals
def gammainc(a: Any, x: Any) -> Any:
    """P(a, x), the share of the integral for Γ(a) that lies below x."""
    inside, a_in, x_in = _inside(a, x)
    wide, lower = a_in > _WIDE, x_in < a_in + 1
    size = _by_cases(
        (a_in, x_in),
        (lower & ~wide, lambda b, z: _series(b, z, 0)[0]),
        (~lower & ~wide, lambda b, z: 1 - _fraction(b, z, 0)[0]),
        (wide, lambda b, z: _nearly_normal(b, z, -1.0)),
    )
    return np.where(inside, size, _outside(a, x, 0.0))


@of_reals
def gammaincc(a: Any, x: Any) -> Any:
    """Q(a, x) = 1 - P(a, x), exact also where it is small."""
    inside, a_in, x_in = _inside(a, x)
    wide, tiny = a_in > _WIDE, (a_in < 0.5) & (x_in < 1.5)
    lower = (x_in < a_in + 1) & ~tiny & ~wide
    size = _by_cases(
        (a_in, x_in),
        (lower, lambda b, z: 1 - _series(b, z, 0)[0]),
        (tiny, _beside_zero),
        (~(lower | tiny | wide), lambda b, z: _fraction(b, z, 0)[0]),
        (wide, lambda b, z: _nearly_normal(b, z, 1.0)),
    )
    return np.where(inside, size, _outside(a, x, 1.0))


@of_reals
def gammainc_derivative(a: Any, x: Any, order: Any) -> Any:
    """A derivative of P(a, x) by a, from order 1; for a above a million to about 6 digits."""
    k = max(_whole(order), 1)
    inside, a_in, x_in = _inside(a, x)
    wide, lower = a_in > _WIDE, x_in < a_in + 1
    size = _by_cases(
        (a_in, x_in),
        (lower & ~wide, lambda b, z: _series(b, z, k)[k]),
        (~lower & ~wide, lambda b, z: -_fraction(b, z, k)[k]),
        # P(a + 1, x) - P(a, x) is the density at a + 1 with its sign changed.
        (wide, lambda b, z: -_density(b + 0.5, z, k - 1)[k - 1] / k),
    )
    return np.where(inside, math.factorial(k) * size, 0 * _outside(a, x, 0.0))


@of_reals
def gamma_density(a: Any, x: Any, order: Any) -> Any:
    """A derivative by a of x^(a - 1) exp(-x) / Γ(a), that of P(a, x) by x."""
    k = _whole(order)
    inside = (x > 0) & (x < np.inf)
    found = math.factorial(k) * _density(a, np.where(inside, x, 1.0), k)[k]
    at_zero = np.where(a < 1, np.inf if k % 2 == 0 else -np.inf, 0.0)
    at_zero = np.where(a == 1, 1.0 if k == 0 else (-1.0) ** k * np.inf, at_zero)
    if k == 0:
        at_zero = np.where((a <= 0) & (a == np.floor(a)), 0.0, at_zero)
    edge = np.where(x == 0, at_zero, np.where(x == np.inf, 0.0, np.nan))
    return np.where(inside, found, edge)


def _by_cases(operands: tuple[Any, Any], *cases: tuple[Any, Callable[..., Any]]) -> Any:
    """The results of several formulas, each computed only where it is the one to use."""
    a, x = operands
    result = np.zeros(x.shape)
    for where, formula in cases:
        if np.any(where):
            result[where] = formula(a[where], x[where])
    return result


def _whole(order: Any) -> int:
    return int(np.rint(order.flat[0])) if order.size else 0


def _inside(a: Any, x: Any) -> tuple[Any, Any, Any]:
    inside = (a > 0) & (x > 0) & (a < np.inf) & (x < np.inf)
    return inside, np.where(inside, a, 1.0), np.where(inside, x, 1.0)


def _outside(a: Any, x: Any, at_zero: float) -> Any:
    """Values at the edges: ``at_zero`` for x = 0, the other of 0 and 1 for x = ∞ and a = 0."""
    low = ((x == 0) & (a > 0)) | ((a == np.inf) & (x >= 0) & (x < np.inf))
    high = ((x == np.inf) & (a >= 0) & (a < np.inf)) | ((a == 0) & (x > 0))
    return np.where(low, at_zero, np.where(high, 1 - at_zero, np.nan))


def _log_excess(x: Any, a: Any) -> Any:
    """x/a - 1 - log(x/a), without cancellation for x near a."""
    m, r = (x - a) / a, (x - a) / (x + a)
    small = np.abs(r) < 0.2
    s = np.where(small, r, 0.0)
    total = np.zeros_like(m)
    for k in range(23, 1, -2):
        total = total * (s * s) + 1 / k
    return np.where(small, m * r - 2 * s**3 * total, m - np.log(x / a))


def _density(a: Any, x: Any, order: int) -> Taylor:
    """Coefficients of x^(a - 1) exp(-x) / Γ(a)."""
    shifts = np.where(a > 0, 0.0, np.floor(-a) + 1)
    raised = a + shifts
    far = np.maximum(raised, 10.0)
    centred = np.sqrt(far / (2 * math.pi)) * np.exp(-stirling(far) - far * _log_excess(x, far))
    plain = np.power(x, a - 1) * np.exp(-x) / gamma(np.minimum(raised, 10.0))
    value = np.where(raised >= 10, centred / x, plain)
    logarithm = [np.log(x) - digamma(raised)]
    for k in range(2, order + 1):
        logarithm.append((-1.0) ** (k + 1) * hurwitz_zeta(raised, float(k)) / k)
    found: Taylor = [value]
    for k in range(1, order + 1):
        parts = (i * logarithm[i - 1] * found[k - i] for i in range(1, k + 1))
        found.append(sum(parts) / k)
    for j in range(int(np.max(np.where(np.isfinite(shifts), shifts, 0.0), initial=0.0))):
        wanted = shifts > j
        times = _times_linear(found, a + j)
        found = [np.where(wanted, new, old) for new, old in zip(times, found, strict=True)]
    return found


def _times_linear(c: Taylor, a: Any) -> Taylor:
    return [c[0] * a, *(c[k] * a + c[k - 1] for k in range(1, len(c)))]


def _product(c: Taylor, d: Taylor) -> Taylor:
    return [sum(c[i] * d[k - i] for i in range(k + 1)) for k in range(len(c))]


def _quotient(c: Taylor, d: Taylor) -> Taylor:
    found: Taylor = []
    for k in range(len(c)):
        found.append((c[k] - sum(d[i] * found[k - i] for i in range(1, k + 1))) / d[0])
    return found


def _series(a: Any, x: Any, order: int) -> Taylor:
    """Coefficients of P(a, x) for x < a + 1: a sum of x^n / ((a + 1) … (a + n))."""
    zeros = [np.zeros_like(x) for _ in range(order)]
    term: Taylor = [np.ones_like(x), *zeros]
    total = list(term)
    for n in range(1, 81 + int(12 * np.sqrt(np.max(a)))):
        quotient: Taylor = [x * term[0] / (a + n)]
        for k in range(1, order + 1):
            quotient.append((x * term[k] - quotient[k - 1]) / (a + n))
        term = quotient
        total = [s + t for s, t in zip(total, term, strict=True)]
        if n % 8 == 0 and all(
            np.all(np.abs(t) <= 1e-17 * np.abs(s)) for s, t in zip(total, term, strict=True)
        ):
            break
    return _product(_density(a + 1, x, order), total)


def _fraction(a: Any, x: Any, order: int) -> Taylor:
    """Coefficients of Q(a, x) for x ≥ a + 1: Legendre's continued fraction, from its end."""
    rest = [np.zeros_like(x) for _ in range(order)]
    # The nearer x is to a, the more steps are needed: about as many as a has root.
    steps = 60 + int(12 * np.sqrt(np.max(a)))
    below: Taylor = [x + 2 * steps + 1 - a, *rest]
    if order:
        below[1] = below[1] - 1
    for i in range(steps, 0, -1):
        above: Taylor = [i * (a - i), *rest]
        here: Taylor = [x + 2 * i - 1 - a, *rest]
        if order:
            above[1], here[1] = above[1] + i, here[1] - 1
        below = [h + q for h, q in zip(here, _quotient(above, below), strict=True)]
    scaled = [x * c for c in _density(a, x, order)]
    return _quotient(scaled, below)


def _beside_zero(a: Any, x: Any) -> Any:
    """Q(a, x) for small a and x, where 1 - P(a, x) would cancel."""
    power = a * np.log(x) - log_gamma_beside_one(a)
    total, term = np.zeros_like(x), np.ones_like(x)
    for n in range(1, 24):
        term = term * (-x) / n
        total = total + term / (a + n)
    return -np.expm1(power) - np.exp(power) * a * total


def _nearly_normal(a: Any, x: Any, sign: float) -> Any:
    """Q(a, x) for sign 1 and P(a, x) for -1, by Temme's expansion for large a."""
    eta = np.copysign(np.sqrt(2 * _log_excess(x, a)), x - a)
    first = polynomial(eta, (-1 / 3, 1 / 12, -2 / 135, 1 / 864, 1 / 2835))
    second = polynomial(eta, (-1 / 540, -1 / 288, 1 / 378))
    near = np.exp(-0.5 * a * eta * eta) / np.sqrt(2 * math.pi * a)
    # Where the expansion by eta is bad, the factor before it is 0.
    rest = np.where(near > 0, near * (first + second / a), 0.0)
    return 0.5 * erfc(sign * eta * np.sqrt(0.5 * a)) + sign * rest
