"""A small network with all its numbers as one scene."""

from __future__ import annotations

from viz.draw.prose import Phrase, paragraph
from viz.draw.scene import Group, Scene, Span, Text
from viz.networks.chips.bands import lower_band, upper_band
from viz.networks.chips.cards import neuron_cards
from viz.networks.chips.judge import judge
from viz.networks.chips.lanes import lanes
from viz.networks.chips.places import places
from viz.networks.chips.symbols import Symbols
from viz.networks.model import Network
from viz.networks.planes.amplifiers import Flow
from viz.text.formatting import clean

__all__ = ["compose"]

WIDEST = 2.9
"""The columns are made higher until the picture is at most so many times as wide as high."""


def compose(network: Network, flow: Flow, title: str, apart: float) -> Scene:
    """Draw a network of few neurons.

    Args:
        network: what is drawn.
        flow: its gradients, worked out by the formulas.
        title: over the picture.
        apart: how far they are from those of the engine.
    """
    symbols = Symbols(network)
    least = 300.0 if symbols.softmax else 200.0
    where = places(network, symbols, least)
    judged = judge(network, symbols, flow, where)
    last, band = lower_band(network, symbols, flow, where, judged, apart)
    if band.right > WIDEST * band.bottom:
        least = where.bottom - where.top + band.right / WIDEST - band.bottom
        where = places(network, symbols, least)
        judged = judge(network, symbols, flow, where)
        last, band = lower_band(network, symbols, flow, where, judged, apart)
    width = band.right + 12
    groups: list[Group] = [upper_band(network, symbols, where, judged, band.width), last]
    frames = [group for group in judged.groups if group.kind == "ground"]
    groups += frames
    groups += lanes(network, flow, where)
    groups += [group for group in judged.groups if group not in frames]
    for layer, column in enumerate(where.columns):
        groups += neuron_cards(network, symbols, layer, column)
    head = [Text(24, 38, (Span(title, "ink", 23, True),))]
    head += paragraph(_legend(symbols), 24, 61, width - 48, leading=17)
    groups.append(Group("title", tuple(head)))
    return Scene(width, band.bottom + 12, tuple(groups), title, _described(symbols))


def _legend(symbols: Symbols) -> list[Phrase]:
    note = clean(symbols.network.note)
    return [
        Phrase(f"{symbols.described()}  ·  "),
        *([Phrase(f"{note}  ·  ")] if note else []),
        Phrase("blue lanes carry values forward", "forward"),
        Phrase(",  "),
        Phrase("orange lanes carry gradients back", "backward"),
        Phrase(",  dashed carries zero  ·  each green row is a weight: "),
        Phrase("value", "forward"),
        Phrase(" and "),
        Phrase(symbols.by("w"), "backward"),
    ]


def _described(symbols: Symbols) -> str:
    return (
        "Every weight with its value and its gradient, every neuron with what it received and what "
        f"it sent back ({symbols.described()}). Blue lanes carry values forward, orange lanes "
        "carry gradients back; a dashed lane carries zero."
    )
