"""Checks of gradients and of what passes through the layers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from nn.checks.finding import Finding, fine, warning, wrong
from nn.checks.trial import Trial, shake
from nn.inspect import measure, without_chance
from nn.module.base import Module
from nn.names.listing import few
from nn.training.batches import called
from nn.training.step_parts import as_total

__all__ = ["dead", "finite", "flow", "frozen", "reached", "saturated", "symmetry", "unused"]

DEAD = 0.8
"""Share of a layer's units that pass nothing on, from which there is a warning."""
SATURATED = 0.5
FAR = 1e-5
"""Ratio of gradients of layers below which they vanish."""
HUGE = 1e4


def _backward(trial: Trial, seed: int | None = None) -> Module:
    """A copy after one backward pass, in training mode without dropout.

    Args:
        trial: the model on trial.
        seed: if there is one, its parameters are moved by chance before.
    """
    model, loss = trial.twin()
    model = without_chance(model)
    if seed is not None:
        shake(model, seed)
    for p in model.parameters():
        p.grad = None
    as_total(loss(called(model, trial.inputs), trial.targets))[0].backward()
    return model


def frozen(trial: Trial) -> Finding | None:
    """How many parameters are trained at all."""
    named = list(trial.model.named_parameters())
    held = [name for name, p in named if not p.requires_grad]
    expected = "some parameters are trained"
    numbers = {"frozen": len(held), "parameters": len(named)}
    if not named:
        return wrong(
            f"{type(trial.model).__name__} has no parameters",
            expected,
            "assign layers and nn.Parameter to attributes of the module, in its __init__",
            **numbers,
        )
    if len(held) == len(named):
        return wrong(
            f"all {len(named)} parameters are frozen",
            expected,
            "release those that are to learn: model.requires_grad_(True)",
            **numbers,
        )
    return fine(f"{len(held)} of {len(named)} parameters are frozen", expected, **numbers)


def unused(trial: Trial) -> Finding | None:
    """Layers with parameters that no forward pass uses."""
    model, loss = trial.twin()
    met: set[int] = set()
    parts = [
        (name, part)
        for name, part in model.named_modules()
        if any(vars(part).get(k) is p for k, p in part.named_parameters() if "." not in k)
    ]
    for _, part in parts:
        part.register_forward_pre_hook(lambda module, args: met.add(id(module)))
    for p in model.parameters():
        p.grad = None
    value = as_total(loss(called(model, trial.inputs), trial.targets))[0]
    if isinstance(value, ad.Tensor) and value.requires_grad:
        value.backward()
    without = [
        name
        for name, part in parts
        if id(part) not in met
        and all(p.grad is None for p in part.parameters())
        and any(p.requires_grad for p in part.parameters())
    ]
    expected = "forward() uses every layer"
    if not without:
        return fine(f"all {len(parts)} layers with parameters are used", expected)
    return wrong(
        f"no forward pass uses {few(without)}",
        expected,
        "call them in forward(), or take them out of the model",
        unused=len(without),
    )


def reached(trial: Trial) -> Finding | None:
    """Parameters that no gradient reaches."""
    model = _backward(trial)
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    missing = [name for name, p in named if p.grad is None]
    nothing = [name for name, p in named if p.grad is not None and not np.any(np.asarray(p.grad))]
    expected = "the loss's gradient reaches every parameter that is not frozen"
    numbers = {"without": len(missing), "all zero": len(nothing), "parameters": len(named)}
    if missing:
        return wrong(
            f"no gradient reaches {few(missing)}",
            expected,
            "see that forward() uses them, and no numpy(), detach(), item() or new tensor cuts "
            "the way; freeze what is not to learn with requires_grad_(False)",
            **numbers,
        )
    if named and len(nothing) == len(named):
        return wrong(
            "the gradient of every parameter is exactly 0",
            expected,
            "look for dead layers, for weights of 0, and for rounding or comparing in forward()",
            **numbers,
        )
    if nothing:
        # Behind weights of 0 gradients are 0 for once; what stays 0 is cut off.
        moved = dict(_backward(trial, 7).named_parameters())
        nothing = [n for n in nothing if not np.any(_gradient(moved[n]))]
    weights = [name for name, p in named if name in nothing and p.ndim >= 2]
    if weights:
        return wrong(
            f"the gradient of {few(weights)} is exactly 0, whatever the weights",
            expected,
            "look for round, sign, comparisons or integers in forward(), whose derivative is 0",
            **numbers,
        )
    return fine(
        f"gradients reach all {len(named)} parameters"
        + (f", those of {few(nothing)} are 0" if nothing else ""),
        expected,
        **numbers,
    )


