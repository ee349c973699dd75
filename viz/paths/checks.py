"""The explained gradient beside the same found in other ways."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from autodiff.graph.node import Node
from autodiff.sweeps.gradients import gradients
from viz.paths.between import Between
from viz.paths.replay import finite_difference
from viz.paths.terms import Check
from viz.text.formatting import number

__all__ = ["NONE", "OTHER", "checks", "compared", "stored_gradient"]

ROUNDING = 1e-12
"""Of the sum of sizes: how far two orders of adding up may be apart."""

DIFFERENCES = 1e-6
"""The same for finite differences, beside their own estimate of their error."""

OTHER = "another gradient: of several backward() calls, or of another result"

NONE = "none, as the result is not finite"


def checks(part: Between, root: Any, wrt: Any, name: str, total: float, size: float) -> list[Check]:
    """The gradient by the backward pass, as stored in ``grad``, and by finite differences.

    Args:
        part: what lies between.
        root: the result.
        wrt: what it is differentiated by.
        name: what that is called.
        total: the explained gradient.
        size: the sum of the sizes of what was added up to it.
    """
    scale = max(size, abs(total))
    found: list[Check] = []
    kept = stored_gradient(wrt)
    stored = None if kept is None else float(kept)
    if stored is not None:
        found.append(compared(f"{name}.grad", stored, total, ROUNDING * scale))
    if not all(check.agrees for check in found) or stored is None:
        swept = float(gradients(root, inputs=[wrt])[0])
        found.append(compared("backward pass", swept, total, ROUNDING * scale))
        if stored is not None and found[-1].agrees:
            found[0] = replace(found[0], note=OTHER)
    if len(part.nodes) > 1 and math.isfinite(total):
        value, error = finite_difference(part)
        allowed = DIFFERENCES * scale + error
        if not math.isfinite(value):
            none = Check("finite differences", math.nan, 0.0, math.inf, True, NONE)
            return [none, *found]
        note = "" if error <= 1e-3 * scale else f"known to ±{number(error, 2)} only"
        found.insert(0, compared("finite differences", value, total, allowed, note))
    return found


def stored_gradient(node: Any) -> Any:
    """What ``grad`` holds, as a number or an array; None if nothing, or if it is not kept."""
    if not (node.is_leaf or node.retains_grad):
        return None
    gradient = node.grad
    return gradient.data if isinstance(node.grad, Node) else gradient


def compared(name: str, value: float, total: float, allowed: float, note: str = "") -> Check:
    """A check of the total against a value."""
    same = value == total or (math.isnan(value) and math.isnan(total))
    error = 0.0 if same else abs(value - total)
    return Check(name, value, error, allowed, bool(same or error <= allowed), note)
