"""How far two passes are apart: against NumPy, where sums cancel, and on the wires."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autodiff as ad
import viz
from viz.differences.compare import distance
from viz.draw.scene import Group, Path

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("one", "other", "equal", "apart", "relative"),
    [
        ([1.0, 1.0], [4.0, 4.0], False, 3.0, 0.75),
        ([4.0, 4.0], [1.0, 1.0], False, 3.0, 0.75),
        ([3.0, 4.0], [3.0, 4.0], True, 0.0, 0.0),
        ([0.0, 0.0], [0.0, 0.0], True, 0.0, 0.0),
        ([1.0], [1.0 + 1e-15], True, 1e-15, 1e-15),
        ([1.0], [1.0 + 1e-12], False, 1e-12, 1e-12),
        ([NAN, INF, 1.0], [NAN, INF, 1.0], True, 0.0, 0.0),
        ([NAN, 1.0], [2.0, 1.0], False, INF, INF),
        ([INF], [-INF], False, INF, INF),
        ([INF, 1.0], [INF, 2.0], False, math.sqrt(0.5), INF),
        ([3 + 4j], [3.0], False, 4.0, 0.8),
        ([True, False], [True, False], True, None, None),
        ([1, 2], [1, 3], False, math.sqrt(0.5), None),
        ([1e300], [-1e300], False, 2e300, 2.0),
        ([1.0, 2.0], [1.0], False, None, None),
    ],
)
def test_distances(one, other, equal, apart, relative) -> None:  # type: ignore[no-untyped-def]
    with np.errstate(all="ignore"):
        found = distance(np.array(one), np.array(other))
    assert found.equal is equal
    for got, wanted in ((found.apart, apart), (found.relative, relative)):
        assert got == (None if wanted is None else pytest.approx(wanted, rel=1e-3))


def test_float32_has_its_own_roundings() -> None:
    a, b = np.array([1.0], np.float32), np.array([1.0 + 1e-6])
    assert distance(a, b).equal
    assert not distance(a.astype(np.float64), b).equal
    assert not distance(np.array([1e-17]), np.array([3e-17])).equal
    assert distance(np.array([1e-17]), np.array([3e-17]), scale=1.0).equal


def test_what_nearly_cancels_has_the_roundings_of_its_terms() -> None:
    def total(dtype: type) -> ad.Tensor:
        return ad.Tensor(np.array([0.1, 0.2, -0.3], dtype), requires_grad=True, name="x").sum()

    def slopes(dtype: type) -> ad.Tensor:
        x, *rest = (
            ad.Tensor(np.array(v, dtype), requires_grad=True, name=f"n{i}")
            for i, v in enumerate((2.0, 0.1, 0.2, 0.3))
        )
        return x * rest[0] + x * rest[1] - x * rest[2]

    for program in (total, slopes):
        assert viz.diff(program(np.float32), program(np.float64)).equal


def test_a_difference_well_above_the_roundings_before_it_is_new() -> None:
    x = ad.Tensor(np.linspace(-1, 1, 7), requires_grad=True, name="x")
    h = ad.tanh(x)
    h.name = "h"
    rounded = {"x": x.data.astype(np.float32), "h": h.data * 1.0001}
    d = viz.diff((h * h).sum(), values=rounded)
    assert d.first is not None
    assert (d.first.kind, d.name) == ("number", "h")


def test_what_receives_nothing_is_all_off() -> None:
    def loss(cut: bool) -> ad.Tensor:
        x = ad.Tensor([1.0, 2.0], requires_grad=True, name="x")
        h = ad.tanh(x)
        return ((h.detach() if cut else h) * x).sum()

    d = viz.diff(loss(False), loss(True))
    assert d.first is not None
    gradient = d.nodes[d.first.place].gradient
    assert (gradient.equal, gradient.missing, gradient.relative) == (False, True, 1.0)


def test_leaves_of_other_shapes_and_names_do_not_belong_together() -> None:
    def loss(size: int) -> ad.Tensor:
        return ad.tanh(ad.Tensor(np.ones(size), requires_grad=True, name=f"x{size}")).sum()

    d = viz.diff(loss(3), loss(4))
    assert sorted(c.shown.name for c in d.nodes if c.single) == ["x₃", "x₄"]


def test_wires_show_the_gradient_that_differs_and_no_other() -> None:
    def loss(turned: bool) -> ad.Value:
        x, w = ad.Value(0.5, name="x"), ad.Value(3.0, name="w")
        p, q = x * w, (ad.sin(x) if turned else ad.tanh(x))
        p.name, q.name = "p", "q"
        return p + q

    d = viz.diff(loss(False), loss(True), engine="builtin")

    def backward(name: str) -> str:
        (wire,) = (g for g in d.scene.groups if g.kind == "wire" and g.label == name)
        return strokes(wire)[1]

    def strokes(wire: Group) -> list[str]:
        return [s.style for s in wire.shapes if isinstance(s, Path)]

    assert backward("x → q") == "difference-lane"
    assert backward("x → p") == backward("w → p") == "muted-lane"


def test_operands_that_are_equal_by_chance_are_told_apart_by_what_they_receive() -> None:
    def loss(turned: bool, scale: float = 1.0) -> ad.Value:
        x, y = ad.Value(0.5, name="x"), ad.Value(0.5, name="y")
        product = y * x if turned else x * y
        return ad.exp((y - x if turned else x - y) + scale * product)

    d = viz.diff(loss(False), loss(True))
    assert [(f.kind, d.nodes[f.place].shown.op) for f in d.findings] == [("order", "subtract")]

    def product(turned: bool, scale: float) -> ad.Value:
        x, y = ad.Value(0.5, name="x"), ad.Value(0.25, name="y")
        return ad.tanh(ad.exp(x * scale) * y if turned else y * ad.exp(x * scale))

    # The order of factors is no difference of its own where another one is.
    assert [f.kind for f in viz.diff(product(False, 2.0), product(True, 3.0)).findings] == [
        "operands"
    ]
