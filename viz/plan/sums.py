"""Sums that were added up term by term: each chain of additions is one sum of many terms."""

from __future__ import annotations

from viz.plan.view import View

__all__ = ["Sums", "find_sums"]

ADDITIONS = ("add", "total")


class Sums:
    """The chains of additions of a view.

    Attributes:
        head: for each node that is added to the next one only, the end of its chain.
        terms: for each end of a chain the operands of the whole of it, in order.
        parts: for each end of a chain the additions before it.
    """

    def __init__(self) -> None:
        self.head: dict[int, int] = {}
        self.terms: dict[int, list[int]] = {}
        self.parts: dict[int, list[int]] = {}


def find_sums(view: View) -> Sums:
    """Chains of additions in which each partial sum is read by the next addition alone.

    A partial sum that the user gave a name is the end of a chain.
    """
    graph, found = view.graph, Sums()
    own = set(view.nodes)
    for index in reversed(view.nodes):
        node = graph.nodes[index]
        if node.is_leaf or node.op.name not in ADDITIONS or graph.roles[index] == "output":
            continue
        readers = set(graph.readers[index])
        if len(graph.readers[index]) != 1 or not readers <= own or node.name is not None:
            continue
        (reader,) = readers
        if graph.nodes[reader].op.name in ADDITIONS and graph.paths[reader] == graph.paths[index]:
            found.head[index] = found.head.get(reader, reader)
    for index in sorted(found.head):
        found.parts.setdefault(found.head[index], []).append(index)
    for head in found.parts:
        found.terms[head] = _terms(view, head, found.head)
    return found


def _terms(view: View, head: int, partial: dict[int, int]) -> list[int]:
    terms: list[int] = []
    stack = [head]
    while stack:
        index = stack.pop()
        if index == head or index in partial:
            stack.extend(reversed(view.operands[index]))
        else:
            terms.append(index)
    return terms
