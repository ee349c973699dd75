"""Graphs made by hand, and the checks that every layout of any graph must pass."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

from viz import Drawing
from viz.cards.lanes import stretches
from viz.layout import Layout, Rect, Run
from viz.layout.direction import turned
from viz.model import Card, Cluster, Edge, Graph, Histogram

SVG = "{http://www.w3.org/2000/svg}"


def neuron() -> Graph:
    """o = tanh(w₁x₁ + w₂x₂ + b), as in the pictures of the documentation."""
    rows = [
        ("w₁", "parameter", "", "−3", "1"),
        ("x₁", "input", "", "2", "−1.5"),
        ("p₁", "op", "= w₁ · x₁", "−6", "0.5"),
        ("w₂", "parameter", "", "1", "0"),
        ("x₂", "input", "", "0", "0.5"),
        ("p₂", "op", "= w₂ · x₂", "0", "0.5"),
        ("s", "op", "= p₁ + p₂", "−6", "0.5"),
        ("b", "parameter", "", "6.881", "0.5"),
        ("z", "op", "= s + b", "0.8814", "0.5"),
        ("o", "output", "= tanh(z)", "0.7071", "1"),
    ]
    cards = tuple(
        Card(
            f"n{i}", name, role, formula, value=value, gradient=gradient,
            gradient_label=f"∂o/∂{name}", tooltip="neuron.py:12",
        )
        for i, (name, role, formula, value, gradient) in enumerate(rows)
    )  # fmt: skip
    wires = [
        (0, 2, 0, "∂p₁/∂w₁ = x₁ = 2", "0.5 × 2 = 1", 1.0),
        (1, 2, 1, "∂p₁/∂x₁ = w₁ = −3", "0.5 × (−3) = −1.5", 1.5),
        (3, 5, 0, "∂p₂/∂w₂ = x₂ = 0", "0.5 × 0 = 0", 0.0),
        (4, 5, 1, "∂p₂/∂x₂ = w₂ = 1", "0.5 × 1 = 0.5", 0.5),
        (2, 6, 0, "∂s/∂p₁ = 1", "0.5 × 1 = 0.5", 0.5),
        (5, 6, 1, "∂s/∂p₂ = 1", "0.5 × 1 = 0.5", 0.5),
        (6, 8, 0, "∂z/∂s = 1", "0.5 × 1 = 0.5", 0.5),
        (7, 8, 1, "∂z/∂b = 1", "0.5 × 1 = 0.5", 0.5),
        (8, 9, 0, "∂o/∂z = 1 − o² = 0.5", "1 × 0.5 = 0.5", 0.5),
    ]
    return Graph(cards, tuple(_wire(*wire) for wire in wires))


def _wire(source: int, target: int, position: int, local: str, flow: str, rms: float) -> Edge:
    return Edge(f"n{source}", f"n{target}", position, local, flow, rms, rms == 0.0)


def tensor_card(number: int, name: str, role: str = "op", **more: object) -> Card:
    """A tensor-level card with histograms."""
    bars = Histogram((1, 3, 7, 4, 0, 2), -1.0, 1.0)
    settings: dict[str, object] = {
        "shape": "32×16", "dtype": "float32", "value": "0.5532", "value_label": "σ",
        "gradient": "0.005138", "gradient_label": "rms", "value_histogram": bars,
        "gradient_histogram": bars, "gradient_rms": 10.0 ** -(number % 4),
    }  # fmt: skip
    return Card(f"n{number}", name, role, **{**settings, **more})  # type: ignore[arg-type]


def mlp() -> Graph:
    """Two layers in nested frames, with inputs from outside."""
    net, first, second = ("MLP",), ("MLP", "layers[0]"), ("MLP", "layers[2]")
    rows: list[tuple[str, str, tuple[str, ...]]] = [
        ("X", "input", ()),
        ("W₁", "parameter", first),
        ("m₁", "op", first),
        ("b₁", "parameter", first),
        ("z₁", "op", first),
        ("h", "op", net),
        ("W₂", "parameter", second),
        ("m₂", "op", second),
        ("b₂", "parameter", second),
        ("z₂", "op", second),
        ("y", "input", ()),
        ("L", "output", ()),
    ]
    cards = tuple(
        tensor_card(i, name, role, cluster=path) for i, (name, role, path) in enumerate(rows)
    )
    pairs = [
        (0, 2), (1, 2), (2, 4), (3, 4), (4, 5), (5, 7), (6, 7), (7, 9), (8, 9), (9, 11), (10, 11),
    ]  # fmt: skip
    edges = tuple(
        Edge(f"n{a}", f"n{b}", i % 2, "· W₂ᵀ", rms=0.1, differentiable=a != 10)
        for i, (a, b) in enumerate(pairs)
    )
    clusters = (
        Cluster(net, "MLP", "2 → 16 → 2 · 82 parameters"),
        Cluster(first, "layers[0]", "Linear(2, 16)"),
        Cluster(second, "layers[2]", "Linear(16, 2)"),
    )
    return Graph(cards, edges, clusters)


def scattered(seed: int, size: int = 24, modules: int = 4) -> Graph:
    """A random graph; its frames are nested and may be entered and left many times."""
    rng = random.Random(seed)
    paths = [(), *(("a",), ("a", "b"), ("c",), ("c", "d"))[:modules]]
    cards = tuple(
        Card(f"n{i}", f"v{i}", gradient_label="∂L/∂v", cluster=rng.choice(paths))
        for i in range(size)
    )
    edges = tuple(
        Edge(f"n{rng.randrange(i)}", f"n{i}", p, "x" * rng.randrange(30), "0.5", 1.0)
        for i in range(1, size)
        for p in range(rng.randrange(1, 3))
    )
    clusters = tuple(Cluster(path, path[-1], "Module") for path in paths if path)
    return Graph(cards, edges, clusters)


def faults(graph: Graph, layout: Layout) -> list[str]:
    """Everything in a layout that stands where it must not; empty for a good one."""
    if layout.direction == "down":
        layout = turned(layout)
    found: list[str] = []
    boxes: list[tuple[str, Rect]] = [
        (card.id, rect) for card, rect in zip(graph.cards, layout.cards, strict=True)
    ]
    boxes += [(f"label of e{i}", rect) for i, rect in enumerate(layout.labels) if rect]
    for (a, first), (b, second) in combinations(boxes, 2):
        if first.overlaps(second):
            found.append(f"{a} over {b}")
    titles = [(f"title of {f.path}", f.title) for f in layout.frames]
    for name, title in titles:
        found += [f"{name} over {other}" for other, box in boxes if title.overlaps(box)]
    for first, second in combinations(layout.frames, 2):
        if first.title.overlaps(second.title):
            found.append(f"title of {first.path} over that of {second.path}")
    found += [f"title of {f.path} leaves it" for f in layout.frames if not _within(f.title, f.rect)]
    for number, (edge, runs) in enumerate(zip(graph.edges, layout.routes, strict=True)):
        level = stretches(runs)
        for run in level:
            wire = Rect(run.x0, run.y - 4, run.x1 - run.x0, 8)
            for name, box in [*boxes, *titles]:
                if wire.overlaps(box, -0.5) and name not in (edge.source, edge.target):
                    found.append(f"wire e{number} through {name}")
        for run, following in pairwise(level):
            low, high = sorted((run.y, following.y))
            bend = Rect(run.x1, low, following.x0 - run.x1, high - low)
            if bend.width < min(8.0, bend.height):
                found.append(f"wire e{number} is broken or bends backwards")
            for name, box in [*boxes, *titles]:
                if bend.overlaps(box, -0.5) and name not in (edge.source, edge.target):
                    found.append(f"bend of e{number} through {name}")
    found += _shared_ports(graph, layout)
    found += _outside(graph, layout)
    return found


def wire_crossings(layout: Layout) -> int:
    """How many pairs of wires cross, going by their heights where they overlap in x."""
    count = 0
    for first, second in combinations(layout.routes, 2):
        a, b = stretches(first), stretches(second)
        low, high = max(a[0].x0, b[0].x0), min(a[-1].x1, b[-1].x1)
        places = sorted({x for run in (*a, *b) for x in (run.x0, run.x1) if low <= x <= high})
        signs = [s for x in places if abs(s := _height(a, x) - _height(b, x)) > 1]
        count += sum(s * t < 0 for s, t in pairwise(signs))
    return count


def _height(level: tuple[Run, ...], x: float) -> float:
    for run, following in pairwise(level):
        if x <= run.x1:
            return run.y
        if x < following.x0:
            return run.y + (following.y - run.y) * (x - run.x1) / (following.x0 - run.x1)
    return level[-1].y


def _shared_ports(graph: Graph, layout: Layout) -> list[str]:
    ports: dict[tuple[str, str], list[float]] = {}
    for edge, runs in zip(graph.edges, layout.routes, strict=True):
        ports.setdefault((edge.target, "in"), []).append(runs[-1].y)
        ports.setdefault((edge.source, "out"), []).append(runs[0].y)
    return [
        f"two wires at one port of {card} ({side})"
        for (card, side), heights in ports.items()
        for a, b in combinations(heights, 2)
        if abs(a - b) < 7
    ]


def _outside(graph: Graph, layout: Layout) -> list[str]:
    found = []
    whole = Rect(-0.5, -0.5, layout.width + 1, layout.height + 1)
    for card, rect in zip(graph.cards, layout.cards, strict=True):
        if not _within(rect, whole):
            found.append(f"{card.id} outside the picture")
        framed = [f for f in layout.frames if _within(rect, f.rect)]
        if any(card.cluster[: len(f.path)] != f.path for f in framed):
            found.append(f"{card.id} in a frame of another module")
    return found


def _within(inner: Rect, outer: Rect) -> bool:
    return (
        outer.x <= inner.x
        and inner.right <= outer.right
        and outer.y <= inner.y
        and inner.bottom <= outer.bottom
    )


def parsed(svg: str) -> ET.Element:
    """The SVG's root element, after checks that hold for every picture."""
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    for element in root.iter():
        name = element.tag.removeprefix(SVG)
        assert name in {"svg", "title", "desc", "style", "g", "rect", "path", "text", "tspan"}
        for key in element.attrib:
            assert not key.lower().startswith("on"), key
            assert "href" not in key, key
            assert key != "style", key
    style = root.find(f"{SVG}style")
    assert style is not None
    assert style.text is not None
    assert not re.search(r"url\(|@import|var\(|expression", style.text)
    return root


def texts(root: ET.Element) -> list[str]:
    """Every stretch of visible text."""
    return [element.text or "" for element in root.iter(f"{SVG}tspan")]


def card(drawing: Drawing, name: str) -> Card:
    """The card of that name."""
    return next(c for c in drawing.graph.cards if c.name == name)


def edge(drawing: Drawing, source: str, target: str) -> Edge:
    """The first wire between the cards of these names."""
    names = {c.id: c.name for c in drawing.graph.cards}
    return next(
        e for e in drawing.graph.edges if (names[e.source], names[e.target]) == (source, target)
    )
