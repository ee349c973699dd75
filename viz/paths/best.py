"""The paths with the largest products, and what all others come to.

A best-first search that knows from every node how large a product can still become, so that each
path it takes up is the largest one left. What then waits in its queue stands for the others: each
entry for all paths that begin alike. So the rest is a sum of its own, not a difference.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, NamedTuple

from viz.paths.between import Between
from viz.paths.totals import Totals, joined, log_size, times

__all__ = ["Found", "Others", "added", "best_paths"]

Step = tuple[int, int]
"""A node and which of its operands the path goes on to."""


class Found(NamedTuple):
    """One path.

    Attributes:
        steps: from the result on, each node with the position of the operand that follows.
        value: the product of the slopes.
    """

    steps: tuple[Step, ...]
    value: float


class Others(NamedTuple):
    """All paths that were not found.

    Attributes:
        paths: how many there are.
        value: the sum of their products.
        size: the sum of the sizes of their products.
    """

    paths: int
    value: float
    size: float


class _Start(NamedTuple):
    """A beginning of paths: up to a node, from where the best way on is taken."""

    rank: float
    order: int
    node: int
    size: float
    value: float
    behind: Any


def best_paths(part: Between, known: Totals, most: int) -> tuple[list[Found], Others]:
    """The paths of largest size, at most so many, and the sum of the others.

    Args:
        part: what lies between.
        known: its `totals`.
        most: how many paths to find.

    Returns:
        The paths, the largest first, and the others.

    Example:
        >>> import autodiff as ad
        >>> from viz.paths.between import between
        >>> from viz.paths.totals import totals
        >>> x = ad.Value(3.0)
        >>> part = between(x * x * x - 20.0 * x, x)
        >>> paths, rest = best_paths(part, totals(part), 2)
        >>> [path.value for path in paths], rest
        ([-20.0, 9.0], Others(paths=2, value=18.0, size=18.0))
    """
    if not part.nodes:
        return [], Others(0, 0.0, 0.0)
    numbers = count(1)
    queue = [_Start(-known.largest[-1], 0, len(part.nodes) - 1, 0.0, 1.0, None)]
    found: list[Found] = []
    while queue and len(found) < most:
        found.append(_follow(heapq.heappop(queue), part, known, queue, numbers))
    found.sort(key=lambda path: -abs(path.value) if path.value == path.value else -math.inf)
    return found, Others(
        sum(known.paths[start.node] for start in queue),
        added(times(start.value, known.sums[start.node]) for start in queue),
        added(abs(times(start.value, known.sizes[start.node])) for start in queue),
    )


def _follow(
    start: _Start, part: Between, known: Totals, queue: list[_Start], numbers: Iterator[int]
) -> Found:
    """The best path that begins like that; each turn it could have taken joins the queue."""
    _, _, node, size, value, behind = start
    while node:
        uses = part.uses[node]
        sizes = [joined(size, log_size(use.slope)) for use in uses]
        ranks = [
            joined(so_far, known.largest[use.operand])
            for so_far, use in zip(sizes, uses, strict=True)
        ]
        best = max(range(len(uses)), key=ranks.__getitem__)
        for turn, use in enumerate(uses):
            if turn != best:
                heapq.heappush(
                    queue,
                    _Start(
                        -ranks[turn],
                        next(numbers),
                        use.operand,
                        sizes[turn],
                        times(value, use.slope),
                        ((node, use.position), behind),
                    ),
                )
        use = uses[best]
        behind = ((node, use.position), behind)
        node, size, value = use.operand, sizes[best], times(value, use.slope)
    steps: list[Step] = []
    while behind is not None:
        step, behind = behind
        steps.append(step)
    return Found(tuple(reversed(steps)), value)


def added(numbers: Iterable[float]) -> float:
    """The sum, rounded once; as floats add up where not all is finite."""
    terms = list(numbers)
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):
        return sum(terms)
