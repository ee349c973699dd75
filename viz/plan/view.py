"""What is left of a graph once repeated parts are shown once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from viz.read.skeleton import Path, Skeleton

__all__ = ["Loop", "State", "View", "view_of"]


@dataclass(frozen=True, slots=True)
class State:
    """What one step hands to the next.

    Attributes:
        nodes: the node of each step, the last one being shown.
        entry: the node as it enters the shown step: that of the step before.
        start: what enters the first step; -1 where it has no card.
    """

    nodes: tuple[int, ...]
    entry: int
    start: int


@dataclass(frozen=True, slots=True)
class Loop:
    """Steps of one structure, one after the other, of which the last one is shown.

    Attributes:
        path: of the frame around the shown step; empty for a row of single operations.
        copies: how many steps there are.
        positions: for each operation of a step the node of each step.
        states: what is handed on; none where the steps do not depend on each other.
        shared: what all steps read, such as parameters.
        each: leaves of which every step reads one of its own, by step.
    """

    path: Path
    copies: int
    positions: tuple[tuple[int, ...], ...]
    states: tuple[State, ...] = ()
    shared: tuple[int, ...] = ()
    each: tuple[tuple[int, ...], ...] = ()


@dataclass(slots=True)
class View:
    """Nodes to be shown, with those that stand for others.

    Attributes:
        graph: the whole structure.
        nodes: the numbers of the nodes that are left, ascending.
        operands: of every node; of those that are left they are left too, or -1.
        paths: of every node, the frames of loops among them.
        titles: of each path, name and description.
        stands_for: for every node the one that is shown in its place, -1 where none is.
        loops: what was made one step, outer ones first.
        entries: nodes shown as what enters a step; their operands are what enters the first one.
        counts: of nodes that stand for a row of their kind, how many there are.
    """

    graph: Skeleton
    nodes: list[int]
    operands: list[list[int]]
    paths: list[Path]
    titles: dict[Path, tuple[str, str]]
    stands_for: list[int]
    loops: list[Loop] = field(default_factory=list)
    entries: set[int] = field(default_factory=set)
    counts: dict[int, int] = field(default_factory=dict)

    def links(self) -> Iterable[tuple[int, int]]:
        """Every (operand, reader) pair, once per use."""
        for target in self.nodes:
            for source in self.operands[target]:
                if source >= 0:
                    yield source, target

    def readers(self) -> dict[int, list[int]]:
        """For each node the nodes that read it, once per use."""
        found: dict[int, list[int]] = {i: [] for i in self.nodes}
        for source, target in self.links():
            found[source].append(target)
        return found


def view_of(graph: Skeleton, shown: Collection[int]) -> View:
    """The view of a graph in which every node to be shown stands for itself."""
    nodes = sorted(shown)
    whole = len(nodes) == len(graph.nodes)
    operands = graph.operands
    stands_for = list(range(len(graph.nodes)))
    if not whole:
        own = set(nodes)
        stands_for = [i if i in own else -1 for i in stands_for]
        operands = [[o if o in own else -1 for o in row] for row in operands]
    return View(graph, nodes, list(operands), list(graph.paths), dict(graph.titles), stands_for)
