"""What stands around a picture: series below, opened cards beside, and the legend."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from tests.viz.samples import mlp, neuron, parsed, tensor_card
from viz import Drawing
from viz.cards.brief import brief_size, draw_brief
from viz.cards.insets import make_panel
from viz.cards.scale import Scale
from viz.cards.series import draw_series, series_size
from viz.cards.small import draw_small, small_size
from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Shape, Text
from viz.geometry import Rect
from viz.model import Card, Edge, Graph, Inset, Series

FADING = Series(
    "gradient at each step", "rms of ∂L/∂hₜ", tuple(str(t) for t in range(1, 9)),
    tuple(1e-3 * 2.0**t for t in range(8)), True,
    (("its share", tuple(f"{t} %" for t in range(8))),), "128 times smaller at the first step",
)  # fmt: skip


def lines(shapes: tuple[Shape, ...]) -> list[tuple[str, Rect]]:
    """The room that each line of text takes at most."""
    found = []
    for shape in shapes:
        if isinstance(shape, Text):
            width = sum(text_width(s.text, s.size, s.bold) + s.gap for s in shape.spans)
            shift = {"start": 0.0, "middle": width / 2, "end": width}[shape.anchor]
            size = max(span.size for span in shape.spans)
            box = Rect(shape.x - shift, shape.y - 0.72 * size, width, 0.9 * size)
            found.append(("".join(span.text for span in shape.spans), box))
    return [(text, box) for text, box in found if text]


def bars(group: Group) -> list[Rect]:
    return [s.rect for s in group.shapes if isinstance(s, Block) and s.style == "backward"]


def ugly(count: int, **more: object) -> Series:
    values = tuple(10.0 ** (-t % 17) for t in range(count))
    labels = tuple(f"step number {t}" for t in range(count))
    return replace(FADING, values=values, labels=labels, rows=(), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "series",
    [
        FADING, ugly(1), ugly(2), ugly(300), replace(FADING, logarithmic=False),
        replace(FADING, values=(None, 0.0, math.nan, math.inf, 1e-300, 1e300, -1.0, 2.0)),
        replace(FADING, values=(None,) * 8), replace(FADING, values=(), labels=(), rows=()),
        replace(FADING, title="a title that is far too long for its place " * 3,
                note="a note that is too long as well " * 3, remark="many words " * 40),
    ],
)  # fmt: skip
@pytest.mark.parametrize("width", [300.0, 900.0, 2000.0])
def test_nothing_in_a_series_overlaps_or_leaves_it(series: Series, width: float) -> None:
    size = series_size(series, width)
    group = draw_series(series, size[0])
    texts = lines(group.shapes)
    for (a, first), (b, second) in combinations(texts, 2):
        assert not first.overlaps(second), (a, b)
    for text, box in texts:
        assert box.x >= -0.5, text
        assert box.right <= size[0] + 0.5, text
        assert box.y >= 0, text
        assert box.bottom <= size[1], text
    for one, other in pairwise(bars(group)):
        assert one.right < other.x
    for bar in bars(group):
        assert not any(bar.overlaps(box) for _, box in texts)


def test_bars_stand_in_proportion_to_the_logarithm() -> None:
    heights = [bar.height for bar in bars(draw_series(FADING, 900.0))]
    steps = [b - a for a, b in pairwise(heights)]
    assert len(heights) == 8
    assert all(step == pytest.approx(steps[0], rel=1e-6) for step in steps)
    linear = [bar.height for bar in bars(draw_series(replace(FADING, logarithmic=False), 900.0))]
    assert all(b == pytest.approx(2 * a, rel=1e-6) for a, b in pairwise(linear) if a > 1)


def test_between_bars_stands_what_the_gradient_was_multiplied_by() -> None:
    texts = [text for text, _ in lines(draw_series(FADING, 1400.0).shapes)]
    assert texts.count("× 0.5") == 7
    few = [text for text, _ in lines(draw_series(ugly(300), 1400.0).shapes)]
    assert not any(text.startswith("×") for text in few)


def test_a_series_stands_below_its_picture() -> None:
    graph = replace(neuron(), series=(FADING, FADING))
    drawing = Drawing(graph, engine="builtin")
    parsed(drawing.svg)
    plain = Drawing(neuron(), engine="builtin")
    two = 2 * series_size(FADING, plain.layout.width)[1]
    assert drawing.scene.height > plain.scene.height + two
    assert drawing.svg.count(">gradient at each step</tspan>") == 2


def opened() -> Inset:
    cards = (
        Card("n0", "a", "input", "from Linear", "64×256", value="1.48", gradient="1.10·10⁻⁴"),
        Card("n1", "μ", "op", "= mean a", "256", value="0.992", gradient="7.91·10⁻⁴"),
        Card("n2", "d", "output", "= a − μ", "64×256", value="1.10", gradient="1.11·10⁻⁴"),
    )
    edges = (Edge("n0", "n1", 0, "· 1/64", rms=1e-4), Edge("n0", "n2", 0, "1", rms=1e-4),
             Edge("n1", "n2", 1, "−Σ rows", rms=1e-3))  # fmt: skip
    parts = (("straight", 1.11e-4), ("through μ", -2.22e-5), ("sum", 8.88e-5))
    return Inset(
        "n7", "layers[2].matmul", Graph(cards, edges), ("two paths lead back to a",), parts
    )


def test_a_panel_holds_what_is_in_it() -> None:
    panel = make_panel(opened(), 0)
    texts = lines(tuple(shape for group in panel.groups for shape in group.shapes))
    for (a, first), (b, second) in combinations(texts, 2):
        assert not first.overlaps(second), (a, b)
    for text, box in texts:
        assert box.x >= 8, text
        assert box.right <= panel.width - 8, text
        assert box.bottom <= panel.height - 4, text
    blocks = [s for g in panel.groups for s in g.shapes if isinstance(s, Block)]
    lengths = [b.rect.width for b in blocks if b.style.startswith("backward")]
    assert lengths[0] == pytest.approx(5 * lengths[1])
    assert [b.style for b in blocks if b.style.startswith("backward")][1] == "backward-outline"


def test_an_opened_card_is_marked_and_tied_to_its_panel() -> None:
    graph = replace(mlp(), insets=(opened(),))
    drawing = Drawing(graph, engine="builtin")
    root = parsed(drawing.svg)
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    assert drawing.svg.count('class="difference-mark"') == 1
    tie = next(group for group in drawing.scene.groups if group.kind == "tie")
    (line,) = tie.shapes
    assert isinstance(line, Path)
    card = next(g for g in drawing.scene.groups if g.id == "n7").shapes[0]
    assert isinstance(card, Block)
    assert card.rect.x < line.start[0] < card.rect.right
    assert line.start[1] == pytest.approx(card.rect.y, abs=0.1)
    frame = next(group for group in drawing.scene.groups if group.kind == "inset").shapes[0]
    assert isinstance(frame, Block)
    end = line.steps[-1]
    assert frame.rect.x < end[0] < frame.rect.right
    assert end[1] == pytest.approx(frame.rect.y, abs=0.1)
    assert frame.rect.x > max(r.right for r in drawing.layout.cards)


def test_the_legend_shows_lanes_as_wide_as_the_wires_of_that_size() -> None:
    cards = tuple(tensor_card(i, f"v{i}", gradient_rms=None) for i in range(5))
    edges = tuple(Edge(f"n{i}", f"n{i + 1}", rms=10.0 ** -(i + 1)) for i in range(4))
    scale = Scale(Graph(cards, edges))
    samples = dict(scale.samples())
    assert set(samples) <= {"10⁻¹", "10⁻²", "10⁻³", "10⁻⁴"}
    assert len(samples) >= 2
    for edge, text in zip(edges, ("10⁻¹", "10⁻²", "10⁻³", "10⁻⁴"), strict=True):
        if text in samples:
            assert scale.lane(edge) == pytest.approx(samples[text])


@pytest.mark.parametrize(("low", "high"), [(0.02, 0.09), (1.1, 1.2), (3e-7, 4e5), (1.0, 1.0)])
def test_samples_of_the_legend_lie_within_the_scale(low: float, high: float) -> None:
    cards = (tensor_card(0, "a", gradient_rms=low), tensor_card(1, "b", gradient_rms=high))
    samples = Scale(Graph(cards, (Edge("n0", "n1", rms=low),))).samples()
    assert len(samples) <= 3
    assert all(1.3 <= width <= 5.5 for _, width in samples)
    assert [width for _, width in samples] == sorted(width for _, width in samples)


def test_what_numbers_are_is_said_once() -> None:
    cards = tuple(tensor_card(i, f"v{i}", value_label="rms") for i in range(12))
    edges = tuple(Edge(a.id, b.id, rms=0.1) for a, b in pairwise(cards))
    texts = re.findall(r">([^<]*)</tspan>", Drawing(Graph(cards, edges), engine="builtin").svg)
    assert sum("rms" in text for text in texts) <= 2
    assert sum(text.startswith("numbers are rms") for text in texts) == 1


@pytest.mark.parametrize(
    "name", ["γ", "x" * 60, "a name of several words that is long", "重み" * 9]
)
@pytest.mark.parametrize("number", ["—", "nan", "−1.234·10⁻¹²", "123456789.12345678"])
@pytest.mark.parametrize("kind", ["tensor", "scalar", "twin"])
def test_text_on_small_cards_stays_apart_and_inside(name: str, number: str, kind: str) -> None:
    card = tensor_card(0, name, "parameter", gradient=number, value=number, shape="1024×1024×3")
    if kind == "scalar":
        card = Card("n0", name, "parameter", value=number, gradient=number, gradient_label="∂L/∂w")
    if kind == "twin":
        card = replace(card, twin="n9")
    for rect, shapes in (
        (Rect(0, 0, *small_size(card)), draw_small),
        (Rect(0, 0, *brief_size(card)), lambda c, r: draw_brief(c, r).shapes),
    ):
        texts = lines(shapes(card, rect))
        for (a, first), (b, second) in combinations(texts, 2):
            assert not first.overlaps(second), (a, b)
        for text, box in texts:
            assert box.x >= 4, text
            assert box.right <= rect.width - 4, text
            assert box.bottom <= rect.height - 3, text
