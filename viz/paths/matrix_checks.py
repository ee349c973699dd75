"""The explained gradient of a tensor beside the same found in other ways."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_stand_in
from autodiff.batching import whole
from viz.paths.between import Between
from viz.paths.checks import NONE, OTHER, stored_gradient
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
    kept = stored_gradient(wrt)
    if kept is not None:
        stored = np.asarray(whole(kept))
        error = float(np.max(np.abs(stored - gradient), initial=0.0))
        allowed = 64 * epsilon * float(np.max(np.abs(gradient), initial=0.0))
        same = error <= allowed
        why = f"entries at most {number(error, 2)} apart" if same else OTHER
        value = float(np.vdot(direction, stored).real)
        found.append(Check(f"{name}.grad", value, error, allowed, same, why))
    difference = along(part, direction)
    if difference is None:
        return found
    value, error = difference
    if not math.isfinite(value):
        return [Check("finite differences", math.nan, 0.0, math.inf, True, NONE), *found]
    allowed = 1e-6 * abs(slope) + 16 * math.sqrt(epsilon) * abs(slope) + error
    off = abs(value - slope)
    note = "along the gradient" if np.count_nonzero(direction) > 1 else ""
    return [Check("finite differences", value, off, allowed, off <= allowed, note), *found]


def along(part: Between, direction: Array) -> tuple[float, float] | None:
    """The slope of the result along a direction, by differences, and how far it can be trusted."""
    if any(is_stand_in(getattr(node, "_data", None)) for node in part.nodes):
        return None
    base = _double(part.nodes[0])
    scale = max(1.0, float(np.max(np.abs(base), initial=0.0)))

    def central(h: float) -> float:
        up, down = (_replayed(part, base + s * h * direction) for s in (1, -1))
        return (up - down) / (2 * h)

    try:
        with np.errstate(all="ignore"):
            rough, fine = central(STEP * scale), central(STEP * scale / 2)
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError):
        # Functions of the user's own have no forward rule of the table.
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
    wide = {"f": np.float64, "c": np.complex128}.get(data.dtype.kind)
    return data if wide is None else data.astype(wide)
