"""Charts: what they show is in the data, and odd data do not break them."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pytest

import nn.inspect
import viz
from viz.charts.chart import Chart
from viz.charts.contours import contours
from viz.charts.grids import cells, signed_cells
from viz.draw.scene import Path
from viz.geometry import Rect
from viz.text.formatting import number

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((30, 2)), RNG.integers(0, 3, 30)


def net() -> nn.Sequential:
    rng = np.random.default_rng(1)
    return nn.Sequential(nn.Linear(2, 9, rng=rng), nn.Tanh(), nn.Linear(9, 3, rng=rng))


def texts(chart: Chart) -> str:
    root = ET.fromstring(chart.svg)
    return " | ".join("".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text"))


def test_flow_tells_the_figures_of_nn_inspect() -> None:
    loss = nn.CrossEntropyLoss()
    data = nn.inspect.measure(net(), loss, X.astype(np.float32), Y)
    chart = viz.flow(net(), loss, X.astype(np.float32), Y)
    told = texts(chart)
    for layer in data.layers:
        assert f"std {number(layer.std, 3)}" in told
        assert f"rms {number(layer.rms, 3)}" in told
    # The axis of an activation is that of its bounds.
    assert "±1 |" in told
    assert "healthy" in told
    both = texts(viz.compare({"one": data, "two <i>": data}))
    assert "one" in both
    assert "two <i>" in both


def test_cells_are_the_levels_of_the_array() -> None:
    rect = Rect(0, 0, 40, 20)
    shapes = cells(np.array([[0.0, 0.5, 0.5, 1.0], [1.0, math.nan, 0.0, 0.0]]), rect, "ink", 10)
    found = [(s.rect.x, s.rect.y, s.rect.width, s.opacity) for s in shapes]  # type: ignore[union-attr]
    assert found == [(10, 0, 20, 0.5), (30, 0, 10, 1.0), (0, 10, 10, 1.0)]
    signs = {s.style for s in signed_cells(np.array([[1.0, -2.0]]), rect)}  # type: ignore[union-attr]
    assert signs == {"positive-cell", "negative-cell"}
    assert signed_cells(np.zeros((2, 2)), rect) == []


def test_contours_of_a_circle_are_where_the_circle_is() -> None:
    x = np.linspace(-2, 2, 41)
    values = x[None] ** 2 + x[:, None] ** 2
    (line,) = contours(x, x, values, 1.0)
    assert line[0] == line[-1]
    radii = [math.hypot(*point) for point in line]
    assert radii == pytest.approx([1.0] * len(radii), abs=2e-3)
    assert contours(x, x, values, 9.0) == []
    holed = np.where(values < 2, values, np.nan)
    assert all(len(part) > 1 for part in contours(x, x, holed, 1.0))


def test_curves_pair_training_with_what_is_held_out() -> None:
    told = texts(viz.curves({"loss": [3.0, 1.0], "val_loss": [2.0, 1.5], "lr": [0.1, 0.1]}))
    for text in ("training", "held out", "loss", "lr", "epoch"):
        assert text in told
    history = nn.History()
    history.epochs += [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": math.nan}]
    assert viz.curves(history).data == {
        "loss": {"training": [0.5, pytest.approx(math.nan, nan_ok=True)]}
    }
    several = viz.curves({"a": history, "b": history}, "loss")
    assert list(several.data["loss"]) == ["a", "b"]


def test_a_curve_has_gaps_where_numbers_are_missing_and_keeps_its_peaks() -> None:
    line = [1.0, 2.0, math.nan, 3.0, 2.0, math.inf, 1.0]
    strokes = [s for s in shapes_of(viz.curves({"acc": line})) if isinstance(s, Path)]
    drawn = [1 + len(s.steps) for s in strokes if s.style == "backward-lane"]
    assert drawn == [2, 2, 2]  # The last one is a point: from itself to itself.
    many = np.sin(np.arange(20_000) / 3_000)
    many[[4_321, 15_000]] = 5.0, -7.0
    chart = viz.curves({"acc": many.tolist()})
    (stroke,) = [s for s in shapes_of(chart) if getattr(s, "style", "") == "backward-lane"]
    heights = [step[-1] for step in stroke.steps]  # type: ignore[union-attr]
    assert len(heights) < 1_500
    # The two peaks stand out of a sine of height 1.
    assert sorted(heights)[1] - min(heights) > 60
    assert max(heights) - sorted(heights)[-2] > 60


def shapes_of(chart: Chart) -> list[object]:
    return [shape for group in chart.scene.groups for shape in group.shapes]


def test_many_classes_are_a_map_with_the_worst_mistakes_in_words() -> None:
    counts = np.diag([9] * 100)
    counts[3, 71], counts[5, 2] = 8, 4
    told = texts(viz.confusion(counts, [f"class {i}" for i in range(100)]))
    assert "class 3 → class 71 | 8 | class 5 → class 2 | 4" in told
    assert "900 of 912 right" in told


def test_layers_too_many_to_be_named_are_counted() -> None:
    rng = np.random.default_rng(0)
    layers = {f"hidden{i}": nn.Sequential(nn.Linear(9, 9, rng=rng), nn.Tanh()) for i in range(6)}
    model = nn.Sequential(layers)
    for p in model.parameters():
        p.data = p.data * 40
    x = rng.standard_normal((20, 9)).astype(np.float32)
    assert "SATURATED: 6 of 6 layers" in texts(viz.flow(model, nn.MSELoss(), x, x))


def test_confusion_counts_are_all_there() -> None:
    told = texts(viz.confusion([[8, 2], [0, 123]], ["cat & co", "dog"]))
    for text in ("8", "2", "123", "cat & co", "80 %", "131 of 133 right"):
        assert text in told


@pytest.mark.parametrize(
    "make",
    [
        lambda: viz.curves({"loss": [math.nan, math.inf]}),
        lambda: viz.curves({"loss": [1.0]}, title="W" * 500),
        lambda: viz.curves({"loss": [0.0, 0.0]}),
        lambda: viz.curves({"loss": [1e-300, 1e300]}),
        lambda: viz.confusion([[0]]),
        lambda: viz.confusion(np.zeros((12, 12)), ["x" * 200] * 12),
        lambda: viz.boundary(net(), np.zeros((2, 2)), [0, 1], steps=4),
        lambda: viz.filters(nn.Linear(300, 90)),
        lambda: viz.saliency(nn.Linear(4, 2), np.zeros((40, 4))),
        lambda: viz.surface(net(), nn.CrossEntropyLoss(), X.astype(np.float32), Y, 1, steps=3),
        lambda: viz.flow(net(), nn.CrossEntropyLoss(), np.full((4, 2), np.nan, np.float32), Y[:4]),
    ],
)
def test_odd_data_are_drawn(make: Callable[[], Chart]) -> None:
    with np.errstate(all="ignore"):
        chart = make()
    root = ET.fromstring(chart.svg)
    assert 80 < float(root.get("width", 0)) < 2_000
    assert "nan" not in "".join(e.get("d", "") + e.get("x", "") for e in root.iter())


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: viz.flow(3), TypeError, "flow() was given 'int'"),
        (lambda: viz.compare([net()]), TypeError, "give models by name"),
        (lambda: viz.flow({"a": 1}, 2), TypeError, "which are for a model"),
        (lambda: viz.curves(3), TypeError, "curves() was given 'int'"),
        (lambda: viz.curves({"loss": [1]}, "acc"), ValueError, "there are: loss"),
        (lambda: viz.confusion([[1, 2]]), ValueError, "shape (1, 2)"),
        (lambda: viz.confusion(np.zeros((401, 401))), ValueError, "401 classes are more"),
        (lambda: viz.flow(net(), nn.MSELoss(), X[:0], X[:0]), ValueError, "without samples"),
        (lambda: viz.saliency(net(), X[:0]), ValueError, "give at least one"),
        (
            lambda: viz.surface(net(), nn.CrossEntropyLoss(), X * math.nan, Y),
            ValueError,
            "no loss that is",
        ),
        (lambda: viz.confusion([[1]], ["a", "b"]), ValueError, "2 names were given for 1"),
        (lambda: viz.boundary(3), TypeError, "boundary() was given 'int'"),
        (lambda: viz.surface(3), TypeError, "surface() was given 'int'"),
        (lambda: viz.filters(3), TypeError, "filters() was given 'int'"),
        (lambda: viz.saliency(3), TypeError, "saliency() was given 'int'"),
    ],
)
def test_bad_calls_say_what_is_wrong(call, error, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error) as caught:
        call()
    assert said in str(caught.value)
