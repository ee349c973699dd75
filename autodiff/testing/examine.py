"""The check itself: measure, compare, look closer where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.differences import Differences
from autodiff.testing.judge import RESOLUTION, Outcome, Sizes, judge
from autodiff.testing.lines import Line, power_of_two
from autodiff.testing.noise import (
    APART,
    EPS,
    EXACT,
    NEIGHBOURS,
    jitter,
    length,
    noise_along,
    unsteadiness,
    without_structure,
)
from autodiff.testing.problem import Problem
from autodiff.testing.steps import THOROUGH, Stages
from autodiff.testing.verdicts import Reason, Verdict

__all__ = ["Comparison", "Examination"]

Array = NDArray[np.float64]

_MANY_OUTPUTS = 32
_COMBINATIONS = 6
# Noise so many times that between neighbours may be the function's own structure.
_SUSPICIOUS = 64.0
_LARGEST_ROUNDING = 1e-2


@dataclass
class Comparison:
    """Lines, what the gradient says of them, and what came out.

    Attributes:
        lines: the lines.
        analytic: derivatives along them by the gradient, shape (lines, rows).
        outcome: the comparison with the values.
    """

    lines: Sequence[Line]
    analytic: Array
    outcome: Outcome


class Examination:
    """A problem at its point: values, gradients, their rounding.

    Args:
        problem: what is to be examined.
        rng: for random directions and combinations.
        rows: the combinations of the result's entries to look at, shape (rows, outputs);
            by default each entry alone, or a few random combinations of many.
        stages: the steps to try.
        precision: relative; where it is reached, no further steps are tried.

    Attributes:
        combined: whether rows are combinations, not entries of the result.
        middle: the value in each row.
        gradients: of each row, shape (rows, inputs).
        scales: the typical size of each input entry.
        evaluations: of the function, so far.
    """

    problem: Problem
    rng: np.random.Generator
    evaluations: int

    def __init__(
        self,
        problem: Problem,
        rng: np.random.Generator,
        rows: Array | None = None,
        stages: Stages = THOROUGH,
        precision: float = 1e-10,
    ) -> None:
        self.problem, self.rng = problem, rng
        self._stages, self._precision = stages, precision
        self.evaluations = 0
        x = problem.x
        outputs = len(problem.value(x))
        self.combined: bool = rows is not None or outputs > _MANY_OUTPUTS
        self.rows: Array = self._make_rows(outputs) if rows is None else rows
        self.scales: Array = problem.layout.scales(x)
        self.middle: Array = self.value(x)
        self.gradients: Array = problem.vjp(x, self.rows)
        self._unsteady, self._moves = self._measure_spread()
        self._close, self._deviation = self._measure_deviation()
        # Moving many entries at once rounds each of them.
        self._stir = 0.3 * EPS * length(self.gradients * x, axis=1)
        self._largest = np.zeros(len(self.middle))
        self._size = self._measure_size()

    def _make_rows(self, outputs: int) -> Array:
        if outputs <= _MANY_OUTPUTS:
            return np.eye(outputs)
        rows = self.rng.choice([1.0, 1.25, 1.5, 1.75], (_COMBINATIONS, outputs))
        return np.asarray(rows * self.rng.choice([-1.0, 1.0], rows.shape))

    def value(self, x: Array) -> Array:
        """The function's result, in the rows that are looked at."""
        self.evaluations += 1
        result = self.problem.value(x)
        return np.asarray(self.rows @ result) if self.combined else result

    def value_nearby(self, x: Array) -> Array:
        """The value at another point, where the function need not be defined; NaN then."""
        try:
            return self.value(x)
        except (ArithmeticError, ValueError, LookupError):
            return np.full(len(self.rows), np.nan)

    def _measure_spread(self) -> tuple[Array, Array]:
        """What moving inputs by some units in the last place does to gradients.

        Returns:
            How unsteady they are, and how far one unit moves them at most. What is the same in
            both directions but for its sign is the next derivative: an error only of gradients
            whose rule rounds something on the way that amounts to the input.
        """
        x = self.problem.x
        unsteady, moves = np.zeros_like(self.gradients), np.zeros_like(self.gradients)
        for _ in range(3):
            moved = jitter(x, self.rng)
            after = self.problem.vjp(moved, self.rows)
            before = self.problem.vjp(2 * x - moved, self.rows)
            change = np.abs(after + before - 2 * self.gradients)
            unsteady = np.maximum(unsteady, np.where(np.isfinite(change), change, np.inf))
            drift = np.abs(after - before) / 2
            moves = np.maximum(moves, np.where(np.isfinite(drift), drift, np.inf))
        own = unsteadiness(
            lambda point: self.problem.vjp(point, self.rows), x, self.gradients, self.rng, 3
        )
        # More than that is no rounding, but a singularity within the distance looked at.
        own = np.where(own <= _LARGEST_ROUNDING * np.abs(self.gradients), own, 0.0)
        # It is some four standard deviations already, where the others may be one.
        return np.maximum(unsteady, own / 4), moves

    def _measure_deviation(self) -> tuple[Array, Array]:
        """The noise of values between neighbouring numbers, and also somewhat further apart."""
        x = self.problem.x
        deviation = np.abs(self.rows) @ self.problem.least_noise()
        close = np.where(x != 0, np.spacing(np.abs(x)), 0.0)
        wide = 2.0**-28 * np.maximum(np.abs(x), self.scales / 8)
        for _ in range(2):
            along = self._along(self.rng.choice([-1.0, 1.0], x.shape) * close)
            deviation = np.maximum(deviation, noise_along(along, self.middle, NEIGHBOURS))
        # Multiples of the point keep what random directions lose: its symmetry, say, for which
        # a function may take another way with other rounding.
        along = self._along(np.sign(x) * close)
        deviation = np.maximum(deviation, noise_along(along, self.middle, NEIGHBOURS))
        directions = [self.rng.choice([-1.0, 1.0], x.shape) * wide for _ in range(3)]
        if x.size > 1:
            directions.append(2.0**-28 * x)
        found = [self._wide_noise(direction, deviation) for direction in directions]
        return deviation, np.max([deviation, *found], axis=0)

    def _wide_noise(self, direction: Array, close: Array) -> Array:
        exact = np.sign(direction) * power_of_two(np.abs(direction))

        def noise_at(scale: float) -> Array:
            return noise_along(self._along(scale * exact), self.middle, EXACT)

        noise = noise_along(self._along(direction), self.middle, APART)
        least = np.maximum(close, EPS * np.abs(self.middle))
        suspicious = noise > _SUSPICIOUS * least
        if not suspicious.any():
            return noise
        return without_structure(noise_at, noise, least, suspicious)

    def _measure_size(self) -> Array:
        """The size of values about the point, so that one that is zero has a scale too."""
        size = np.abs(self.middle)
        for factor in (-1.0, 0.5, 2.0):
            there = np.abs(self.value_nearby(factor * self.problem.x))
            size = np.maximum(size, np.where(np.isfinite(there), there, 0.0))
        return size

    def _along(self, direction: Array) -> Callable[[float], Array]:
        return lambda t: self.value_nearby(self.problem.x + t * direction)

    def compare(self, lines: Sequence[Line], *, thorough: bool = True) -> Comparison:
        """Derivatives along lines, by the gradient and by the values.

        Args:
            lines: the lines.
            thorough: try further steps where the first ones leave a doubt.
        """
        analytic = np.stack([line.slope(self.gradients) for line in lines])
        moving = np.array([not line.is_entry for line in lines])
        allowance = 4 * self._along_lines(lines, self._unsteady) + 8 * EPS * np.abs(analytic)
        allowance += moving[:, None] * 2 * EPS * self._along_lines(lines, np.abs(self.gradients))
        drift = self._along_lines(lines, self._moves)
        extra = moving[:, None] * self._stir
        differences = Differences(
            self.value_nearby, self.problem.x, lines, self.middle, self._deviation, extra
        )
        every = np.arange(len(lines))
        first, *further = self._stages if thorough else self._stages[:1]
        differences.evaluate(every, first)
        self._note(differences, every)
        outcome = self._judge(differences, every, analytic, allowance, drift)
        for levels in further:
            unclear = (outcome.verdict != Verdict.OK) | ~outcome.sharp
            last = levels is self._stages[-1]
            which = np.flatnonzero(unclear.any(axis=1) if last else ~outcome.finished)
            if len(which):
                differences.evaluate(which, levels)
                self._note(differences, which)
                given = analytic[which], allowance[which], drift[which]
                closer = self._judge(differences, which, *given)
                outcome.update(which, closer, unclear[which] if last else np.bool_(True))
        if thorough:
            self._look_twice(outcome, differences, analytic, allowance, drift)
        return Comparison(lines, analytic, outcome)

    def _judge(
        self,
        differences: Differences,
        which: NDArray[np.intp],
        analytic: Array,
        allowance: Array,
        drift: Array,
    ) -> Outcome:
        sizes = self._sizes()
        outcome = judge(differences, which, analytic, allowance, drift, sizes)
        # What was taken for noise may be the function itself, with structure that is finer than
        # the distances at which noise was looked for: then small steps tell the derivative.
        hidden = self._deviation > _SUSPICIOUS * self._close
        doubtful = (outcome.verdict != Verdict.OK) & hidden
        if doubtful.any():
            quiet = differences.with_noise(np.where(hidden, self._close, self._deviation))
            other = judge(quiet, which, analytic, allowance, drift, sizes)
            outcome.replace(doubtful & other.resolved, other)
            noisy = hidden & (2 * self._deviation > RESOLUTION * self._largest)
            outcome.doubt(noisy, Reason.TOO_NOISY)
            outcome.doubt(doubtful & (other.verdict == Verdict.OK), Reason.DISAGREE)
        return outcome

    def _sizes(self) -> Sizes:
        values = np.maximum(self._size, self._largest)
        # A result that is zero wherever one looks has the others' size, if any.
        values = np.where(values > 0, values, values.max())
        rounding = 16 * (EPS * values + np.abs(self.rows) @ self.problem.least_noise())
        return Sizes(self._largest, rounding, self._precision)

    def _look_twice(
        self,
        outcome: Outcome,
        differences: Differences,
        analytic: Array,
        allowance: Array,
        drift: Array,
    ) -> None:
        """Before anything is called wrong: all else that could explain the difference."""
        doubtful = np.isin(outcome.verdict, (Verdict.WRONG, Verdict.KINK))
        doubtful |= outcome.reason == Reason.UNCLEAR
        which = np.flatnonzero(doubtful.any(axis=1))
        if not len(which):
            return
        every, sizes = np.arange(len(differences.lines)), self._sizes()
        other = judge(
            differences.with_hidden_noise(which), every, analytic, allowance, drift, sizes
        )
        outcome.replace(doubtful & other.resolved, other)
        outcome.doubt(doubtful & (other.verdict != outcome.verdict), Reason.TOO_NOISY)
        # What is constant says nothing of slopes that rounding on the way would swallow.
        wrong = outcome.verdict == Verdict.WRONG
        flat = (outcome.numeric == 0) & (np.abs(analytic) <= sizes.rounding)
        outcome.doubt(wrong & flat, Reason.TOO_NOISY)
        if wrong.any():
            numeric = np.where(wrong, outcome.numeric, 0.0)
            outcome.doubt(wrong & differences.stairs(every, analytic, numeric), Reason.STAIRS)

    def _note(self, differences: Differences, which: NDArray[np.intp]) -> None:
        self._largest = np.maximum(self._largest, differences.variation(which).max(axis=0))

    @staticmethod
    def _along_lines(lines: Sequence[Line], sizes: Array) -> Array:
        return np.stack([sizes[:, ln.positions] @ np.abs(ln.weights) for ln in lines])
