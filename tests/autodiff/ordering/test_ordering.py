"""Sorting, scans, picking, placing and scattering: values, gradients, messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import differentiate, leaves, normal, pull, same

(X,) = normal((3, 4))
PLACES = np.array([[2, 0, 1, 2], [0, 0, 2, 1]])
CASES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "sort descending": (
        lambda x: ad.sort(x, 0, descending=True),
        lambda x: np.sort(x, 0)[::-1],
    ),
    "sort flattened": (lambda x: ad.sort(x, None), lambda x: np.sort(x, None)),
    "topk": (lambda x: ad.topk(x, 2, 1).values, lambda x: -np.sort(-x, 1)[:, :2]),
    "topk smallest": (
        lambda x: ad.topk(x, 1, 1, largest=False).values,
        lambda x: np.sort(x, 1)[:, :1],
    ),
    "partition": (lambda x: ad.partition(x, 1)[:, 1], lambda x: np.partition(x, 1)[:, 1]),
    "take": (lambda x: ad.take(x, [[0, 3], [3, -1]], 1), lambda x: x[:, [[0, 3], [3, -1]]]),
    "take clip": (
        lambda x: ad.take(x, [0, 9], 0, mode="clip"),
        lambda x: np.take(x, [0, 9], 0, mode="clip"),
    ),
    "gather": (lambda x: ad.gather(x, 0, PLACES), lambda x: np.take_along_axis(x, PLACES, 0)),
    "choose": (
        lambda x: ad.choose([0, 2, 1, 1], x),
        lambda x: np.choose([0, 2, 1, 1], list(x)),
    ),
    "compress": (
        lambda x: ad.compress([True, False, True], x, 0),
        lambda x: x[[0, 2]],
    ),
    "put": (lambda x: ad.put(x, [0, 5], 2.0), lambda x: np.where(np.isin(_N, [0, 5]), 2.0, x)),
    "fill_diagonal": (
        lambda x: ad.fill_diagonal(x, 7.0),
        lambda x: np.where(np.eye(3, 4), 7.0, x),
    ),
    "index_fill": (
        lambda x: ad.index_fill(x, 1, [1], 0.5),
        lambda x: np.where(np.arange(4) == 1, 0.5, x),
    ),
    "cumulative_prod": (
        lambda x: ad.cumulative_prod(x, axis=1, include_initial=True),
        lambda x: np.cumulative_prod(x, axis=1, include_initial=True),
    ),
    "cumprod": (lambda x: ad.cumprod(x), lambda x: np.cumprod(x)),
    "segment_sum": (
        lambda x: ad.segment_sum(x, [1, 0, 1]),
        lambda x: np.stack([x[1], x[0] + x[2]]),
    ),
    "segment_prod": (
        lambda x: ad.segment_prod(x, [1, 0, 1]),
        lambda x: np.stack([x[1], x[0] * x[2]]),
    ),
    "segment_max": (
        lambda x: ad.segment_max(x, [1, 0, 1]),
        lambda x: np.stack([x[1], np.maximum(x[0], x[2])]),
    ),
}
_N = np.arange(12).reshape(3, 4)


@pytest.mark.parametrize("name", CASES)
def test_value_and_gradients(name: str) -> None:
    function, counterpart = CASES[name]
    same(function(X).data, counterpart(X), rtol=1e-13)
    assert ad.gradcheck(function, X)


def test_running_products_are_exact_at_zeros_to_second_order() -> None:
    (x,) = leaves([np.array([2.0, 0.0, 3.0, 0.0])])
    (g,) = differentiate(ad.cumprod(x), [x], np.ones(4))
    same(g.data, [1.0, 2.0 + 6.0, 0.0, 0.0])
    same(pull(g, [x], np.array([1.0, 0, 0, 0]))[0], [0.0, 4.0, 0.0, 0.0])


def test_ties_of_a_running_maximum_share() -> None:
    (x,) = leaves([np.array([1.0, 1.0, 0.0])])
    same(pull(ad.cummax(x), [x], np.ones(3))[0], [2.0, 1.0, 0.0])


@pytest.mark.parametrize("length", [3, 200])
def test_recurrences_long_and_short(length: int) -> None:
    a, b = normal((length,), (length,))
    h, expected = 0.0, []
    for factor, summand in zip(a, b, strict=True):
        h = factor * h + summand
        expected.append(h)
    same(ad.linear_recurrence(a, b).data, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("reduce", ["sum", "prod", "mean", "amax", "amin"])
@pytest.mark.parametrize("include_self", [True, False])
def test_scatter_reduce_is_that_of_torch(reduce: str, include_self: bool) -> None:
    torch = pytest.importorskip("torch")
    (src,) = normal((2, 4), seed=8)
    x, s = leaves([X, src])
    y = ad.scatter_reduce(x, 0, PLACES, src=s, reduce=reduce, include_self=include_self)
    tx, ts = (torch.tensor(v, requires_grad=True) for v in (X, src))
    ty = tx.scatter_reduce(0, torch.tensor(PLACES), ts, reduce, include_self=include_self)
    ty.sum().backward()
    same(y.data, ty.detach().numpy(), rtol=1e-13)
    found = pull(y, [x, s], np.ones(y.shape))
    same(found[0], tx.grad.numpy(), rtol=1e-12, atol=1e-13)
    same(found[1], ts.grad.numpy(), rtol=1e-12, atol=1e-13)


def test_weights_are_counted_with_gradients() -> None:
    assert ad.bincount([0, 2, 2]).tolist() == [1, 0, 2]
    assert ad.gradcheck(lambda w: ad.bincount([0, 2, 2], w), np.array([1.0, 2.0, 3.0]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ad.topk(X, 9), "'topk' was asked for 9"),
        (lambda: ad.take_along_axis(X, [0]), "as many axes in both"),
        (lambda: ad.gather(X, 0, np.zeros((1, 9), int)), "nowhere longer"),
        (lambda: ad.cumulative_sum(X), "needs axis="),
        (lambda: ad.select([], []), "at least one"),
        (lambda: ad.fill_diagonal(X[0], 0.0), "give a matrix"),
        (lambda: ad.masked_scatter(X, True, [1.0]), "1 elements for 12"),
        (lambda: ad.bincount(X), "give one axis"),
    ],
)
def test_what_does_not_fit_is_explained(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ad.ShapeError, match=message):
        call()


def test_functions_of_numpy_that_write_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"numpy.put does not.*writes into an array.*autodiff.put"):
        np.put(ad.Tensor(X), [0], 1.0)
