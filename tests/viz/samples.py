"""Graphs made by hand, and the checks that every SVG must pass."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET

from viz import Drawing
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
        "shape": "32×16", "dtype": "float32", "value": "0.5532", "value_label": "rms",
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
