"""What charts draw, measured in the drawing: heights, colours, directions and places."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import nn
import viz
from nn.inspect.views import Boundary, Filters, Surface
from viz.charts.chart import Chart
from viz.draw.scene import Block, Path, Polygon


def drawn(chart: Chart, kind: type, style: str, group: str = "") -> list[Any]:
    return [
        shape
        for part in chart.scene.groups
        for shape in part.shapes
        if isinstance(shape, kind)
        and getattr(shape, "style", "") == style
        and group in ("", part.kind)
    ]


def measured() -> Any:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(3, 4, rng=rng), nn.Tanh(), nn.Linear(4, 2, rng=rng))
    x, y = rng.standard_normal((40, 3)).astype(np.float32), rng.integers(0, 2, 40)
    return model, x, y, nn.inspect.measure(model, nn.CrossEntropyLoss(), x, y)


def test_a_layer_is_measured_as_numpy_does() -> None:
    model, x, y, found = measured()
    w, b, v, c = (np.asarray(p.data, np.float64) for p in model.parameters())
    h = np.tanh(x @ w.T + b)
    s = h @ v.T + c
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    delta = (p - np.eye(2)[y]) / len(x)
    arrays = [(x @ w.T + b, delta @ v * (1 - h**2)), (h, delta @ v), (s, delta)]
    for layer, (output, gradient) in zip(found.layers, arrays, strict=True):
        assert layer.std == pytest.approx(np.std(output), rel=1e-5)
        assert layer.rms == pytest.approx(np.sqrt(np.mean(gradient**2)), rel=1e-5)
        assert sum(layer.outputs.counts) == output.size


def test_bars_are_as_high_as_their_counts() -> None:
    *_, found = measured()
    bars = drawn(viz.flow(found), Block, "forward", "layer")
    counts = [n for layer in found.layers for n in layer.outputs.counts if n]
    tops = [max(layer.outputs.counts) for layer in found.layers]
    highest = [top for layer, top in zip(found.layers, tops, strict=True)
               for n in layer.outputs.counts if n]  # fmt: skip
    shares = [n / top for n, top in zip(counts, highest, strict=True)]
    assert [bar.rect.height / 60.0 for bar in bars] == pytest.approx(shares)


def test_a_confusion_is_as_deep_as_its_share_and_mistakes_have_a_scale_of_their_own() -> None:
    chart = viz.confusion([[6, 2], [1, 9]])
    right, wrong = (drawn(chart, Block, style, "cell") for style in ("forward", "backward"))
    assert [b.opacity for b in right] == pytest.approx([0.08 + 0.3 * 0.75, 0.08 + 0.3 * 0.9])
    assert [b.opacity for b in wrong] == pytest.approx([0.08 + 0.3, 0.08 + 0.15], abs=1e-3)


def test_the_arrow_of_a_surface_points_downhill_and_the_tangent_has_the_slope() -> None:
    line = np.linspace(-1, 1, 11)
    losses = 3 + 2 * line[None] - line[:, None]
    chart = viz.surface(Surface(line, line, losses, (2.0, -1.0), ("u", "v")))
    (arrow,) = drawn(chart, Path, "backward-lane")
    x, y = (arrow.steps[0][i] - arrow.start[i] for i in (0, 1))
    # Less of u and more of v lowers the loss; on the page y goes down.
    assert x < 0
    assert y / x == pytest.approx(0.5)
    assert len(drawn(chart, Polygon, "backward")) == 1
    curve = viz.surface(Surface(line, np.zeros(1), (1 + line**3 + 2 * line)[None], (2.0,), ("u",)))
    (tangent,) = drawn(curve, Path, "backward-lane")
    (whole,) = drawn(curve, Path, "forward-lane")
    ends = whole.start, whole.steps[-1]
    # Over the axis the curve rises by 6 in 2 steps, three halves of its slope at 0.
    steep = (ends[1][1] - ends[0][1]) / (ends[1][0] - ends[0][0])
    own = (tangent.steps[0][1] - tangent.start[1]) / (tangent.steps[0][0] - tangent.start[0])
    assert own == pytest.approx(steep * 2 / 3)


def test_a_boundary_is_the_right_way_up() -> None:
    line = np.linspace(0.0, 3.0, 4)
    classes = np.repeat([[0], [0], [0], [1]], 4, axis=1)
    points, labels = np.array([[1.0, 3.0], [1.0, 0.0]]), np.array([1, 0])
    chart = viz.boundary(Boundary(line, line, classes, np.ones((4, 4)), points, labels, (0, 1)))
    top = drawn(chart, Block, "positive-cell")[0].rect
    below = drawn(chart, Block, "negative-cell")[0].rect
    assert top.bottom <= below.y + 1e-6
    # Each sample lies in the region of its class.
    (dot,) = drawn(chart, Block, "positive", "plot")
    assert top.y < dot.rect.middle[1] < top.bottom


def test_curves_begin_and_end_with_the_axis() -> None:
    chart = viz.curves({"acc": [0.0, 1.0, 0.0]})
    (line,) = drawn(chart, Path, "backward-lane")
    base = max(drawn(chart, Path, "muted-lane"), key=lambda path: path.steps[-1][0] - path.start[0])
    assert (line.start[0], line.steps[-1][0]) == pytest.approx((base.start[0], base.steps[-1][0]))
    assert line.steps[0][1] < line.start[1] == pytest.approx(line.steps[1][1])


def test_filters_share_one_scale_and_keep_their_signs() -> None:
    weights = np.array([[[1.0, 0.0]], [[0.0, -0.5]]])
    chart = viz.filters(Filters("w", weights))
    assert [b.opacity for b in drawn(chart, Block, "positive-cell")] == [1.0]
    assert [b.opacity for b in drawn(chart, Block, "negative-cell")] == [0.5]


def test_classes_and_features_may_have_names() -> None:
    model = nn.Linear(2, 40, rng=0)
    names = [f"<kind {i}> of a name that is much too long" for i in range(40)]
    points = np.random.default_rng(0).normal(size=(60, 2))
    svg = viz.boundary(
        model, points, np.arange(60) % 40, steps=8, names=names, features=["sepal", "petal"]
    ).svg
    for text in ("sepal", "petal", "&lt;kind 39&gt; of a name that is m…"):
        assert text in svg, text
    height = float(re.findall(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)[0])
    assert height > 22 * 40
    seen = viz.saliency(model, points[:2], names=names).svg
    assert "&lt;kind " in seen


def test_saliency_is_the_gradient_by_finite_differences() -> None:
    rng = np.random.default_rng(3)
    model = nn.Sequential(nn.Linear(4, 5, rng=rng), nn.Tanh(), nn.Linear(5, 3, rng=rng))
    x = rng.standard_normal((2, 4))
    found = nn.inspect.saliency(model, x, [2, 0])
    for sample, chosen in enumerate((2, 0)):
        for entry in range(4):
            moved = np.repeat(x[sample][None], 2, axis=0)
            moved[:, entry] += [1e-2, -1e-2]
            up, down = np.asarray(model(moved).data)[:, chosen]
            got = found.gradients.reshape(2, 4)[sample, entry]
            assert got == pytest.approx((up - down) / 2e-2, rel=2e-3, abs=2e-4)
