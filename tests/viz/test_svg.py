"""The SVG: valid, inert, scoped, and with every name as text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.viz.samples import SVG, mlp, neuron, parsed, texts
from viz import Card, Cluster, Drawing, Edge, Graph
from viz.draw.metrics import fit, text_width
from viz.draw.palette import DARK, LIGHT, Palette
from viz.draw.svg import to_svg
from viz.text.formatting import clean, factor, number, pretty

HOSTILE = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "' onmouseover='x",
    "\\N:p{}",
    "a:b",
    "]]>",
    "<!-- -->",
    "<![CDATA[x]]>",
    "&lt;&amp;&#x3c;",
    "&undefined;",
    "\x00\x08\x1b[31m\x7f\x9b",
    "\ud800 \udfff",
    "\ufffe\uffff\ufdd0",
    "\u202eevil\u2066\u200f",
    "e\u0301\u0302 ว่า 漢字 🧠",
    "javascript:alert(1)",
    "url(http://example.com)",
    "</style><style>*{display:none}",
    "$x^2$ {0} %s",
    "x" * 5000,
    "  \n\t  ",
    "",
]


def named(name: str) -> Graph:
    """A graph with the same text in every place where a user's text can stand."""
    path = (name or "m",)
    cards = (
        Card("n0", name, "input", tooltip=name, gradient_label=name, cluster=path),
        Card("n1", name, "output", formula=f"= {name}", value=name, shape=name, cluster=path),
    )
    edge = Edge("n0", "n1", 0, local=name, flow=name, rms=1.0, tooltip=name)
    return Graph(cards, (edge,), (Cluster(path, name, name),), notice=name)


def check(name: str) -> None:
    drawing = Drawing(named(name), title=name, engine="builtin")
    root = parsed(drawing.svg)
    shown = clean(name)
    visible = texts(root)
    assert shown[:1] == "" or any(text.startswith(shown[:1]) for text in visible)
    if shown and len(shown) < 12:
        assert shown in visible
    labels = [e.attrib["aria-label"] for e in root.iter(f"{SVG}g") if "aria-label" in e.attrib]
    assert len(labels) == 2
    assert all(" ".join(shown.split())[:300] in label for label in labels)
    for text in [*visible, *labels]:
        assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_as_text(name: str) -> None:
    check(name)


@settings(max_examples=60)
@given(st.text(st.characters(codec=None), max_size=40))
def test_any_name_comes_out_as_text(name: str) -> None:
    check(name)


