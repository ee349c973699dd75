"""The separate ways by which a gradient passes through a part of a graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.batching import whole
from autodiff.graph.conjugation import conjugated
from autodiff.sweeps.pullbacks import AtIndex, Sweep, pull
from viz.read.skeleton import Skeleton

__all__ = ["Route", "routes"]

MOST = 16
"""Of more ways the rest is not told apart."""

Route = tuple[int, ...]
"""The detours of a way: what it goes through where a shorter one branches off."""


def routes(
    graph: Skeleton, members: list[int], result: int, source: int, gradient: Any
) -> dict[Route, Any]:
    """What arrives at a source by each way from a result, as the rules of the engine send it.

    Args:
        graph: the structure.
        members: the part between them, ascending.
        result: the node that leaves the part.
        source: the node that enters it.
        gradient: the gradient of the result.

    Returns:
        For each way what it brings, the straight one under ``()``. What they bring adds up to
        what the part sends back to the source.
    """
    distance = _distances(graph, members, source)
    if result not in distance:
        return {}
    arriving: dict[int, dict[Route, Any]] = {result: {(): conjugated(gradient)}}
    for index in reversed(members):
        for route, g in arriving.pop(index, {}).items():
            for operand, part in _sent(graph, index, g, distance).items():
                nearest = min((distance[o], o) for o in graph.operands[index] if o in distance)[1]
                way = route if operand == nearest else (*route, operand)
                found = arriving.setdefault(operand, {})
                if way not in found and len(found) >= MOST:
                    way = (-1,)
                found[way] = found[way] + part if way in found else part
    return {way: np.asarray(whole(conjugated(g))) for way, g in arriving.get(source, {}).items()}


def _distances(graph: Skeleton, members: list[int], source: int) -> dict[int, int]:
    """How many steps it is from each member that depends on the source back to it."""
    distance = {source: 0}
    for index in members:
        behind = [distance[o] for o in graph.operands[index] if o in distance]
        if behind and index != source:
            distance[index] = 1 + min(behind)
    return distance


def _sent(graph: Skeleton, index: int, g: Any, distance: dict[int, int]) -> dict[int, Any]:
    """What a node sends to each of its operands that lead to the source."""
    node = graph.nodes[index]
    found: dict[int, Any] = {}
    for position, part in enumerate(pull(node, g, Sweep())):
        operand = graph.operands[index][position]
        if part is None or operand not in distance:
            continue
        part = part.whole() if isinstance(part, AtIndex) else part
        found[operand] = found[operand] + part if operand in found else part
    return found
