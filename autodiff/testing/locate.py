"""Finding the few wrong entries among very many: group testing along masked lines."""

from __future__ import annotations

import numpy as np

from autodiff.testing.examine import Examination
from autodiff.testing.lines import Line
from autodiff.testing.verdicts import Verdict

__all__ = ["wrong_entries", "wrong_output"]


def wrong_entries(examination: Examination, line: Line, limit: int) -> list[int]:
    """Entries of the inputs that make the derivative along a line wrong.

    A line on which the gradient is wrong is cut into halves, and so are the halves on
    which it is still wrong: k entries among n are found with about k·log₂ n derivatives.

    Args:
        examination: the problem.
        line: a line on which the gradient is wrong.
        limit: at most so many entries are looked for.

    Returns:
        Positions in the vector of all inputs; fewer than there are, if halves cancel or
        the limit is reached.
    """
    found: list[int] = []
    pending = [line]
    while pending and len(found) < limit:
        current = pending.pop()
        size = len(current.positions)
        if size == 1:
            found.append(int(current.positions[0]))
            continue
        every = np.arange(size)
        halves = [current.among(every[: size // 2]), current.among(every[size // 2 :])]
        pending += _failing(examination, halves)
    return found


def _failing(examination: Examination, lines: list[Line]) -> list[Line]:
    for thorough in (False, True):
        outcome = examination.compare(lines, thorough=thorough).outcome
        wrong = (outcome.verdict == Verdict.WRONG).any(axis=1)
        if wrong.any():
            return [line for line, is_wrong in zip(lines, wrong, strict=True) if is_wrong]
    return []


def wrong_output(examination: Examination, line: Line, row: int) -> int | None:
    """The entry of the result whose derivative along a line is wrong.

    Args:
        examination: one that looks at random combinations of the result's entries.
        line: the line.
        row: the combination for which the derivative is wrong.

    Returns:
        Its position in the flattened result, or None if it cannot be singled out.
    """
    weights = examination.rows[row]
    group = np.arange(len(weights))
    while len(group) > 1:
        halves = [group[: len(group) // 2], group[len(group) // 2 :]]
        rows = np.zeros((2, len(weights)))
        for i, half in enumerate(halves):
            rows[i, half] = weights[half]
        closer = Examination(examination.problem, examination.rng, rows)
        outcome = closer.compare([line]).outcome
        examination.evaluations += closer.evaluations
        wrong = np.flatnonzero(outcome.verdict[0] == Verdict.WRONG)
        if not len(wrong):
            return None
        group = halves[int(wrong[0])]
    return int(group[0])
