"""The scalar programs, written once for every engine whose scalars know `+` and `*`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.problems import Chain, Wide


def run_chain(problem: Chain, start: Any, w: Any, b: Any) -> Any:
    """`y = y * w + b`, over and over."""
    y = start
    for _ in range(problem.turns):
        y = y * w + b
    return y


def run_wide(problem: Wide, a: Sequence[Any], b: Sequence[Any]) -> Any:
    """The mean of the products, added up pairwise so that no path is long."""
    left, right = problem.pairs
    terms = [a[i] * b[j] for i, j in zip(left, right, strict=True)]
    while len(terms) > 1:
        odd = terms[-1:] if len(terms) % 2 else []
        terms = [x + y for x, y in zip(terms[::2], terms[1::2], strict=False)] + odd
    return terms[0] * (1.0 / len(left))
