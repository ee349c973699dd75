"""The gamma function, its logarithm and the derivative of that, vectorised.

Between 1 and 3 each is a polynomial: the interpolant at Chebyshev points, computed with 60
digits and written in powers of t, which runs from -1 to 1. From there the recurrence leads
to every number below 10, Stirling's series begins at 10, and the reflection formula gives
negative numbers. The zeros of the last two are factors, so that they are exact there.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.special.real_functions import of_reals, sine_of_pi
from autodiff.ops.polynomials import polynomial

__all__ = ["digamma", "gamma", "gammaln", "log_gamma_beside_one", "stirling"]

# log Γ(x) / (x - 1) around 1 and log Γ(x) / (x - 2) around 2, by t = 2(x - 1) and 2(x - 2);
# Γ(x) by 2x - 5; ψ(x) / (x - zero) by 2x - 3.
_LN_ONE = (
    -0.5772156649015329, 0.41123351671205655, -0.1001714085966353, 0.033822601053479576,
    -0.01296159693913534, 0.005298661780901225, -0.002250779640977753, 0.0009805442982990572,
    -0.0004348994238559354, 0.00019550669728001717, -8.882269286509013e-05, 4.070049540330045e-05,
    -1.8780268965110512e-05, 8.718134345421905e-06, -4.0762781977342775e-06, 1.9127014915305183e-06,
    -8.806349918259239e-07, 4.121921067571674e-07, -2.288135010031852e-07, 1.1339892029827825e-07,
    -1.3369050270787026e-08, 2.2503569604917574e-09, -3.484637781635018e-08, 1.9048640112066067e-08,
    9.209700135507925e-09, -5.211705188297646e-09, -3.363559408638273e-09, 1.7378792315914402e-09,
)  # fmt: skip
_LN_TWO = (
    0.42278433509846713, 0.1612335167120566, -0.016838075263299536, 0.0025726010534730787,
    -0.000461596939291756, 9.032844783544811e-05, -1.8636779875052926e-05, 3.981793164267811e-06,
    -8.716982449081134e-07, 1.942529426790968e-07, -4.387339030049162e-08, 1.001332635032469e-08,
    -2.3043102744274226e-09, 5.339625498454325e-10, -1.2481294697143873e-10, 2.924893264533834e-11,
    -6.566215046625873e-12, 1.5405403077263189e-12, -5.117684453811745e-13, 1.2348124407415191e-13,
)  # fmt: skip
_GAMMA = (
    1.329340388179137, 0.46736726081304275, 0.16363964449533402, 0.03173390585514297,
    0.0068545771251391704, 0.0008862743935868059, 0.00016238130348726054, 1.255781630366426e-05,
    2.9471647834193526e-06, 7.698732891029532e-09, 5.989192873342573e-08, -6.250638232435246e-09,
    1.7720185652489462e-09, -3.1278750685409537e-10, 6.502901167613035e-11, -1.2749100061530237e-11,
    3.142782121001347e-12, -6.342546582674352e-13,
)  # fmt: skip
_PSI = (
    0.951055876031833, -0.2118137106407303, 0.060135621060193475, -0.018550615381735008,
    0.005936795278436479, -0.0019350666648613071, 0.0006368880282849916, -0.00021074841138175561,
    6.995020506384849e-05, -2.3258242519113285e-05, 7.741156049273805e-06, -2.578093954045772e-06,
    8.59134317611421e-07, -2.863161166883193e-07, 9.500659034300503e-08, -3.162911147408454e-08,
    1.1039363482759935e-08, -3.7083753242807277e-09, 8.657533672812613e-10, -2.7580994814377e-10,
    2.478695345606839e-10, -8.50550766013261e-11,
)  # fmt: skip

_ZERO = 1.4616321449683622
_ZERO_REST = 9.549995429965697e-17

# B₂ₖ / (2k (2k - 1)) and B₂ₖ / 2k for k = 1, 2, …
_STIRLING = (
    1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400,
)  # fmt: skip
_BERNOULLI = (
    1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160,
    43867 / 14364,
)  # fmt: skip
_FAR = 10.0
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def stirling(x: Any) -> Any:
    """What Stirling's formula lacks of log Γ(x), for numbers from 10 up."""
    inverse = 1 / x
    return inverse * polynomial(inverse * inverse, _STIRLING)


