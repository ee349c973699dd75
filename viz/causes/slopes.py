"""Local derivatives as numbers, and what their shape says of an operation.

Which operations are gates is not listed anywhere: the derivative that the table gives is evaluated
far and near, and it tells whether a function is off on one side, levels off on both, or has steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.graph.staleness import reads_of
from autodiff.ops.primitive import Elementwise
from autodiff.values.value import Value
from viz.causes.flow import as_numbers

__all__ = ["Gate", "blocked", "gate_of", "multiplies", "slope"]


@dataclass(frozen=True, slots=True)
class Gate:
    """How the derivative of a function of one operand behaves.

    Attributes:
        most: the largest size of it.
        kind: ``"steps"``: 0 everywhere; ``"rectifier"``: 0 far out on one side; ``"bounds"``: 0
            far out on both and constant between; ``"levels"``: 0 far out on both;
            ``"other"``: bounded all the same.
    """

    most: float
    kind: str


def slope(node: Any, position: int) -> Any:
    """The derivative of an elementwise operation by one operand at its numbers, as an array.

    Returns:
        An array of the result's shape; None for an operation that is not elementwise.
    """
    entry = node.op
    if isinstance(node, Value):
        wanted = [i for i, parent in enumerate(node.parents) if parent.requires_grad]
        partials = [partial for _, partial in node.local_gradients()]
        return np.asarray(float(partials[wanted.index(position)])) if partials else None
    if not isinstance(entry, Elementwise):
        return None
    partial: Any = entry.partials[position]
    y = as_numbers(node)
    if callable(partial):
        operands = [as_numbers(parent) for parent in node.parents]
        partial = partial(arrays, y, *operands, **node.params)
    return np.broadcast_to(np.asarray(partial), y.shape)


def gate_of(node: Any, position: int) -> Gate | None:
    """How the derivative by an operand behaves; None where it is unbounded or reads others."""
    entry = node.op
    if not isinstance(entry, Elementwise):
        return None
    if entry.arity == 1:
        given = tuple(sorted((k, v) for k, v in node.params.items() if _is_plain(v)))
        return _gate(entry, given) if len(given) == len(node.params) else None
    return None


def _is_plain(x: Any) -> bool:
    return isinstance(x, bool | int | float | str) or x is None


_FAR = np.concatenate([-np.logspace(6, -2, 161), [0.0], np.logspace(-2, 6, 161)])


@lru_cache(maxsize=512)
def _gate(entry: Elementwise, params: tuple[tuple[str, Any], ...]) -> Gate | None:
    partial: Any = entry.partials[0]
    if not callable(partial):
        return Gate(0.0, "steps") if partial == 0 else None
    with np.errstate(all="ignore"):
        y = entry.forward(arrays, _FAR, **dict(params))
        found = np.broadcast_to(np.asarray(partial(arrays, y, _FAR, **dict(params))), _FAR.shape)
    size = np.abs(found)
    near = np.abs(_FAR) <= 1e3
    # Kinks and points outside of a domain are no part of the picture far out.
    if not np.isfinite(size).all() or size.max() > 1.001 * size[near].max() or size.max() > 100:
        return None
    most = float(size.max())
    if most == 0:
        return Gate(0.0, "steps")
    low, high = size[:20].max() <= 1e-9 * most, size[-20:].max() <= 1e-9 * most
    inner = size[size > 1e-12 * most]
    if low and high:
        return Gate(most, "bounds" if np.ptp(inner) < 1e-9 * most else "levels")
    return Gate(most, "rectifier" if low or high else "other")


def blocked(node: Any, position: int) -> Any:
    """For each entry of a gate's operand the share that does not pass: 1 − |slope| / largest.

    Returns:
        An array; None for what is no gate.
    """
    gate, d = gate_of(node, position), slope(node, position)
    if d is None:
        return None
    if node.op.selects and gate is None:
        return 1.0 - np.minimum(np.abs(d), 1.0)
    if gate is None or gate.most == 0 or gate.kind == "other":
        return None
    return 1.0 - np.minimum(np.abs(d) / gate.most, 1.0)


def multiplies(node: Any, position: int) -> list[int]:
    """Positions of the operands whose numbers an operand is multiplied by, and not its own."""
    entry = node.op
    if getattr(entry, "selects", False) or getattr(entry, "linear", False):
        return []
    if isinstance(entry, Elementwise):
        read = reads_of(entry, position)
        if position in read or "y" in read:
            return []
        return sorted(i for i in read if isinstance(i, int))
    if getattr(entry, "multilinear", False):
        return [i for i in range(len(node.parents)) if i != position]
    if entry.name == "weighted_sum":
        half = len(node.parents) // 2
        return [] if position == 2 * half else [(position + half) % (2 * half)]
    return []
