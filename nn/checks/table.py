"""All checks by name, in the order in which they are done and reported."""

from __future__ import annotations

from collections.abc import Callable

from nn.checks import (
    behaviour,
    gradients,
    independence,
    inputs,
    learning,
    losses,
    optimizers,
    outputs,
)
from nn.checks import targets as of_targets
from nn.checks.finding import Finding
from nn.checks.trial import Trial

__all__ = ["CHECKS", "RUNS", "Check"]

Check = Callable[[Trial], Finding | None]

RUNS = "model and loss run"

CHECKS: dict[str, tuple[bool, Check]] = {
    "finite data": (False, inputs.finite_data),
    "walks through the data": (False, inputs.once),
    "constant inputs": (False, inputs.columns),
    "duplicated inputs": (False, inputs.duplicates),
    "scale of inputs": (True, inputs.scale),
    "kind of targets": (False, of_targets.kind_of_targets),
    "label range": (False, of_targets.label_range),
    "class balance": (False, of_targets.balance),
    "scale of targets": (False, of_targets.target_scale),
    "targets depend on inputs": (False, independence.dependence),
    "shapes of predictions and targets": (True, outputs.broadcasting),
    "what the loss is given": (False, outputs.fits),
    "reach of the outputs": (False, outputs.reach),
    RUNS: (False, losses.runs),
    "loss at the start": (True, losses.at_start),
    "targets matter": (True, losses.asks_targets),
    "mean or sum": (True, losses.summed),
    "frozen parameters": (False, gradients.frozen),
    "unused layers": (True, gradients.unused),
    "gradients reach parameters": (True, gradients.reached),
    "finite loss and gradients": (True, gradients.finite),
    "gradients from layer to layer": (True, gradients.flow),
    "dead units": (True, gradients.dead),
    "saturated units": (True, gradients.saturated),
    "symmetric units": (True, gradients.symmetry),
    "samples stay apart": (True, behaviour.apart),
    "inputs matter": (True, behaviour.blank),
    "columns matter": (True, inputs.ignored),
    "not only linear": (True, behaviour.affine),
    "evaluation repeats": (True, behaviour.repeats),
    "chance repeats": (True, behaviour.chance),
    "modes": (True, behaviour.modes),
    "dropout": (True, behaviour.drops),
    "a batch is overfitted": (True, learning.overfit),
    "the optimizer's parameters": (False, optimizers.holds),
    "settings of the optimizer": (False, optimizers.settings),
    "learning rate": (True, optimizers.rate),
    "the training step": (True, optimizers.own_step),
}
"""Whether model and loss have to run for it, and the function."""
