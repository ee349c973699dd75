"""What became of a gradient after `backward` had found it."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.graph.extras import extras_of
from viz.causes.finding import Finding, at_line
from viz.causes.flow import Flow, as_numbers
from viz.causes.words import called
from viz.text.formatting import number

__all__ = ["stored"]


def stored(flow: Flow, x: Any, name: str, *, spent: bool) -> Finding | None:
    """Whether the ``grad`` of a leaf is not what the sweep finds, and why.

    Args:
        flow: the backward pass.
        x: the user's own node.
        name: what it is called.
        spent: `backward` was called on this very root, and nothing was changed since.
    """
    if not x.is_leaf:
        return None
    g = flow.received.get(flow.x)
    others = [n for n in flow.received if n.is_leaf and n is not flow.x and n.grad is not None]
    if x.grad is None:
        if not spent and not others:
            return None
        return Finding(
            "cleared",
            f"The grad of {name} is None: backward() gave it one, and it was forgotten since, by "
            "zero_grad() or grad = None, or backward() was told inputs= without it.",
        )
    kept = as_numbers(x.grad)
    if g is None or kept.shape != g.shape or not np.any(g):
        return None
    if not np.any(kept):
        hooked = next((node for node in reversed(flow.order) if "hooks" in extras_of(node)), None)
        if hooked is not None:
            return Finding(
                "changed",
                f"The grad of {name} is 0: a hook of {called(hooked)} puts 0 in its place"
                f"{at_line(hooked.origin)}.",
                None if hooked.is_leaf else hooked,
                hooked.origin,
                "" if hooked.is_leaf else hooked.op.name,
            )
        return Finding(
            "cleared",
            f"The grad of {name} is 0, but its gradient is not: it was set to 0 after backward().",
        )
    if not spent or flow.element is not None or kept.dtype.kind == "c":
        return None
    largest = np.unravel_index(int(np.argmax(np.abs(g))), g.shape)
    ratio = float(kept[largest] / g[largest])
    whole = round(ratio)
    if whole >= 2 and np.allclose(kept, whole * g, rtol=1e-4):
        return Finding(
            "changed",
            f"The grad of {name} is {number(whole)} times the gradient: that many backward() were "
            "added up without zero_grad() between them.",
        )
    return None
