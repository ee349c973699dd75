"""Predicting classes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.jobs.materials import Material
from nn.jobs.options import Options
from nn.losses import CrossEntropyLoss
from nn.module.base import Module
from nn.report import Block, Confusion, Fact, Gallery, Rows, Section, Text
from nn.report.filling import confusion_of, mistakes_of
from nn.report.text import percent

__all__ = ["ClassOutcome", "Classes", "shares"]

Array = np.ndarray[Any, Any]

MOST_MISTAKES = 24
WIDEST = 30
"""So many classes make a matrix that can be read."""


def shares(scores: Array) -> Array:
    """Probabilities from scores (N, K), float64."""
    wide = scores.astype(np.float64)
    shifted = np.exp(wide - wide.max(axis=1, keepdims=True))
    result: Array = shifted / shifted.sum(axis=1, keepdims=True)
    return result


class Classes:
    """One of several classes for each sample, by cross-entropy.

    Args:
        material: what is learnt from.
    """

    metric = "accuracy"
    title = "accuracy"
    loss_title = "Loss (cross-entropy, logarithmic)"
    percent = True

    def __init__(self, material: Material) -> None:
        self.material = material

    def loss(self, options: Options) -> Module:
        """Cross-entropy, smoothed as was asked for."""
        return CrossEntropyLoss(label_smoothing=options.label_smoothing)

    def plain_loss(self) -> Module:
        """Cross-entropy."""
        return CrossEntropyLoss()

    def targets(self, y: Array) -> Array:
        """The numbers of the classes."""
        return y

    def outcome(self, outputs: Array, tested: Array, loss: float) -> ClassOutcome:
        """How often the most probable class is the right one."""
        return ClassOutcome(self.material, shares(outputs), tested, loss)

    def kept(self) -> dict[str, Any]:
        """The names of the classes."""
        return {"task": "classification", "classes": list(self.material.classes)}


@dataclass(frozen=True, eq=False)
class ClassOutcome:
    """What came of the test part.

    Attributes:
        material: what was learnt from.
        probabilities: float64 of shape (N, classes).
        tested: numbers of the samples.
        loss: the mean loss.
    """

    material: Material
    probabilities: Array
    tested: Array
    loss: float

    @property
    def labels(self) -> Array:
        """The true classes."""
        found: Array = self.material.y[self.tested]
        return found

    @property
    def right(self) -> int:
        """How many were told rightly."""
        return int((self.probabilities.argmax(axis=1) == self.labels).sum())

    @property
    def value(self) -> float:
        """Share of the test part that is told rightly."""
        return self.right / len(self.labels)

    @property
    def most_frequent(self) -> float:
        """Share of the test part that has the most frequent class."""
        return float(np.bincount(self.labels).max() / len(self.labels))

    @property
    def learnt(self) -> bool:
        """Whether the accuracy is above that of guessing by more than chance explains."""
        chance = self.most_frequent
        return self.value > chance + 3 * math.sqrt(chance * (1 - chance) / len(self.labels))

    def fact(self, good: float | None) -> Fact:
        """The accuracy."""
        fine = True if good is not None and self.value >= good else None if self.learnt else False
        note = f"{self.right} of {len(self.labels)} {self.material.unit}"
        return Fact("test accuracy", percent(self.value), note, good=fine)

    def figures(self) -> dict[str, Any]:
        """Accuracy, loss, what guessing comes to, and the confusion matrix."""
        return {
            "test_accuracy": self.value,
            "test_loss": self.loss,
            "accuracy_of_guessing": self.most_frequent,
            "classes": list(self.material.classes),
            "confusion": [list(row) for row in confusion_of(self.probabilities, self.labels)],
        }

    def said(self) -> str:
        """The accuracy."""
        return (
            f"Test accuracy: {percent(self.value)} "
            f"({self.right} of {len(self.labels)} {self.material.unit} it had never seen)."
        )

    def guessing(self) -> str:
        """What the most frequent class comes to."""
        return f"always giving the most frequent class is right for {percent(self.most_frequent)}"

    def sections(self) -> tuple[Section, ...]:
        """The confusion matrix, and the mistakes."""
        return (
            Section("confusion", "Confusion matrix", (self._matrix(),)),
            Section("mistakes", f"Misclassified {self.material.unit}", tuple(self._mistakes())),
        )

    def _matrix(self) -> Block:
        counts = confusion_of(self.probabilities, self.labels)
        classes = self.material.classes
        if len(classes) <= WIDEST:
            return Confusion(counts, classes)
        pairs = [
            (counts[i][j], i, j) for i in range(len(classes)) for j in range(len(classes)) if i != j
        ]
        often = sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))[:WIDEST]
        rows = tuple((classes[i], classes[j], str(n)) for n, i, j in often if n)
        return Rows(rows, ("what it is", "what it was taken for", "how often"))

    def _mistakes(self) -> list[Block]:
        wrong, tested = len(self.labels) - self.right, len(self.labels)
        unit = self.material.unit
        if not wrong:
            return [Text(f"None: all {tested} test {unit} were told rightly.")]
        shown = f", here the {MOST_MISTAKES} it was surest of" if wrong > MOST_MISTAKES else ""
        said = f"{wrong} of {tested} test {unit} {'was' if wrong == 1 else 'were'} misread{shown}."
        return [Text(said), self._shown_mistakes()]

    def _shown_mistakes(self) -> Block:
        classes, predicted = self.material.classes, self.probabilities.argmax(axis=1)
        if self.material.picturing is not None:
            images = pixels_of(self.material, self.tested)
            found = mistakes_of(images, self.labels, self.probabilities)
            return Gallery(tuple(found[:MOST_MISTAKES]), classes)
        wrong = np.flatnonzero(predicted != self.labels)
        order = wrong[np.argsort(-self.probabilities[wrong].max(axis=1), kind="stable")]
        rows = tuple(
            (
                str(int(self.tested[i]) + 1),
                classes[self.labels[i]],
                classes[predicted[i]],
                percent(float(self.probabilities[i].max())),
                percent(float(self.probabilities[i, self.labels[i]])),
            )
            for i in order[:MOST_MISTAKES]
        )
        head = ("number", "what it is", "taken for", "how surely", "probability of what it is")
        return Rows(rows, head)


def pixels_of(material: Material, samples: Array) -> Array:
    """Images from 0 (paper) to 1 (ink), of shape (N, H, W), or coloured ones (N, H, W, 3)."""
    seen = material.picturing
    assert seen is not None
    x = material.x[samples].reshape(len(samples), *seen.shape).astype(np.float64)
    x = np.nan_to_num((x - seen.low) / (seen.high - seen.low))
    if seen.shape[0] == 3:
        return x.transpose(0, 2, 3, 1)
    grey: Array = x.mean(axis=1)
    return 1.0 - grey if seen.dark else grey
