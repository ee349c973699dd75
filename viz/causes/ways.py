"""The way by which most of the gradient comes, and the places where nothing goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.causes.flow import Flow, Share

__all__ = ["Stop", "heaviest", "stops"]


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """A place that a gradient reaches and does not leave.

    Attributes:
        share: what is sent there, all zeros; or what arrives at the node where all adds up to 0.
        sums: the gradient is lost in the sum of what arrives at ``share.parent``.
        size: how large it was before.
    """

    share: Share
    sums: bool
    size: float


def heaviest(flow: Flow, start: Any = None) -> list[Share]:
    """The way from the root to a node that carries most, each step that which brings most.

    Args:
        flow: the backward pass.
        start: the node; the one asked about by default.
    """
    node = flow.x if start is None else start
    found: list[Share] = []
    while node is not flow.root:
        steps = flow.arrivals.get(node) or _silent(flow, node)
        if not steps:
            break
        step = max(steps, key=lambda share: (_key(flow.share(share)), share.node.sequence))
        found.append(step)
        node = step.node
    return found[::-1]


def _key(size: float) -> float:
    return float("inf") if size != size else size


def _silent(flow: Flow, node: Any) -> list[Share]:
    """Steps to a node at which nothing was sent at all."""
    return [
        Share(reader, i, node, np.zeros(getattr(node, "shape", ())))
        for reader in flow.order
        for i, parent in enumerate(reader.parents)
        if parent is node
    ]


def stops(flow: Flow) -> list[Stop]:
    """Where what the node should receive ends, the most that is lost first."""
    found: list[Stop] = []
    for node in reversed(flow.order):
        arrived = flow.arrivals.get(node, [])
        sizes = [flow.share(share) for share in arrived]
        if node is not flow.root and any(sizes) and flow.size(node) == 0:
            largest = max(range(len(sizes)), key=sizes.__getitem__)
            found.append(Stop(arrived[largest], True, sizes[largest]))
        for share, size in zip(arrived, sizes, strict=True):
            before = flow.size(share.node)
            if size == 0 and before > 0:
                found.append(Stop(share, False, before))
        if not arrived and node is not flow.root:
            for share in _silent(flow, node):
                if flow.size(share.node) > 0:
                    found.append(Stop(share, False, flow.size(share.node)))
    return sorted(found, key=lambda stop: -stop.size)
