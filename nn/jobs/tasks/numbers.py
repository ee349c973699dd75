"""Predicting numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.inspect.data import Histogram
from nn.jobs.materials import Material, Scaling
from nn.jobs.options import Options
from nn.losses import HuberLoss, L1Loss, MSELoss
from nn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from nn.module.base import Module
from nn.report import Distribution, Fact, Rows, Scatter, Section, Text
from nn.report.text import number

__all__ = ["NumberOutcome", "Numbers"]

Array = np.ndarray[Any, Any]

DRAWN = 2000
"""So many points at most are drawn."""
WORST = 12
BINS = 31
_LOSSES = {"squared": MSELoss, "absolute": L1Loss, "huber": HuberLoss}


class Numbers:
    """One number for each sample, learnt at mean 0 and standard deviation 1.

    Args:
        material: what is learnt from.
        y: the targets of the training part.
    """

    metric = "r2_score"
    title = "R²"
    loss_title = "Loss (of the scaled target, logarithmic)"
    percent = False

    def __init__(self, material: Material, y: Array) -> None:
        self.material = material
        self.scaling: Scaling = Scaling.along(y, (0,))

    def loss(self, options: Options) -> Module:
        """As was asked for."""
        return _LOSSES[options.loss]()

    def plain_loss(self) -> Module:
        """The mean squared error."""
        return MSELoss()

    def targets(self, y: Array) -> Array:
        """The scaled numbers, of shape (N, 1)."""
        return self.scaling.apply(y)[:, None]

    def outcome(self, outputs: Array, tested: Array, loss: float) -> NumberOutcome:
        """How far the predictions are from the truth, in the target's own units."""
        predicted = self.scaling.back(outputs.reshape(-1).astype(np.float64))
        mean = float(self.scaling.mean)
        return NumberOutcome(self.material, predicted, tested, loss, mean)

    def kept(self) -> dict[str, Any]:
        """The scaling of the target."""
        return {"task": "regression", "target_scaling": self.scaling.as_lists()}


@dataclass(frozen=True, eq=False)
class NumberOutcome:
    """What came of the test part.

    Attributes:
        material: what was learnt from.
        predicted: float64 of shape (N,), in the target's units.
        tested: numbers of the samples.
        loss: the mean loss, of the scaled target.
        mean: the mean target of the training part, which is the best guess without inputs.
    """

    material: Material
    predicted: Array
    tested: Array
    loss: float
    mean: float

    @property
    def true(self) -> Array:
        """The true numbers, float64."""
        found: Array = self.material.y[self.tested].astype(np.float64)
        return found

    @property
    def value(self) -> float:
        """R², the share of the variance that is explained."""
        return float(r2_score(self.predicted, self.true))

    @property
    def rmse(self) -> float:
        """The root mean squared error."""
        return float(root_mean_squared_error(self.predicted, self.true))

    @property
    def mae(self) -> float:
        """The mean absolute error."""
        return float(mean_absolute_error(self.predicted, self.true))

    @property
    def guessed(self) -> float:
        """The root mean squared error of always giving the mean."""
        return float(np.sqrt(((self.true - self.mean) ** 2).mean()))

    @property
    def learnt(self) -> bool:
        """Whether squared errors are smaller than those of the mean, beyond chance."""
        gain = (self.true - self.mean) ** 2 - (self.true - self.predicted) ** 2
        return bool(gain.mean() > 2 * gain.std() / np.sqrt(len(gain)))

    def fact(self, good: float | None) -> Fact:
        """R²."""
        fine = True if good is not None and self.value >= good else None if self.learnt else False
        note = f"error {number(self.rmse, 3)} (rms), {number(self.mae, 3)} (mean absolute)"
        return Fact("test R²", number(self.value, 3), note, good=fine)

    def figures(self) -> dict[str, Any]:
        """R², errors, and what guessing comes to."""
        return {
            "test_r2": self.value,
            "test_rmse": self.rmse,
            "test_mae": self.mae,
            "test_loss": self.loss,
            "rmse_of_guessing": self.guessed,
        }

    def said(self) -> str:
        """R² and the error."""
        return (
            f"Test R²: {number(self.value, 3)}; the error is {number(self.rmse, 3)} (root mean "
            f"square) over {len(self.true)} {self.material.unit} it had never seen, and "
            f"{number(self.guessed, 3)} by always giving the mean."
        )

    def guessing(self) -> str:
        """What the mean comes to."""
        return f"always giving the mean has an error of {number(self.guessed, 3)}"

    def sections(self) -> tuple[Section, ...]:
        """Predicted over true numbers, and the residuals."""
        residuals = self.predicted - self.true
        name = self.material.target
        drawn = slice(0, DRAWN)
        few = f" The first {DRAWN} are drawn." if len(residuals) > DRAWN else ""
        sure = (
            f"Each point is one of {len(residuals)} test {self.material.unit}; on the dashed line "
            f"the prediction is right.{few}"
        )
        scatter = Scatter(
            "Predicted over true",
            tuple(map(float, self.true[drawn])),
            tuple(map(float, self.predicted[drawn])),
            name,
        )
        said = (
            f"Residuals are predicted minus true: mean {number(float(residuals.mean()), 3)}, "
            f"standard deviation {number(float(residuals.std()), 3)}."
        )
        counts, edges = np.histogram(residuals, BINS)
        bins = Histogram(tuple(map(int, counts)), float(edges[0]), float(edges[-1]))
        worst = np.argsort(-np.abs(residuals), kind="stable")[:WORST]
        rows = tuple(
            (
                str(int(self.tested[i]) + 1),
                number(float(self.true[i])),
                number(float(self.predicted[i])),
                number(float(residuals[i]), 3),
            )
            for i in worst
        )
        head = ("number", f"true {name}", "predicted", "residual")
        return (
            Section("predictions", "Predictions", (Text(sure), scatter)),
            Section(
                "residuals",
                "Residuals",
                (
                    Text(said),
                    Distribution("Distribution of the residuals", bins),
                    Text("The largest:"),
                    Rows(rows, head),
                ),
            ),
        )
