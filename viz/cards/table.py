"""The content of a picture as a table, for those who would rather read."""

from __future__ import annotations

from viz.cards.card import spoken
from viz.draw.page import to_table
from viz.model import Card, Graph

__all__ = ["table"]

_HEADINGS = ("name", "role", "computed as", "shape", "value", "gradient", "where")


def table(graph: Graph) -> str:
    """The nodes of a graph as an HTML table that opens on a click."""
    return to_table(
        f"The same as a table: {len(graph.cards)} nodes",
        _HEADINGS,
        [_row(card) for card in graph.cards],
        [spoken(card) for card in graph.cards],
    )


def _row(card: Card) -> tuple[str, ...]:
    gradient = card.gradient if card.gradient_label else ""
    value = f"{card.value_label} {card.value}" if card.shape else card.value
    formula = card.formula.removeprefix("= ")
    return card.name, card.role, formula, card.shape, value, gradient, card.tooltip
