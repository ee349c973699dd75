"""Sums over all paths, from each node back, without listing any: one sweep through the graph."""

from __future__ import annotations

import math
from typing import NamedTuple

from viz.paths.between import Between

__all__ = ["Totals", "joined", "log_size", "times", "totals"]


class Totals(NamedTuple):
    """For each node what the paths from it back to the first node come to.

    Attributes:
        paths: how many there are.
        sums: the sum of their products.
        sizes: the sum of the sizes of their products, |p|.
        largest: the logarithm of the largest size of a product: −∞ if it is 0, and ∞ if one is
            infinite or NaN.
    """

    paths: list[int]
    sums: list[float]
    sizes: list[float]
    largest: list[float]


def totals(part: Between) -> Totals:
    """Sum over the paths from every node back to the first one.

    A slope of 0 stops a path, whatever comes behind it, as in the backward pass.

    Example:
        >>> import autodiff as ad
        >>> from viz.paths.between import between
        >>> x = ad.Value(3.0)
        >>> found = totals(between(x * x * x - 20.0 * x, x))
        >>> found.paths[-1], found.sums[-1], found.sizes[-1]
        (4, 7.0, 47.0)
    """
    count = len(part.nodes)
    paths, sums = [1] * count, [1.0] * count
    sizes, largest = [1.0] * count, [0.0] * count
    for index in range(1, count):
        number, total, size, best = 0, 0.0, 0.0, -math.inf
        for operand, _, slope in part.uses[index]:
            number += paths[operand]
            if slope:
                total += slope * sums[operand]
                size += abs(slope) * sizes[operand]
                reach = joined(log_size(slope), largest[operand])
                best = max(best, reach)
        paths[index], sums[index], sizes[index], largest[index] = number, total, size, best
    return Totals(paths, sums, sizes, largest)


def log_size(slope: float) -> float:
    """The logarithm of the size of a slope; ∞ for what is not finite, as what matters most."""
    size = abs(slope)
    if not size < math.inf:
        return math.inf
    return math.log(size) if size else -math.inf


def joined(first: float, rest: float) -> float:
    """Logarithms of two sizes, added; an infinite one decides for all that comes behind it."""
    return first if math.isinf(first) else first + rest


def times(product: float, slope: float) -> float:
    """A product taken one step further: what is 0 stays 0, as in the backward pass."""
    return product * slope if product else 0.0
