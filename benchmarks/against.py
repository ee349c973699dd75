"""This checkout's engine beside another's: is anything slower than it was?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isclose
from pathlib import Path
from statistics import median
from typing import Any, Protocol

from benchmarks.peer import load
from benchmarks.problems import WORKLOADS, Problem
from benchmarks.ratios import Interval, interval, of_a_turn
from benchmarks.report import duration
from benchmarks.worker import HERE, Worker, WorkerError

# The peers that are the engine itself; what the others do is the same in every checkout.
OURS = ("glassgrad", "glassgrad_compiled")

# The hot paths: scalars in layers and one by one, small tensors, a training step.
HOT = ("moons", "chain", "small-8", "mlp-64")

# A ratio whose interval lies wholly above this is slower.
ALLOWED = 1.03

ROUNDS = 8
TURNS = 3

# First losses that differ by more come from other work, not from rounding.
_SAME_WORK = 1e-3


class Process(Protocol):
    """What answers requests: a `Worker`, as a context manager."""

    def ask(self, **request: Any) -> Any:
        """Send a request and wait for its answer."""

    def __enter__(self) -> Process: ...

    def __exit__(self, *details: object) -> None: ...


@dataclass
class Comparison:
    """One line of one workload: for each round its turns, four times each as they were taken."""

    workload: str
    peer: str
    line: str
    rounds: list[list[list[float]]] = field(default_factory=list)
    failure: str | None = None

    @property
    def title(self) -> str:
        """The name that the report prints."""
        return f"{self.workload}: {self.line}"

    @property
    def interval(self) -> Interval:
        """This checkout's time divided by the other's."""
        return interval([[of_a_turn(*turn) for turn in turns] for turns in self.rounds])

    @property
    def slower(self) -> bool:
        """Whether the interval lies wholly above what is allowed."""
        return self.failure is None and self.interval.above(ALLOWED)

    def medians(self) -> tuple[float, float]:
        """The median times of one step, ours and theirs, in seconds."""
        turns = [turn for round_ in self.rounds for turn in round_]
        ours = [time for first, _, _, last in turns for time in (first, last)]
        theirs = [time for turn in turns for time in turn[1:3]]
        return median(ours), median(theirs)


def comparisons(workloads: Iterable[str], peers: Sequence[str] = OURS) -> Iterator[Comparison]:
    """The lines of the engine for each workload, nothing measured yet."""
    for name in workloads:
        for peer in peers:
            (adapter,) = load([peer])[0]
            problem: Problem = WORKLOADS[name]
            for line in adapter.lines_for(problem):
                yield Comparison(name, peer, line.title)


def _turns(row: Comparison, ours: Process, theirs: Process, count: int) -> list[list[float]]:
    what = {"workload": row.workload, "peer": row.peer, "line": row.line}
    losses = [process.ask(do="make", **what) for process in (ours, theirs)]
    if None not in losses and not isclose(*losses, rel_tol=_SAME_WORK):
        raise WorkerError(f"the first losses are {losses[0]:.6g} and {losses[1]:.6g}: other work")
    steps = ours.ask(do="plan")
    order = (ours, theirs, theirs, ours)
    return [[process.ask(do="time", steps=steps) for process in order] for _ in range(count)]


def measure(
    rows: Sequence[Comparison],
    other: Path,
    rounds: int = ROUNDS,
    turns: int = TURNS,
    *,
    start: Callable[[Path], Process] = Worker,
    after: Callable[[int], None] = lambda _: None,
) -> None:
    """Fill in the times, with two fresh processes for each round that take turns at each line.

    Args:
        rows: What to compare.
        other: Root of the other checkout.
        rounds: How many pairs of processes.
        turns: How often each line has its four samples (ours, theirs, theirs, ours) in a round.
        start: Begins a process on the engine of a checkout.
        after: Is told after each round how many are done.
    """
    for done in range(rounds):
        with start(HERE) as ours, start(other) as theirs:
            for row in rows:
                if row.failure is None:
                    try:
                        row.rounds.append(_turns(row, ours, theirs, turns))
                    except WorkerError as error:
                        row.failure = str(error)
        after(done + 1)


def table(rows: Sequence[Comparison]) -> str:
    """The Markdown table of a comparison, with a verdict for each line."""
    lines = ["| | here | there | here ÷ there | 95 % interval | |", "|---|---:|---:|---:|---|---|"]
    for row in rows:
        if row.failure is not None:
            lines.append(f"| {row.title} | – | – | – | – | **not compared**: {row.failure} |")
            continue
        (ours, theirs), (ratio, low, high) = row.medians(), row.interval
        said = f"**slower**: wholly above {ALLOWED}" if row.slower else ""
        said = said or ("faster" if high < 1 / ALLOWED else "")
        lines.append(
            f"| {row.title} | {duration(ours)} | {duration(theirs)} | {ratio:.3f} "
            f"| {low:.3f} – {high:.3f} | {said} |"
        )
    return "\n".join(lines) + "\n"


def as_data(rows: Sequence[Comparison]) -> dict[str, Any]:
    """The same as plain data, times in seconds of processor time per step."""
    return {
        row.title: {
            "failure": row.failure,
            "interval": None if row.failure else row.interval._asdict(),
            "rounds": row.rounds,
        }
        for row in rows
    }
