"""The content of a picture as a table, for those who would rather read."""

from __future__ import annotations

from viz.cards.card import spoken
from viz.draw.svg import escape
from viz.model import Card, Graph

__all__ = ["table"]

_HEADINGS = ("name", "role", "computed as", "shape", "value", "gradient", "where")


def table(graph: Graph) -> str:
    """The nodes of a graph as an HTML table that opens on a click."""
    head = "".join(f'<th scope="col">{entry}</th>' for entry in _HEADINGS)
    rows = "\n".join(_row(card) for card in graph.cards)
    return f"""<details>
<summary>The same as a table: {len(graph.cards)} nodes</summary>
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</details>
"""


def _row(card: Card) -> str:
    gradient = card.gradient if card.gradient_label else ""
    value = f"{card.value_label} {card.value}" if card.shape else card.value
    entries = (
        card.name,
        card.role,
        card.formula.removeprefix("= "),
        card.shape,
        value,
        gradient,
        card.tooltip,
    )
    cells = "".join(f"<td>{escape(entry)}</td>" for entry in entries)
    return f'<tr title="{escape(spoken(card))}">{cells}</tr>'
