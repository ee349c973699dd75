"""How activations and gradients fare on their way through the layers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from autodiff import Tensor
from nn.jobs.digits.network import without_chance
from nn.layers import Sigmoid, Tanh
from nn.losses import CrossEntropyLoss
from nn.module.base import Module
from nn.module.containers import Sequential
from nn.report import Bins, Flow, Layer
from nn.report.text import number, percent

__all__ = ["measure"]

Array = np.ndarray[Any, Any]

BINS = 31
BOUNDED = {Tanh: (-1.0, 1.0), Sigmoid: (0.0, 1.0)}
FLAT = 0.05
"""A unit is saturated where its slope is below this share of the steepest."""
CLOSED = 0.01
"""A unit is dead if its slope is below this for every sample."""
SMALLEST, LARGEST = 1e-2, 1e2
"""Ratios of gradients between the first and the last layer that pass as healthy."""
TOO_MANY = 0.5
"""Share of dead units, or of saturated outputs, from which on a layer is alarming."""


def measure(title: str, network: Sequential, x: Array, y: Array) -> Flow:
    """Send one batch forward and its gradient back, and look at every layer.

    Args:
        title: the moment at which this is done.
        network: as `nn.jobs.digits.network.build` makes it; it stays as it is.
        x: a batch of inputs.
        y: their labels.
    """
    twin = without_chance(network)
    outputs: dict[str, Tensor] = {}
    notes: dict[str, tuple[str, ...]] = {}
    troubles: dict[str, str] = {}
    bounds: dict[str, tuple[float, float] | None] = {}
    h = Tensor(x)
    for name, block in twin.named_children():
        for part_name, part in block.named_children() if name != "output" else [("", block)]:
            before = h
            h = part(h)
            if part_name == "activation":
                notes[name], troubles[name] = _units(part, before.data)
                bounds[name] = BOUNDED.get(type(part))
        h.retain_grad()
        outputs[name] = h
    CrossEntropyLoss()(h, y).backward()
    layers = [
        _layer(name, node.data, np.asarray(node.grad), bounds.get(name), notes.get(name, ()))
        for name, node in outputs.items()
    ]
    return _judged(title, layers, troubles)


def _units(activation: Module, before: Array) -> tuple[tuple[str, ...], str]:
    """What is to be said of units that pass no gradient on, and the trouble if there is."""
    z = Tensor(before, requires_grad=True)
    activation(z).sum().backward()
    slope = np.abs(np.asarray(z.grad))
    dead = float(np.mean((slope < CLOSED).all(axis=0)))
    notes = [f"{percent(dead, 0)} of units dead"]
    trouble = "dead" if dead >= TOO_MANY else ""
    if type(activation) in BOUNDED:
        steepest = 1.0 if isinstance(activation, Tanh) else 0.25
        flat = float(np.mean(slope < FLAT * steepest))
        notes.append(f"{percent(flat, 0)} saturated")
        trouble = "saturated" if flat >= TOO_MANY else trouble
    return tuple(notes), trouble


def _layer(
    name: str,
    activations: Array,
    gradients: Array,
    bounds: tuple[float, float] | None,
    notes: tuple[str, ...],
) -> Layer:
    zero = float(np.mean(activations == 0))
    if zero:
        notes = (*notes, f"{percent(zero, 0)} of outputs 0")
    return Layer(
        name,
        _bins(activations, bounds),
        _bins(gradients, None),
        float(np.std(activations, dtype=np.float64)),
        _rms(gradients),
        notes,
    )


def _bins(values: Array, bounds: tuple[float, float] | None) -> Bins:
    """A histogram of what is finite and not exactly 0; outliers are in the last bins."""
    kept = values[np.isfinite(values) & (values != 0)].astype(np.float64)
    if not kept.size:
        return Bins((0,) * BINS, *(bounds or (-1.0, 1.0)))
    low, high = bounds or (float(v) for v in np.quantile(kept, [0.002, 0.998]))
    if bounds is None and low < 0 < high:
        high = max(-low, high)
        low = -high
    if not high > low:
        low, high = low - abs(low) / 2, high + abs(high) / 2
    counts, _ = np.histogram(np.clip(kept, low, high), bins=BINS, range=(low, high))
    return Bins(tuple(int(c) for c in counts), float(low), float(high))


def _rms(values: Array) -> float:
    return math.sqrt(float(np.mean(np.square(values, dtype=np.float64))))


def _judged(title: str, layers: list[Layer], troubles: dict[str, str]) -> Flow:
    """The layers with a verdict: the trouble there is, and in which layers."""
    first, last = (layers[0], layers[-2]) if len(layers) > 2 else (layers[0], layers[-1])
    ratio = first.rms / last.rms if last.rms else math.nan
    why = (
        f"rms gradient at {first.name} ÷ at {last.name} = {number(ratio, 3)} "
        f"(healthy from {SMALLEST:g} to {LARGEST:g})"
    )
    found = []
    if not all(math.isfinite(v) for layer in layers for v in (layer.rms, layer.spread)):
        found.append("not finite")
    elif math.isnan(ratio) or ratio < SMALLEST:
        found.append("vanishing")
    elif ratio > LARGEST:
        found.append("exploding")
    for kind in ("dead", "saturated"):
        names = [name for name, trouble in troubles.items() if trouble == kind]
        found += [f"{kind}: {' '.join(names)}"] if names else []
    judged = tuple(
        replace(layer, alarming=bool(troubles.get(layer.name)) or _strange(layer.rms, last.rms))
        for layer in layers
    )
    return Flow(title, ", ".join(found) or "healthy", not found, why, judged)


def _strange(rms: float, reference: float) -> bool:
    return not SMALLEST * reference <= rms <= LARGEST * reference
