"""Room for numbers that change: labels are placed as if they were as wide as they may become."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from viz.cards.compose import measure
from viz.cards.drawing import Drawing
from viz.draw.scene import Scene
from viz.layout import Layout, layout
from viz.model import Card, Edge

__all__ = ["FLOW", "RoomyDrawing", "prefix"]

NUMBER = "−0.000"
"""As wide as a number of four digits is, most of the time."""
FLOW = f"{NUMBER} × ({NUMBER}) = {NUMBER}"
"""A longer product is not written out."""


def prefix(local: str) -> str:
    """What stands on a wire before its number, such as ``∂p₁/∂w₁ = x₁``."""
    head, sign, _ = local.rpartition(" = ")
    return head if sign else local


class RoomyDrawing(Drawing):
    """A drawing whose cards and labels have room for other numbers."""

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands, in pixels."""
        graph = replace(
            self.graph,
            cards=tuple(map(_roomy_card, self.graph.cards)),
            edges=tuple(map(_roomy_edge, self.graph.edges)),
        )
        return layout(graph, measure(graph, "down"), self._engine, direction="down")

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture; what wires and labels say is said by their numbers."""
        whole = super().scene
        groups = tuple(
            replace(group, label="") if group.kind in ("wire", "label") else group
            for group in whole.groups
        )
        return replace(whole, groups=groups)


def _roomy_card(card: Card) -> Card:
    return replace(card, value="−0.00001", gradient="−0.00001")


def _roomy_edge(edge: Edge) -> Edge:
    if not edge.local:
        return edge
    return replace(edge, local=f"{prefix(edge.local)} = {NUMBER}", flow=FLOW)
