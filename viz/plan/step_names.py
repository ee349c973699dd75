"""Names in the one step that is shown for all: hₜ for the state, hₜ₋₁ for the one before."""

from __future__ import annotations

from collections import Counter

from viz.plan.build import Builder
from viz.plan.view import Loop, View
from viz.text.formatting import subscript

__all__ = ["name_steps"]

DIGITS = "₀₁₂₃₄₅₆₇₈₉"
NOW = "ₜ"


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
    handed_on = {state.nodes for state in loop.states}
    rows = [row for row in (*loop.positions, *loop.each) if min(row) >= 0]
    # Of the last step the last result may be that of the whole program, with its name.
    stems = {row: _stem(names[row[0]]) for row in rows}
    many = Counter(stems.values())
    counted: Counter[str] = Counter()
    for row in rows:
        stem = stems[row]
        counted[stem] += 1
        alone = many[stem] == 1
        if row in handed_on or row in loop.each or not loop.states:
            own = stem if alone else f"{stem}{subscript(counted[stem])}"
            names[row[-1]] = own + NOW if loop.states else own
        elif alone or builder.graph.nodes[row[-1]].name is None:
            names[row[-1]] = stem if alone else f"{stem}{subscript(counted[stem])}"
    for state in loop.states:
        back = len(state.nodes) - 1 - state.nodes.index(state.entry)
        names[state.entry] = f"{names[state.nodes[-1]]}₋{subscript(back)}"


def _stem(name: str) -> str:
    return name.rstrip(DIGITS) or name
