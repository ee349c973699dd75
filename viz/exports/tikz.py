r"""A placed graph as a picture in TikZ, to be set and edited in LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from viz.draw.palette import LIGHT
from viz.draw.scene import Group, Path, Polygon
from viz.exports.tex import declared, to_tex
from viz.geometry import Rect
from viz.layout import Frame, Layout
from viz.model import ROLES, Card, Cluster, Edge, Graph

__all__ = ["MOST", "to_tikz"]

MOST = 400
"""TeX has no room for pictures of many more cards."""

_UNIT = "0.75pt"
"""A pixel of the layout."""


def to_tikz(graph: Graph, layout: Layout, wires: Sequence[Group], title: str = "") -> str:
    r"""A document with the picture: cards as nodes ``(n0)``, ``(n1)`` … where the layout has them.

    Every look is a style of its own in the head of the picture. LaTeX sets the document by itself;
    the ``tikzpicture`` alone can be taken over into another one, with its preamble. Without
    histograms, and without what stands beside and below the picture.

    Args:
        graph: what to write.
        layout: where it stands.
        wires: as they are drawn, one for each edge.
        title: over the picture; empty for none.

    Raises:
        ValueError: if there are more than `MOST` cards.
    """
    if len(graph.cards) > MOST:
        raise ValueError(
            f"a graph of {len(graph.cards)} cards is too large for TikZ, which takes {MOST}; save "
            "it as .pdf, or draw less of it with focus= or depth="
        )
    clusters = {cluster.path: cluster for cluster in graph.clusters}
    body = [rf"\node[heading] at (0, -14) {{{to_tex(title)}}};"] if title else []
    body += [line for f in layout.frames for line in _frame(clusters[f.path], f)]
    for edge, wire in zip(graph.edges, wires, strict=True):
        body += _wire(edge, wire)
    for number, (card, rect) in enumerate(zip(graph.cards, layout.cards, strict=True)):
        body.append(_card(card, rect, number in layout.small))
    for edge, room in zip(graph.edges, layout.labels, strict=True):
        body += [] if room is None else [_label(edge, room)]
    picture = [rf"\begin{{tikzpicture}}[{_styles()}]", *(f"  {line}" for line in body)]
    text = "\n".join([*picture, r"\end{tikzpicture}"])
    return "\n".join([*_preamble(text), r"\begin{document}", text, r"\end{document}", ""])


def _preamble(text: str) -> list[str]:
    lines = [
        r"\documentclass[tikz, border=8pt]{standalone}",
        r"\usepackage{amsmath, iftex}",
        r"\usetikzlibrary{arrows.meta}",
        r"\renewcommand{\familydefault}{\sfdefault}",
    ]
    unknown = declared(text)
    if unknown:
        lines += [r"\ifPDFTeX", *(f"  {line}" for line in unknown), r"\fi"]
    palette = {"ink": LIGHT.ink, "muted": LIGHT.muted, "forward": LIGHT.forward}
    palette |= {"backward": LIGHT.backward, "frame": LIGHT.frame[0], "frameline": LIGHT.frame[1]}
    for role in ROLES:
        palette[role], palette[f"{role}line"] = LIGHT.card(role)
    return lines + [
        rf"\definecolor{{gg{name}}}{{HTML}}{{{colour[1:].upper()}}}"
        for name, colour in palette.items()
    ]


def _styles() -> str:
    text = r"inner sep=2pt, outer sep=0pt, align=center, text=ggink"
    small = r"font=\scriptsize"
    looks = [
        f"x={_UNIT}, y=-{_UNIT}",
        rf"every node/.style={{{text}, font=\footnotesize}}",
        r"heading/.style={anchor=south west, font=\bfseries}",
        "card/.style={draw, rounded corners=5pt, line width=0.8pt}",
        "frame/.style={fill=ggframe, draw=ggframeline, rounded corners=6pt}",
        f"frame title/.style={{anchor=west, {small}}}",
        f"factor/.style={{{small}, inner sep=1pt}}",
        "forward lane/.style={draw=ggforward, line width=1pt, -{Stealth[length=5pt]}}",
        "backward lane/.style={draw=ggbackward, {Stealth[length=5pt]}-}",
        *(f"{role} card/.style={{card, fill=gg{role}, draw=gg{role}line}}" for role in ROLES),
    ]
    return "\n    " + ",\n    ".join(looks) + "\n  "


def _frame(cluster: Cluster, frame: Frame) -> list[str]:
    box = frame.rect
    heading = rf"\textbf{{{to_tex(cluster.title)}}} {to_tex(cluster.description)}".strip()
    if cluster.copies > 1:
        heading += rf" $\times {cluster.copies}$"
    at = f"({frame.title.x:.1f}, {frame.title.middle[1]:.1f})"
    return [
        rf"\path[frame] ({box.x:.1f}, {box.y:.1f}) rectangle ({box.right:.1f}, {box.bottom:.1f});",
        rf"\node[frame title] at {at} {{{heading}}};",
    ]


def _wire(edge: Edge, wire: Group) -> list[str]:
    """The lanes from card to card; their heads are TikZ's."""
    lines = []
    for lane, head in zip(wire.shapes[::2], wire.shapes[1::2], strict=True):
        assert isinstance(lane, Path)
        assert isinstance(head, Polygon)
        tip, way = _point(head.points[0]), _way(lane)
        if lane.style == "forward-lane":
            lines.append(rf"\draw[forward lane] {way} -- {tip};")
        else:
            dashes = ", densely dashed" if edge.zero else ""
            width = f"line width={0.75 * lane.width:.2f}pt{dashes}"
            lines.append(rf"\draw[backward lane, {width}] {tip} -- {way};")
    return lines


def _way(path: Path) -> str:
    parts = [_point(path.start)]
    for step in path.steps:
        points = [_point(pair) for pair in zip(step[::2], step[1::2], strict=True)]
        bend = len(points) == 3
        parts.append(f".. controls {points[0]} and {points[1]} .. " if bend else "-- ")
        parts[-1] += points[-1]
    return " ".join(parts)


def _point(pair: tuple[float, ...]) -> str:
    return f"({pair[0]:.1f}, {pair[1]:.1f})"


def _card(card: Card, rect: Rect, small: bool) -> str:
    told = to_tex(card.formula or card.role)
    lines = [rf"\textbf{{{to_tex(card.name)}}} {told}"]
    if small:
        lines = [rf"\textbf{{{to_tex(card.name)}}} {to_tex(card.shape)}".strip()]
    elif card.shape:
        lines.append(rf"\textcolor{{ggmuted}}{{{to_tex(f'{card.shape} {card.dtype}'.strip())}}}")
    value = to_tex(f"{card.value_label} {card.value}".strip())
    lines.append(rf"\textcolor{{ggforward}}{{{value}}}")
    if card.gradient_label:
        gradient = to_tex(f"{card.gradient_label} {card.gradient}")
        lines.append(rf"\textcolor{{ggbackward}}{{{gradient}}}")
    size = f"minimum width={0.75 * rect.width:.1f}pt, minimum height={0.75 * rect.height:.1f}pt"
    text = r"\\".join(lines)
    return rf"\node[{card.role} card, {size}] ({card.id}) at {_point(rect.middle)} {{{text}}};"


def _label(edge: Edge, room: Rect) -> str:
    lines = [to_tex(edge.local)] if edge.local else []
    if edge.flow:
        lines.append(rf"\textcolor{{ggbackward}}{{{to_tex(edge.flow)}}}")
    text = r"\\".join(lines)
    return rf"\node[factor] at {_point(room.middle)} {{{text}}};"
