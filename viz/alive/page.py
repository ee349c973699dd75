"""The page around a program: the drawing, the controls, what is explained."""

from __future__ import annotations

import base64
import hashlib
import json
import linecache
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from viz.alive.program import Program
from viz.alive.room import FLOW, prefix
from viz.alive.scripts import part
from viz.cards.drawing import Drawing
from viz.draw.page import to_document
from viz.draw.svg import escape

__all__ = ["Parts", "to_live_page"]

LINES = 40
"""So many lines of the user's program are shown at most."""
ABOVE = 8
"""And so many lines directly above the first operation."""
WIDEST = 1300.0
"""A graph wider than this, in pixels, is shown in full size, to be scrolled."""
READY = (
    "Everything is computed. Drag a leaf to change its value, or play both passes one operation at "
    "a time."
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a page is made of.

    Attributes:
        program: what the browser runs.
        drawing: the picture of the graph, a card for each node that is shown.
        shown: the place in the program of each card.
        uses: for each wire of the picture the node that reads, and the operand's position.
        title: of the page.
    """

    program: Program
    drawing: Drawing
    shown: tuple[int, ...]
    uses: tuple[tuple[int, int], ...]
    title: str


def to_live_page(parts: Parts, theme: str) -> str:
    """One HTML document that computes by itself, and asks for nothing.

    Args:
        parts: what it is made of.
        theme: ``auto``, ``light`` or ``dark``.
    """
    script = (
        f'"use strict";\n{{\n{parts.program.script()}const page = {_embedded(_data(parts))};\n'
        f"{part('numbers.js')}{part('view.js')}}}\n"
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    dark = part("dark.css")
    style = (
        part("style.css")
        + {
            "auto": f"@media (prefers-color-scheme:dark){{{dark}}}\n",
            "dark": dark,
            "light": "",
        }[theme]
    )
    body = _body(parts) + f"<script>{script}</script>\n"
    return to_document(body, parts.title, theme, style, f"script-src 'sha256-{digest}'; ")


def _embedded(data: Any) -> str:
    """Data within a script: no text in it can end the script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _data(parts: Parts) -> dict[str, Any]:
    graph, program = parts.drawing.graph, parts.program
    cards = [
        {
            "id": card.id,
            "node": node,
            "name": card.name,
            "role": card.role,
            "formula": card.formula,
            "leaf": program.calls[node] < 0,
        }
        for card, node in zip(graph.cards, parts.shown, strict=True)
    ]
    labels = iter(range(len(graph.edges)))
    rooms = parts.drawing.layout.labels
    wires = [
        {
            "source": program.operands[target][position],
            "target": target,
            "position": position,
            "label": -1 if room is None else next(labels),
            "prefix": prefix(edge.local),
        }
        for edge, room, (target, position) in zip(graph.edges, rooms, parts.uses, strict=True)
    ]
    forwards = [[0, card["node"]] for card in cards if not card["leaf"]]
    order = sorted(range(len(wires)), key=lambda i: -parts.uses[i][0])
    return {
        "cards": cards,
        "wires": wires,
        "steps": [*forwards, *([1, i] for i in order)],
        "forwards": len(forwards),
        "result": len(program.nodes) - 1,
        "name": graph.cards[-1].name,
        "ready": READY,
        "longest": len(FLOW),
    }


def _body(parts: Parts) -> str:
    name = escape(parts.drawing.graph.cards[-1].name)
    leaves = "".join(
        f'<tr><th scope="row">{escape(card.name)}</th><td>{escape(card.value)}</td>'
        f"<td>{escape(card.gradient)}</td></tr>"
        for card, node in zip(parts.drawing.graph.cards, parts.shown, strict=True)
        if parts.program.calls[node] < 0
    )
    return f"""<div class="live-page">
<header><h1>{escape(parts.title)}</h1>
<p class="live">Drag a leaf: both passes recompute in this page.</p></header>
<div class="left">
{_code(parts)}<section class="live"><h2>Leaves</h2><div id="leaves"></div>
<p><button type="button" id="again">as it was</button></p></section>
<section class="live" aria-label="steps"><h2>One operation at a time</h2><div class="bar">
<button type="button" id="prev" aria-label="one step back">←</button>
<button type="button" id="play">play</button>
<button type="button" id="next" aria-label="one step on">→</button>
<button type="button" id="all">all</button><span id="count"></span>
<input type="range" id="step" min="0" max="{_steps(parts)}" step="1" aria-label="step"></div>
<p id="say" aria-live="polite">{READY}</p></section>
<noscript><p>This is the program as it was run. With JavaScript its leaves can be dragged and both
passes played.</p></noscript>
</div>
<div class="graph{_wide(parts)}">{parts.drawing.svg}</div>
<div class="right">
<section class="live"><p class="big"><span id="what"></span><span id="slope" class="g"></span></p>
<p id="lead"></p><ol id="paths"></ol><p id="sum" class="g"></p>
<table class="checks"><tbody>
<tr><th scope="row">backward pass</th><td id="exact"></td><td></td></tr>
<tr><th scope="row">finite difference</th><td id="difference"></td><td id="off"></td></tr></tbody>
</table></section>
<section class="live"><h2 id="plotted"></h2>
<svg class="plot" viewBox="0 0 400 220" role="img" aria-labelledby="plotted">
<path class="axis" d="M50,10V190H390"/><path id="curve"/><path id="tangent"/>
<circle id="dot" r="5"/><text id="low" x="50" y="206"></text>
<text id="high" x="390" y="206" text-anchor="end"></text>
<text id="axis" x="220" y="206" text-anchor="middle"></text>
<text id="top" x="60" y="14"></text><text id="bottom" x="60" y="182"></text></svg></section>
<noscript><table class="checks"><thead><tr><th>leaf</th><th>value</th><th>∂{name}/∂leaf</th></tr>
</thead><tbody>{leaves}</tbody></table></noscript>
</div>
</div>
"""


def _wide(parts: Parts) -> str:
    # Shrunk to the page, a very wide graph could not be read.
    return " wide" if parts.drawing.layout.width > WIDEST else ""


def _steps(parts: Parts) -> int:
    inner = sum(parts.program.calls[node] >= 0 for node in parts.shown)
    return inner + len(parts.drawing.graph.edges)


def _code(parts: Parts) -> str:
    """The lines of the user's program that made the nodes."""
    places: dict[tuple[str, int], list[int]] = {}
    for node in parts.shown:
        origin = parts.program.nodes[node].origin
        if origin is not None:
            places.setdefault((origin[0], origin[1]), []).append(node)
    files = {file for file, _ in places}
    if len(files) != 1:
        return ""
    file = next(iter(files))
    numbers = sorted(line for _, line in places)
    first, last = _begin(file, numbers[0]), numbers[-1]
    lines: Iterable[int] = range(first, last + 1) if last - first < LINES else numbers[:LINES]
    texts = {line: linecache.getline(file, line).rstrip("\n") for line in lines}
    if not any(text.strip() for text in texts.values()):
        return ""
    indent = min(
        (len(text) - len(text.lstrip()) for text in texts.values() if text.strip()), default=0
    )
    items = "".join(
        f'<li{_nodes(places.get((file, line), []))}><span class="no">{line}</span>'
        f"<span>{escape(text[indent:]) or ' '}</span></li>"
        for line, text in texts.items()
    )
    name = escape(file.replace("\\", "/").rsplit("/", 1)[-1])
    return f'<section><h2>Your program, {name}</h2><ol class="code">{items}</ol></section>\n'


def _begin(file: str, line: int) -> int:
    """The line from which on the program is shown: the leaves are made above."""
    first = line
    while first > 1 and line - first < ABOVE and linecache.getline(file, first - 1).strip():
        first -= 1
    return first


def _nodes(nodes: list[int]) -> str:
    return f' data-nodes="{" ".join(map(str, nodes))}"' if nodes else ""
