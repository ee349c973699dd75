"""Checks of the optimizer, and of a training step of the user's own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.extending import raw
from nn.checks.behaviour import MODAL
from nn.checks.finding import Finding, fine, warning, wrong
from nn.checks.trial import Trial
from nn.names.listing import few
from nn.training.generators import found_generators, generator_states, restore_generators

__all__ = ["holds", "own_step", "rate", "settings"]

STEPS = 10
STILL = 1e-5
"""A loss that falls by less than this part in ten steps stands still."""


def _groups(optimizer: Any) -> list[Any]:
    return list(getattr(optimizer, "param_groups", None) or [])


def holds(trial: Trial) -> Finding | None:
    """Whether the optimizer holds the model's parameters."""
    groups = _groups(trial.optimizer)
    if not groups:
        return None
    held = {id(p) for g in groups for p in g["params"]}
    named = list(trial.model.named_parameters())
    known = [name for name, p in named if id(p) in held]
    missing = [name for name, p in named if p.requires_grad and id(p) not in held]
    extra = getattr(trial.loss, "parameters", lambda: ())()
    strangers = len(held - {id(p) for _, p in named} - {id(p) for p in extra})
    expected = "it holds all parameters of this model that are not frozen, and no others"
    numbers = {"held": len(known), "missing": len(missing), "strangers": strangers}
    if not known:
        return wrong(
            f"the optimizer holds none of the model's {len(named)} parameters: it is that of "
            "another model",
            expected,
            "build it after the model: nn.optim.Adam(model.parameters())",
            **numbers,
        )
    if missing:
        said = few(missing)
        return wrong(
            f"the optimizer does not hold {said}",
            expected,
            "give it model.parameters() when all layers are there, or freeze those with "
            "requires_grad_(False)",
            **numbers,
        )
    if strangers:
        return warning(
            f"the optimizer holds {strangers} parameters that are not the model's",
            expected,
            "build it anew from model.parameters()",
            **numbers,
        )
    return fine(f"it holds {len(known)} parameters of {len(named)}", expected, **numbers)


def settings(trial: Trial) -> Finding | None:
    """Weight decay, direction, rates of 0, and the order of β₁ and β₂, as they are set."""
    groups = _groups(trial.optimizer)
    if not groups:
        return None
    if any(g.get("maximize") for g in groups):
        return wrong(
            "the optimizer maximises the loss", "maximize=False", "leave out maximize=True"
        )
    still = [i for i, g in enumerate(groups) if not callable(g["lr"]) and g["lr"] == 0]
    if still:
        return warning(
            f"of {len(groups)} groups of parameters {', '.join(map(str, still))} has lr 0, so it "
            "does not learn",
            "learning rates above 0",
            "give the group a learning rate, or freeze its parameters",
            still=len(still),
        )
    pairs: list[Any] = [g.get("betas") or () for g in groups]
    for betas in pairs:
        if len(betas) == 2 and betas[0] > betas[1]:
            return warning(
                f"betas are {betas[0]:g} and {betas[1]:g}: the mean of gradients is kept for "
                "longer than that of their squares",
                "the second nearer to 1 than the first",
                "exchange them, if they are in the wrong order: betas=(0.9, 0.999)",
                first=float(betas[0]),
                second=float(betas[1]),
            )
    largest = max(float(g.get("weight_decay", 0) or 0) for g in groups)
    expected = "a weight decay of at most about 0.1"
    if largest > 0.3:
        return warning(
            f"the weight decay is {largest:g}, which holds weights near 0",
            expected,
            "try 1e-4 for SGD and Adam, 1e-2 for AdamW",
            decay=largest,
        )
    return fine(f"the weight decay is {largest:g}", expected, decay=largest)


