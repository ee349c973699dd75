"""The small drawing in a neuron: its activation, the point where it stands, and the tangent."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.ops import Elementwise
from viz.draw.scene import Block, Path, Shape
from viz.geometry import Rect
from viz.networks.model import Layer, Neuron
from viz.networks.planes.activations import entry_of

__all__ = ["curve"]

REACH, FAR, HUGE = 4.0, 16.0, 1e300
"""The curve is drawn for z between plus and minus the first, or farther out if the neuron is
there; where it is beyond the second, only the curve around it is.
"""
POINTS = 41
DOT = 3.0


def curve(layer: Layer, neuron: Neuron, room: Rect) -> list[Shape]:
    """The activation of a layer with the point and the tangent of one neuron.

    The curve is the entry's own forward rule at some points. Without an entry, or with one that
    does not lead through the point, there is only the tangent; without finite numbers there is
    nothing.
    """
    z, slope, value = neuron.z, neuron.slope, neuron.value
    if z is None or slope is None or not all(abs(x) < HUGE for x in (z, slope, value)):
        return []
    reach = max(REACH, 1.15 * abs(z)) if abs(z) <= FAR else REACH
    left = -reach if abs(z) <= FAR else z - reach
    zs = np.linspace(left, left + 2 * reach, POINTS)
    heights = _sampled(layer, zs, slope)
    at_z = _sampled(layer, np.array([z]), slope)[0]
    if not math.isclose(at_z, value, rel_tol=1e-4, abs_tol=1e-6):
        heights = [math.nan] * POINTS
    finite = [height for height in (*heights, value) if math.isfinite(height)]
    low, high = min(finite), max(finite)
    if high - low <= 1e-12 * abs(low):
        half = max(0.5 * reach, 0.5 * abs(low))
        low, high = low - half, high + half
    across, up = room.width / (2 * reach), room.height / (high - low)

    def at(x: float, y: float) -> tuple[float, float]:
        return room.x + (x - left) * across, room.bottom - (y - low) * up

    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(zs.tolist(), heights, strict=True):
        if math.isfinite(y):
            runs[-1].append(at(x, y))
        elif runs[-1]:
            runs.append([])
    shapes: list[Shape] = [
        Path(run[0], tuple(run[1:]), "curve-lane", 1.5) for run in runs if len(run) > 1
    ]
    x, y = at(z, value)
    dx, dy = across, -slope * up
    half = 0.24 * room.width / math.hypot(dx, dy)
    shapes.append(
        Path((x - half * dx, y - half * dy), ((x + half * dx, y + half * dy),), "backward-lane", 2)
    )
    shapes.append(Block(Rect(x - DOT, y - DOT, 2 * DOT, 2 * DOT), "forward", DOT))
    return shapes


def _sampled(layer: Layer, zs: np.ndarray[Any, Any], slope: float) -> list[float]:
    """The activation at these points; nan where it is not known or not defined."""
    unknown = [math.nan] * len(zs)
    if not layer.activation:
        return zs.tolist() if slope == 1.0 else unknown
    entry = entry_of(layer)
    if not isinstance(entry, Elementwise) or entry.arity != len(layer.operands):
        return unknown
    operands = [zs if one is None else np.full_like(zs, one) for one in layer.operands]
    with np.errstate(all="ignore"):
        heights = entry.forward(arrays, *operands, **dict(layer.settings))
    return [float(height) for height in heights]
