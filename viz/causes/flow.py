"""A backward pass of its own, with all that arrives at each node and all that is sent on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autodiff.batching import whole
from autodiff.graph.conjugation import conjugated
from autodiff.sweeps.seeds import starting_gradient
from autodiff.sweeps.walk import reached, walk
from autodiff.transforms.pushforward import tangents_of
from viz.read.statistics import rms

__all__ = ["Flow", "Share", "Sweep", "as_numbers"]


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
        leaves: all leaves that receive a gradient, with its size, the largest first.
    """

    root: Any
    x: Any
    element: tuple[int, ...] | None
    order: list[Any]
    received: dict[Any, Any]
    arrivals: dict[Any, list[Share]]
    support: dict[Any, Any]
    leaves: list[tuple[float, Any]]

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
        return 0.0 if g is None else _size(self.part(node, g))

    def share(self, share: Share) -> float:
        """Root mean square of what is sent to an operand."""
        return _size(self.part(share.parent, share.amount))


def _size(array: Any) -> float:
    return float(abs(array)) if array.ndim == 0 else rms(array)


def as_numbers(x: Any) -> Any:
    """The numbers of a node, or of a gradient, as an array."""
    data = x.data if hasattr(x, "parents") else x
    return np.asarray(whole(data))


class Sweep:
    """A whole backward pass from a root: no ``grad`` is touched and no hook called.

    Attributes:
        root: where it begins.
        received: the gradient of each node that got one.
        arrivals: by node what was added up there.

    Raises:
        NonDifferentiableError: the root needs no gradient.
        NonScalarBackwardError: it has several entries.
        StaleDataError: an array that a rule needs was changed since.
    """

    def __init__(self, root: Any) -> None:
        self.root = root
        self.arrivals: dict[Any, list[Share]] = {}
        self._readers: dict[Any, list[Any]] = {}
        for node in reached([root]):
            for parent in node.parents:
                if parent.requires_grad:
                    self._readers.setdefault(parent, []).append(node)
        kept = walk(
            {root: starting_gradient(root, None)}, hooks=False, keep_all=True, note=self._note
        )
        self.received: dict[Any, Any] = {node: np.asarray(whole(conjugated(g))) for node, g in kept}

    def _note(self, node: Any, g: Any, position: int, parent: Any, part: Any) -> None:
        share = Share(node, position, parent, np.asarray(whole(part)))
        self.arrivals.setdefault(parent, []).append(share)

    def flow_to(self, x: Any, element: tuple[int, ...] | None) -> Flow:
        """The part of it that concerns one node; without any ``order`` if it is not reached."""
        order = self._between(x)
        arrivals = {node: self.arrivals[node] for node in order if node in self.arrivals}
        support = {} if element is None else _support(x, element, order)
        return Flow(self.root, x, element, order, self.received, arrivals, support, self.leaves)

    @cached_property
    def leaves(self) -> list[tuple[float, Any]]:
        """The leaves with the size of their gradients where these are finite, the largest first."""
        found = [(rms(g), node) for node, g in self.received.items() if node.is_leaf]
        finite = [pair for pair in found if np.isfinite(pair[0])]
        return sorted(finite, key=lambda pair: (pair[0], pair[1].sequence), reverse=True)

    def _between(self, x: Any) -> list[Any]:
        """What depends on the node and leads to the root, operands before results."""
        found = [x] if x is self.root or x in self._readers else []
        seen = set(found)
        for node in found:
            for reader in self._readers.get(node, ()):
                if reader not in seen:
                    seen.add(reader)
                    found.append(reader)
        return sorted(found, key=lambda node: node.sequence)


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
