"""Gradients of every example of a model, as a loop gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.batching.array import BatchedArray
from tests.autodiff.reference import normal, same


def model() -> Any:
    rng = np.random.default_rng(0)
    return nn.Sequential(nn.Linear(3, 8, rng=rng), nn.Tanh(), nn.Linear(8, 2, rng=rng))


def layers(params: list[Any], x: Any) -> Any:
    w1, b1, w2, b2 = params
    return ad.inner(ad.tanh(ad.inner(x, w1) + b1), w2) + b2


def test_a_model_maps_as_it_computes() -> None:
    net = model()
    (x,) = normal((5, 3))
    x = x.astype(np.float32)
    found = ad.vmap(net)(ad.Tensor(x))
    same(found.data, net(ad.Tensor(x)).data, rtol=1e-5, atol=1e-6)


def test_the_gradient_of_a_mapped_model_is_that_of_a_batch() -> None:
    net = model()
    x, y = (a.astype(np.float32) for a in normal((5, 3), (5, 2)))
    loss = ad.vmap(lambda x, y: ad.sum(ad.square(net(x) - y)))(x, y).mean()
    loss.backward()
    found = [p.grad for p in net.parameters()]
    net.zero_grad()
    ad.mean(ad.sum(ad.square(net(ad.Tensor(x)) - y), axis=1)).backward()
    for g, p in zip(found, net.parameters(), strict=True):
        same(g, p.grad, rtol=1e-4, atol=1e-6)


def test_gradients_of_every_example() -> None:
    params = [p.data.astype(np.float64) for p in model().parameters()]
    x, y = normal((5, 3), (5, 2))

    def loss(w1: Any, b1: Any, w2: Any, b2: Any, x: Any, y: Any) -> Any:
        return ad.sum(ad.square(layers([w1, b1, w2, b2], x) - y))

    each = ad.grad(loss, (0, 1, 2, 3))
    found = ad.vmap(each, in_axes=(None, None, None, None, 0, 0))(*params, x, y)
    for i in range(5):
        for g, e in zip(found, each(*params, x[i], y[i]), strict=True):
            same(g[i], e, rtol=1e-11, atol=1e-13)


def test_gradients_of_every_example_of_a_module() -> None:
    net = model()
    parameters = list(net.parameters())
    x, y = (a.astype(np.float32) for a in normal((5, 3), (5, 2)))

    def each(x: Any, y: Any) -> Any:
        return ad.gradients(ad.sum(ad.square(net(x) - y)), inputs=parameters)

    found = ad.vmap(each)(x, y)
    for i in range(5):
        expected = each(ad.Tensor(x[i]), ad.Tensor(y[i]))
        for g, e, p in zip(found, expected, parameters, strict=True):
            assert g.shape == (5, *p.shape)
            same(g[i], e, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("layer", [ad.inner, lambda x, w: w @ x, lambda x, w: x @ w.T])
def test_a_shared_weight_gets_its_gradient_without_one_for_every_example(
    layer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, w = normal((5, 3), (4, 3))
    f = lambda w: ad.sum(ad.vmap(lambda x: ad.sum(ad.sin(layer(x, w))))(x))  # noqa: E731
    expected = np.cos(x @ w.T).T @ x
    same(ad.grad(f)(w), expected, rtol=1e-12)
    formed = []
    whole: Any = BatchedArray.value

    def watched(self: Any) -> Any:
        found = whole.fget(self)
        formed.append(found.shape)
        return found

    monkeypatch.setattr(BatchedArray, "value", property(watched, whole.fset))
    weight = ad.Tensor(w, requires_grad=True)
    f(weight).backward()
    same(weight.grad, expected, rtol=1e-12)
    assert formed
    assert not {(5, 4, 3), (5, 3, 4)} & set(formed)
