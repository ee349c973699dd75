"""Lines through numbers, and ways over a map of the loss."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn
import viz
from viz.draw.scene import Block, Group, Path, Scene, Shape, Text


def _shapes(scene: Scene) -> list[Shape]:
    found: list[Shape] = []
    todo: list[Any] = list(scene.groups)
    while todo:
        shape = todo.pop(0)
        if isinstance(shape, Group):
            todo = [*shape.shapes, *todo]
        else:
            found.append(shape)
    return found


def _paths(picture: viz.Picture, style: str) -> list[Path]:
    return [s for s in _shapes(picture.scene) if isinstance(s, Path) and s.style == style]


def _texts(picture: viz.Picture) -> list[str]:
    found = [s for s in _shapes(picture.scene) if isinstance(s, Text)]
    return ["".join(span.text for span in text.spans) for text in found]


def test_equal_factors_are_equal_steps_on_a_logarithmic_axis() -> None:
    picture = viz.lines({"a": [1.0, 0.1, 0.01]}, [2, 3, 4], logarithmic=True, x_label="depth")
    (line,) = _paths(picture, "backward-lane")
    points = [line.start, *line.steps]
    assert points[1][1] - points[0][1] == pytest.approx(points[2][1] - points[1][1])
    assert points[1][0] - points[0][0] == pytest.approx(points[2][0] - points[1][0])
    assert {"depth", "a", "2", "3", "4"} <= set(_texts(picture))


def test_pairs_have_places_of_their_own_and_gaps_stay_open() -> None:
    picture = viz.lines({"a": [(0, 1.0), (1, math.nan), (4, 2.0), (5, 1.0)], "b": [(0, 1), (2, 3)]})
    pieces = _paths(picture, "backward-lane")
    assert [len(piece.steps) for piece in pieces] == [1, 1]
    (other,) = _paths(picture, "forward-lane")
    assert other.steps[0][0] < pieces[1].start[0]


def test_a_guide_is_dashed_and_takes_no_colour() -> None:
    picture = viz.lines({"bound": [1, 2], "a": [2, 3]}, guides=["bound"])
    assert len(_paths(picture, "dashed-lane")) == 1
    assert len(_paths(picture, "backward-lane")) == 1


def test_dicts_of_lines_are_panels() -> None:
    picture = viz.lines({"one": {"a": [1, 2]}, "two": {"a": [3, 4], "b": [1, 1]}})
    assert {"one", "two"} <= set(_texts(picture))
    assert list(picture.data) == ["one", "two"]


@pytest.mark.parametrize(
    ("given", "settings", "error"),
    [
        ([1, 2], {}, TypeError),
        ({}, {}, TypeError),
        ({"a": []}, {}, ValueError),
        ({"a": [1, 2]}, {"x": [1]}, ValueError),
        ({"a": [1, 2]}, {"guides": ["b"]}, ValueError),
        ({"a": ["one"]}, {}, TypeError),
    ],
)
def test_what_is_no_line_is_refused(given: Any, settings: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        viz.lines(given, **settings)


def _found() -> Any:
    loss, x, y = nn.MSELoss(), [[1.0, 2.0]], [[0.5]]
    return nn.inspect.surface(nn.Linear(2, 1, rng=0), loss, x, y, steps=5, rng=0)


def test_a_way_over_a_map_goes_where_it_says() -> None:
    plain = viz.surface(_found())
    picture = viz.surface(_found(), paths={"down": [[-1.0, -1.0], [0.0, 0.0], [1.0, 1.0], [5, 5]]})
    (way,) = _paths(picture, "difference-lane")
    # From the lower left corner of the map over its middle to the upper right.
    assert len(way.steps) == 2
    assert way.start[0] < way.steps[0][0] < way.steps[1][0]
    assert way.start[1] > way.steps[0][1] > way.steps[1][1]
    rings = [s for s in _shapes(picture.scene) if isinstance(s, Block)]
    assert any(ring.style == "difference-outline" for ring in rings)
    # It ends outside of the map, so it has no dot and no name.
    assert "down" not in _texts(picture)
    inside = viz.surface(_found(), paths={"here": [0.5, 0.5]})
    assert "here" in _texts(inside)
    assert len(_texts(inside)) == len(_texts(plain)) + 1


def test_ways_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="shape \\(1, 3\\)"):
        viz.surface(_found(), paths={"a": [1.0, 2.0, 3.0]})
    loss, x, y = nn.MSELoss(), [[1.0, 2.0]], [[0.5]]
    line = nn.inspect.surface(nn.Linear(2, 1, rng=0), loss, x, y, 1, steps=5, rng=0)
    with pytest.raises(ValueError, match="one direction only"):
        viz.surface(line, paths={"a": np.zeros((2, 2))})
