"""Where the ticks of an axis stand, and what is written beside them."""

from __future__ import annotations

import math

from viz.text.formatting import number

__all__ = ["decades", "power_of_ten", "ticks"]

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def ticks(low: float, high: float, count: int = 5) -> list[tuple[float, str]]:
    """Round numbers between two ends, about ``count`` of them, each with its text.

    Example:
        >>> ticks(0.0, 2.3)
        [(0.0, '0'), (0.5, '0.5'), (1.0, '1'), (1.5, '1.5'), (2.0, '2')]

    Raises:
        ValueError: if the ends are not finite, or the first is not below the second.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(
            f"an axis from {low} to {high} has no ticks; give two finite ends, low < high"
        )
    raw = (high - low) / max(count, 1)
    if raw < 1e-300 or high - low == math.inf:
        # So near to each other, or so far apart, that steps between them are no numbers.
        return [(low, number(low)), (high, number(high))]
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next((unit * m for m in (1, 2, 2.5, 5, 10) if unit * m >= raw * 0.999), unit * 10)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    places = [
        round(index * step, 12 - math.floor(math.log10(step))) for index in range(first, last + 1)
    ]
    return [(place, number(place)) for place in places]


def decades(low: float, high: float, most: int = 9) -> list[tuple[float, str]]:
    """Powers of ten that enclose two positive numbers, at most about ``most`` of them.

    Example:
        >>> decades(3e-4, 0.2)
        [(0.0001, '10⁻⁴'), (0.001, '10⁻³'), (0.01, '10⁻²'), (0.1, '10⁻¹'), (1.0, '1')]

    Raises:
        ValueError: if a number is not positive and finite, or the first is above the second.
    """
    if not 0 < low <= high < math.inf:
        raise ValueError(
            f"a logarithmic axis from {low} to {high} has no ticks; give 0 < low ≤ high"
        )
    first, last = math.floor(math.log10(low) + 1e-12), math.ceil(math.log10(high) - 1e-12)
    last = max(last, first + 1)
    step = -(-(last - first) // max(most - 1, 1))
    # What lies beyond the powers of ten that are numbers stands at the end.
    places = dict.fromkeys(min(max(e, -323), 308) for e in range(first, last + step, step))
    return [(float(f"1e{e}"), power_of_ten(e)) for e in places]


def power_of_ten(exponent: int) -> str:
    """``10⁻³`` for -3, and plain 1 and 10 for 0 and 1."""
    if exponent in (0, 1):
        return str(10**exponent)
    return "10" + str(exponent).translate(_RAISED)
