"""A learning rate, found by trying all of them."""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff import no_grad
from nn.checks.checking import untouched
from nn.data import DataLoader
from nn.module.base import Module
from nn.module.tree import float_type
from nn.optim import Adam
from nn.training.batches import Data, Targets, as_loader, called, taken_apart
from nn.training.freezing import Parts, as_parts, freezing
from nn.training.step import Step
from nn.training.step_parts import as_total
from nn.training.untrained import check_parts

__all__ = ["LRCurve", "lr_find"]

WORSE = 4.0
"""The sweep ends where the smoothed loss is so many times its least value."""


@dataclass(frozen=True)
class LRCurve:
    """Losses for learning rates, and the rates that they suggest.

    Attributes:
        rates: the learning rates, from the least up; one step was done with each.
        losses: before each of these steps.
        smoothed: how much the steps so far have changed the loss of each batch, as an exponential
            mean corrected for its beginning, on top of the mean loss without any step. What
            differs between batches is so left out, which else hides what the rates do.
        steepest: the rate at which the smoothed loss falls most for a factor of the rate.
        minimum: the rate at which the smoothed loss is least.
        suggestion: the rate to take: the geometric mean of two rules, ``steepest`` and
            ``minimum`` / 10.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]
    steepest: float
    minimum: float
    suggestion: float

    def __str__(self) -> str:
        return (
            f"try lr={self.suggestion:.2g}: of {len(self.rates)} rates from {self.rates[0]:.2g} to "
            f"{self.rates[-1]:.2g} the loss falls most steeply at {self.steepest:.2g} and is least "
            f"at {self.minimum:.2g}, a tenth of which is {self.minimum / 10:.2g}"
        )


def lr_find(
    model: Module,
    loss: Callable[[Any, Any], Any],
    data: Data,
    optimizer: Any = None,
    *,
    low: float = 1e-7,
    high: float = 10.0,
    steps: int = 100,
    smoothing: float = 0.9,
    batch_size: int | None = 32,
    targets: Targets = None,
    frozen: Parts = (),
) -> LRCurve:
    """Try learning rates from small to large on a copy of the model, a step with each.

    The rates grow by the same factor from step to step, and the sweep ends where the loss has
    become much worse (L. N. Smith, Cyclical Learning Rates for Training Neural Networks, 2017,
    section 3.3). Groups of the optimizer keep the ratios of their rates; ``rates`` are those of
    the first. The model, the optimizer, and all random generators are afterwards as before.

    Args:
        model: the model, before its training.
        loss: a function or module of predictions and targets.
        data: as for `fit`.
        optimizer: the one that is to train the model, of which a copy is used; Adam if none is
            given.
        low: the least rate.
        high: the largest one.
        steps: how many rates there are.
        smoothing: share of the mean so far in the smoothed loss, from 0 up to below 1.
        batch_size: samples in a batch, where the data do not give batches themselves.
        targets: which part of a batch the targets are, as for `fit`.
        frozen: modules that are not to be trained, as for `fit`.

    Returns:
        The curve as plain numbers, with the suggestion.

    Raises:
        ValueError: a setting is out of range, or no rate lowers the loss.

    Example:
        >>> import nn
        >>> x, y = nn.data.make_blobs(300, rng=0)
        >>> model = nn.Sequential(nn.Linear(2, 16, rng=0), nn.ReLU(), nn.Linear(16, 3, rng=1))
        >>> curve = lr_find(model, nn.CrossEntropyLoss(), (x, y))
        >>> 1e-3 < curve.suggestion < 1
        True
    """
    if not (0 < low < high and math.isfinite(high)):
        raise ValueError(f"lr_find takes 0 < low < high, and low={low}, high={high} were given")
    if steps < 10:
        raise ValueError(f"lr_find takes at least 10 steps, and steps={steps} was given")
    if not 0 <= smoothing < 1:
        raise ValueError(f"smoothing lies from 0 up to below 1, and {smoothing} was given")
    wanted = Adam(model.parameters()) if optimizer is None else optimizer
    check_parts(model, loss, wanted)
    parts = as_parts(frozen, model)
    with freezing(parts), untouched(model, loss, data):
        twin, own, stepper, held = copy.deepcopy((model, loss, wanted, parts))
        twin.train()
        for part in held:
            part.eval()
        before = _Before(twin, own, targets)
        loader = as_loader(data, batch_size, True, np.random.default_rng(0))
        batches = _endless(copy.copy(loader) if isinstance(loader, DataLoader) else loader)
        step = Step(twin, own, stepper, compile=False, targets=targets, outputs=False)
        factor = (high / low) ** (1 / (steps - 1))
        base = [float(group["lr"]) for group in stepper.param_groups]
        ratios = [rate / base[0] if base[0] else 1.0 for rate in base]
        rates: list[float] = []
        losses: list[float] = []
        starts: list[float] = []
        changes: list[float] = []
        mean = 0.0
        for number in range(steps):
            rate = low * factor**number
            for group, ratio in zip(stepper.param_groups, ratios, strict=True):
                group["lr"] = rate * ratio
            batch = next(batches, None)
            if batch is None:
                break
            try:
                start, value = before(batch), step(batch).loss
            except FloatingPointError:
                break
            mean = smoothing * mean + (1 - smoothing) * (value - start)
            rates.append(rate)
            losses.append(value)
            starts.append(start)
            changes.append(mean / (1 - smoothing ** (number + 1)))
            least = min(changes)
            limit = (WORSE - 1) * max(abs(float(np.mean(starts)) + least), 1e-12)
            if number >= 10 and changes[-1] - least > limit:
                break
    level = float(np.mean(starts)) if starts else 0.0
    return _curve(rates, losses, [level + change for change in changes])


class _Before:
    """The loss of batches by a copy of a model that is not trained.

    Its dropout draws what that of the copy which is trained draws.
    """

    def __init__(self, model: Module, loss: Any, targets: Targets) -> None:
        self._model, self._loss = copy.deepcopy((model, loss))
        self._targets = targets
        self._kind = float_type(model)

    def __call__(self, batch: Any) -> float:
        inputs, wanted, _ = taken_apart(batch, self._targets, self._kind)
        with no_grad():
            total, _ = as_total(self._loss(called(self._model, inputs), wanted))
        return float(total.item())


def _endless(loader: Any) -> Iterator[Any]:
    for _ in itertools.count():
        some = False
        for batch in loader:
            some = True
            yield batch
        if not some:
            return


def _curve(rates: list[float], losses: list[float], smoothed: list[float]) -> LRCurve:
    if len(rates) < 5:
        raise ValueError(
            f"only {len(rates)} steps gave a finite loss; see what nn.check finds, and give a "
            "smaller low"
        )
    least = int(np.argmin(smoothed))
    slopes = np.gradient(smoothed, np.log(rates))
    # Beyond the least loss there is no slope down that matters.
    steepest = int(np.argmin(slopes[: least + 1])) if least else 0
    if not least or slopes[steepest] >= 0 or smoothed[least] >= smoothed[0]:
        raise ValueError(
            f"no rate from {rates[0]:.2g} to {rates[-1]:.2g} lowers the loss; see what nn.check "
            "finds, or give another low and high"
        )
    return LRCurve(
        tuple(rates),
        tuple(losses),
        tuple(smoothed),
        rates[steepest],
        rates[least],
        math.sqrt(rates[steepest] * rates[least] / 10),
    )
