"""The frames around cards: modules, and the steps of loops."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from viz.model import Cluster
from viz.plan.build import Builder
from viz.plan.units import Plan
from viz.read.skeleton import Path

__all__ = ["frames"]


def frames(builder: Builder, plan: Plan, paths: set[Path]) -> tuple[Cluster, ...]:
    """The frames for the given paths and for those around them, outer ones first.

    Args:
        builder: knows the names.
        plan: knows the titles and the loops.
        paths: those that cards have.
    """
    view, cut = plan.view, len(plan.root)
    wanted = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
    sizes = _parameters(plan)
    found = []
    for path, (title, description) in view.titles.items():
        own = path[cut:] if path[:cut] == plan.root else path
        if own in wanted:
            text = _counted(description, sizes.get(path, 0))
            found.append(Cluster(own, title, text))
    copies = {loop.path: loop for loop in view.loops if loop.path}
    return tuple(
        replace(frame, copies=copies[frame.path].copies, description=_shared(builder, plan, frame))
        if frame.path in copies
        else frame
        for frame in found
    )


def _shared(builder: Builder, plan: Plan, frame: Cluster) -> str:
    """What a step's frame says after its title: which of the steps it is, and what all share."""
    (loop,) = [loop for loop in plan.view.loops if loop.path == frame.path]
    names = [
        builder.names[i]
        for i in loop.shared
        if builder.graph.nodes[i].is_leaf and builder.graph.nodes[i].requires_grad
    ]
    text = f"the last of {loop.copies}" if loop.states else f"the last of {loop.copies} alike"
    if not names:
        return text
    listed = ", ".join(names) if len(names) <= 4 else f"{len(names)} parameters"
    return f"{text} · the same {listed} in each"


def _parameters(plan: Plan) -> Counter[Path]:
    """How many numbers each module trains, those inside it included."""
    graph = plan.view.graph
    sizes: Counter[Path] = Counter()
    for index in plan.view.nodes:
        if graph.roles[index] == "parameter":
            path = plan.view.paths[index]
            for depth in range(1, len(path) + 1):
                sizes[path[:depth]] += getattr(graph.nodes[index], "size", 1)
    return sizes


def _counted(description: str, parameters: int) -> str:
    if not parameters:
        return description
    count = f"{parameters:,} parameter{'s' * (parameters != 1)}".replace(",", "\u202f")
    return f"{description} · {count}" if description else count
