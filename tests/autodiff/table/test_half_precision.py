"""Counts and sums of many float16 numbers, which end at 65504, are those of float32."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

N = 70_000
FEW = np.zeros(N // 2, int)
FALSE = np.zeros(N, int)


def _of_many_samples(loss: Any, how: dict[str, Any], x: Any) -> Any:
    return loss(ad.stack([x, x * 0], axis=1), FALSE, **how)


REDUCTIONS: dict[str, Any] = {
    name: getattr(ad, name)
    for name in (
        "max min amax amin mean var std median nanmax nanmin nanmean nanvar nanstd nanmedian "
        "logsumexp ptp average cov prod sum"
    ).split()
} | {
    "quantile": lambda x: ad.quantile(x, 0.5),
    "cummax": lambda x: ad.cummax(x)[-1],
    "cummin": lambda x: ad.cummin(x)[-1],
    "softmax": lambda x: ad.softmax(x)[0] * 1000,
    "log_softmax": lambda x: ad.log_softmax(x)[0],
    "norm": ad.linalg.norm,
    "norm of order 3": lambda x: ad.linalg.norm(x, 3),
    "norm of order inf": lambda x: ad.linalg.norm(x, np.inf),
    "avg_pool1d": lambda x: ad.avg_pool1d(x[None, None], N)[0, 0, 0],
    "adaptive_avg_pool1d": lambda x: ad.adaptive_avg_pool1d(x[None, None], 1)[0, 0, 0],
    "max_pool1d": lambda x: ad.max_pool1d(x[None, None], N)[0, 0, 0],
    "lp_pool1d": lambda x: ad.lp_pool1d(x[None, None], 2, N)[0, 0, 0],
    "layer_norm": lambda x: ad.layer_norm(x[None], (N,), eps=0.01)[0, 0],
    "mse_loss": lambda x: nn.mse_loss(x, np.full(N, 0.25, x.dtype)),
    "l1_loss": lambda x: nn.l1_loss(x, np.full(N, 0.25, x.dtype)),
    "huber_loss": lambda x: nn.functional.huber_loss(x, np.full(N, 0.25, x.dtype)),
    "cross_entropy": lambda x: nn.cross_entropy(ad.reshape(x, (-1, 2)), FEW),
    "average with weights": lambda x: ad.average(x, weights=np.ones(N, x.dtype)),
    "average by counts": lambda x: ad.average(x, weights=np.full(N, 2)),
    "mean of scattered": lambda x: ad.scatter_reduce(
        np.zeros(1, x.dtype), 0, np.zeros(N, int), x, "mean", include_self=False
    )[0],
    "mean of a bag": lambda x: ad.embedding_bag(
        np.arange(N)[None], ad.reshape(x, (-1, 1)), mode="mean"
    )[0, 0],
    **{
        f"{name} of many samples{what}": partial(_of_many_samples, loss, how)
        for name, loss in {"cross_entropy": nn.cross_entropy, "nll_loss": nn.nll_loss}.items()
        for what, how in {"": {}, ", weighted": {"weight": [2.0, 1.0]}}.items()
    },
    "cross_entropy, smoothed": partial(
        _of_many_samples, nn.cross_entropy, {"label_smoothing": 0.1}
    ),
    "cross_entropy of many classes": lambda x: nn.cross_entropy(
        ad.broadcast_to(ad.reshape(x, (-1, 1)), (N, 65)) * (np.arange(65) == 0), FALSE
    ),
    "kl_div by batch": lambda x: nn.functional.kl_div(x, np.full(N, 0.25, x.dtype), "batchmean"),
}

SLOW = {*(n for n in REDUCTIONS if "pool1d" in n[:10]), "cross_entropy of many classes"}


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
@pytest.mark.parametrize(
    "name",
    [
        # Windows are gone through tap by tap, which takes seconds for as many.
        pytest.param(name, marks=[pytest.mark.exhaustive] if name in SLOW else [])
        for name in REDUCTIONS
    ],
)
def test_gradients_of_many_numbers(name: str) -> None:
    f = REDUCTIONS[name]
    spread = np.random.default_rng(0).uniform(0.5, 1.5, N)
    for x in (np.ones(N), spread):
        x = x.astype(np.float16)
        found, expected = ad.grad(f)(x), ad.grad(f)(x.astype(np.float64))
        assert found.dtype == np.float16
        # Below 6e-5 the numbers of float16 lie 6e-8 apart.
        np.testing.assert_allclose(found, expected, rtol=5e-3, atol=7e-8)
        if name != "sum":
            np.testing.assert_allclose(
                f(ad.Tensor(x)).item(), f(ad.Tensor(x.astype(float))).item(), 2e-3
            )


@pytest.mark.parametrize(
    "read",
    [
        lambda w, places: w[places],
        lambda w, places: ad.take(w, places),
        lambda w, places: ad.embedding(places, ad.reshape(w, (-1, 1))),
        lambda w, places: ad.take_along_axis(w, places, 0),
        lambda w, places: ad.repeat(w, N),
        lambda w, places: ad.broadcast_to(w, (N,)),
    ],
)
def test_an_element_that_is_read_many_times_gets_its_whole_gradient(read: Any) -> None:
    places = np.zeros(N, int)
    one = np.ones(1, np.float16)

    def f(w: Any) -> Any:
        return ad.mean(read(w, places))

    np.testing.assert_allclose(ad.grad(f)(one), [1.0], rtol=5e-3)
    w = ad.Tensor(one, requires_grad=True)
    f(w).backward()
    np.testing.assert_allclose(w.grad, [1.0], rtol=5e-3)


def test_sums_of_many_numbers_at_a_place() -> None:
    few = np.full(6000, 1.0, np.float16)
    places = np.zeros(6000, int)
    assert ad.segment_sum(few, places, 1).tolist() == [6000]
    assert ad.scatter_add(np.zeros(1, np.float16), 0, places, few).tolist() == [6000]
    assert ad.bincount(places, weights=few).tolist() == [6000]


def test_extrema_at_an_index_count_their_ties() -> None:
    places = np.zeros(N, int)

    def f(v: Any) -> Any:
        return ad.sum(ad.segment_max(v, places, 1))

    np.testing.assert_allclose(ad.grad(f)(np.ones(N, np.float16)), 1 / N, atol=6e-8)
