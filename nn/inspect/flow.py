"""How activations and gradients fare on their way through the layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autodiff import Tensor
from nn.inspect.copies import without_chance
from nn.inspect.data import Flow, Histogram, LayerStatistics
from nn.layers.activations.base import Elementwise
from nn.module.base import Module
from nn.module.inputs import as_node

__all__ = ["measure"]

Array = np.ndarray[Any, Any]

BINS = 31
FLAT = 0.05
"""A unit is saturated where its slope is below this share of the steepest."""
CLOSED = 0.01
"""A unit is dead if its slope is below this for every sample."""
LIMITS = 1e-2, 1e2
"""Ratios of gradients between the first and the last layer that pass as healthy."""
TOO_MANY = 0.5
"""Share of dead units, or of saturated outputs, from which on a layer is alarming."""


def measure(model: Module, loss: Callable[[Any, Any], Any], x: Any, y: Any) -> Flow:
    """Send one batch forward and its gradient back, and look at every layer.

    The layers are the modules directly in the model, by their names; what activation a layer
    has is that of the activation module in it which is called last.

    Args:
        model: the model, of which a copy in training mode without dropout is used.
        loss: of predictions and targets.
        x: a batch of inputs.
        y: their targets.

    Returns:
        The statistics of each layer that gave a tensor, and what is wrong with them.

    Raises:
        ValueError: there are no such layers, or no samples.

    Example:
        >>> import nn
        >>> model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
        >>> flow = measure(model, nn.MSELoss(), [[0.5, -0.5], [0.1, 0.2]], [[1.0], [0.0]])
        >>> [layer.name for layer in flow.layers], flow.layers[1].outputs.low
        (['0', '1', '2'], -1.0)
    """
    if np.shape(x)[:1] == (0,):
        raise ValueError("measure() was given a batch without samples; give at least one")
    twin = without_chance(model)
    calls: dict[str, _Call] = {}
    for name, layer in twin.named_children():
        for part in layer.modules():
            if isinstance(part, Elementwise):
                _watch(part, _noting_activation(calls, name, part))
        _watch(layer, _noting_output(calls, name))
    loss(twin(as_node(x)), y).backward()
    layers = [_statistics(name, call) for name, call in calls.items() if call.output is not None]
    if not layers:
        raise ValueError(f"{type(model).__name__} has no layers that give a tensor")
    return _judged(layers)


@dataclass
class _Call:
    """What was seen of the latest call of a layer."""

    output: Tensor | None = None
    activation: Elementwise | None = None
    before: Any = None


def _watch(part: Module, note: Callable[[Any, Any], None]) -> None:
    """Have the inputs and the result of every call of a module noted."""
    forward = part.forward

    def watched(*args: Any, **kwargs: Any) -> Any:
        result = forward(*args, **kwargs)
        note(args, result)
        return result

    part.forward = watched


def _noting_activation(
    calls: dict[str, _Call], name: str, part: Elementwise
) -> Callable[[Any, Any], None]:
    def note(args: Any, result: Any) -> None:
        call = calls.setdefault(name, _Call())
        call.activation, call.before = part, as_node(args[0]).data

    return note


def _noting_output(calls: dict[str, _Call], name: str) -> Callable[[Any, Any], None]:
    def note(args: Any, result: Any) -> None:
        if isinstance(result, Tensor):
            result.retain_grad()
            calls.setdefault(name, _Call()).output = result

    return note


def _statistics(name: str, call: _Call) -> LayerStatistics:
    assert call.output is not None
    outputs: Array = np.asarray(call.output.data)
    gradients = np.zeros_like(outputs) if call.output.grad is None else call.output.grad
    found = LayerStatistics(
        name,
        _histogram(outputs, None if call.activation is None else call.activation.bounds),
        _histogram(np.asarray(gradients), None),
        float(np.std(outputs, dtype=np.float64)),
        math.sqrt(float(np.mean(np.square(gradients, dtype=np.float64)))),
        float(np.mean(outputs == 0)),
    )
    return found if call.activation is None else _units(found, call.activation, call.before)


def _units(found: LayerStatistics, activation: Elementwise, before: Array) -> LayerStatistics:
    """The same with the shares of units that pass no gradient on, and the trouble if there is."""
    z = Tensor(before, requires_grad=True)
    activation.forward(z).sum().backward()
    slope = np.abs(np.asarray(z.grad))
    dead = float(np.mean((slope < CLOSED).all(axis=0)))
    found = replace(found, dead=dead, trouble="dead" if dead >= TOO_MANY else "")
    if activation.bounds is None:
        return found
    flat = float(np.mean(slope < FLAT * activation.steepest))
    trouble = "saturated" if flat >= TOO_MANY else found.trouble
    return replace(found, saturated=flat, trouble=trouble)


def _histogram(values: Array, bounds: tuple[float, float] | None) -> Histogram:
    """A histogram of what is finite and not exactly 0; outliers are in the last bins."""
    kept = values[np.isfinite(values) & (values != 0)].astype(np.float64)
    if not kept.size:
        return Histogram((0,) * BINS, *(bounds or (-1.0, 1.0)))
    low, high = bounds or (float(v) for v in np.quantile(kept, [0.002, 0.998]))
    if bounds is None and low < 0 < high:
        high = max(-low, high)
        low = -high
    if not high > low:
        low, high = low - abs(low) / 2, high + abs(high) / 2
    counts, _ = np.histogram(np.clip(kept, low, high), bins=BINS, range=(low, high))
    return Histogram(tuple(int(c) for c in counts), float(low), float(high))


def _judged(layers: list[LayerStatistics]) -> Flow:
    """The layers with what is wrong, and in which of them."""
    first, last = (layers[0], layers[-2]) if len(layers) > 2 else (layers[0], layers[-1])
    ratio = first.rms / last.rms if last.rms else math.nan
    smallest, largest = LIMITS
    found = []
    if not all(math.isfinite(v) for layer in layers for v in (layer.rms, layer.std)):
        found.append("not finite")
    elif math.isnan(ratio) or ratio < smallest:
        found.append("vanishing")
    elif ratio > largest:
        found.append("exploding")
    for kind in ("dead", "saturated"):
        names = [layer.name for layer in layers if layer.trouble == kind]
        found += [f"{kind}: {', '.join(names)}"] if names else []
    judged = tuple(
        replace(
            layer,
            alarming=bool(layer.trouble)
            or not smallest * last.rms <= layer.rms <= largest * last.rms,
        )
        for layer in layers
    )
    return Flow(judged, first.name, last.name, ratio, LIMITS, tuple(found))
