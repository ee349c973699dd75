"""The gradients of a whole model against finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff.testing import Report, check_model
from nn.inspect.copies import without_chance
from nn.inspect.data import GradientCheck
from nn.module.base import Module

__all__ = ["check_gradients", "summary"]


def check_gradients(
    model: Module, loss: Callable[[Any, Any], Any], x: Any, y: Any
) -> GradientCheck:
    """Compare the gradients of a model, as it is now, with finite differences.

    The model is in training mode, so that the batch is normalised by its own figures;
    dropout is off, because a loss that changes by chance has no derivative.

    Args:
        model: the model, which stays as it is.
        loss: of predictions and targets.
        x: a batch of inputs; few, because the loss is computed a few thousand times.
        y: their targets.

    Returns:
        The verdict.

    Example:
        >>> import nn
        >>> check_gradients(nn.Linear(2, 1), nn.MSELoss(), [[1.0, 2.0]], [[0.5]]).verdict
        'correct'
    """
    return summary(check_model(without_chance(model), loss, x, y), len(x))


def summary(report: Report, samples: int) -> GradientCheck:
    """The verdict in a report; ``undecided`` if nothing worse is in it than doubt.

    Args:
        report: of `autodiff.testing`.
        samples: how many the loss was computed of.
    """
    wrong = report.findings or any(e.verdict != "undecided" for e in report.failures)
    return GradientCheck(
        report.passed,
        "correct" if report.passed else "wrong" if wrong else "undecided",
        report.checked,
        len(report.entries),
        report.largest_error,
        samples,
        tuple(str(problem) for problem in (*report.findings, *report.failures)),
    )
