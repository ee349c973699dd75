"""Checks of what the loss is given: outputs of the right kind, and of the targets' shape."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from nn.checks.finding import Finding, fine, wrong
from nn.checks.trial import Trial, shake
from nn.training.step_parts import as_total

__all__ = ["broadcasting", "fits", "reach"]

Array = np.ndarray[Any, Any]


def fits(trial: Trial) -> Finding | None:
    """Whether the outputs are what the loss takes: logits, probabilities or their logarithms."""
    known, out = trial.known, trial.outputs
    if known is None or out is None or not np.isfinite(out).all():
        return None
    if known.sign < 0:
        return wrong(
            f"the loss is minus the {known.kind}: training makes it worse",
            "a loss that falls as predictions get better",
            "leave the minus sign out",
        )
    if known.before:
        what = "log-probabilities" if known.kind == "NLL" else "logits"
        return wrong(
            f"the loss applies {known.before} before the {known.kind}",
            f"{known.kind} is given {what} over axis 1",
            "leave it out: the loss has it inside"
            if known.kind != "NLL"
            else "take log_softmax(axis=1), or cross entropy of the logits",
        )
    if trial.of_classes and out.ndim >= 2:
        return _fits_classes(known.kind, out)
    if known.kind == "BCE":
        low, high = float(out.min()), float(out.max())
        if low < 0 or high > 1:
            return wrong(
                f"BCE is given outputs from {low:.3g} to {high:.3g}",
                "probabilities between 0 and 1",
                "take nn.BCEWithLogitsLoss, or end the model with nn.Sigmoid",
            )
        return fine(f"BCE is given outputs from {low:.3g} to {high:.3g}", "probabilities")
    return None


def _fits_classes(kind: str, out: Array) -> Finding:
    values = np.exp(out) if kind == "NLL" else out
    positive = bool((values >= 0).all())
    over_1 = positive and np.allclose(values.sum(axis=1), 1, atol=1e-3)
    over_0 = positive and len(out) > 1 and np.allclose(values.sum(axis=0), 1, atol=1e-3)
    last = out.ndim > 2 and positive and np.allclose(values.sum(axis=-1), 1, atol=1e-3)
    if kind == "NLL":
        expected = "log-probabilities, whose exponentials add up to 1 over axis 1"
        if over_1:
            return fine("the outputs are log-probabilities over axis 1", expected)
        if over_0:
            return wrong(
                "log_softmax is taken over the wrong axis: exponentials of outputs add up to 1 "
                "over axis 0, the samples",
                expected,
                "take log_softmax over axis 1",
            )
        return wrong(
            f"NLL is given outputs whose exponentials add up to {values.sum(axis=1).mean():.3g}",
            expected,
            "end the model with nn.LogSoftmax(1), or take nn.CrossEntropyLoss on logits",
        )
    expected = "logits: cross entropy has its softmax inside"
    if over_1:
        return wrong(
            "cross entropy is given softmax's results: outputs are positive and add up to 1",
            expected,
            "leave the softmax out of the model",
        )
    if over_0 or last:
        axis = "0, the samples" if over_0 else "-1"
        return wrong(
            f"softmax is taken over the wrong axis, and before cross entropy: outputs add up to 1 "
            f"over axis {axis}",
            expected,
            "leave the softmax out of the model",
        )
    return fine(f"the outputs are logits from {out.min():.3g} to {out.max():.3g}", expected)


def reach(trial: Trial) -> Finding | None:
    """Whether the outputs can become what the targets are."""
    if trial.known is None or trial.outputs is None or trial.failed == "model":
        return None
    y, kind = trial.data.targets, trial.known.kind
    if kind == "NLL" or kind == "BCE" or trial.known.before or trial.outputs.ndim == 0:
        return None
    if trial.of_classes and trial.outputs.ndim >= 2 and _are_shares(trial.outputs):
        # It is a softmax, of which the loss is asked elsewhere.
        return None
    name, low, high = _bounds(trial)
    expected = "outputs that reach every target; a loss of logits takes any number"
    if not name:
        return fine("the outputs have no bounds", expected)
    measured = f"the outputs end in {name}, between {low:g} and {high:g}"
    if kind in ("cross entropy", "BCE with logits"):
        extra = (
            "which the loss has inside" if name == "sigmoid" else "and the loss takes any number"
        )
        return wrong(
            f"{measured}, {extra}", expected, f"leave the {name} at the end of the model out"
        )
    if trial.of_numbers and isinstance(y, np.ndarray):
        beyond = float(((y < low) | (y > high)).mean())
        if beyond > 0.01:
            return wrong(
                f"{measured}, and {beyond:.0%} of the targets are beyond",
                expected,
                f"leave the {name} at the end out, or bring the targets between the bounds",
                beyond=beyond,
            )
    return fine(measured, expected)


def _are_shares(out: Array) -> bool:
    """Whether outputs are positive and add up to 1 along an axis."""
    sums = [out.sum(axis=axis) for axis in range(out.ndim)]
    return bool((out >= 0).all()) and any(np.allclose(total, 1, atol=1e-3) for total in sums)


_TAILS = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, math.inf),
    "softplus": (0.0, math.inf),
    "relu6": (0.0, 6.0),
    "hardtanh": (-1.0, 1.0),
    "hardsigmoid": (0.0, 1.0),
    "softsign": (-1.0, 1.0),
}
_SHAPING = ("reshape", "squeeze", "getitem", "transpose")


def _bounds(trial: Trial) -> tuple[str, float, float]:
    """What the outputs end in that has bounds."""
    node = trial.tail
    while node is not None:
        name = str(getattr(node.op, "name", ""))
        if name in _TAILS:
            return name, *_TAILS[name]
        if name not in _SHAPING or not node.parents:
            break
        node = node.parents[0]
    return _bounds_by_values(trial)


def _bounds_by_values(trial: Trial) -> tuple[str, float, float]:
    """Between which bounds outputs stay when weights are large, as by a formula of one's own."""
    low, high = math.inf, -math.inf
    for seed in (1, 2):
        model, _ = trial.twin()
        shake(model.eval(), seed)
        for p in model.parameters():
            p.data = 30 * p.data
        outputs = trial.given(model, trial.inputs)
        if outputs is None or not np.isfinite(outputs).all():
            return "", -math.inf, math.inf
        low, high = min(low, float(outputs.min())), max(high, float(outputs.max()))
    for name in ("sigmoid", "tanh"):
        least, most = _TAILS[name]
        if least <= low < least + 0.05 and most - 0.05 < high <= most:
            return name, least, most
    return "", -math.inf, math.inf


