"""The picture of a network: what its lines and neurons show, and that nothing is in the way."""

from __future__ import annotations

import doctest
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path as File
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
import viz
from tests.checkout import ROOT
from tests.viz.samples import SVG, parsed, texts
from tests.viz.test_svg import HOSTILE
from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Text
from viz.geometry import Rect
from viz.networks.model import Network
from viz.networks.panels.picture import NetworkPicture


def mlp(*sizes: int, activation: str = "relu", **more: Any) -> NetworkPicture:
    """A scalar network with a squared error."""
    rng = np.random.default_rng(len(sizes))
    model = nn.scalar.MLP(sizes[0], sizes[1:], activation=activation, rng=rng)

    def loss(out: Any) -> Any:
        return sum((o - 0.5) ** 2 for o in (out if isinstance(out, list) else [out])) / 2

    return viz.network(model, rng.normal(size=sizes[0]).tolist(), loss=loss, **more)


def digits(**more: Any) -> NetworkPicture:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(64, 16, rng=rng), nn.ReLU(), nn.Linear(16, 10, rng=rng))
    loss = nn.CrossEntropyLoss()
    return viz.network(model, rng.random((8, 64)), rng.integers(0, 10, 8), loss=loss, **more)


def residual() -> NetworkPicture:
    rng = np.random.default_rng(3)
    w, v, u = (ad.Tensor(rng.normal(size=(4, 4)), requires_grad=True) for _ in range(3))
    h = ad.tanh(ad.Tensor(rng.normal(size=(1, 4))) @ w)
    return viz.network(ad.square((h + ad.relu(h @ v)) @ u - 1.0).sum())


def broken() -> NetworkPicture:
    """A weight that is nan, one that is infinite, gradients that are all zero."""
    net = mlp(3, 4, 2).network
    first = net.weights[0]
    values = first.values.copy()
    values[1, 1], values[2, 0] = math.nan, math.inf
    hidden = net.layers[1]
    neurons = tuple(replace(n, value=math.nan, z=-1e-300, name="h" * 40) for n in hidden.neurons)
    zero = np.zeros_like(values)
    weights = (replace(first, values=values, gradients=zero), *net.weights[1:])
    layers = (net.layers[0], replace(hidden, neurons=neurons, name="n" * 60), net.layers[2])
    return viz.network(replace(net, layers=layers, weights=weights))


PICTURES: dict[str, Callable[[], NetworkPicture]] = {
    "2-16-16-1": lambda: mlp(2, 16, 16, 1),
    "3-4-3": lambda: mlp(3, 4, 3, activation="sigmoid"),
    "1-1": lambda: mlp(1, 1),
    "2-3-1": lambda: mlp(2, 3, 1, activation="tanh"),
    "1-24-1": lambda: mlp(1, 24, 1, most=24),
    "7-7": lambda: mlp(7, 7),
    "30 layers": lambda: mlp(3, *[4] * 29, 1, activation="tanh"),
    "12 layers": lambda: mlp(2, *[6] * 11, 2),
    "bundles": digits,
    "skips": residual,
    "broken": broken,
    "one neuron": lambda: viz.network(ad.tanh(ad.Value(0.5, "w") * ad.Value(2.0, "x"))),
    "forward": lambda: mlp(2, 3, 1, gradients=False),
    "backward": lambda: mlp(2, 3, 1, view="backward"),
    "thumbnail": lambda: digits(small=True),
    "thumbnail of one": lambda: mlp(1, 1, small=True),
    "thumbnail of many": lambda: mlp(2, *[4] * 11, 1, small=True, view="forward"),
    "long title": lambda: mlp(2, 2, title="a very long title " * 9),
}


def box(text: Text) -> Rect:
    """Where a line of text lies."""
    width = sum(text_width(s.text, s.size, s.bold) + s.gap for s in text.spans)
    size = max(s.size for s in text.spans)
    left = text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
    return Rect(left, text.y - 0.75 * size, width, 0.95 * size)


