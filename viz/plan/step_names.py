"""Names in the one step that is shown for all: hₜ for the state, hₜ₋₁ for the one before."""

from __future__ import annotations

from collections import Counter

from viz.plan.build import Builder
from viz.plan.view import Loop, State, View
from viz.text.formatting import subscript

__all__ = ["name_steps"]

DIGITS = "₀₁₂₃₄₅₆₇₈₉"
NOW = "ₜ"
PLACED = "⁾"
"""Stands in the names of neurons and of what belongs to them."""


def name_steps(builder: Builder, view: View) -> None:
    """Give the nodes of shown steps the names that they have at every step.

    Args:
        builder: its names are changed.
        view: whose loops are named.
    """
    for loop in view.loops:
        if loop.path:
            _name(builder, loop)


def _name(builder: Builder, loop: Loop) -> None:
    names = builder.names
    handed_on = {state.nodes: state for state in loop.states}
    rows = [row for row in (*loop.positions, *loop.each) if row[-1] >= 0]
    stems = {row: _stem(builder, row, handed_on.get(row)) for row in rows}
    many = Counter(stems.values())
    counted: Counter[str] = Counter()
    for row in rows:
        stem = stems[row]
        counted[stem] += 1
        alone = many[stem] == 1
        own = stem if alone else f"{stem}{subscript(counted[stem])}"
        if loop.states and (row in handed_on or row in loop.each):
            names[row[-1]] = own + NOW
        elif alone or builder.graph.nodes[row[-1]].name is None:
            names[row[-1]] = own
    for state in loop.states:
        back = len(state.nodes) - 1 - state.nodes.index(state.entry)
        names[state.entry] = f"{names[state.nodes[-1]]}₋{subscript(back)}"


def _stem(builder: Builder, row: tuple[int, ...], state: State | None) -> str:
    """A name without its number: of a state that of what it was at the start, if it has one.

    Of the last step the last result may be that of the whole program, with a name of its own.
    """
    nodes = builder.graph.nodes
    if state is not None and state.start >= 0 and nodes[row[-2]].name is None:
        start = builder.names[state.start].rstrip(DIGITS)
        if start and nodes[state.start].is_leaf and nodes[state.start].name is not None:
            return start
    name = builder.names[row[-2]]
    if PLACED in name:
        # The numbers of layer and neuron stay, that of the step goes.
        names = [builder.names[index] for index in row]
        first, last = min(names), max(names)
        differing = (i for i in range(len(first)) if first[i] != last[i : i + 1])
        # Where the layers themselves are the steps, no half of a number stays.
        stem = first[: next(differing, len(first))]
        return stem if PLACED in stem else stem.partition("⁽")[0] or name
    return name.rstrip(DIGITS) or name
