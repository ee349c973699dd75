"""The recursive form: δ of each node is the sum of what its readers send."""

from __future__ import annotations

from collections.abc import Iterable

from viz.paths.best import added
from viz.paths.between import Between, Use
from viz.paths.symbols import Symbols
from viz.paths.terms import Delta, Share
from viz.paths.totals import times

__all__ = ["deltas", "swept"]

TOLD = 6
"""Readers of one node that are told of; what the others send is one number."""


def swept(part: Between) -> list[float]:
    """The derivative of the result by each node, by the chain rule from the result back."""
    found = [0.0] * len(part.nodes)
    if found:
        found[-1] = 1.0
    for number in range(len(part.nodes) - 1, 0, -1):
        arriving = found[number]
        for operand, _, slope in part.uses[number]:
            found[operand] += times(arriving, slope)
    return found


def deltas(part: Between, symbols: Symbols, shown: Iterable[int]) -> list[Delta]:
    """δ of some nodes, in the order of the backward pass.

    Args:
        part: what lies between.
        symbols: writes it.
        shown: the numbers of the nodes to tell of.
    """
    values = swept(part)
    wanted = sorted(shown, reverse=True)
    readers: dict[int, list[tuple[int, Use]]] = {number: [] for number in wanted}
    for reader in range(len(part.nodes) - 1, 0, -1):
        for use in part.uses[reader]:
            if use.operand in readers:
                readers[use.operand].append((reader, use))
    known = set(wanted)
    found: list[Delta] = []
    for number in wanted:
        uses = [entry for entry in readers[number] if entry[0] in known][:TOLD]
        others = [entry for entry in readers[number] if entry not in uses]
        shares = tuple(
            Share(symbols.local(reader, use), values[reader], times(values[reader], use.slope))
            for reader, use in uses
        )
        rest = added(times(values[reader], use.slope) for reader, use in others)
        name = symbols.names[part.nodes[number]]
        found.append(Delta(name, shares, len(others), rest, values[number]))
    return found
