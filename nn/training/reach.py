"""Warnings of a training that trains nothing, or not everything."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from autodiff import Tensor
from nn.module import Module
from nn.optim import Optimizer

__all__ = ["Reach", "TrainingWarning"]


class TrainingWarning(UserWarning):
    """A fit goes on, but some or all of the model will not learn."""


class Reach:
    """Watches which parameters an optimizer holds, and which of them gradients reach.

    Args:
        model: the model.
        optimizer: the optimizer.
    """

    def __init__(self, model: Module, optimizer: Optimizer) -> None:
        names = {id(p): name for name, p in model.named_parameters()}
        held = [p for group in optimizer.param_groups for p in group["params"]]
        known = [p for p in held if id(p) in names]
        trained = [p for p in held if p.requires_grad]
        if not known:
            self._warn(
                f"the optimizer holds none of the {len(names)} parameters of "
                f"{type(model).__name__}, which will not learn; build it with model.parameters(), "
                "after the model's layers are there"
            )
        elif not trained:
            self._warn(
                "all parameters that the optimizer holds are frozen, so nothing will learn; "
                "release some with requires_grad_(True)"
            )
        self._names = names
        self._missing: list[Tensor] | None = trained if known else []

    def step(self) -> None:
        """Called in the first epoch when gradients are there."""
        if self._missing:
            self._missing = [p for p in self._missing if p._grad is None]

    def epoch(self) -> None:
        """Called when the first epoch has ended.

        Warns:
            TrainingWarning: parameters that no gradient reached in any step.
        """
        if self._missing:
            names = [self._names.get(id(p), p.name or "one outside it") for p in self._missing]
            self._warn(
                f"no gradient reached {_some(names)} in the first epoch, so what the optimizer "
                "does with them is nothing; see that the loss depends on them, and that no number "
                "leaves the graph on the way (detach, item, numpy)"
            )
        self._missing = None

    @staticmethod
    def _warn(message: str) -> None:
        warnings.warn(message, TrainingWarning, stacklevel=4)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more parameters"
