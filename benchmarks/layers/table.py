"""What is printed: a table for each family, and how many layers are too slow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.layers.row import Row
from benchmarks.measure import Result
from benchmarks.ratios import Interval, interval
from benchmarks.report import duration, ratio

OURS = ("eager", "compiled")

HEAD = (
    "| | PyTorch | eager | ÷ PyTorch | compiled | ÷ PyTorch | same |\n"
    "|---|---:|---:|---|---:|---|---|"
)

_WORST = 8


@dataclass
class Measured:
    """A row with the results of its lines: PyTorch's, ours, ours compiled."""

    row: Row
    results: Sequence[Result]

    def times(self, line: str) -> float | None:
        """The median time of a step."""
        return next(r.seconds for r in self.results if r.line.peer == line)

    def ratio(self, line: str) -> Interval | None:
        """Our time divided by PyTorch's in the same round, None if either has none."""
        theirs, ours = (
            next(r.samples for r in self.results if r.line.peer == name)
            for name in ("PyTorch", line)
        )
        if not ours or len(ours) != len(theirs):
            return None
        return interval([[a / b] for a, b in zip(ours, theirs, strict=True)])

    @property
    def failures(self) -> list[str]:
        """What went wrong, and whose results differ from PyTorch's."""
        failed = [f"{r.line.peer}: {r.failure}" for r in self.results if r.failure]
        for result in self.results:
            if not result.agrees:
                what = max(result.distances, key=lambda name: result.distances[name])
                failed.append(f"{result.line.peer} differs ({what} {result.distances[what]:.0e})")
        return failed


def line(measured: Measured) -> str:
    """A line of the table."""
    cells = [measured.row.title]
    for name in ("PyTorch", *OURS):
        seconds = measured.times(name)
        cells.append("–" if seconds is None else duration(seconds))
        if name in OURS:
            found = measured.ratio(name)
            cells.append("–" if found is None else _spread(found, measured.row.bound))
    said = "; ".join(measured.failures).replace("|", "/")
    compared = any(result.distances for result in measured.results)
    cells.append(f"**{said}**" if said else "yes" if compared else "–")
    return f"| {' | '.join(cells)} |"


def _spread(found: Interval, bound: float) -> str:
    middle = ratio(found.ratio)
    middle = f"**{middle}**" if found.ratio > bound else middle
    return f"{middle} ({ratio(found.low)} – {ratio(found.high)})"


def summary(rows: Sequence[Measured]) -> str:
    """How many rows are above their bounds, and the slowest."""
    lines = []
    for name in OURS:
        found = [(r, i) for r in rows if (i := r.ratio(name)) is not None]
        above = sum(i.ratio > r.row.bound for r, i in found)
        worst = sorted(found, key=lambda pair: -pair[1].ratio)[:_WORST]
        said = "; ".join(f"{r.row.title} {ratio(i.ratio)}" for r, i in worst)
        lines.append(f"- {name}: {above} of {len(found)} above their bound; slowest: {said}")
    if failed := [r.row.title for r in rows if r.failures]:
        lines.append(f"- {len(failed)} failed or differ: {'; '.join(failed)}")
    return "\n".join(lines) + "\n"


def as_data(rows: Sequence[Measured]) -> dict[str, Any]:
    """The same as plain data, times in seconds per step."""
    return {
        r.row.title: {
            "bound": r.row.bound,
            "failures": r.failures,
            "samples": {result.line.peer: result.samples for result in r.results},
        }
        for r in rows
    }
