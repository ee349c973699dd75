"""One check from beginning to end: structure, screening, location, report."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.entries import entries_of
from autodiff.testing.examine import Comparison, Examination
from autodiff.testing.hints import Evidence, hints
from autodiff.testing.input_layout import as_index
from autodiff.testing.lines import Line, along_entry, along_random
from autodiff.testing.locate import wrong_entries, wrong_output
from autodiff.testing.precision import low_precision_findings
from autodiff.testing.problem import Problem
from autodiff.testing.report import Finding, Report
from autodiff.testing.steps import THRIFTY
from autodiff.testing.structure import is_comparable, structural_findings
from autodiff.testing.verdicts import Verdict

__all__ = ["Plan", "run"]

_MOST_LOCATED = 4
# Wrong by less than this, one entry among many is not looked for.
_SCREENING = 1e-7


@dataclass(frozen=True, slots=True)
class Plan:
    """How thoroughly to look.

    Attributes:
        whole: with at most so many input entries, each is checked by itself.
        samples: with more, so many random ones of each argument are.
        directions: and so many random lines on which all entries move.
        seed: for all that is random.
        accept: verdicts that pass beside ok and a kink that the gradient fits.
        order: 1, or 2 for gradients of gradients; for the report.
    """

    whole: int = 256
    samples: int = 16
    directions: int = 4
    seed: int = 0
    accept: Collection[str] = ()
    order: int = 1


def run(problem: Problem, plan: Plan) -> Report:
    """Check a problem.

    Args:
        problem: the function, its gradient and the point.
        plan: how thoroughly.

    Returns:
        The report.
    """
    rng = np.random.default_rng(plan.seed)
    with np.errstate(all="ignore"):
        findings = structural_findings(problem, rng)
        if not is_comparable(findings):
            return Report(problem.name, plan.order, findings=tuple(findings))
        findings += problem.further_findings(rng)
        findings += low_precision_findings(problem, rng)
        if not (problem.layout.size and np.prod(problem.shape)):
            return Report(problem.name, plan.order, findings=tuple(findings))
        return _Check(problem, plan, rng).report(findings)


class _Check:
    """The comparison of numbers."""

    def __init__(self, problem: Problem, plan: Plan, rng: np.random.Generator) -> None:
        self.problem, self.plan, self.rng = problem, plan, rng
        if problem.layout.size <= plan.whole:
            self.examination = Examination(problem, rng)
        else:
            self.examination = Examination(problem, rng, None, THRIFTY, _SCREENING)

    def report(self, findings: list[Finding]) -> Report:
        problem, plan = self.problem, self.plan
        comparisons = [self.examination.compare(self._lines())]
        located = self._locate(comparisons[0])
        if located:
            comparisons.append(self.examination.compare(located))
        entries = entries_of(self.examination, comparisons, plan.accept)
        clues = tuple(self._hints(comparisons))
        return Report(
            problem.name,
            plan.order,
            entries,
            tuple(findings),
            clues,
            problem.layout.size,
            self.examination.evaluations,
            self._resolution(comparisons[0]),
        )

    def _resolution(self, comparison: Comparison) -> float:
        """The part of the largest contribution to a random line that its error hides."""
        gradients, error = np.abs(self.examination.gradients), comparison.outcome.error
        hidden = [0.0]
        for i, line in enumerate(comparison.lines):
            if not line.is_entry:
                shares = gradients[:, line.positions] * np.abs(line.weights)
                largest = np.max(shares, axis=1, initial=0.0)
                seen = (largest > 0) & np.isfinite(error[i])
                hidden += (error[i][seen] / largest[seen]).tolist()
        return max(hidden)

    def _lines(self) -> list[Line]:
        size = self.problem.layout.size
        if size <= self.plan.whole:
            return [self._entry(i) for i in range(size)]
        lines = [self._random(np.arange(size)) for _ in range(self.plan.directions)]
        sampled: list[Line] = []
        for argument in self.problem.layout.arguments:
            places = np.arange(argument.size) + argument.start
            if argument.size > self.plan.samples:
                lines.append(self._random(places))
                places = np.sort(self.rng.choice(places, self.plan.samples, replace=False))
            sampled += [self._entry(int(i)) for i in places]
        return lines + sampled

    def _entry(self, position: int) -> Line:
        return along_entry(position, self.problem.x, self.examination.scales)

    def _random(self, places: NDArray[np.intp]) -> Line:
        return along_random(places, self.problem.x, self.examination.scales, self.rng)

    def _locate(self, comparison: Comparison) -> list[Line]:
        """Lines along single wrong entries, where so far only lines of many are known wrong."""
        wrong = (comparison.outcome.verdict == Verdict.WRONG).any(axis=1)
        lines = comparison.lines
        known = {
            int(ln.positions[0])
            for ln, bad in zip(lines, wrong, strict=True)
            if bad and ln.is_entry
        }
        owner = self.problem.layout.argument_of
        explained = {owner(position) for position in known}
        found: list[int] = []
        # Lines within one argument come after those through all: they are the better start.
        for line, is_wrong in reversed(list(zip(lines, wrong, strict=True))):
            if not is_wrong or line.is_entry or len(found) >= _MOST_LOCATED:
                continue
            owners = {owner(int(p)) for p in (line.positions[0], line.positions[-1])}
            if explained and (len(owners) > 1 or owners <= explained):
                continue
            positions = wrong_entries(self.examination, line, _MOST_LOCATED - len(found))
            found += [p for p in positions if p not in known and p not in found]
            explained |= {owner(p) for p in positions}
        return [self._entry(position) for position in found]

    def _hints(self, comparisons: list[Comparison]) -> list[str]:
        evidence = self._evidence(comparisons)
        found = list(dict.fromkeys(hints(self.problem.layout, evidence, self.problem.shape)))[:3]
        if self.examination.combined:
            found += self._output_hint(comparisons)
        return found

    def _evidence(self, comparisons: list[Comparison]) -> Evidence:
        analytic = self.examination.gradients
        numeric, wrong = np.full_like(analytic, np.nan), np.zeros(analytic.shape, bool)
        for comparison in comparisons:
            for i, line in enumerate(comparison.lines):
                if line.is_entry:
                    place = line.positions[0]
                    numeric[:, place] = comparison.outcome.numeric[i] / line.weights[0]
                    wrong[:, place] = comparison.outcome.verdict[i] == Verdict.WRONG
        halves = self.problem.halves and not self.examination.combined
        return Evidence(analytic, numeric, wrong, halves)

    def _output_hint(self, comparisons: list[Comparison]) -> list[str]:
        for comparison in comparisons:
            for i, line in enumerate(comparison.lines):
                rows = np.flatnonzero(comparison.outcome.verdict[i] == Verdict.WRONG)
                if not len(rows) or not line.is_entry:
                    continue
                position = wrong_output(self.examination, line, int(rows[0]))
                if position is not None:
                    index = ", ".join(map(str, as_index(position, self.problem.shape)))
                    return [f"among the derivatives that are wrong is that of output[{index}]"]
        return []
