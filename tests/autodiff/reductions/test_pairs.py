"""Two reductions at once, the kth smallest, running areas, softmax of a part: in every mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.compositions import check_composition
from tests.autodiff.reference import normal

MASK = np.array(
    [[True, False, True, True], [False, False, False, False], [False, True, True, False]]
)


def softmax_of_some(x: Any) -> Any:
    e = np.exp(np.asarray(x)) * MASK
    return e / np.maximum(e.sum(-1, keepdims=True), 1e-300)


def areas(y: Any, x: Any) -> Any:
    y, x = np.asarray(y), np.asarray(x)
    return np.cumsum((y[:, 1:] + y[:, :-1]) / 2 * np.diff(x), -1)


Case = tuple[Callable[..., Any], Callable[..., Any], list[tuple[int, ...]]]
CASES: dict[str, Case] = {
    "aminmax": (
        lambda x: ad.aminmax(x, 1),
        lambda x: (np.min(x, 1), np.max(x, 1)),
        [(3, 4)],
    ),
    "var_mean": (
        lambda x: ad.var_mean(x, 0, correction=1),
        lambda x: (np.var(x, 0, ddof=1), np.mean(x, 0)),
        [(3, 4)],
    ),
    "std_mean": (
        lambda x: ad.std_mean(x, (0, 1), keepdims=True),
        lambda x: (np.std(x, keepdims=True), np.mean(x, keepdims=True)),
        [(3, 4)],
    ),
    "kthvalue": (
        lambda x: ad.kthvalue(x, 2, 0),
        lambda x: (np.sort(x, 0)[1], np.argsort(x, 0)[1]),
        [(3, 4)],
    ),
    "cumulative_trapezoid": (ad.cumulative_trapezoid, areas, [(3, 4), (4,)]),
    "cumulative_trapezoid, from 0": (
        lambda y: ad.cumulative_trapezoid(y, axis=0, initial=0),
        lambda y: np.pad(areas(np.asarray(y).T, np.arange(3.0)).T, [(1, 0), (0, 0)]),
        [(3, 4)],
    ),
    "softmax": (lambda x: ad.softmax(x, where=MASK), softmax_of_some, [(3, 4)]),
}


@pytest.mark.parametrize("name", CASES)
def test_as_numpy_in_every_mode(name: str) -> None:
    ours, theirs, shapes = CASES[name]
    check_composition(ours, theirs, normal(*shapes))


def test_logarithms_of_a_part() -> None:
    x = ad.Tensor([[1.0, np.nan, 2.0], [np.inf, 5.0, 5.0]], requires_grad=True)
    where = np.array([[True, False, True], [False, True, True]])
    y = ad.log_softmax(x, axis=-1, where=where)
    expected = np.log([[1 / (1 + np.e), 1.0, 1 / (1 + 1 / np.e)], [1.0, 0.5, 0.5]])
    np.testing.assert_allclose(y.data, np.where(where, expected, -np.inf))
    ad.sum(ad.where(where, y, 0.0) * [1.0, 2.0, 3.0]).backward()
    assert np.isfinite(x.grad).all()
    assert x.grad[~where].tolist() == [0.0, 0.0]
    assert ad.Tensor(MASK * 1.0).softmax(0, where=MASK[:1]).data[:, 1].tolist() == [0.0, 0.0, 0.0]
    assert ad.softmax(3.0, where=True).item() == 1.0
    assert ad.softmax(3.0, where=False).item() == 0.0


def test_scipys_running_areas() -> None:
    integrate = pytest.importorskip("scipy.integrate")
    y, x = normal((3, 4), (3, 4))
    found = ad.cumulative_trapezoid(y, x, axis=0, initial=0)
    np.testing.assert_allclose(
        found.data, integrate.cumulative_trapezoid(y, x, axis=0, initial=0), rtol=1e-13
    )


def test_results_have_names() -> None:
    x = [[3.0, 1.0, 2.0]]
    assert ad.aminmax(x).max.item() == 3.0
    assert ad.kthvalue(x, 3, dim=1, keepdim=True).indices.tolist() == [[0]]
    assert ad.kthvalue(5.0, 1).values.shape == ()
    assert ad.kthvalue([1.0, 1.0, 0.0], 2).indices.item() == 0
    for k in (0, 4):
        with pytest.raises(ad.ShapeError, match="which has 3 elements"):
            ad.kthvalue(x, k)
    with pytest.raises(ValueError, match="give 0 or leave it out"):
        ad.cumulative_trapezoid(x, initial=1)
    with pytest.raises(ad.ShapeError, match="'cumulative_trapezoid' was given 3 samples"):
        ad.cumulative_trapezoid(x, [1.0, 2.0])
