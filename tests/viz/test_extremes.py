"""Pictures of numbers that are not finite, or as large and as small as numbers can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import viz
from viz.picture import Picture

EXTREMES = (np.nan, np.inf, 1e308, 5e-324)
PICTURES: dict[str, Callable[[Any, Any], Picture]] = {
    "draw": lambda loss, _: viz.draw(loss, gradients=True, engine="builtin"),
    "network": lambda loss, _: viz.network(loss),
    "full": lambda loss, _: viz.network(loss, detail="full"),
    "backward_network": lambda loss, _: viz.backward_network(loss),
    "explain": viz.explain,
    "why": viz.why,
}


def numbers(place: str, extreme: float) -> tuple[Any, Any]:
    given = {"x": 0.5, "w": 1.0, "b": 0.1, "v": 0.7, "y": 2.0} | {place: extreme}
    x, w, b, v, y = (ad.Value(number, name=name) for name, number in given.items())
    return (v * ad.tanh(w * x + b) - y) ** 2, w


def arrays(place: str, extreme: float) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    given = {"x": rng.normal(size=(3, 2)), "W": rng.normal(size=(2, 4)), "V": rng.normal(size=4)}
    given[place].flat[0] = extreme
    x, w, v = (ad.Tensor(a, requires_grad=k != "x", name=k) for k, a in given.items())
    return ad.square(ad.relu(x @ w) @ v - 1).mean(), w


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_made_of_every_number(kind: str, extreme: float) -> None:
    for made, places in ((numbers, "xwbv"), (arrays, "xWV")):
        for place in places:
            with np.errstate(all="ignore"):
                picture = PICTURES[kind](*made(place, extreme))
                assert picture.svg


def test_where_the_result_is_nan_there_are_no_finite_differences() -> None:
    x = ad.Value(-1.0, name="x")
    with np.errstate(all="ignore"):
        told = viz.explain(ad.log(x) * 2.0 + x, x)
        array = ad.Tensor([-1.0, -2.0], requires_grad=True, name="a")
        other = viz.explain(ad.log(array).sum(), array)
    for one in (told, other):
        assert all(check.agrees for check in one.checks)
        assert "finite differences: none, as the result is not finite" in str(one)
