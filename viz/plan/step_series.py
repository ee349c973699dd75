"""What happens from step to step of a loop, as rows of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from viz.model import Series
from viz.plan.build import Builder
from viz.plan.flows import Flows
from viz.plan.step_shares import Row, shown_steps, step_shares
from viz.plan.units import Plan
from viz.plan.view import Loop, State
from viz.read.statistics import rms
from viz.text.formatting import number

__all__ = ["per_step", "step_series"]

STATES = 2
"""So many states have bars of their own."""


def step_series(builder: Builder, plan: Plan, flows: Flows, result: str) -> tuple[Series, ...]:
    """For each loop the gradient of its states at every step, and each step's share.

    Args:
        builder: knows the gradients.
        plan: knows the loops.
        flows: knows what each step sends to the parameters.
        result: what the node that is differentiated is called.
    """
    found: list[Series] = []
    for loop in plan.view.loops:
        for state in loop.states[:STATES]:
            sizes = _sizes(builder, state)
            if any(size is not None for size in sizes):
                rows = () if found else step_shares(builder, flows, loop, result)
                found.append(_series(builder, loop, state, sizes, rows, result))
    return tuple(found)


def per_step(builder: Builder, state: State) -> tuple[str, str]:
    """By what a step back multiplies the gradient, for the wire and as a sentence."""
    what = "what one step hands to the next"
    sizes = [size for size in _sizes(builder, state) if size is not None]
    first, last = (sizes[0], sizes[-1]) if len(sizes) > 1 else (0.0, 0.0)
    if not (first and last and math.isfinite(first) and math.isfinite(last)):
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
    loop: Loop,
    state: State,
    sizes: list[float | None],
    rows: tuple[Row, ...],
    result: str,
) -> Series:
    count, steps = len(sizes), shown_steps(len(sizes))
    head = "t = " if loop.path else ""
    own = builder.names[state.nodes[-1]] if loop.path else "each of them"
    size = "rms" if _shaped(builder, state) else "size"
    return Series(
        "gradient at each step" if loop.path else "gradient along the row",
        f"{size} of ∂{result}/∂{own}",
        tuple(f"{head}{s + 1}" if s in (0, count - 1) else f"{s + 1}" for s in steps),
        tuple(sizes[step] for step in steps),
        True,
        rows,
        _remark(sizes),
    )


def _shaped(builder: Builder, state: State) -> bool:
    return bool(getattr(builder.graph.nodes[state.nodes[-1]], "shape", ()))


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
    return f"{number(times, 2)} times {'larger' if larger else 'smaller'} at the first step"
