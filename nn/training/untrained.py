"""Warnings of a training that trains nothing, or not everything."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from autodiff import Tensor
from nn.module.base import Module
from nn.names.listing import few
from nn.optim import LBFGS

__all__ = ["Reached", "TrainingWarning", "check_parts"]


class TrainingWarning(UserWarning):
    """A fit goes on, but some or all of the model will not learn."""


def check_parts(model: Any, loss: Any, optimizer: Any) -> None:
    """Refuse what cannot be fitted, in terms of what is expected.

    Raises:
        TypeError: a part is of the wrong kind, or a class in the place of an instance.
    """
    if not isinstance(model, Module):
        raise TypeError(f"fit takes first the model, an nn.Module, and {_kind(model)} was given")
    if isinstance(loss, type) or not callable(loss):
        hint = f"; make one of it: {loss.__name__}()" if isinstance(loss, type) else ""
        raise TypeError(
            f"fit takes second the loss, a function of predictions and targets, and {_kind(loss)} "
            f"was given{hint}"
        )
    whole = all(callable(getattr(optimizer, name, None)) for name in ("step", "zero_grad"))
    if isinstance(optimizer, type) or not whole:
        raise TypeError(
            "fit takes third an optimizer, with step() and zero_grad(), and "
            f"{_kind(optimizer)} was given; write for example nn.optim.Adam(model.parameters())"
        )
    if isinstance(optimizer, LBFGS):
        raise TypeError(
            "LBFGS evaluates the loss several times in a step, which a training step does once; "
            "call optimizer.step(closure) in a loop of your own, or give fit another optimizer"
        )


def _kind(thing: Any) -> str:
    if isinstance(thing, type):
        return f"the class {thing.__name__}"
    return f"a {type(thing).__name__}"


class Reached:
    """Watches which parameters an optimizer holds, and which of them gradients reach.

    Args:
        model: the model.
        optimizer: the optimizer.
    """

    def __init__(self, model: Module, optimizer: Any) -> None:
        names = {id(p): name for name, p in model.named_parameters()}
        groups = getattr(optimizer, "param_groups", None)
        # Of an optimizer of another kind it is not known what it holds.
        held = [p for g in groups for p in g["params"]] if groups else list(model.parameters())
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
            self._missing = [p for p in self._missing if p.grad is None]

    def epoch(self) -> None:
        """Called when the first epoch has ended.

        Warns:
            TrainingWarning: parameters that no gradient reached in any step.
        """
        if self._missing:
            names = [self._names.get(id(p), p.name or "one outside it") for p in self._missing]
            self._warn(
                f"no gradient reached {few(names, 5)} in the first epoch, so what the optimizer "
                "does with them is nothing; see that the loss depends on them, and that no number "
                "leaves the graph on the way (detach, item, numpy)"
            )
        self._missing = None

    @staticmethod
    def _warn(message: str) -> None:
        warnings.warn(message, TrainingWarning, stacklevel=_outside())


def _outside() -> int:
    """How far up the code is that called into this package."""
    package, level, frame = __name__.rpartition(".")[0], 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(package):
        level, frame = level + 1, frame.f_back
    return level
