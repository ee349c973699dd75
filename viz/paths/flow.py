"""What each operation between a result and a tensor sends back, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from autodiff.batching import whole
from autodiff.sweeps.seeds import starting_gradient
from autodiff.sweeps.walk import walk
from viz.paths.between import Between

__all__ = ["Array", "Flow", "Sent", "flow"]

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


@dataclass(slots=True)
class Flow:
    """The backward pass through what lies between.

    Attributes:
        deltas: for each node the derivative of the result by it.
        sent: every share, in the order of the backward pass.
    """

    deltas: list[Array]
    sent: list[Sent]

    def into(self, number: int) -> list[Sent]:
        """What is sent to one node, use by use."""
        return [share for share in self.sent if share.operand == number]


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
    return np.asarray(whole(amount))


def _zeros(node: Any) -> Array:
    return np.zeros(getattr(node, "shape", ()))