def lines(groups: tuple[Group, ...]) -> list[tuple[str, str, Rect]]:
    """Kind, words and place of every text."""
    return [
        (group.kind, "".join(s.text for s in shape.spans), box(shape))
        for group in groups
        for shape in group.shapes
        if isinstance(shape, Text)
    ]


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_in_the_way(name: str) -> None:
    scene = PICTURES[name]().scene
    found = lines(scene.groups)
    assert 0.5 <= scene.width / scene.height <= 3.0
    for _, text, rect in found:
        assert rect.x >= 4, text
        assert rect.right <= scene.width - 4, text
        assert rect.bottom <= scene.height - 4, text
    for (_, one, a), (_, other, b) in combinations(found, 2):
        assert not a.overlaps(b), (one, other)
    cards = [g.shapes[0].rect for g in scene.groups if g.kind in ("card", "neuron")]  # type: ignore[union-attr]
    for a, b in combinations(cards, 2):
        assert not a.overlaps(b, 4)
    panels = [g.shapes[0].rect for g in scene.groups if g.kind == "panel"]  # type: ignore[union-attr]
    for kind, text, rect in found:
        if kind not in ("card", "neuron", "heading", "legend"):
            assert not any(rect.overlaps(c) for c in cards), text
        if kind not in ("heading", "legend"):
            assert any(p.x < rect.x and rect.right < p.right for p in panels), text
            assert any(p.y < rect.y and rect.bottom < p.bottom for p in panels), text
    sizes = [s.size for g in scene.groups for t in g.shapes if isinstance(t, Text) for s in t.spans]
    assert min(sizes) >= 11


@pytest.mark.parametrize("name", ["2-3-1", "bundles", "skips", "broken"])
def test_the_svg_is_inert_and_the_same_every_time(name: str) -> None:
    svg = PICTURES[name]().svg
    root = parsed(svg)
    assert svg == PICTURES[name]().svg
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(set(ids)) == len(ids)


def strokes(picture: NetworkPicture, backward: bool) -> list[tuple[str, str, float, float]]:
    """Tooltip, style, width and opacity of each line of a panel."""
    scene = picture.scene
    panels = [g.shapes[0].rect for g in scene.groups if g.kind == "panel"]  # type: ignore[union-attr]
    panel = panels[-1] if backward else panels[0]
    return [
        (g.label, s.style, s.width, s.opacity)
        for g in scene.groups
        if g.kind == "wire" and g.label
        for s in g.shapes
        if isinstance(s, Path) and panel.x <= s.start[0] <= panel.right
    ]


@pytest.mark.parametrize("backward", [False, True])
def test_width_is_size_and_colour_is_sign(backward: bool) -> None:
    picture = mlp(2, 16, 16, 1)
    net = picture.network
    found = strokes(picture, backward)
    arrays = [np.asarray(w.gradients if backward else w.values) for w in net.weights]
    top = max(float(np.abs(a).max()) for a in arrays)
    assert len(found) == sum(a.size for a in arrays)
    by_label = {label: rest for label, *rest in found}
    assert len(by_label) == len(found)
    for weights, sizes in zip(net.weights, arrays, strict=True):
        source, target = net.layers[weights.source], net.layers[weights.target]
        for (row, column), size in np.ndenumerate(sizes):
            ends = f"{source.neurons[column].name} → {target.neurons[row].name}: "
            (label,) = [label for label in by_label if label.startswith(ends)]
            style, width, opacity = by_label[label]
            if size == 0:
                assert style == "muted-lane"
                continue
            assert style == ("positive-lane" if size > 0 else "negative-lane")
            assert width == pytest.approx(max(6 * abs(size) / top, 0.5), abs=0.01)
            silent = weights.source > 0 and source.neurons[column].slope == 0
            assert (opacity == 0.16) == silent
    order = [w for _, style, w, opacity in found if opacity > 0.16 and style != "muted-lane"]
    assert order == sorted(order)


