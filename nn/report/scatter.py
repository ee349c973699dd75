"""Predicted numbers over true ones as SVG, and the distribution of what is wrong."""

from __future__ import annotations

from nn.report.flow import histogram
from nn.report.sections import Distribution, Scatter
from nn.report.text import escape, number, ticks

__all__ = ["distribution", "scatter"]

WIDTH, HEIGHT = 480.0, 400.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 12.0, 10.0, 40.0


def scatter(data: Scatter) -> str:
    """The points with the diagonal on which a perfect prediction lies, as a figure.

    Args:
        data: the numbers, which are finite.
    """
    both = (*data.true, *data.predicted)
    low, high = min(both, default=0.0), max(both, default=1.0)
    room = 0.04 * (high - low) or 0.5 * abs(high) or 1.0
    low, high = low - room, high + room
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x(value: float) -> float:
        return LEFT + (value - low) / (high - low) * (right - LEFT)

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - TOP)

    parts = []
    for level in ticks(low, high):
        name = number(level)
        parts.append(f'<path class="grid" d="M{LEFT:g} {y(level):.1f}H{right:g}"/>')
        parts.append(
            f'<text class="tick end" x="{LEFT - 6:g}" y="{y(level) + 4:.1f}">{name}</text>'
        )
        parts.append(f'<text class="tick mid" x="{x(level):.1f}" y="{bottom + 15:g}">{name}</text>')
    parts.append(f'<path class="axis" d="M{LEFT:g} {bottom:g}L{right:g} {TOP:g}"/>')
    for true, guessed in zip(data.true, data.predicted, strict=True):
        said = f"{number(true)}, predicted {number(guessed)}"
        parts.append(
            f'<circle class="forward" cx="{x(true):.1f}" cy="{y(guessed):.1f}" r="2.6">'
            f"<title>{said}</title></circle>"
        )
    name = escape(data.name)
    middle = (LEFT + right) / 2
    parts.append(f'<text class="tick mid" x="{middle:g}" y="{HEIGHT - 6:g}">true {name}</text>')
    label = escape(f"{data.title}: {len(data.true)} samples, predicted {data.name} over true")
    return (
        f"<figure><figcaption>{escape(data.title)}</figcaption>"
        f'<svg class="chart scatter" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{label}">{"".join(parts)}</svg></figure>'
    )


def distribution(data: Distribution) -> str:
    """A histogram with its ends below it, as a figure."""
    ends = f"{number(data.bins.low, 3)} … {number(data.bins.high, 3)}"
    return (
        f"<figure><figcaption>{escape(data.title)}</figcaption>"
        f'<div class="distribution">{histogram(data.bins, "backward", data.title)}'
        f'<p class="muted">{ends}</p></div></figure>'
    )
