"""`dtype`, `initial`, `where` and `ddof` of the reductions, as NumPy has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import normal, same

MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, True, True]])
OPTIONS: list[tuple[str, dict[str, Any]]] = [
    ("sum", {"initial": 2.0}),
    ("sum", {"where": MASK, "axis": 1}),
    ("sum", {"where": MASK[0], "axis": 0, "keepdims": True, "initial": -1.0}),
    ("prod", {"initial": 2.0, "axis": 0}),
    ("prod", {"where": MASK, "axis": 1}),
    ("mean", {"where": MASK, "axis": 1}),
    ("mean", {"where": MASK[:, :1], "axis": (0, 1), "keepdims": True}),
    ("var", {"ddof": 1, "axis": 0}),
    ("var", {"where": MASK, "axis": 1, "ddof": 1}),
    ("std", {"ddof": 1}),
    ("std", {"where": MASK, "axis": 0, "keepdims": True}),
    ("max", {"initial": 0.5, "axis": 1}),
    ("max", {"where": MASK, "axis": 1, "initial": -9.0}),
    ("min", {"initial": -0.5, "axis": 0, "keepdims": True}),
    ("min", {"where": MASK, "initial": 9.0}),
]


@pytest.mark.parametrize(("name", "options"), OPTIONS, ids=str)
def test_value_and_gradient(name: str, options: dict[str, Any]) -> None:
    (x,) = normal((3, 4))
    found = getattr(np, name)(ad.Tensor(x), **options)
    same(found.data, getattr(np, name)(x, **options), rtol=1e-13)
    assert ad.gradcheck(lambda x: getattr(ad, name)(x, **options), x)


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "var", "std"])
def test_dtype_of_the_computation(name: str) -> None:
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    leaf = ad.Tensor(x, requires_grad=True)
    y = getattr(ad, name)(leaf, axis=1, dtype=np.float64)
    expected = getattr(np, name)(x, axis=1, dtype=np.float64)
    assert y.dtype == expected.dtype
    same(y.data, expected, rtol=1e-14)
    y.sum().backward()
    assert leaf.grad.dtype == np.float32


@pytest.mark.parametrize("name", ["max", "min"])
def test_the_extremum_of_nothing_is_the_bound(name: str) -> None:
    same(getattr(ad, name)(np.ones((0, 3)), axis=0, initial=2.0).data, [2.0, 2.0, 2.0])
    same(getattr(ad, name)(np.ones((0,)), initial=2.0).data, 2.0)


@pytest.mark.parametrize("name", ["max", "min"])
def test_an_extremum_where_nothing_may_take_part_needs_a_bound(name: str) -> None:
    with pytest.raises(ad.ShapeError, match=rf"'{name}' with where= was given no initial="):
        getattr(ad, name)(np.ones((2, 3)), where=MASK[0, :3])


def test_where_nothing_takes_part_the_mean_is_nan() -> None:
    x = ad.Tensor(np.ones((2, 2)), requires_grad=True)
    where = np.array([[True, True], [False, False]])
    y = ad.mean(x, axis=1, where=where)
    same(y.data, [1.0, np.nan])
    y[0].backward()
    same(x.grad, [[0.5, 0.5], [0.0, 0.0]])


def test_the_gradient_of_a_masked_standard_deviation_is_0_where_it_is_0() -> None:
    x = ad.Tensor(np.array([1.0, 1.0, np.nan]), requires_grad=True)
    y = ad.std(x, where=[True, True, False])
    y.backward()
    assert y.item() == 0
    same(x.grad, [0.0, 0.0, 0.0])


def test_weights_of_logsumexp() -> None:
    x, b = normal((3, 4), (4,))
    b = np.abs(b)
    y = ad.logsumexp(x, axis=1, b=b)
    same(y.data, np.log(np.sum(b * np.exp(x), axis=1)), rtol=1e-13)
    assert ad.gradcheck(lambda x, b: ad.logsumexp(x, axis=1, b=b), x, b)
    same(ad.logsumexp(np.array([1000.0, 1000.0]), b=[1.0, 1.0]).data, 1000 + np.log(2))
    assert ad.logsumexp(np.array([-np.inf, 0.0]), b=[1.0, 2.0], keepdims=True).shape == (1,)


def test_counts() -> None:
    x = np.array([[0.0, 1.0, 2.0], [0.0, 0.0, 3.0]])
    assert ad.count_nonzero(x).item() == 3
    assert np.count_nonzero(ad.Tensor(x), axis=1).tolist() == [2, 1]
    assert ad.count_nonzero(x, axis=0, keepdims=True).shape == (1, 3)


def test_answers_are_recorded_in_a_compiled_step() -> None:
    @ad.compile
    def step(x: Any) -> Any:
        best = ad.argmax(x, axis=1)
        return ad.getitem(x, (np.arange(2), best)).sum(), ad.count_nonzero(x), ad.any(x, axis=0)

    for seed in range(3):
        (x,) = normal((2, 3), seed=seed)
        top, count, some = step(x)
        same(top.data, x.max(axis=1).sum())
        assert (count.item(), some.tolist()) == (6, [True] * 3)
