"""What a training step does, as the functions that are compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autodiff.extending import require_finite
from nn.module.base import Module
from nn.optim import Optimizer
from nn.training.batches import called
from nn.training.recorded import Gate

__all__ = ["as_total", "gradients", "update", "whole"]


def as_total(value: Any) -> tuple[Any, dict[str, Any]]:
    """What is minimised, and its parts: of a dict its entry "loss", or else the sum of all."""
    if not isinstance(value, Mapping):
        return value, {}
    if not value:
        raise ValueError("the loss gave a dict without entries; give parts by name")
    total = value["loss"] if "loss" in value else sum(value.values())
    return total, {name: part for name, part in value.items() if name != "loss"}


def gradients(
    model: Module,
    loss: Callable[[Any, Any], Any],
    optimizer: Optimizer,
    keep: bool,
    gate: Gate,
    inputs: Any,
    targets: Any,
    scale: Any = None,
    fresh: bool = True,
) -> Any:
    """Forward and backward: the loss, its parts if it has some, and the outputs if wanted."""
    gate.enter()
    if fresh:
        optimizer.zero_grad()
    outputs = called(model, inputs)
    total, parts = as_total(loss(outputs, targets))
    (total if scale is None else total * scale).backward()
    # What is not nested is handed out sooner.
    return (total, parts, outputs) if keep else (total, parts) if parts else total


def update(optimizer: Optimizer, gate: Gate) -> None:
    """The optimizer's step."""
    gate.enter()
    optimizer.step()


def whole(
    model: Module,
    loss: Any,
    optimizer: Optimizer,
    keep: bool,
    gate: Gate,
    inputs: Any,
    targets: Any,
) -> Any:
    """Forward, backward and, if the loss is finite, update."""
    found = gradients(model, loss, optimizer, keep, gate, inputs, targets)
    require_finite(found[0] if isinstance(found, tuple) else found)
    optimizer.step()
    return found
