"""The colours, by role and by theme.

Forward is blue, backward is orange: both have a contrast of at least 5 on every card of
their theme and stay far apart for protan and deutan eyes. They name the pass. Where a line must
show a sign, as those of a network do, it is green or purple; what differs between two passes is
violet, and nothing else is.
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
    failed: tuple[str, str]
    positive: str
    negative: str
    difference: str
    grid: str
    gain: str
    judged: tuple[str, str]

    def card(self, role: str) -> tuple[str, str]:
        """Fill and stroke of a card of that role; a variable is tinted as the input it is."""
        pair: tuple[str, str] = getattr(self, "input" if role == "variable" else role)
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
    failed=("#fff1f1", "#c62828"),
    positive="#2e7d32",
    negative="#8a2a9b",
    difference="#6a3fb5",
    grid="#dde3ea",
    gain="#fde7da",
    judged=("#fffdf5", "#e0c46c"),
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
    failed=("#2b1318", "#ff6b6b"),
    positive="#6cc070",
    negative="#d78be6",
    difference="#b79cf5",
    grid="#26334a",
    gain="#3a2015",
    judged=("#1a1c24", "#6b5a22"),
)


def styles(palette: Palette) -> dict[str, dict[str, str]]:
    """The properties behind each style name that a scene uses, in CSS terms."""

    def filled(colour: str) -> dict[str, str]:
        return {"fill": colour}

    def lane(colour: str) -> dict[str, str]:
        return {"fill": "none", "stroke": colour, "stroke-linecap": "butt"}

    def framed(pair: tuple[str, str]) -> dict[str, str]:
        return {"fill": pair[0], "stroke": pair[1], "stroke-width": "1.2"}

    def outlined(colour: str, dashes: str = "") -> dict[str, str]:
        look = {"fill": palette.background, "stroke": colour, "stroke-width": "1.4"}
        return {**look, "stroke-dasharray": dashes} if dashes else look

    cards = ("input", "variable", "parameter", "constant", "op", "output", "group")
    colours = {
        name: getattr(palette, name)
        for name in ("ink", "muted", "forward", "backward", "positive", "negative", "difference")
    }
    return {
        "background": filled(palette.background),
        **{name: filled(colour) for name, colour in colours.items()},
        **{f"{name}-lane": lane(colour) for name, colour in colours.items()},
        **{
            f"{name}-cell": {"fill": colour, "shape-rendering": "crispEdges"}
            for name, colour in colours.items()
        },
        **{f"{name}-outline": outlined(colour) for name, colour in colours.items()},
        "alarm": {"fill": "none", "stroke": palette.backward, "stroke-width": "2.4"},
        "difference-frame": {
            "fill": "none",
            "stroke": palette.difference,
            "stroke-width": "3",
        },
        "on-difference": filled(palette.background),
        "difference-ground": filled(palette.difference),
        "silent": outlined(palette.muted, "3 3"),
        "grid": filled(palette.grid),
        "grid-lane": lane(palette.grid),
        "dashed-lane": {**lane(palette.muted), "stroke-dasharray": "3 3"},
        "zero-lane": {**lane(palette.backward), "stroke-dasharray": "3 3", "opacity": "0.7"},
        "zero-forward-lane": {**lane(palette.forward), "stroke-dasharray": "3 3", "opacity": "0.7"},
        "tie-lane": {**lane(palette.muted), "stroke-dasharray": "1.5 3.5"},
        "curve-lane": lane(palette.op[1]),
        "gain": {**outlined(palette.backward), "fill": palette.gain},
        "no-gain": outlined(palette.backward, "3 3"),
        "plane": filled(palette.frame[0]),
        "judged": framed(palette.judged),
        "difference-dots": {
            **lane(palette.difference),
            "stroke-dasharray": "2 4",
            "stroke-linejoin": "round",
        },
        "difference-mark": {
            "fill": "none",
            "stroke": palette.difference,
            "stroke-width": "2.4",
        },
        "frame": framed(palette.frame),
        **{role: framed(palette.card(role)) for role in cards},
        "failed": {
            **framed(palette.failed),
            "stroke-width": "1.8",
            "stroke-dasharray": "6 3",
        },
    }
