"""The colours, by role and by theme.

Forward is blue, backward is orange: both have a contrast of at least 5 on every card of
their theme and stay far apart for protan and deutan eyes.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DARK", "LIGHT", "Palette", "styles"]


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme. Each colour is a literal; cards and frames are (fill, stroke) pairs."""

    background: str
    ink: str
    muted: str
    forward: str
    backward: str
    frame: tuple[str, str]
    input: tuple[str, str]
    parameter: tuple[str, str]
    constant: tuple[str, str]
    op: tuple[str, str]
    output: tuple[str, str]
    group: tuple[str, str]

    def card(self, role: str) -> tuple[str, str]:
        """Fill and stroke of a card of that role."""
        pair: tuple[str, str] = getattr(self, role)
        return pair


LIGHT = Palette(
    background="#ffffff",
    ink="#1f2933",
    muted="#5b6675",
    forward="#0b5cad",
    backward="#b93a0b",
    frame=("#f6f8fb", "#cbd5e1"),
    input=("#eaf2fb", "#7aa7d6"),
    parameter=("#e6f4ee", "#3f9a78"),
    constant=("#f1f3f6", "#aeb8c6"),
    op=("#ffffff", "#94a3b8"),
    output=("#fff6db", "#c9940c"),
    group=("#f3effb", "#8f7fc0"),
)

DARK = Palette(
    background="#0f172a",
    ink="#e8edf4",
    muted="#a3b0c2",
    forward="#7cc0ff",
    backward="#ff9d6b",
    frame=("#131d33", "#2d3b55"),
    input=("#13263d", "#4b82b8"),
    parameter=("#10302a", "#4fb592"),
    constant=("#1b2536", "#56647a"),
    op=("#172033", "#5b6b82"),
    output=("#362c10", "#d9a514"),
    group=("#241f3d", "#8d7fc9"),
)


def styles(palette: Palette) -> dict[str, dict[str, str]]:
    """The properties behind each style name that a scene uses, in CSS terms."""

    def filled(colour: str) -> dict[str, str]:
        return {"fill": colour}

    def lane(colour: str) -> dict[str, str]:
        return {"fill": "none", "stroke": colour, "stroke-linecap": "butt"}

    def framed(pair: tuple[str, str]) -> dict[str, str]:
        return {"fill": pair[0], "stroke": pair[1], "stroke-width": "1.2"}

    cards = ("input", "parameter", "constant", "op", "output", "group")
    return {
        "background": filled(palette.background),
        "ink": filled(palette.ink),
        "muted": filled(palette.muted),
        "forward": filled(palette.forward),
        "backward": filled(palette.backward),
        "forward-lane": lane(palette.forward),
        "backward-lane": lane(palette.backward),
        "zero-lane": {**lane(palette.backward), "stroke-dasharray": "3 3", "opacity": "0.7"},
        "frame": framed(palette.frame),
        **{role: framed(palette.card(role)) for role in cards},
    }
