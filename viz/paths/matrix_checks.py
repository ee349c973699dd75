"""The explained gradient of a tensor beside the same found in other ways."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.batching import whole
from viz.paths.between import Between
from viz.paths.checks import OTHER, plain
from viz.paths.flow import Array
from viz.paths.terms import Check
from viz.text.formatting import number

__all__ = ["along", "matrix_checks"]

STEP = 1e-4
"""Of differences, in units of the size of the tensor."""


def matrix_checks(
    part: Between, wrt: Any, name: str, gradient: Array, direction: Array
) -> list[Check]:
    """The gradient against what ``grad`` holds, and along a direction by finite differences.

    Args:
        part: what lies between the result and the tensor.
        wrt: the tensor.
        name: what it is called.
        gradient: the explained gradient.
        direction: along which the result is computed anew: of unit length.
    """
    found: list[Check] = []
    slope = float(np.vdot(direction, gradient).real)
    epsilon = float(np.finfo(gradient.dtype).eps)
    if wrt.grad is not None:
        stored = np.asarray(whole(plain(wrt.grad)))
        error = float(np.max(np.abs(stored - gradient), initial=0.0))
        allowed = 64 * epsilon * float(np.max(np.abs(gradient), initial=0.0))
        same = error <= allowed
        why = f"entries at most {number(error, 2)} apart" if same else OTHER
        value = float(np.vdot(direction, stored).real)
        found.append(Check(f"{name}.grad", value, error, allowed, same, why))
    difference = along(part, direction)
    if difference is None:
        note = "an operation of your own cannot be computed anew"
        return [*found, Check("finite differences", math.nan, 0.0, math.inf, True, note)]
    value, error = difference
    allowed = 1e-6 * abs(slope) + 16 * math.sqrt(epsilon) * abs(slope) + error
    off = abs(value - slope)
    note = "along the gradient" if np.count_nonzero(direction) > 1 else ""
    return [Check("finite differences", value, off, allowed, off <= allowed, note), *found]


def along(part: Between, direction: Array) -> tuple[float, float] | None:
    """The slope of the result along a direction, by differences, and how far it can be trusted."""
    base = np.asarray(whole(part.nodes[0].data)).astype(np.float64)
    scale = max(1.0, float(np.max(np.abs(base), initial=0.0)))

    def central(h: float) -> float:
        up, down = (_replayed(part, base + s * h * direction) for s in (1, -1))
        return (up - down) / (2 * h)

    try:
        with np.errstate(all="ignore"):
            rough, fine = central(STEP * scale), central(STEP * scale / 2)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        # Custom functions and the like have no forward rule of the table.
        return None
    # What cancels on the way leaves the rounding of the largest numbers behind.
    size = max(float(np.max(np.abs(_double(node)), initial=0.0)) for node in part.nodes)
    return (4 * fine - rough) / 3, abs(fine - rough) + 4e-15 * size / (STEP * scale)


def _replayed(part: Between, start: Array) -> float:
    known: dict[Any, Any] = {part.nodes[0]: start}
    for node in part.nodes[1:]:
        operands = [known[p] if p in known else _double(p) for p in node.parents]
        known[node] = node.op.forward(arrays, *operands, **node.params)
    return float(np.asarray(known[part.nodes[-1]]))


def _double(node: Any) -> Any:
    data = np.asarray(whole(node.data))
    return data.astype(np.float64) if data.dtype.kind == "f" else data
