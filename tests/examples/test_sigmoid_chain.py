"""The δ recursion, index by index, and the vanishing of its gradients."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import autodiff as ad
from tests.examples.scripts import load

chain = load("01_sigmoid_chain")


def one_sample(x: list[float], y: list[float], weights: list[np.ndarray]) -> list[np.ndarray]:
    """∂C/∂w_ij of sigmoid layers with nothing but loops over single neurons."""
    h = [list(x)]
    for w in weights:
        sums = [sum(h[-1][i] * w[i, j] for i in range(w.shape[0])) for j in range(w.shape[1])]
        h.append([1 / (1 + math.exp(-z)) for z in sums])
    delta = [(o - t) * o * (1 - o) for o, t in zip(h[-1], y, strict=True)]
    found = []
    for k in reversed(range(len(weights))):
        w = weights[k]
        found.append(np.array([[a * d for d in delta] for a in h[k]]))
        back = [sum(delta[j] * w[i, j] for j in range(w.shape[1])) for i in range(w.shape[0])]
        delta = [b * a * (1 - a) for b, a in zip(back, h[k], strict=True)]
    return found[::-1]


def test_engine_and_formulas_agree_with_single_neurons() -> None:
    rng = np.random.default_rng(7)
    arrays = [rng.normal(size=shape) for shape in ((3, 5), (5, 4), (4, 2))]
    x, y, names = rng.normal(size=(6, 3)), rng.random((6, 2)), ["sigmoid"] * 3
    weights = [ad.Tensor(a, requires_grad=True) for a in arrays]
    chain.cost(x, y, weights, names).backward()
    loops = [one_sample(list(a), list(b), arrays) for a, b in zip(x, y, strict=True)]
    for k, formula in enumerate(chain.formulas(x, y, arrays, names)):
        expected = sum(gradients[k] for gradients in loops)
        np.testing.assert_allclose(weights[k].grad, expected, rtol=0, atol=1e-12)
        np.testing.assert_allclose(formula, expected, rtol=0, atol=1e-12)


def test_a_relu_layer_has_slope_one_or_zero() -> None:
    w = [np.array([[1.0, -1.0]]), np.array([[2.0], [5.0]])]
    x, y = np.array([[3.0]]), np.array([[1.0]])
    first, last = chain.formulas(x, y, w, ["relu", "relu"])
    assert last.ravel().tolist() == [15.0, 0.0]  # (6 − 1) · 3, and a silent neuron
    assert first.ravel().tolist() == [30.0, 0.0]  # (6 − 1) · 2 · 3


@pytest.mark.parametrize("depth", [2, 5, 10])
def test_each_sigmoid_takes_three_quarters_of_the_gradient_away(depth: int) -> None:
    z = [ad.Value(0.3)]
    for _ in range(depth):
        z.append(ad.sigmoid(z[-1]) * 1.0)
    z[-1].backward()
    gradients = [node.grad for node in z]
    assert all(0 < before <= after / 4 for before, after in itertools.pairwise(gradients))
    assert gradients[0] <= 0.25**depth


def test_orthogonal_weights_shrink_every_delta_fourfold() -> None:
    rng = np.random.default_rng(0)
    h, weights = ad.Tensor(rng.normal(size=(1, 8)), requires_grad=True), []
    pre = []
    for _ in range(6):
        weights.append(np.linalg.qr(rng.normal(size=(8, 8)))[0])
        pre.append(h @ weights[-1])
        pre[-1].retain_grad()
        h = ad.sigmoid(pre[-1])
    ad.square(h).sum().backward()
    norms = [np.linalg.norm(z.grad) for z in pre]
    assert all(before <= after / 4 for before, after in itertools.pairwise(norms))


def test_relu_and_tanh_keep_the_gradient_that_sigmoid_loses() -> None:
    ratios = {}
    for name in ("sigmoid", "tanh", "relu"):
        norms, difference = chain.layer_norms(10, name)
        assert difference < 1e-12
        ratios[name] = norms[0] / norms[-1]
    assert ratios["sigmoid"] < 1e-4
    assert 0.1 < ratios["relu"] < 10
    assert 0.1 < ratios["tanh"] < 10


@pytest.mark.parametrize("depth", [2, 7, 20])
def test_no_sigmoid_leaves_more_than_a_quarter_times_the_weights(depth: int) -> None:
    ratio, most = chain.shrinking(depth, "sigmoid")
    assert ratio <= most
    ratio, most = chain.shrinking(depth, "relu")
    assert ratio > most


def test_six_sigmoid_layers_learn_only_the_mean() -> None:
    constant, *costs = chain.train("sigmoid")
    assert costs[-1] == pytest.approx(constant, rel=0.01)
    constant, *costs = chain.train("relu")
    assert costs[-1] < 0.6 * constant
