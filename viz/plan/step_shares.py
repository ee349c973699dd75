"""How much each step of a loop adds to the gradients of the parameters that all steps use."""

from __future__ import annotations

import math

import numpy as np

from viz.plan.build import Builder
from viz.plan.flows import Flows, Use
from viz.plan.view import Loop

__all__ = ["Row", "shown_steps", "step_shares"]

MOST = 24
"""Of more steps than this some are shown, evenly spread."""

PARAMETERS = 3
"""So many parameters have a row each; more are told of together."""

Row = tuple[str, tuple[str, ...]]
"""A heading, and a text for each step that is shown."""


def shown_steps(count: int) -> list[int]:
    """Which of so many steps are shown, the first and the last among them."""
    return sorted({round(i) for i in np.linspace(0, count - 1, min(count, MOST)).tolist()})


def step_shares(builder: Builder, flows: Flows, loop: Loop, result: str) -> tuple[Row, ...]:
    """The share of each step in the gradients of the parameters, in percent.

    The share of a step in the gradient G is ⟨c, G⟩ / ⟨G, G⟩, where c is what the step sends to
    the parameter. The shares of all uses add up to 1; those of a step that works against the
    others are negative.

    Args:
        builder: knows the gradients.
        flows: knows what each use sends.
        loop: whose steps they are.
        result: what the node that is differentiated is called.
    """
    graph, steps = builder.graph, shown_steps(loop.copies)
    parts: dict[int, list[tuple[float, float]]] = {}
    for leaf in loop.shared:
        if not (graph.nodes[leaf].is_leaf and graph.nodes[leaf].requires_grad):
            continue
        gradient, uses = builder.gradient(leaf), _uses(builder, loop, leaf)
        sent = [flows.total(uses[step]) for step in steps]
        if gradient is None or any(part is None for part in sent):
            return ()
        whole = float(np.vdot(gradient, gradient).real)
        parts[leaf] = [(float(np.vdot(gradient, part).real), whole) for part in sent]
    if len(parts) <= PARAMETERS:
        return tuple(
            (f"its share in ∂{result}/∂{builder.names[leaf]}", tuple(_percent([p]) for p in row))
            for leaf, row in parts.items()
        )
    together = tuple(_percent(list(column)) for column in zip(*parts.values(), strict=True))
    return ((f"its share in {len(parts)} gradients", together),)


def _uses(builder: Builder, loop: Loop, leaf: int) -> list[list[Use]]:
    """For each step its uses of a leaf."""
    found: list[list[Use]] = [[] for _ in range(loop.copies)]
    for row in loop.positions:
        for step, member in enumerate(row):
            for position, operand in enumerate(builder.graph.operands[member]):
                if operand == leaf:
                    found[step].append((member, position))
    return found


def _percent(parts: list[tuple[float, float]]) -> str:
    whole = sum(total for _, total in parts)
    if not whole or not math.isfinite(whole):
        return ""
    return f"{round(100 * sum(part for part, _ in parts) / whole)} %".replace("-", "−")
