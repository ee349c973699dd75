"""Activations and gradients per layer, as small histograms with a verdict."""

from __future__ import annotations

from nn.inspect.data import Histogram
from nn.report.data import Flow, Layer
from nn.report.text import escape, number

__all__ = ["flow", "histogram"]

WIDTH, HEIGHT = 124, 64


def histogram(bins: Histogram, style: str, label: str) -> str:
    """A histogram as an SVG element; its highest bar takes the whole height.

    Args:
        bins: the counts.
        style: ``forward`` or ``backward``.
        label: what it shows, in words.
    """
    highest = max(bins.counts, default=0) or 1
    step = WIDTH / max(len(bins.counts), 1)
    bars = []
    for i, count in enumerate(bins.counts):
        if count:
            # What is there is seen, be it ever so little.
            tall = max(HEIGHT * count / highest, 0.8)
            left, top = i * step, HEIGHT - tall
            bars.append(f"M{left:.2f} {HEIGHT}V{top:.1f}h{step - 0.35:.2f}V{HEIGHT}z")
    zero = ""
    if bins.low < 0 < bins.high:
        x = WIDTH * -bins.low / (bins.high - bins.low)
        zero = f'<path class="zero" d="M{x:.1f} 0V{HEIGHT}"/>'
    title = f"{label}, from {number(bins.low, 3)} to {number(bins.high, 3)}"
    return (
        f'<svg class="histogram" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" '
        f'role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>{zero}'
        f'<path class="{style}" d="{"".join(bars)}"/></svg>'
    )


def flow(data: Flow) -> str:
    """All layers at one moment, beside the verdict."""
    kind = "healthy" if data.healthy else "trouble"
    columns = "".join(_column(layer) for layer in data.layers)
    return (
        f'<div class="flow {kind}"><div class="verdict"><h3>{escape(data.title)}</h3>'
        f"<strong>{escape(data.verdict)}</strong><p>{escape(data.explanation)}</p></div>"
        f'<div class="layers">{columns}</div></div>'
    )


def _column(layer: Layer) -> str:
    name = escape(layer.name)
    notes = "".join(f"<li>{escape(note)}</li>" for note in layer.notes)
    ends = f"{number(layer.activations.low, 2)} … {number(layer.activations.high, 2)}"
    return (
        f'<div class="layer{" alarming" if layer.alarming else ""}"><h4>{name}</h4>'
        f"{histogram(layer.activations, 'forward', f'activations of {layer.name}')}"
        f'<p class="forward"><span class="range">{ends}</span> σ {number(layer.spread, 3)}</p>'
        f"{histogram(layer.gradients, 'backward', f'gradients at {layer.name}')}"
        f'<p class="backward">rms {number(layer.rms, 3)}</p><ul>{notes}</ul></div>'
    )
