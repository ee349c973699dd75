"""What approximations of the error functions are made of, for each precision.

In float64 (1 + 2z)·exp(z²)·erfc(z) is a polynomial of (z - K)/(z + K), after M. M. Shepherd
and J. G. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞",
Mathematics of Computation 36 (1981); here K = 3, and the 24 coefficients are interpolated at
Chebyshev points in forty digits. In float32 exp(z²)·erfc(z) is a quotient of polynomials of
degree 4 and 5 in z, fitted to that with the smallest relative error, 6e-9 (reweighted least
squares, after C. L. Lawson). Near 0 erf(z)/z is a polynomial of z².
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

__all__ = ["DOUBLE", "SINGLE", "Precision", "Scale"]

_SHIFT = 3.0


class Scale(NamedTuple):
    """What depends on the unit of an operand: 1, or √2 for the normal distribution.

    Attributes:
        above: coefficients of the scaled complement, the highest power first.
        below: those of its denominator, where it is a quotient.
        shift: K, where it is a polynomial of (z - K)/(z + K).
        slope: 2, in the factor (1 + 2z) that it then has.
        rate: that of the exponential.
        limit: beyond it the complement is 0.
        total: twice the complement of 0.
    """

    above: tuple[Any, ...]
    below: tuple[Any, ...]
    shift: Any
    slope: Any
    rate: Any
    limit: Any
    total: Any


class Precision(NamedTuple):
    """What the computation in one type needs, numbers as arrays of that type.

    Attributes:
        inner: coefficients of erf(z)/z by z², for z up to 1, the highest power first.
        whole: the integers of the same size.
        lead: the bits of a number's leading half, whose square is exact.
        sign: the bit of its sign.
        one: the number 1.
        zero: the number 0.
        plain: the scale of the error function.
        normal: that of the normal distribution.
    """

    inner: tuple[Any, ...]
    whole: Any
    lead: Any
    sign: Any
    one: Any
    zero: Any
    plain: Scale
    normal: Scale


def _precision(dtype: Any, low: int, limit: float, above: Any, below: Any, inner: Any) -> Precision:
    # Operands without axes cost half as much as Python's numbers do.
    def number(value: float) -> Any:
        return np.array(value, dtype)

    def scale(unit: float, total: float) -> Scale:
        power = unit if below else 1.0
        top, bottom = (
            tuple(number(f * c / power**k) for k, c in zip(range(len(cs))[::-1], cs, strict=True))
            for f, cs in ((total / 2, above), (1.0, below))
        )
        rest = (_SHIFT * unit, 2 / unit, -1 / round(unit**2), limit * unit, total)
        return Scale(top, bottom, *map(number, rest))

    whole = np.dtype(f"i{np.dtype(dtype).itemsize}")
    return Precision(
        tuple(map(number, inner)),
        whole,
        np.array(-1 << low, whole),
        np.array(np.iinfo(whole).min, whole),
        number(1),
        number(0),
        scale(1.0, 2.0),
        scale(math.sqrt(2), 1.0),
    )


SINGLE = _precision(
    np.float32,
    12,
    10.1,
    (
        0.03288406950663579, 0.22963588678832977, 0.7324790768480036, 1.23924566532968,
        1.0000000058210188,
    ),
    (
        0.05828481091699074, 0.40704501089322864, 1.3270018627346527, 2.4040487851391292,
        2.3676254206888765, 1.0,
    ),
    (
        7.8824971100866636e-5, -0.0008018854992786387, 0.0051893119426866177,
        -0.026854328796067244, 0.11283597463488053, -0.37612626903580438,
        1.1283791658815026,
    ),
)  # fmt: skip
DOUBLE = _precision(
    np.float64,
    27,
    27.3,
    (
        9.8625335103455876e-10, -3.1813541434969273e-9, -1.3312919661038688e-8,
        2.7843881265502221e-8, 1.0183620603842737e-7, -1.2054142286489379e-7,
        -6.1660114603987259e-7, 3.3669790806407596e-7, 3.4723709449771682e-6,
        -7.1878838344042667e-7, -2.0100542268525611e-5, 4.9441243422236599e-6,
        0.00012509934245837291, -0.00010515831297813128, -0.00077983226965433065,
        0.0018886900977441495, 0.0025293918156939695, -0.023770514891530075,
        0.068308027344009904, -0.11927366341676002, 0.12964515870275939,
        -0.047562294353420379, -0.13562110612458116, 1.2530080582697295,
    ),
    (),
    (
        -4.2320376764874592e-12, 8.7097552328517897e-11, -1.2164764337224506e-9,
        1.4792435426962471e-8, -1.6364645854816388e-7, 1.6462045711013025e-6,
        -1.4925647581008593e-5, 0.00012055332903350668, -0.00085483270219454273,
        0.0052239776254234544, -0.026866170645129854, 0.1128379167095512,
        -0.37612638903183752, 1.1283791670955126,
    ),
)  # fmt: skip
