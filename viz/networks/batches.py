"""The loss of one example where a Tensor holds those of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff.sweeps.gradients import gradients as sweep
from viz.networks.sheets import Sheets
from viz.networks.weights import WEIGHT

__all__ = ["Judged", "judged"]

_OF_WEIGHTS = (WEIGHT, "parametric")
_REDUCING = ("sum", "mean")
_SCALING = ("divide", "multiply", "negative")


@dataclass(frozen=True, slots=True)
class Judged:
    """The loss of one example.

    Attributes:
        value: of its own loss, or of the whole where that is not known.
        scale: how many times it counts in the whole.
        known: whether it is its own.
    """

    value: float
    scale: float
    known: bool


def judged(root: Any, sheets: Sheets, found: dict[Any, Any], row: int, count: int) -> Judged:
    """What the loss says of one example.

    Args:
        root: the loss.
        sheets: the layers behind it.
        found: the derivative of the root by each node.
        row: number of the example.
        count: how many there are.
    """
    node, outs, own = root, {sheet.out for sheet in sheets.outputs}, 1.0
    while node not in outs and not node.is_leaf:
        signals = [p for p in node.parents if sheets.kinds[p] == "signal"]
        penalty = any(sheets.kinds[p] in _OF_WEIGHTS for p in node.parents)
        name = node.op.name
        if name == "add" and penalty and len(signals) == 1:
            node = signals[0]
            continue
        if count == 1 or len(signals) != 1 or name not in (*_REDUCING, *_SCALING):
            break
        others = [p for p in node.parents if p is not signals[0]]
        if np.ndim(node.data) and node.shape[0] == count:
            break
        if any(getattr(p, "size", 1) != 1 for p in others):
            break
        own *= _factor(name, others, count)
        node = signals[0]
    if count == 1:
        return Judged(float(np.sum(node.data)), 1.0, True)
    factors = np.asarray(found.get(node, np.nan))
    terms = np.asarray(node.data)
    if terms.ndim and terms.shape[0] == count and node not in outs:
        alike = np.unique(factors)
        if len(alike) == 1 and alike[0] and own and _apart(node, sheets, row):
            return Judged(own * float(terms[row].sum()), float(alike[0]) / own, True)
    return Judged(float(np.sum(root.data)), 1.0, False)


def _factor(name: str, others: list[Any], count: int) -> float:
    """The factor of each loss, such as ½; a division by the number of examples is none."""
    if name == "negative":
        return -1.0
    if name in _REDUCING or not others:
        return 1.0
    by = float(np.sum(others[0].data))
    if name == "multiply":
        return 1.0 if by * count == 1 else by
    return 1.0 if by == count else 1 / by if by else 0.0


def _apart(node: Any, sheets: Sheets, row: int) -> bool:
    """Whether the loss of an example depends on its own outputs alone; not so in attention."""
    seed = np.zeros(node.shape, node.dtype)
    seed[row] = 1
    received = sweep(node, seed, inputs=[sheet.out for sheet in sheets.outputs])
    for sheet, g in zip(sheets.outputs, received, strict=True):
        others = np.delete(sheet.rows(g), row, axis=0)
        if np.any(np.nan_to_num(others)):
            return False
    return True
