"""The Hurwitz zeta function Σ 1/(n + x)^s and the beta function, vectorised."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.special.gammas import gamma, gammaln, stirling
from autodiff.backends.special.real_functions import of_reals

__all__ = ["beta", "betaln", "hurwitz_zeta"]

# B₂ₖ / (2k)! for k = 1, 2, …
_EULER_MACLAURIN = (
    1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000,
    1 / 74724249600, -3617 / 10670622842880000, 43867 / 5109094217170944000,
)  # fmt: skip
_TERMS = 12
_FAR = 10.0


@of_reals
def hurwitz_zeta(x: Any, s: Any) -> Any:
    """The sum of 1/(n + x)^s over n = 0, 1, …, infinite at the poles 0, -1, -2 and so on.

    Of negative numbers it exists for whole s only.
    """
    whole = np.rint(x)
    d = x - whole
    # The sum over all integers depends on d alone, so a negative x is led back to 1 - x.
    sign = np.where(s % 2 == 0, 1.0, -1.0)
    below = x < 0
    size = _by_summation(np.where(below, 1 - x, np.where(x > 0, x, 1.0)), s)
    if np.any(below):
        turned = sign * (_by_summation(1 - d, s) - size) + _by_summation(1 + d, s)
        turned = np.where(s == np.rint(s), np.power(d, -s) + turned, np.nan)
        size = np.where(below, turned, size)
    size = np.where((x <= 0) & (x == np.floor(x)), np.inf, size)
    return np.where(s > 1, size, np.where(s == 1, np.inf, np.nan)) + 0 * np.where(
        np.isnan(x), x, 0.0
    )


def _by_summation(x: Any, s: Any) -> Any:
    total = np.zeros_like(x)
    for n in range(_TERMS - 1, -1, -1):
        total = total + np.power(x + n, -s)
    w = x + _TERMS
    power = np.power(w, -s)
    rest = np.power(w, 1 - s) / (s - 1) + 0.5 * power
    # Each term of the expansion has two more factors (s + j)/w than the one before.
    factor = power * s / w
    for k, c in enumerate(_EULER_MACLAURIN):
        rest = rest + c * factor
        factor = factor * (s + 2 * k + 1) / w * ((s + 2 * k + 2) / w)
    return np.where(np.isinf(x), 0.0, total + rest)


@of_reals
def betaln(a: Any, b: Any) -> Any:
    """log |B(a, b)|, without the cancellation of large logarithms of gamma functions."""
    p, q = np.minimum(a, b), np.maximum(a, b)
    total = p + q
    far_q, far_total = np.maximum(q, _FAR), np.maximum(total, _FAR)
    share = np.log1p(-p / total)
    rest = stirling(far_q) - stirling(far_total)
    both = (
        0.5 * (math.log(2 * math.pi) - np.log(far_q))
        + (stirling(np.maximum(p, _FAR)) + rest)
        + ((p - 0.5) * np.log(p / total) + q * share)
    )
    one = gammaln(p) + rest + (p - p * np.log(total) + (q - 0.5) * share)
    none = np.log(np.abs(_quotient(p, q)))
    plain = gammaln(a) + gammaln(b) - gammaln(a + b)
    positive = np.where(p >= _FAR, both, np.where(q >= _FAR, one, none))
    size = np.where((p > 1e-300) & np.isfinite(q), positive, plain)
    return np.where((a == 0) | (b == 0), np.inf, size) + 0 * np.where(np.isnan(total), total, 0.0)


@of_reals
def beta(a: Any, b: Any) -> Any:
    """B(a, b) = Γ(a) Γ(b) / Γ(a + b)."""
    p, q = np.minimum(a, b), np.maximum(a, b)
    small = np.maximum(np.abs(p), np.abs(q)) < _FAR
    negative = (np.floor(p) % 2 * (p < 0) + np.floor(q) % 2 * (q < 0)) + np.floor(a + b) % 2 * (
        a + b < 0
    )
    sign = np.where(negative % 2 == 0, 1.0, -1.0)
    size = np.where(small, _quotient(p, q), sign * np.exp(betaln(a, b)))
    return np.where(((a == 0) | (b == 0)) & ~np.isnan(a + b), np.inf, size)


def _quotient(p: Any, q: Any) -> Any:
    return gamma(p) * (gamma(q) / gamma(p + q))
