"""What happens from step to step of a loop, as rows of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from viz.model import Series
from viz.plan.build import Builder
from viz.plan.flows import Flows, Use
from viz.plan.units import Plan
from viz.plan.view import Loop, State
from viz.read.statistics import rms
from viz.text.formatting import number

__all__ = ["per_step", "step_series"]

MOST = 24
"""Of more steps than this some are shown, evenly spread."""

STATES, PARAMETERS = 2, 3
"""So many states have bars of their own, and so many parameters a row of shares."""


def step_series(builder: Builder, plan: Plan, flows: Flows) -> tuple[Series, ...]:
    """For each loop the gradient of its states at every step, and each step's share.

    The share of a step in the gradient G of a parameter is ⟨c, G⟩ / ⟨G, G⟩, where c is what the
    step sends to it: the shares of all steps add up to 1.
    """
    found: list[Series] = []
    for loop in plan.view.loops:
        for state in loop.states[:STATES]:
            sizes = _sizes(builder, state)
            if any(size is not None for size in sizes):
                found.append(_series(builder, flows, loop, state, sizes, not found))
    return tuple(found)


def per_step(builder: Builder, state: State) -> tuple[str, str]:
    """By what a step back multiplies the gradient, for the wire and as a sentence."""
    what = "what one step hands to the next"
    sizes = _sizes(builder, state)
    first, last = sizes[0], sizes[-1]
    if not first or not last or not math.isfinite(first) or not math.isfinite(last):
        return "", what
    mean = math.exp((math.log(first) - math.log(last)) / (len(sizes) - 1))
    times = f"× {number(mean, 2)}"
    return (
        f"{times} a step",
        f"{what}; each step back multiplies the gradient by {times[2:]}, on average",
    )


def _sizes(builder: Builder, state: State) -> list[float | None]:
    gradients = [builder.gradient(node) for node in state.nodes]
    return [None if g is None else rms(g) for g in gradients]


def _series(
    builder: Builder,
    flows: Flows,
    loop: Loop,
    state: State,
    sizes: list[float | None],
    shares: bool,
) -> Series:
    count = len(sizes)
    steps = sorted({round(i) for i in np.linspace(0, count - 1, min(count, MOST)).tolist()})
    shown = [sizes[step] for step in steps]
    rows: list[tuple[str, tuple[str, ...]]] = []
    if len(steps) == count:
        rows.append(("× from the step after", (*map(_ratio, shown, shown[1:]), "")))
    if shares:
        rows += _shares(builder, flows, loop, steps)
    name, letter = builder.names[state.nodes[-1]], "rms of " if _shaped(builder, state) else ""
    return Series(
        "gradient at each step" if loop.path else "gradient along the row",
        f"{letter}∂{builder.names[-1]}/∂{name}" if loop.path else f"of {builder.names[-1]}",
        tuple(f"t = {s + 1}" if s in (0, count - 1) else f"{s + 1}" for s in steps),
        tuple(shown),
        True,
        tuple(rows),
        _remark(sizes),
    )


def _shaped(builder: Builder, state: State) -> bool:
    return bool(getattr(builder.graph.nodes[state.nodes[-1]], "shape", ()))


def _ratio(own: float | None, after: float | None) -> str:
    return number(own / after, 2) if own is not None and after else ""


def _remark(sizes: Sequence[float | None]) -> str:
    first, last = sizes[0], sizes[-1]
    silent = sum(size == 0.0 for size in sizes)
    if silent:
        return f"no gradient at {silent} of {len(sizes)} steps"
    if first is None or last is None or not math.isfinite(first / last):
        return ""
    larger = first > last
    times = first / last if larger else last / first
    if times < 1.05:
        return "as large at the first step as at the last"
    return f"{number(times, 3)} times {'larger' if larger else 'smaller'} at the first step"


def _shares(
    builder: Builder, flows: Flows, loop: Loop, steps: list[int]
) -> list[tuple[str, tuple[str, ...]]]:
    """How much each step adds to the gradients of the parameters that all steps use."""
    graph = builder.graph
    own = [i for i in loop.shared if graph.nodes[i].is_leaf and graph.nodes[i].requires_grad]
    uses = {leaf: _uses(builder, loop, leaf) for leaf in own}
    parts: dict[int, list[tuple[float, float]]] = {}
    for leaf in own:
        gradient = builder.gradient(leaf)
        sent = [flows.total(uses[leaf][step]) for step in range(loop.copies)]
        if gradient is None or any(part is None for part in sent):
            return []
        whole = float(np.vdot(gradient, gradient).real)
        parts[leaf] = [(float(np.vdot(gradient, sent[step]).real), whole) for step in steps]
    name = builder.names[-1]
    if len(own) <= PARAMETERS:
        return [
            (f"its share in ∂{name}/∂{builder.names[leaf]}", tuple(_percent([p]) for p in row))
            for leaf, row in parts.items()
        ]
    together = tuple(_percent(list(column)) for column in zip(*parts.values(), strict=True))
    return [(f"its share in the gradients of {len(own)} parameters", together)]


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