def finite(trial: Trial) -> Finding | None:
    """NaN and infinity in outputs, loss and gradients."""
    model, loss = trial.twin()
    model = without_chance(model)
    first: list[str] = []
    for name, part in model.named_modules():
        if not list(part.children()):
            part.register_forward_hook(_noting(first, name or type(part).__name__))
    for p in model.parameters():
        p.grad = None
    value = as_total(loss(called(model, trial.inputs), trial.targets))[0]
    expected = "loss and gradients are finite"
    if first or not math.isfinite(value.item()):
        where = f", and first what the layer {first[0]} gives" if first else ""
        return wrong(
            f"the loss is {value.item()}{where}",
            expected,
            "look for log or division of 0, exp of large numbers and NaN in the data; "
            "ad.detect_anomaly() names the line",
        )
    value.backward()
    bad = [
        name
        for name, p in model.named_parameters()
        if p.grad is not None and not np.isfinite(np.asarray(p.grad)).all()
    ]
    if bad:
        return wrong(
            f"the loss is {value.item():.4g}, but gradients of {few(bad)} are not finite",
            expected,
            "look for a square root, norm or division at 0; add a small number inside",
        )
    norm = math.sqrt(
        sum(
            float(np.sum(np.square(np.asarray(p.grad, np.float64))))
            for p in model.parameters()
            if p.grad is not None
        )
    )
    if norm > HUGE * max(1.0, abs(value.item())):
        return warning(
            f"the gradient's norm is {norm:.3g}, of a loss of {value.item():.3g}",
            expected,
            "begin with smaller weights (nn.init.kaiming_normal_), normalise, or clip gradients",
            norm=norm,
        )
    return fine(f"the loss is {value.item():.4g}, the gradient's norm {norm:.3g}", expected)


def _gradient(p: Any) -> Any:
    return 0 if p.grad is None else np.asarray(p.grad)


def _noting(first: list[str], name: str) -> Any:
    def note(module: Any, args: Any, output: Any) -> None:
        found = [leaf for leaf in ad.tree.leaves(output) if isinstance(leaf, ad.Tensor)]
        if not first and any(not np.isfinite(leaf.numpy()).all() for leaf in found):
            first.append(name)

    return note


def flow(trial: Trial) -> Finding | None:
    """Gradients of the first layers against those of the last ones."""
    model = _backward(trial)
    sizes = []
    for name, p in model.named_parameters():
        if p.requires_grad and p.grad is not None and p.ndim >= 2:
            rms = float(np.sqrt(np.mean(np.square(np.asarray(p.grad, np.float64)))))
            sizes.append((name, rms))
    if len(sizes) < 3 or not all(math.isfinite(rms) and rms for _, rms in sizes):
        return None
    (first, a), (last, b) = sizes[0], sizes[-1]
    ratio = a / b
    expected = f"a ratio between {FAR:g} and {1 / FAR:g}"
    measured = f"the gradient of {first} is {ratio:.3g} times that of {last}"
    if ratio < FAR:
        return warning(
            f"gradients vanish: {measured}",
            expected,
            "take ReLU with nn.init.kaiming_normal_ in the place of sigmoids, or normalise",
            ratio=ratio,
        )
    if ratio > 1 / FAR:
        return warning(
            f"gradients explode: {measured}",
            expected,
            "begin with smaller weights (nn.init.xavier_normal_, kaiming_normal_), or normalise",
            ratio=ratio,
        )
    return fine(measured, expected, ratio=ratio)


def _layers(trial: Trial) -> Any:
    if not isinstance(trial.inputs, np.ndarray) or not list(trial.model.children()):
        return ()
    model, loss = trial.twin()
    try:
        return measure(
            model, lambda p, y: as_total(loss(p, y))[0], trial.inputs, trial.targets
        ).layers
    except ValueError:
        # None of the parts is called and gives a tensor.
        return ()


def dead(trial: Trial) -> Finding | None:
    """Units that pass no gradient on, whatever the sample."""
    return _judged(_layers(trial), "dead", DEAD, "begin with weights and biases nearer to 0, a "
                   "smaller learning rate, or nn.LeakyReLU")  # fmt: skip


def saturated(trial: Trial) -> Finding | None:
    """Outputs where an activation is flat."""
    return _judged(_layers(trial), "saturated", SATURATED, "normalise the inputs and begin with "
                   "smaller weights (nn.init.xavier_uniform_)")  # fmt: skip


def _judged(layers: Any, kind: str, limit: float, mend: str) -> Finding | None:
    shares = [(one.name, getattr(one, kind)) for one in layers if getattr(one, kind) is not None]
    if not shares:
        return None
    expected = f"less than {limit:.0%} of a layer is {kind}"
    numbers = dict(shares)
    bad = [f"{name} ({share:.0%})" for name, share in shares if share >= limit]
    if bad:
        return warning(f"{kind} are {few(bad)}", expected, mend, **numbers)
    name, share = max(shares, key=lambda pair: pair[1])
    return fine(f"at most {share:.0%}, in {name}, is {kind}", expected, **numbers)


def symmetry(trial: Trial) -> Finding | None:
    """Units that begin equal and are given equal gradients, so that they stay so."""
    model = _backward(trial)
    equal = []
    for name, p in model.named_parameters():
        if p.ndim < 2 or p.shape[0] < 2 or not p.requires_grad or p.grad is None:
            continue
        w, g = p.numpy().reshape(p.shape[0], -1), np.asarray(p.grad).reshape(p.shape[0], -1)
        spread, size = np.abs(g - g[:1]).max(), np.abs(g).max()
        if (w == w[:1]).all() and spread <= 1e-5 * size:
            equal.append(name)
    expected = "units differ, so that they learn different things"
    if not equal:
        return fine("in no layer all units begin equal and are given equal gradients", expected)
    return wrong(
        f"all units of {few(equal)} begin equal, and are given equal gradients",
        expected,
        "draw the weights: leave the layer's own beginning, or nn.init.kaiming_uniform_",
        layers=len(equal),
    )