def test_what_neurons_say() -> None:
    picture = mlp(2, 3, 1)
    cards = [g for g in picture.scene.groups if g.kind == "card"]
    hidden = picture.network.layers[1].neurons
    assert len(cards) == 2 * (2 + 3 + 1 + 1)
    for number, neuron in enumerate(hidden):
        forward, backward = (next(c for c in cards if c.id == f"{side}1-{number}") for side in "fb")
        style = forward.shapes[0].style
        assert (style == "silent") == (neuron.slope == 0)
        assert (backward.shapes[0].style == "silent") == (neuron.slope == 0)
        assert f"slope {neuron.slope:g}" in forward.label
        assert forward.label.startswith("forward, layers[0]: h")
        (words,) = [s for s in backward.shapes if isinstance(s, Text) and s.spans[0].bold]
        assert words.spans[0].text == f"δ{'₁₂₃'[number]}"
    visible = texts(parsed(picture.svg))
    assert {"½ (o − t)²", "t = 0.5", "∂L/∂wᵢⱼ = δᵢ xⱼ", "∂L/∂wⱼ = δ hⱼ", "squared error"} <= {
        *visible
    }


@pytest.mark.parametrize("backward", [False, True])
def test_biases_hang_below_neurons_to_the_side_of_their_sign(backward: bool) -> None:
    picture = mlp(2, 3, 2, activation="tanh")
    net = picture.network
    signs = [1.0, -0.5, 0.0]
    neurons = tuple(
        replace(n, bias=s, bias_gradient=-s)
        for n, s in zip(net.layers[1].neurons, signs, strict=True)
    )
    layers = (net.layers[0], replace(net.layers[1], neurons=neurons), net.layers[2])
    scene = viz.network(replace(net, layers=layers)).scene
    for number, sign in enumerate(signs):
        size = -sign if backward else sign
        card = next(g for g in scene.groups if g.id == f"{'fb'[backward]}1-{number}")
        pill = card.shapes[0]
        bars = [s for s in card.shapes if isinstance(s, Block) and s.style == "positive"]
        bars += [s for s in card.shapes if isinstance(s, Block) and s.style == "negative"]
        assert isinstance(pill, Block)
        assert [bar.style for bar in bars] == (
            [] if not size else ["positive" if size > 0 else "negative"]
        )
        for bar in bars:
            middle = pill.rect.middle[0]
            assert (bar.rect.x if size > 0 else bar.rect.right) == pytest.approx(middle)
            assert bar.rect.width == pytest.approx(17 * abs(size), rel=0.35)
            assert bar.rect.y > pill.rect.bottom


def test_the_widest_line_is_explained_in_numbers() -> None:
    picture = mlp(2, 16, 16, 1)
    net = picture.network
    sizes = [np.abs(np.asarray(w.gradients)).max() for w in net.weights]
    number = int(np.argmax(sizes))
    weights = net.weights[number]
    gradients = np.asarray(weights.gradients)
    row, column = np.unravel_index(np.abs(gradients).argmax(), gradients.shape)
    delta = net.layers[weights.target].neurons[row].delta
    value = net.layers[weights.source].neurons[column].value
    assert delta is not None
    (line,) = [t for t in texts(parsed(picture.svg)) if t.startswith("δ") and "×" in t]
    shown = [float(x.replace("−", "-").strip("() ")) for x in line.split("=")[1].split("×")]
    assert shown == pytest.approx([delta, value], rel=6e-3)
    assert f"= {delta * value:.3g}".replace("-", "−") in texts(parsed(picture.svg))


def test_views_formats_and_the_page(tmp_path: File) -> None:
    picture = mlp(2, 3, 1)
    assert repr(picture) == "<NetworkPicture of 2-3-1>"
    data = json.loads(picture.save(tmp_path / "n.json").read_text(encoding="utf-8"))
    assert data["weights"][0]["values"] == picture.network.weights[0].values.tolist()
    assert "NaN" not in broken().json()
    page = picture.save(tmp_path / "n.html").read_text(encoding="utf-8")
    assert page.count("<tr>") == 2 + 6 + 9
    assert "The weights as a table: 9" in page
    for view, count in (("both", 2), ("forward", 1), ("backward", 1)):
        svg = mlp(2, 3, 1, view=view).svg
        assert svg.count('class="panel"') == count
    assert "not computed" in mlp(2, 3, 1, view="backward", gradients=False).svg
    with pytest.raises(ValueError, match="view='side' is not known; expected one of both, forw"):
        mlp(2, 3, 1, view="side")
    with pytest.raises(ValueError, match="theme='sepia' is not known"):
        mlp(2, 3, 1, theme="sepia")


