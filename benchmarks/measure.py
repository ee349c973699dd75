"""Timing: every line in turn, round after round, in one process."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Protocol

import numpy as np

from benchmarks.agreement import disagreement, tolerance
from benchmarks.peer import Job, Line, Outcome
from benchmarks.problems import Array

# A sample is as many steps as fill this time, so that the clock's own cost is nothing.
SAMPLE_SECONDS = 0.02

# A line with steps longer than this gives two samples at most: it is far off anyway.
SLOW_SECONDS = 2.0

Clock = Callable[[], float]


class Work(Protocol):
    """What lines work at: a problem, or a row of layers."""

    @property
    def parameters(self) -> list[Array]:
        """What is updated, as it begins."""


@dataclass
class Result:
    """What became of one line: its samples in seconds per step, or why there are none."""

    line: Line
    failure: str | None = None
    distances: dict[str, float] = field(default_factory=dict)
    agrees: bool = True
    samples: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float | None:
        """The median time of one step."""
        return median(self.samples) if self.samples else None


def first_step(line: Line, problem: Work) -> tuple[Job, Outcome | None]:
    """Set a line up, run one step, and look at what it came to."""
    job = line.make(problem)
    job.step()
    return job, job.outcome() if job.outcome else None


def seconds_per_step(job: Job, steps: int, clock: Clock = perf_counter) -> float:
    """One sample: the mean time of some steps, after one that is not timed."""
    # Each sample pays for its own garbage only, and for that of the step before it, as it
    # would in a loop of its own: an engine that leaves cycles behind is slowed down by them.
    gc.collect()
    step = job.step
    step()
    start = clock()
    for _ in range(steps):
        step()
    return (clock() - start) / steps


def steps_per_sample(job: Job, clock: Clock = perf_counter) -> tuple[int, float]:
    """How many steps fill a sample, and about how long one takes."""
    steps = 1
    while True:
        seconds = seconds_per_step(job, steps, clock)
        if steps * seconds > SAMPLE_SECONDS / 4:
            return max(1, int(SAMPLE_SECONDS / seconds)), seconds
        steps *= 4


def measure(
    problem: Work, lines: Sequence[Line], rounds: int, clock: Clock = perf_counter
) -> list[Result]:
    """Compare the first steps of all lines, then time them round robin.

    The first line that comes to an outcome is what the others are compared with.

    Args:
        problem: The work.
        lines: Who does it, and how.
        rounds: Samples for each line; the slowest give two at most.
        clock: What tells the time.

    Returns:
        One result for each line, in their order. A line that fails says so and is not timed.
    """
    results: list[Result] = []
    jobs: list[tuple[Job, Result]] = []
    reference: Outcome | None = None
    for line in lines:
        result = Result(line)
        results.append(result)
        try:
            job, outcome = first_step(line, problem)
        except Exception as error:  # what a peer cannot do is a finding, not an end
            reason = str(error).partition("\n")[0]
            result.failure = f"{type(error).__name__}: {reason}"
            continue
        if outcome is not None:
            reference = reference or outcome
            result.distances = disagreement(outcome, reference, problem.parameters)
            allowed = tolerance(outcome, reference)
            result.agrees = all(distance <= allowed for distance in result.distances.values())
        jobs.append((job, result))

    # What the peers brought along is no part of anybody's garbage collection.
    gc.collect()
    gc.freeze()
    try:
        plans = [steps_per_sample(job, clock) for job, _ in jobs]
        order = np.random.default_rng(0)
        for done in range(rounds):
            for i in order.permutation(len(jobs)):
                job, result = jobs[i]
                steps, estimate = plans[i]
                if done < 2 or estimate < SLOW_SECONDS:
                    result.samples.append(seconds_per_step(job, steps, clock))
    finally:
        gc.unfreeze()
    return results
