"""Comparisons along lines as the entries of a report."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from autodiff.testing.examine import Comparison, Examination
from autodiff.testing.input_layout import InputLayout, as_index
from autodiff.testing.lines import Line
from autodiff.testing.problem import Problem
from autodiff.testing.report import Entry
from autodiff.testing.verdicts import Reason, Verdict

__all__ = ["entries_of"]


def entries_of(
    examination: Examination, comparisons: Sequence[Comparison], accept: Collection[str]
) -> tuple[Entry, ...]:
    """The entries of a report.

    Args:
        examination: what was examined.
        comparisons: what was found.
        accept: verdicts that pass in any case.
    """
    found = [e for comparison in comparisons for e in _entries(examination, comparison, accept)]
    return tuple(found)


def _entries(
    examination: Examination, comparison: Comparison, accept: Collection[str]
) -> Iterator[Entry]:
    problem, outcome = examination.problem, comparison.outcome
    named_outputs = not examination.combined and problem.shape != ()
    outputs = [
        _output(row, problem) if named_outputs else None for row in range(len(examination.rows))
    ]
    for i, line in enumerate(comparison.lines):
        argument, index = _place(problem.layout, line)
        unit = float(line.weights[0]) if line.is_entry else 1.0
        for row, output in enumerate(outputs):
            verdict = Verdict(outcome.verdict[i, row])
            yield Entry(
                argument,
                index,
                output,
                float(comparison.analytic[i, row]) / unit,
                float(outcome.numeric[i, row]) / unit,
                float(outcome.error[i, row]) / unit,
                verdict,
                bool(outcome.passed[i, row]) or verdict in accept,
                float(outcome.left[i, row]) / unit,
                float(outcome.right[i, row]) / unit,
                Reason(outcome.reason[i, row]),
            )


def _output(row: int, problem: Problem) -> tuple[int | str, ...]:
    index = as_index(row, problem.shape)
    return (*index[:-1], ("real", "imag")[index[-1]]) if problem.halves else index


def _place(layout: InputLayout, line: Line) -> tuple[str, tuple[int, ...] | None]:
    first, last = (layout.argument_of(int(p)) for p in (line.positions[0], line.positions[-1]))
    if line.is_entry:
        return layout.arguments[first].name, layout.index_of(int(line.positions[0]))
    return (layout.arguments[first].name if first == last else "all inputs"), None
