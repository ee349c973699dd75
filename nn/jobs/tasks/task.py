"""What a task is."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from nn.jobs.options import Options
from nn.module.base import Module
from nn.report import Fact, Section

__all__ = ["Outcome", "Task"]

Array = np.ndarray[Any, Any]


class Outcome(Protocol):
    """What came of the test part."""

    @property
    def value(self) -> float:
        """Accuracy, or R²."""
        ...

    @property
    def learnt(self) -> bool:
        """Whether it is better than guessing by more than chance explains."""
        ...

    def fact(self, good: float | None) -> Fact:
        """The most important figure; ``good`` says from where on it is as it should be."""
        ...

    def figures(self) -> dict[str, Any]:
        """All figures, for programs."""
        ...

    def said(self) -> str:
        """One line for the terminal."""
        ...

    def guessing(self) -> str:
        """What guessing comes to, in words."""
        ...

    def sections(self) -> tuple[Section, ...]:
        """What the report says of it."""
        ...


class Task(Protocol):
    """What is to be predicted."""

    metric: str
    """The metric of a fit that tells how good the network is."""

    title: str
    """What that is called."""

    loss_title: str
    """What the loss is called over its curve."""

    percent: bool
    """Whether the metric is printed as per cent."""

    def loss(self, options: Options) -> Module:
        """What training minimises."""
        ...

    def plain_loss(self) -> Module:
        """The same without settings, for looking into a network."""
        ...

    def targets(self, y: Array) -> Array:
        """Targets as the loss takes them."""
        ...

    def outcome(self, outputs: Array, tested: Array, loss: float) -> Outcome:
        """What the outputs of the network for the samples of the test part come to."""
        ...

    def kept(self) -> dict[str, Any]:
        """What is needed to read the outputs of the network, for a file."""
        ...