def broadcasting(trial: Trial) -> Finding | None:
    """Whether the loss compares a prediction with the targets of other samples."""
    y, out = trial.targets, trial.outputs
    if out is None or trial.failed or not isinstance(y, np.ndarray) or trial.size < 3:
        return None
    if out.shape == y.shape or not trial.single or trial.of_classes:
        return None
    if y.dtype.kind != "f" and trial.known is None:
        # Labels cannot be changed without knowing which there are.
        return None
    expected = "predictions and targets of one shape"
    said = f"outputs have shape {out.shape}, targets {y.shape}"
    rolled = np.concatenate([y[:1], np.roll(y[1:], 1, axis=0)])
    if np.array_equal(rolled, y):
        return None
    gradients = []
    for targets in (y, rolled):
        _, loss = trial.twin()
        node = ad.tensor(out.copy(), requires_grad=True)
        value = as_total(loss(node, targets))[0]
        if not value.requires_grad:
            return None
        value.backward()
        gradients.append(np.asarray(node.grad)[0])
    # The mean over a row of targets stays when they change places; a changed one tells.
    changed = y.copy()
    changed[1:] = 1 - changed[1:] if y.dtype.kind in "fiu" else ~changed[1:]
    _, loss = trial.twin()
    node = ad.tensor(out.copy(), requires_grad=True)
    as_total(loss(node, changed))[0].backward()
    gradients.append(np.asarray(node.grad)[0])
    scale = max(float(np.abs(g).max()) for g in gradients)
    off = max(float(np.abs(g - gradients[0]).max()) for g in gradients)
    if off <= 1e-5 * scale:
        return fine(f"{said}, and the loss brings them together", expected)
    return wrong(
        f"{said}: every prediction is compared with the targets of all samples",
        expected,
        f"reshape one of them, for example targets.reshape({', '.join(map(str, out.shape))})",
        off=off,
    )
