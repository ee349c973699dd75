"""What a trained network says of new data."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.jobs.kept import Kept
from nn.jobs.materials import MaterialError
from nn.jobs.materials.anew import New
from nn.jobs.materials.targets import spelt_class
from nn.jobs.tasks.classes import shares
from nn.metrics import r2_score, root_mean_squared_error
from nn.report.text import number, percent
from nn.training import predict

__all__ = ["Answers", "answered"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Predictions.

    Attributes:
        kept: the network.
        new: what it was asked.
        outputs: probabilities of shape (N, classes), or numbers of shape (N,).
    """

    kept: Kept
    new: New
    outputs: Array

    def rows(self) -> list[list[str]]:
        """The table, its head first."""
        classes, target = self.kept.classes, self.kept.target
        first = ["sample" if self.new.names is None else "file"]
        names = self.new.names or [str(i + 1) for i in range(len(self.new.x))]
        if not classes:
            head = [*first, target]
            return [head, *([n, repr(float(v))] for n, v in zip(names, self.outputs, strict=True))]
        head = [*first, target, *(f"probability of {name}" for name in classes)]
        best = self.outputs.argmax(axis=1)
        return [
            head,
            *(
                [n, classes[k], *(f"{p:.6g}" for p in row)]
                for n, k, row in zip(names, best, self.outputs, strict=True)
            ),
        ]

    def text(self) -> str:
        """The table as delimited text."""
        file = io.StringIO()
        csv.writer(file, lineterminator="\n").writerows(self.rows())
        return file.getvalue()

    def judged(self) -> str:
        """How good they are, where the data tell the truth; else empty."""
        truth = self.new.y
        if truth is None:
            return ""
        if self.kept.classes:
            best = self.outputs.argmax(axis=1)
            true = [_class_of(text, self.kept.classes) for text in truth]
            right = sum(self.kept.classes[k] == name for k, name in zip(best, true, strict=True))
            return f"Accuracy: {percent(right / len(truth))} ({right} of {len(truth)})."
        try:
            numbers = np.array([float(text) for text in truth])
        except ValueError:
            return ""
        if len(numbers) < 2:
            return ""
        r2 = float(r2_score(self.outputs, numbers))
        error = float(root_mean_squared_error(self.outputs, numbers))
        return f"R²: {number(r2, 3)}; the error is {number(error, 3)} (root mean square)."


def _class_of(text: str, classes: tuple[str, ...]) -> str:
    """The class that a text means: 1.0 is 1."""
    if text not in classes:
        with suppress(ValueError):
            return spelt_class(float(text))
    return text


def answered(kept: Kept, new: New) -> Answers:
    """Ask a network.

    Args:
        kept: the network.
        new: inputs as they were read.

    Raises:
        MaterialError: there are none, or some are too far from what was learnt.
    """
    if not len(new.x):
        raise MaterialError("there are no samples to predict")
    scaled = kept.scaling.apply(new.x).reshape(len(new.x), *kept.inputs)
    with np.errstate(over="ignore", invalid="ignore"):
        outputs = predict(kept.network, scaled)
    lost = np.flatnonzero(~np.isfinite(outputs).all(axis=1))
    if len(lost):
        raise MaterialError(
            f"the network gives no finite number for sample {lost[0] + 1}; it is too far from "
            "those that were learnt from, or the model is damaged"
        )
    if kept.target_scaling is None:
        return Answers(kept, new, shares(outputs))
    numbers = kept.target_scaling.back(outputs.reshape(-1).astype(np.float64))
    return Answers(kept, new, numbers)