def rate(trial: Trial) -> Finding | None:
    """What ten steps of the optimizer do to the loss of one batch."""
    model, loss, optimizer = trial.stepping()
    held = {id(p) for g in _groups(optimizer) for p in g["params"]}
    own = [p for p in model.parameters() if id(p) in held and p.requires_grad]
    if not own or any(g.get("maximize") for g in _groups(optimizer)):
        return None
    model.eval()
    before = [np.array(p.numpy()) for p in own]
    values: list[float] = []
    for step in range(STEPS + 1):
        optimizer.zero_grad()
        value = trial.loss_of(model, loss)
        values.append(float(value.item()))
        if not math.isfinite(values[-1]) or step == STEPS:
            break
        value.backward()
        optimizer.step()
    first, last, worst = values[0], values[-1], max(values)
    size = math.sqrt(sum(float(np.sum(a.astype(np.float64) ** 2)) for a in before))
    moved = math.sqrt(
        sum(
            float(np.sum((p.numpy().astype(np.float64) - a) ** 2))
            for p, a in zip(own, before, strict=True)
        )
    )
    numbers = {"before": first, "after": last, "moved": moved / size if size else math.nan}
    rates = ", ".join(sorted({_said(g["lr"]) for g in _groups(trial.optimizer)}))
    measured = (
        f"with lr {rates}, ten steps bring the loss of a batch from {first:.4g} to {last:.4g} and "
        f"the weights {numbers['moved']:.2g} of their size away"
    )
    expected = "the loss of one batch falls in ten steps, by more than a hundred thousandth"
    bound = 3 * max(abs(first), 1e-3)
    if not math.isfinite(last) or last > bound or worst > 10 * bound:
        return wrong(
            f"the learning rate is too large: {measured}",
            expected,
            "divide it by ten, and again; nn.lr_find proposes one",
            **numbers,
        )
    if abs(first - last) <= STILL * abs(first) and first:
        return warning(
            f"the learning rate is too small: {measured}",
            expected,
            "multiply it by ten, and again; nn.lr_find proposes one",
            **numbers,
        )
    return fine(measured, expected, **numbers)


def _said(lr: Any) -> str:
    return "by a function" if callable(lr) else f"{float(lr):g}"


def own_step(trial: Trial) -> Finding | None:
    """A step of the user's own, done twice from the same beginning."""
    if trial.step is None:
        return None
    params = [p for p in trial.model.parameters() if p.requires_grad]
    before = [np.array(p.numpy()) for p in params]
    for p in params:
        p.grad = None
    expected = "gradients are those of one batch, and the parameters change"
    gradients = []
    changed = False
    generators = found_generators(step=trial.step, model=trial.model, loss=trial.loss)
    states = generator_states(generators)
    for _ in range(2):
        restore_generators(generators, states)
        trial.step(trial.inputs, trial.targets)
        gradients.append([None if p.grad is None else np.array(p.grad) for p in params])
        changed |= any((p.numpy() != a).any() for p, a in zip(params, before, strict=True))
        for p, a in zip(params, before, strict=True):
            # Into the same array, which may be shared.
            np.copyto(raw(p), a)
            p.data = raw(p)
    if not changed:
        return wrong(
            "after the step all parameters are as before",
            expected,
            "call loss.backward() and then optimizer.step(), of an optimizer of this model",
        )
    modal = any(isinstance(m, MODAL) for m in trial.model.modules())
    if modal and not trial.model.training:
        return wrong(
            "the model is in evaluation mode, and the step does not change that",
            "training mode, so that dropout and batch normalisation are at work",
            "call model.train() before the loop",
        )
    once, twice = gradients
    pairs = [(a, b) for a, b in zip(once, twice, strict=True) if a is not None and b is not None]
    size = math.sqrt(sum(float(np.sum(a.astype(np.float64) ** 2)) for a, _ in pairs))
    if not size:
        return fine("the step changes the parameters, and clears gradients at its end", expected)
    along = sum(float(np.sum(a.astype(np.float64) * b)) for a, b in pairs) / size**2
    if along > 1.7:
        return wrong(
            f"of the same batch the second step's gradient is {along:.2f} times the first's: they "
            "add up",
            expected,
            "call optimizer.zero_grad() before backward()",
            growth=along,
        )
    return fine(f"the second gradient is {along:.2f} times the first", expected, growth=along)
