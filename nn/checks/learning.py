"""Checks by training a copy for a moment."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

import autodiff as ad
from nn.checks.finding import Finding, fine, warning, wrong
from nn.checks.losses import best_constant
from nn.checks.sampling import rows
from nn.checks.trial import Trial
from nn.inspect import without_chance
from nn.optim import Adam

__all__ = ["overfit"]

SECONDS = 1.0
STEPS = 100
SAMPLES = 16


def overfit(trial: Trial) -> Finding | None:
    """A few samples learned by heart by a copy, and what it makes of blank inputs."""
    inputs, targets = trial.inputs, trial.targets
    if trial.plain:
        inputs, targets = rows((inputs, targets), slice(0, SAMPLES))
    constant = best_constant(trial, SAMPLES)
    best, start, blank, steps = math.inf, math.nan, math.nan, 0
    for rate in (1e-2, 1e-3):
        model, loss = trial.twin()
        model = without_chance(model)
        held = [p for p in model.parameters() if p.requires_grad]
        if not held:
            return None
        optimizer = Adam(held, lr=rate)
        end = time.perf_counter() + SECONDS / 2
        values: list[float] = []
        while len(values) < STEPS and time.perf_counter() < end:
            optimizer.zero_grad()
            value = trial.loss_of(model, loss, inputs, targets)
            values.append(float(value.item()))
            known = constant is None or values[-1] < 0.5 * constant
            if not math.isfinite(values[-1]) or (known and 0 <= values[-1] < 0.3 * values[0]):
                break
            value.backward()
            optimizer.step()
        start = values[0]
        if math.isfinite(values[-1]) and min(values) < best:
            best, steps = min(values), len(values)
            blank = _blank(trial, model, loss, inputs, targets)
        if best < start - 0.5 * abs(start):
            break
    numbers = {"start": start, "end": best, "blank": blank, "steps": steps}
    if constant is not None:
        numbers["best constant"] = constant
    n = min(trial.size, SAMPLES) if trial.plain else trial.size
    measured = (
        f"in {steps} steps of Adam the loss of {n} samples went from {start:.4g} to {best:.4g}"
    )
    if math.isfinite(blank):
        measured += f"; with blank inputs it is {blank:.4g}"
    expected = "a model that can learn knows a few samples by heart soon"
    if (steps < 20 and best < start) or start == 0:
        return fine(measured, expected, **numbers)
    if not math.isfinite(best) or best > start - 0.02 * abs(start) - 1e-7:
        trained = constant is not None and start < 0.5 * constant
        if trained:
            return fine(f"{measured}: it knows them already", expected, **numbers)
        return wrong(
            measured,
            expected,
            "nothing is learned, so look at the loss, at the gradients, and at what is frozen",
            **numbers,
        )
    if constant is not None and best > 0.95 * constant and constant > 0.05 * start and n >= 8:
        return warning(
            f"{measured}, and the best constant's is {constant:.4g}",
            expected,
            "see that the inputs reach the outputs, and that the model is large enough",
            **numbers,
        )
    return fine(measured, expected, **numbers)


def _blank(trial: Trial, model: Any, loss: Any, inputs: Any, targets: Any) -> float:
    if not trial.plain:
        return math.nan
    leaves, structure = ad.tree.flatten(inputs)
    if not all(np.asarray(leaf).dtype.kind == "f" for leaf in leaves):
        return math.nan
    zeros = ad.tree.unflatten(structure, [np.zeros_like(np.asarray(leaf)) for leaf in leaves])
    with ad.no_grad():
        return float(trial.loss_of(model, loss, zeros, targets).item())
