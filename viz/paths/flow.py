"""What each operation between a result and a tensor sends back, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autodiff.batching import whole
from autodiff.graph.conjugation import conjugated
from autodiff.sweeps.seeds import starting_gradient
from autodiff.sweeps.walk import walk
from viz.paths.between import Between
from viz.read.statistics import rms

__all__ = ["Array", "Flow", "Sent", "flow", "place_of", "widest_way"]

Array = np.ndarray[Any, Any]


class Sent(NamedTuple):
    """What one operation sends to one of its operands.

    Attributes:
        reader: number of the operation's result.
        position: which operand it is.
        operand: its number.
        amount: what is sent.
    """

    reader: int
    position: int
    operand: int
    amount: Array


@dataclass
class Flow:
    """The backward pass through what lies between.

    Attributes:
        deltas: for each node the derivative of the result by it.
        sent: every share, in the order of the backward pass.
    """

    deltas: list[Array]
    sent: list[Sent]

    def __post_init__(self) -> None:
        self._into: dict[int, list[Sent]] = {}
        for share in self.sent:
            self._into.setdefault(share.operand, []).append(share)

    def into(self, number: int) -> list[Sent]:
        """What is sent to one node, use by use."""
        return self._into.get(number, [])


def flow(part: Between, root: Any) -> Flow:
    """Send the gradient of a result back, by the pullbacks of the table, and keep every share.

    Raises:
        NonScalarBackwardError: if the result has several entries.
        StaleDataError: if an array was changed since.
    """
    number = {node: index for index, node in enumerate(part.nodes)}
    sent: list[Sent] = []

    def note(node: Any, g: Any, position: int, parent: Any, amount: Any) -> None:
        if node in number and parent in number:
            sent.append(Sent(number[node], position, number[parent], _array(amount)))

    seed = starting_gradient(root, None)
    walk({root: seed}, inputs=part.nodes[:1], hooks=False, note=note)
    deltas: list[Any] = [None] * len(part.nodes)
    if deltas:
        deltas[-1] = _array(seed)
    for share in sent:
        before = deltas[share.operand]
        deltas[share.operand] = share.amount if before is None else before + share.amount
    zeros = [_zeros(node) if d is None else d for node, d in zip(part.nodes, deltas, strict=True)]
    return Flow(zeros, sent)


def _array(amount: Any) -> Array:
    # A sweep carries the conjugate of what a complex gradient is called.
    return np.asarray(conjugated(np.asarray(whole(amount))))


def _zeros(node: Any) -> Array:
    return np.zeros(getattr(node, "shape", ()))


def widest_way(found: Flow, few: int) -> list[int]:
    """The nodes from the first one to the result by which most is sent; all if there are few."""
    last = len(found.deltas) - 1
    if last < few:
        return list(range(last + 1))
    way = [0]
    while way[-1] != last:
        shares = found.into(way[-1])
        way.append(max(shares, key=lambda share: (rms(share.amount), share.reader)).reader)
    return way


def place_of(node: Any) -> str:
    """File and line of the user's code that made a node; empty for a leaf."""
    return "" if node.origin is None else f"{Path(node.origin[0]).name}:{node.origin[1]}"