def _lowered(x: Any, top: float) -> tuple[Any, Any]:
    """Numbers below 11 less whole ones, at most ``top``, and the product (x - 1)(x - 2)…."""
    product = np.ones_like(x)
    for _ in range(9):
        high = x > top
        if not high.any():
            break
        x = np.where(high, x - 1, x)
        product = np.where(high, product * x, product)
    return x, product


@of_reals
def gammaln(x: Any) -> Any:
    """log |Γ(x)|: infinite at 0 and the negative integers."""
    z = np.abs(x)
    size = np.where(z < _FAR, _near_log(np.minimum(z, _FAR)), _far_log(np.maximum(z, _FAR)))
    # Γ(x) Γ(-x) = -π / (x sin πx); next to 0 the sine's logarithm and that of x cancel.
    turned = math.log(math.pi) - np.log(z) - np.log(np.abs(sine_of_pi(z))) - size
    size = np.where(x < 0, turned, size)
    pole = (x <= 0) & (x == np.floor(x))
    return np.where(pole | np.isinf(x), np.inf, size)


def _near_log(x: Any) -> Any:
    low = x < 0.5
    y, product = _lowered(x, 2.5)
    u = np.where(low, x, y - 1)
    one = log_gamma_beside_one(np.clip(u, -0.5, 0.5))
    two = (y - 2) * polynomial(2 * np.clip(y - 2, -0.5, 0.5), _LN_TWO)
    return np.where(low, one - np.log(x), np.where(y < 1.5, one, two + np.log(product)))


def log_gamma_beside_one(u: Any) -> Any:
    """log Γ(1 + u) for u from -1/2 to 1/2."""
    return u * polynomial(2 * u, _LN_ONE)


def _far_log(x: Any) -> Any:
    return (x - 0.5) * (np.log(x) - 1) + (stirling(x) + (_HALF_LOG_2PI - 0.5))


@of_reals
def gamma(x: Any) -> Any:
    """Γ(x): NaN at the negative integers, infinite with the sign of 0 at 0."""
    z = np.abs(x)
    near = z < _FAR
    size = np.where(near, _near(np.where(near, x, 2.5)), _far(np.maximum(z, _FAR)))
    turned = -math.pi / (x * sine_of_pi(x) * size)
    size = np.where((x <= -_FAR), turned, size)
    size = np.where((x < 0) & (x == np.floor(x)), np.nan, size)
    return np.where(x == 0, np.copysign(np.inf, x), size)


def _near(x: Any) -> Any:
    x, product = _lowered(x, 3.0)
    quotient = np.ones_like(x)
    for _ in range(12):
        low = x < 2
        if not low.any():
            break
        quotient = np.where(low, quotient * x, quotient)
        x = np.where(low, x + 1, x)
    return product / quotient * polynomial(2 * x - 5, _GAMMA)


def _far(x: Any) -> Any:
    # The power overflows before the function does, so it is taken in two halves.
    half = np.power(x, 0.5 * x - 0.25)
    size = half * (np.exp(-x) * half) * (math.sqrt(2 * math.pi) * np.exp(stirling(x)))
    return np.where(x > 171.7, np.inf, size)


@of_reals
def digamma(x: Any) -> Any:
    """ψ(x) = Γ'(x) / Γ(x): NaN at the negative integers, infinite at 0."""
    z = np.abs(x)
    size = np.where(z < _FAR, _near_psi(np.minimum(z, _FAR)), _far_psi(np.maximum(z, _FAR)))
    aside = z - np.rint(z)
    turned = size + 1 / z + math.pi / np.tan(math.pi * aside)
    size = np.where(x < 0, turned, size)
    size = np.where((x < 0) & (aside == 0) | (x == -np.inf), np.nan, size)
    return np.where(x == 0, np.copysign(np.inf, -x), size)


def _near_psi(x: Any) -> Any:
    total = np.where(x < 1, -1 / x, 0.0)
    y = np.where(x < 1, x + 1, x)
    for _ in range(9):
        high = y > 2
        if not high.any():
            break
        y = np.where(high, y - 1, y)
        total = np.where(high, total + 1 / y, total)
    from_zero = (y - _ZERO) - _ZERO_REST
    return total + from_zero * polynomial(2 * y - 3, _PSI)


def _far_psi(x: Any) -> Any:
    inverse = 1 / (x * x)
    return np.log(x) - 0.5 / x - inverse * polynomial(inverse, _BERNOULLI)
