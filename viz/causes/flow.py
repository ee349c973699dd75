"""A backward pass of its own, with all that arrives at each node and all that is sent on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff.batching import whole
from autodiff.sweeps.seeds import starting_gradient
from autodiff.sweeps.walk import leading_to, reached, walk
from autodiff.transforms.pushforward import tangents_of
from viz.read.statistics import rms

__all__ = ["Flow", "Share", "as_numbers", "flow_from"]


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """What an operation sends to one of its operands.

    Attributes:
        node: the operation's result.
        position: which operand.
        parent: the operand.
        amount: what it receives from here, as an array.
    """

    node: Any
    position: int
    parent: Any
    amount: Any


@dataclass(slots=True, eq=False)
class Flow:
    """The backward pass from a root, as far as it concerns one node.

    Attributes:
        root: where it begins.
        x: the node asked about.
        element: the entry asked about; None for all.
        order: the nodes between the two, both included, operands before results.
        received: the gradient of each node that got one.
        arrivals: by node what was added up there, from operations between the two or not.
        support: for an entry: by node which of its entries depend on that one.
    """

    root: Any
    x: Any
    element: tuple[int, ...] | None
    order: list[Any]
    received: dict[Any, Any]
    arrivals: dict[Any, list[Share]]
    support: dict[Any, Any]

    def gradient(self) -> Any:
        """What was asked about: the gradient, or one entry of it; zeros where none arrived."""
        g = self.received.get(self.x)
        if g is None:
            g = np.zeros(getattr(self.x, "shape", ()))
        return g if self.element is None else np.asarray(g[self.element])

    def part(self, node: Any, array: Any) -> Any:
        """Those entries of an array of a node's shape that matter for the one asked about."""
        mask = self.support.get(node)
        if mask is None or not mask.any() or mask.shape != np.shape(array):
            return array
        return array[mask]

    def size(self, node: Any) -> float:
        """Root mean square of what a node receives."""
        g = self.received.get(node)
        return 0.0 if g is None else rms(self.part(node, g))

    def share(self, share: Share) -> float:
        """Root mean square of what is sent to an operand."""
        return rms(self.part(share.parent, share.amount))

    def between(self) -> list[Share]:
        """All that is sent on the ways from the root to the node, in the order of the pass."""
        return [share for node in reversed(self.order) for share in self.arrivals.get(node, ())]


def as_numbers(x: Any) -> Any:
    """The numbers of a node, or of a gradient, as an array."""
    data = x.data if hasattr(x, "parents") else x
    return np.asarray(whole(data))


def flow_from(root: Any, x: Any, element: tuple[int, ...] | None) -> Flow:
    """Sweep back from a root; no ``grad`` is touched and no hook called.

    Raises:
        NonDifferentiableError: the root needs no gradient.
        NonScalarBackwardError: it has several entries.
        StaleDataError: an array that a rule needs was changed since.
    """
    between = leading_to([x], reached([root]))
    arrivals: dict[Any, list[Share]] = {}

    def note(node: Any, g: Any, position: int, parent: Any, part: Any) -> None:
        if parent in between:
            arrivals.setdefault(parent, []).append(Share(node, position, parent, np.asarray(part)))

    seed = starting_gradient(root, None)
    kept = walk({root: seed}, hooks=False, keep_all=True, note=note)
    received = {node: np.asarray(whole(g)) for node, g in kept}
    order = sorted(_between(root, x, between), key=lambda node: node.sequence)
    support = {} if element is None else _support(x, element, order)
    return Flow(root, x, element, order, received, arrivals, support)


def _between(root: Any, x: Any, leading: set[Any]) -> list[Any]:
    """What depends on the node and leads to the root."""
    if root not in leading:
        return []
    found = [root]
    seen = {root}
    for node in found:
        if node is x:
            continue
        for parent in node.parents:
            if parent in leading and parent not in seen:
                seen.add(parent)
                found.append(parent)
    return found


def _support(x: Any, element: tuple[int, ...], order: list[Any]) -> dict[Any, Any]:
    if not element:
        return {}
    direction = np.zeros_like(as_numbers(x))
    direction[element] = 1.0
    tangents = tangents_of(order, {x: direction}, 0, record=False)
    return {
        node: np.asarray(whole(t)) != 0
        for node, t in zip(order, tangents, strict=True)
        if t is not None
    }
