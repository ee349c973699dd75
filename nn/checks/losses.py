"""Checks of the loss: whether it runs, its value at the start, and its size."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from nn.checks.finding import Finding, fine, warning, wrong
from nn.checks.sampling import rows
from nn.checks.trial import Trial
from nn.training.batches import called
from nn.training.step_parts import as_total

__all__ = ["asks_targets", "at_start", "best_constant", "runs", "summed"]

Array = np.ndarray[Any, Any]


def runs(trial: Trial) -> Finding | None:
    """Whether model and loss give one number with a gradient."""
    expected = "model and loss give one finite number that has a gradient"
    if trial.failed:
        part = "the model" if trial.failed == "model" else "the loss"
        shapes = f" of shape {np.shape(trial.inputs)}" if trial.plain else ""
        return wrong(
            f"{part} raised for a batch{shapes}: {type(trial.error).__name__}: {trial.error}",
            expected,
            "mend what the error says; then check again",
        )
    model, loss = trial.twin()
    trial.train(model)
    value = as_total(loss(called(model, trial.inputs), trial.targets))[0]
    if not isinstance(value, ad.Tensor) or not value.requires_grad:
        frozen = not any(p.requires_grad for p in model.parameters())
        why = "all parameters are frozen" if frozen else "it does not hang together with them"
        return wrong(
            f"the loss is a number without a gradient for any parameter: {why}",
            expected,
            "release parameters with requires_grad_(True)"
            if frozen
            else "compute it with functions of nn or autodiff, without numpy(), item(), detach() "
            "or argmax() on the way",
        )
    if value.size != 1:
        return wrong(
            f"the loss has shape {value.shape}", expected, "take the mean, or reduction='mean'"
        )
    if trial.size and trial.outputs is not None and trial.outputs.ndim:
        n = trial.outputs.shape[0]
        if trial.known is not None and n != trial.size:
            return wrong(
                f"of {trial.size} samples the model makes {n} rows of outputs",
                "a row of outputs for every sample",
                "look for flatten or reshape over axis 0 in forward()",
            )
    return fine(f"the loss of {trial.size} samples is {value.item():.4g}", expected)


def _constant_loss(trial: Trial, constant: Array, out: Array, y: Any) -> float:
    _, loss = trial.twin()
    filled = np.broadcast_to(constant, out.shape).astype(out.dtype)
    with ad.no_grad():
        return float(as_total(loss(ad.tensor(filled.copy()), y))[0].item())


def best_constant(trial: Trial, count: int | None = None) -> float | None:
    """The loss of the best outputs that do not depend on the inputs, over some samples."""
    y, out = trial.targets, trial.outputs
    if count is not None and out is not None and trial.plain:
        y, out = rows((y, out), slice(0, count))
    if trial.known is None or trial.failed or out is None or trial.known.before:
        return None
    found: list[Any] = []
    if trial.of_classes and y.dtype.kind in "iu":
        ok = y[(y >= 0) & (y < out.shape[1])]
        shares = np.bincount(ok.reshape(-1), minlength=out.shape[1]) + 1e-3
        logs = np.log(shares / shares.sum())
        found = [logs.reshape(1, -1, *(1,) * (out.ndim - 2))]
    elif trial.of_numbers and y.size == out.size:
        y = y.reshape(out.shape).astype(np.float64)
        found = [y.mean(axis=0), np.median(y, axis=0)]
    elif trial.of_answers and y.size == out.size:
        share = np.clip(y.reshape(out.shape).mean(axis=0), 1e-3, 1 - 1e-3)
        found = [share if trial.known.kind == "BCE" else np.log(share / (1 - share))]
    values = [_constant_loss(trial, c, out, y) for c in found]
    return min(values) if values else None


def at_start(trial: Trial) -> Finding | None:
    """The loss before training: of K classes log K; of numbers that of the best constant."""
    if trial.known is None or trial.value is None or not math.isfinite(trial.value):
        return None
    if trial.outputs is None or trial.known.sign < 0 or trial.known.before:
        return None
    constant = best_constant(trial)
    numbers = {"loss": trial.value}
    if constant is not None:
        numbers["best constant"] = constant
    many = trial.targets.size if trial.known.summed else 1
    if trial.of_classes or trial.of_answers:
        k = trial.outputs.shape[1] if trial.of_classes else 2
        chance = math.log(k)
        numbers["log K"] = chance
        expected = f"about log {k} = {chance:.3f}, or less if the model is trained already"
        found = trial.value / many
        measured = f"the loss at the start is {found:.3f}"
        if found < 0:
            return wrong(
                f"{measured}: below zero",
                expected,
                "the outputs are not what the loss takes: log-probabilities for NLL, else logits",
                **numbers,
            )
        if found > 2.5 * chance + 0.5:
            return warning(
                f"{measured}: the model is sure of wrong answers",
                expected,
                "begin with smaller weights in the last layer, and normalise the inputs",
                **numbers,
            )
        return fine(f"{measured}; log {k} is {chance:.3f}", expected, **numbers)
    if constant is None:
        return None
    expected = "not far above the loss of the best constant"
    measured = f"the loss at the start is {trial.value:.4g}, of the best constant {constant:.4g}"
    if trial.value > 20 * constant and trial.value > 1e-3:
        return warning(
            measured,
            expected,
            "normalise the targets (and the inputs), so that a new model is near",
            **numbers,
        )
    return fine(measured, expected, **numbers)


def summed(trial: Trial) -> Finding | None:
    """Whether the loss is a mean over samples or grows with their number."""
    y, out = trial.targets, trial.outputs
    if trial.failed or out is None or not trial.value or not trial.plain or trial.known is None:
        return None
    _, loss = trial.twin()
    if out.ndim == 0 or len(out) != trial.size:
        return None
    twice = rows((out, y), np.r_[0 : trial.size, 0 : trial.size])
    with ad.no_grad():
        value = float(as_total(loss(ad.tensor(twice[0]), twice[1]))[0].item())
        one = float(as_total(loss(ad.tensor(out), y))[0].item())
    if not math.isfinite(value) or not one:
        return None
    growth = value / one
    expected = "a mean over samples, whose gradient does not depend on the batch size"
    measured = f"of a batch twice as large the loss is {growth:.3g} times as large"
    if abs(growth - 2) > 0.1:
        return fine(measured, expected, growth=growth)
    return warning(
        measured,
        expected,
        "take reduction='mean', or divide the learning rate by the number of samples in a batch",
        growth=growth,
    )


def asks_targets(trial: Trial) -> Finding | None:
    """Whether the loss, or its gradient, is another with the targets of other samples."""
    if not trial.plain or trial.known is not None or trial.size < 2:
        return None
    others = rows(trial.targets, np.roll(np.arange(trial.size), 1))
    pairs = zip(ad.tree.leaves(trial.targets), ad.tree.leaves(others), strict=True)
    if all(np.array_equal(one, other) for one, other in pairs):
        return None
    found = []
    for targets in (trial.targets, others):
        model, loss = trial.twin()
        model.eval()
        value = trial.loss_of(model, loss, targets=targets)
        value.backward()
        grads = [p.grad for p in model.parameters() if p.grad is not None]
        found.append([np.asarray(value.numpy()), *grads])
    expected = "a loss that depends on the targets"
    if all(np.array_equal(one, other) for one, other in zip(*found, strict=True)):
        return warning(
            "with the targets of other samples the loss and its gradient are the same to the bit: "
            "it does not use them",
            expected,
            "use the second argument in the loss; if it is meant to learn from inputs alone, give "
            "them as targets, too",
        )
    return fine("with the targets of other samples the loss or its gradient is another", expected)
