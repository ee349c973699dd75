"""Counterparts of the gamma function and its relatives: Python's own, and plain sums."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]

_gamma = np.vectorize(math.gamma, otypes=[float])
_gammaln = np.vectorize(math.lgamma, otypes=[float])


def _zeta(x: float, s: float = 2.0) -> float:
    far = 60
    terms = [(x + n) ** -s for n in range(far)]
    w = x + far
    rest = [w ** (1 - s) / (s - 1), 0.5 * w**-s, s / 12 * w ** (-s - 1)]
    rest.append(-s * (s + 1) * (s + 2) / 720 * w ** (-s - 3))
    rest.append(s * (s + 1) * (s + 2) * (s + 3) * (s + 4) / 30240 * w ** (-s - 5))
    return math.fsum(terms + rest)


def _digamma(x: float) -> float:
    far = 60
    w = x + far
    expansion = [math.log(w), -0.5 / w, -1 / (12 * w**2), 1 / (120 * w**4), -1 / (252 * w**6)]
    return math.fsum([*expansion, *(-1 / (x + n) for n in range(far))])


def _lower(a: float, x: float) -> float:
    scale = math.exp(-x)
    return math.fsum(x ** (a + n) * scale / math.gamma(a + n + 1) for n in range(60))


def _lower_derivative(a: float, x: float, order: float = 1.0) -> float:
    scale = math.exp(-x)
    return math.fsum(
        x ** (a + n) * scale / math.gamma(a + n + 1) * (math.log(x) - _digamma(a + n + 1))
        for n in range(60)
    )


def _density(a: float, x: float, order: float = 0.0) -> float:
    return x ** (a - 1) * math.exp(-x) / math.gamma(a)


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "gamma": _gamma,
    "gammaln": _gammaln,
    "digamma": np.vectorize(_digamma, otypes=[float]),
    "hurwitz_zeta": np.vectorize(_zeta, otypes=[float]),
    "gammainc": np.vectorize(_lower, otypes=[float]),
    "gammaincc": np.vectorize(lambda a, x: 1 - _lower(a, x), otypes=[float]),
    "gammainc_derivative": np.vectorize(_lower_derivative, otypes=[float]),
    "gamma_density": np.vectorize(_density, otypes=[float]),
    "beta": lambda a, b: _gamma(a) * _gamma(b) / _gamma(a + b),
    "betaln": lambda a, b: np.log(_gamma(a) * _gamma(b) / _gamma(a + b)),
}