@settings(max_examples=200)
@given(st.text(st.characters(codec=None), max_size=60))
def test_cleaned_text_is_stable_and_holds_nothing_that_hides_or_reorders(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    ET.fromstring(f"<a>{Drawing(Graph(()), title=once).title and ''}</a>")
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", once)


@pytest.mark.parametrize("graph", [neuron(), mlp()], ids=["neuron", "mlp"])
def test_every_card_and_wire_is_in_the_picture(graph: Graph) -> None:
    root = parsed(Drawing(graph, engine="builtin").svg)
    cards = [g for g in root.iter(f"{SVG}g") if g.attrib.get("class") == "card"]
    wires = [g for g in root.iter(f"{SVG}g") if g.attrib.get("class") == "wire"]
    assert [c.attrib["data-role"] for c in cards] == [card.role for card in graph.cards]
    ends = [(w.attrib["data-source"], w.attrib["data-target"]) for w in wires]
    assert sorted(ends) == sorted((edge.source, edge.target) for edge in graph.edges)
    for card, element in zip(graph.cards, cards, strict=True):
        spoken = element.attrib["aria-label"]
        assert card.name in spoken
        assert card.role in spoken
        assert card.value in spoken
        assert card.tooltip in spoken
    visible = texts(root)
    for edge in graph.edges:
        assert not edge.local or edge.local in visible
        assert not edge.flow or edge.flow in visible


def test_a_title_a_description_and_the_engine_are_named() -> None:
    root = parsed(Drawing(neuron(), engine="builtin").svg)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text == "Computation graph of o = tanh(z)"
    assert "Layout: the built-in layered layout." in (description.text or "")
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"


def test_ids_and_styles_are_scoped_by_the_content() -> None:
    one = Drawing(neuron(), engine="builtin").svg
    again = Drawing(neuron(), engine="builtin").svg
    other = Drawing(neuron(), engine="builtin", title="Another").svg
    assert one == again
    scopes = []
    for svg in (one, other):
        root = parsed(svg)
        scope = root.attrib["id"]
        ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
        assert len(set(ids)) == len(ids)
        assert all(identifier.startswith(scope) for identifier in ids)
        style = root.find(f"{SVG}style")
        assert style is not None
        rules = re.findall(r"([^{}]+)\{[^{}]*\}", (style.text or "").replace("\n", ""))
        assert all(f"#{scope} " in rule for rule in rules)
        scopes.append(scope)
    assert scopes[0] != scopes[1]


def test_themes() -> None:
    light = Drawing(neuron(), engine="builtin", theme="light").svg
    dark = Drawing(neuron(), engine="builtin", theme="dark").svg
    auto = Drawing(neuron(), engine="builtin").svg
    assert auto.count("prefers-color-scheme:dark") == 1
    assert "prefers-color-scheme" not in light + dark
    assert DARK.background not in light
    assert LIGHT.background not in dark
    with pytest.raises(ValueError, match=r"theme='sepia' is not known; expected one of auto, li"):
        Drawing(neuron(), theme="sepia")
    with pytest.raises(ValueError, match=r"theme='sepia' is not known"):
        to_svg(Drawing(neuron(), engine="builtin").scene, "sepia")


def contrast(first: str, second: str) -> float:
    """Contrast ratio by WCAG 2.1."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("role", ["input", "parameter", "constant", "op", "output", "group"])
def test_values_and_gradients_are_readable_on_every_card(palette: Palette, role: str) -> None:
    fill, _ = palette.card(role)
    for colour in (palette.forward, palette.backward, palette.ink):
        assert contrast(colour, fill) >= 5
    assert contrast(palette.muted, fill) >= 4.5


def test_a_zero_flow_is_dashed_and_a_missing_gradient_has_no_lane() -> None:
    graph = neuron()
    svg = Drawing(graph, engine="builtin").svg
    assert svg.count('class="zero-lane"') == 2  # the wire from w₂, and the legend
    before = Graph(
        graph.cards, tuple(Edge(e.source, e.target, e.position, e.local) for e in graph.edges)
    )
    svg = Drawing(before, engine="builtin").svg
    assert 'class="backward-lane"' not in svg
    assert svg.count('class="forward-lane"') == len(graph.edges) + 1


def test_lanes_are_wider_where_the_gradient_is_larger() -> None:
    cards = tuple(
        Card(f"n{i}", f"v{i}", shape="4", gradient_label="rms", gradient_rms=10.0**-i)
        for i in range(3)
    )
    edges = (Edge("n0", "n1", rms=1.0), Edge("n1", "n2", rms=0.01))
    svg = Drawing(Graph(cards, edges), engine="builtin").svg
    wires = r'data-source="(n\d)".*?class="backward-lane" stroke-width="([\d.]+)"'
    assert dict(re.findall(wires, svg)) == {"n0": "5.5", "n1": "1.3"}
    legend = svg[svg.index('<g class="legend">') :]
    samples = re.findall(r'class="backward-lane" stroke-width="([\d.]+)"', legend)
    assert [float(width) for width in samples[1:]] == [1.3, 3.4, 5.5]


def test_no_text_leaves_its_card() -> None:
    long = Card(
        "n0", "a rather long name for a tensor", "parameter", formula="= " + "W · x + b " * 9,
        shape="1024×1024×3", value="−1.234·10⁻¹²", gradient="−9.876·10⁻¹²",
        gradient_label="∂loss/∂a rather long name for a tensor",
    )  # fmt: skip
    drawing = Drawing(Graph((long,)), engine="builtin")
    root = parsed(drawing.svg)
    rect = next(r for r in root.iter(f"{SVG}rect") if r.attrib["class"] == "parameter")
    left = float(rect.attrib["x"])
    right = left + float(rect.attrib["width"])
    for text in root.iter(f"{SVG}text"):
        spans = list(text.iter(f"{SVG}tspan"))
        width = sum(
            text_width(s.text or "", float(s.attrib["font-size"]), "font-weight" in s.attrib)
            + float(s.attrib.get("dx", 0))
            for s in spans
        )
        x = float(text.attrib["x"])
        start = x - width if text.attrib.get("text-anchor") == "end" else x
        assert left + 8 <= start
        assert start + width <= right - 8


def test_widths_are_upper_estimates() -> None:
    # Advance widths of DejaVu Sans, the widest of the fallback fonts.
    assert text_width("W", 1000) >= 988
    assert text_width("m", 1000) >= 974
    assert text_width("0123456789", 1000) >= 6362
    assert text_width("W", 1000, bold=True) >= 1103
    assert text_width("e\u0301", 10) == text_width("e", 10)
    assert text_width("漢", 10) > 10


def test_fitting_keeps_what_fits() -> None:
    assert fit("short", 10, 100) == "short"
    cut = fit("a name that is too long", 10, 60)
    assert cut.endswith("…")
    assert text_width(cut, 10) <= 60


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2"), (-1.5, "−1.5"), (6.8813735870195432, "6.881"), (0.0, "0"), (-0.0, "0"),
        (1e-7, "10⁻⁷"), (-2.5e12, "−2.5·10¹²"), (float("inf"), "∞"), (-float("inf"), "−∞"),
        (float("nan"), "nan"), (123456.0, "1.235·10⁵"), (0.00012345, "0.0001234"),
    ],
)  # fmt: skip
def test_numbers_have_four_digits_and_a_real_minus(value: float, text: str) -> None:
    assert number(value) == text


def test_factors_with_a_sign_stand_in_brackets() -> None:
    assert factor(-3.0) == "(−3)"
    assert factor(3.0) == "3"


def test_short_names_with_an_index_get_a_subscript() -> None:
    assert [pretty(n) for n in ("x1", "w_12", "W2", "θ3", "layer1", "x", "1")] == [
        "x₁", "w₁₂", "W₂", "θ₃", "layer1", "x", "1",
    ]  # fmt: skip
