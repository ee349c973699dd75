"""What is said of the paths in words."""

from __future__ import annotations

import math

from viz.draw.axes import power_of_ten
from viz.text.formatting import number

__all__ = ["counted", "how_many", "opening", "verdict"]

MUCH = 5.0
"""A ratio of the sizes to the sum from which terms are said to nearly cancel."""


def counted(count: int) -> str:
    """A whole number with its thousands apart; a power of ten for one of many digits.

    >>> counted(1234567), counted(2**100)
    ('1\u202f234\u202f567', '1.268·10³⁰')
    """
    if count < 10**12:
        return f"{count:,}".replace(",", "\u202f")
    power = math.floor(math.log10(count))
    return number(float(count)) if power < 300 else f"about {power_of_ten(power)}"


def how_many(count: int) -> str:
    """``1 path``, ``3 paths``."""
    return f"{counted(count)} path{'s' * (count != 1)}"


def verdict(count: int, total: float, size: float, result: str, wrt: str) -> str:
    """What the sum of the paths is like.

    >>> verdict(3, 0.5956, 4.601, "L", "x")
    'The terms nearly cancel: their sizes add to 4.601, their sum is 0.5956, a ratio of 7.7.'
    """
    if not count:
        return f"No path leads from {result} back to {wrt}, so the gradient is 0."
    if not (math.isfinite(total) and math.isfinite(size)):
        return "A local derivative is not finite, so the sum is not, either."
    if not size:
        return "There is a factor 0 on every path, so the gradient is 0."
    if count == 1:
        return "There is one path, so its product is the gradient."
    if not total:
        return f"The terms cancel exactly: their sizes add to {number(size)}, their sum is 0."
    ratio = size / abs(total)
    if ratio < 1 + 1e-9:
        return "All terms have the same sign: nothing cancels."
    if ratio < 1.05:
        return "The terms hardly cancel."
    how = "nearly cancel" if ratio >= MUCH else "partly cancel"
    return (
        f"The terms {how}: their sizes add to {number(size)}, their sum is {number(total)}, "
        f"a ratio of {number(ratio, 2)}."
    )


def opening(count: int, uses: int, result: str, wrt: str) -> str:
    """What leads from the result back.

    >>> opening(3, 3, "L", "x"), opening(1, 1, "L", "y")
    ('x is used 3 times; 3 paths lead from L back to x', 'one path leads from L back to y')
    """
    if not count:
        return ""
    lead = "one path leads" if count == 1 else f"{how_many(count)} lead"
    used = f"{wrt} is used {uses} times; " if uses > 1 else ""
    return f"{used}{lead} from {result} back to {wrt}"
