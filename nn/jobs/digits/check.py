"""The gradients of the whole network against finite differences."""

from __future__ import annotations

from dataclasses import dataclass

from autodiff.testing import Report, check_model
from nn.jobs.digits.network import without_chance
from nn.jobs.digits.training import Bench
from nn.report.text import number

__all__ = ["Check", "check_gradients", "summary"]

SAMPLES = 8
"""Samples in the batch; few, because the loss is computed a few thousand times."""


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on the gradients.

    Attributes:
        passed: whether every derivative was confirmed.
        verdict: ``correct``, ``wrong`` or ``undecided``.
        parameters: how many parameters the check covered.
        derivatives: how many numerical derivatives were compared with gradients.
        largest_relative_error: the largest difference found, as a part of the largest
            derivative for the same array of parameters.
        samples: how many samples the loss was computed of.
        complaints: one line for each derivative that was not confirmed.
    """

    passed: bool
    verdict: str
    parameters: int
    derivatives: int
    largest_relative_error: float
    samples: int
    complaints: tuple[str, ...]

    @property
    def short(self) -> str:
        """The size of the check, in a few words."""
        return f"{self.parameters:,} parameters, error {number(self.largest_relative_error, 2)}"

    @property
    def text(self) -> str:
        """What was done and found, in sentences."""
        done = (
            f"All {self.parameters:,} parameters were covered by {self.derivatives} derivatives "
            f"of the loss of {self.samples} images, estimated in double precision from its "
            "values alone; the largest relative difference from the gradients is "
            f"{number(self.largest_relative_error, 2)}."
        )
        return " ".join([done, *self.complaints])


def check_gradients(bench: Bench) -> Check:
    """Compare the gradients of the network, as it is now, with finite differences.

    The network is in training mode, so that the batch is normalised by its own figures;
    dropout is off, because a loss that changes by chance has no derivative.

    Args:
        bench: a run; its network and loss stay as they are.
    """
    x, y = bench.batch(SAMPLES)
    return summary(check_model(without_chance(bench.network), bench.loss, x, y))


def summary(report: Report) -> Check:
    """The verdict in a report; ``undecided`` if nothing worse is in it than doubt."""
    wrong = report.findings or any(e.verdict != "undecided" for e in report.failures)
    return Check(
        report.passed,
        "correct" if report.passed else "wrong" if wrong else "undecided",
        report.checked,
        len(report.entries),
        report.largest_error,
        SAMPLES,
        tuple(str(problem) for problem in (*report.findings, *report.failures)),
    )