def test_layers_that_are_too_wide_say_what_is_left_out() -> None:
    picture = digits(most=10)
    visible = texts(parsed(picture.svg))
    assert visible.count("… 54 more") == 2
    assert "1024 weights" in visible
    on = sum(n.slope != 0 for n in picture.network.layers[1].neurons)
    assert 0 < on < 16
    assert f"ReLU · {on} of 16 on" in visible
    assert len(picture.network.layers[0].neurons) == 64


def test_a_thumbnail_shows_columns_lines_and_what_is_silent() -> None:
    picture = mlp(2, 8, 1, small=True)
    svg = picture.svg
    assert picture.scene.width < 540
    assert texts(parsed(svg))[:2] == ["2-8-1", "Forward"]
    silent = sum(n.slope == 0 for n in picture.network.layers[1].neurons)
    assert svg.count('<rect class="silent"') == 2 * silent > 0


def test_a_deep_network_runs_in_rows() -> None:
    scene = PICTURES["30 layers"]().scene
    again = [g for g in scene.groups if g.kind == "neuron"]
    assert len(again) % 8 == 0
    assert len(again) > 8
    tops = {round(g.shapes[0].rect.y) for g in scene.groups if g.id.startswith("f")}  # type: ignore[union-attr]
    assert max(tops) - min(tops) > 300


def test_wires_that_skip_layers_stay_in_one_row() -> None:
    h: Any = ad.Value(1.0, name="x")
    layers = [h]
    for number in range(12):
        total = ad.Value(0.5, name="w") * h
        if number % 3 == 2:
            total = total + ad.Value(0.3, name="w") * layers[-3]
        h = ad.tanh(total)
        layers.append(h)
    picture = viz.network(h)
    count = sum(int(w.mask.sum()) for w in picture.network.weights)
    drawn = [g for g in picture.scene.groups if g.kind == "wire" and g.label]
    assert len(drawn) == 2 * count


def test_a_wire_that_skips_a_layer_passes_above_it() -> None:
    picture = residual()
    net: Network = picture.network
    assert (net.weights[2].source, net.weights[2].target) == (1, 3)
    blocks = [g.shapes[0] for g in picture.scene.groups if g.id.startswith("f2-")]
    top = min(b.rect.y for b in blocks if isinstance(b, Block))
    over = [
        s
        for g in picture.scene.groups
        if g.kind == "wire"
        for s in g.shapes
        if isinstance(s, Path) and len(s.steps) == 3
    ]
    assert len(over) == 8
    assert all(s.steps[1][1] < top - 4 for s in over)
    assert {s.style for s in over} == {"muted-lane"}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_as_text(name: str) -> None:
    net = mlp(2, 2).network
    layers = tuple(
        replace(layer, name=name, neurons=tuple(replace(n, name=name) for n in layer.neurons))
        for layer in net.layers
    )
    assert net.loss is not None
    loss = replace(net.loss, name=name, formula=name)
    picture = NetworkPicture(replace(net, layers=layers, loss=loss), title=name)
    parsed(picture.svg)
    for element in parsed(picture.svg).iter(f"{SVG}title"):
        assert not re.search("[\x00-\x08\u202a-\u202e]", element.text or "")
    assert "<script" not in picture.html.replace("Content-Security-Policy", "")


def test_the_page_shows_what_is_drawn() -> None:
    page = ROOT / "docs" / "viz" / "network.md"
    space: dict[str, Any] = {}
    first = doctest.DocTestParser().get_doctest(
        page.read_text(encoding="utf-8").partition("![")[0], space, "page", None, None
    )
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(first, clear_globs=False)
    shown = (page.parent.parent / "pictures" / "network.svg").read_text(encoding="utf-8")
    drawn = first.globs["picture"].svg
    assert texts(parsed(shown)) == texts(parsed(drawn))
