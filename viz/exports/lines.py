"""What a card says line by line, where neither colours nor places say which number is which."""

from __future__ import annotations

from viz.model import Card, Cluster

__all__ = ["card_lines", "heading"]


def card_lines(card: Card) -> list[str]:
    """The lines of a card.

    >>> card_lines(Card("n0", "W", "parameter", shape="2×3", value="1.5", value_label="rms"))
    ['W parameter', '2×3', 'rms 1.5']
    """
    lines = [f"{card.name} {card.formula or card.role}"]
    if card.shape:
        lines.append(f"{card.shape} {card.dtype}".strip())
    lines.append(f"{card.value_label} {card.value}".strip())
    if card.gradient_label:
        which = "" if card.gradient_label.startswith(("∂", "gradient")) else "gradient "
        lines.append(f"{which}{card.gradient_label} {card.gradient}")
    return lines


def heading(cluster: Cluster) -> str:
    """The title of a frame."""
    times = f" × {cluster.copies}" if cluster.copies > 1 else ""
    return f"{cluster.title} {cluster.description}".strip() + times
