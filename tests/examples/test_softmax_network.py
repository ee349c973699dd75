"""The 3-4-3 network by the derivative of every single weight."""

from __future__ import annotations

import math

import numpy as np

import autodiff as ad
from tests.examples.scripts import load

network = load("02_softmax_network")


def sample(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    y = np.eye(3)[rng.integers(0, 3, 7)]
    return rng.normal(size=(7, 3)), y, rng.normal(size=(3, 4)), rng.normal(size=(4, 3))


def test_engine_and_formulas_agree_with_sums_over_indices() -> None:
    x, y, w0, w1 = sample(np.random.default_rng(11))
    first, second = np.zeros((3, 4)), np.zeros((4, 3))
    for n in range(7):
        h = [sum(x[n, i] * w0[i, j] for i in range(3)) for j in range(4)]
        z = [sum(max(h[j], 0.0) * w1[j, k] for j in range(4)) for k in range(3)]
        total = sum(math.exp(v) for v in z)
        error = [math.exp(z[k]) / total - y[n, k] for k in range(3)]
        for j in range(4):
            through = sum(error[k] * w1[j, k] for k in range(3))
            for k in range(3):
                second[j, k] += max(h[j], 0.0) * error[k]
            for i in range(3):
                first[i, j] += x[n, i] * through if h[j] > 0 else 0.0
    u, v = (ad.Tensor(w, requires_grad=True) for w in (w0, w1))
    network.forward(x, y, u, v)[-1].backward()
    formulas = network.formulas(x, y, w0, w1)
    for engine, formula, expected in ((u, "W0", first), (v, "W1", second)):
        np.testing.assert_allclose(engine.grad, expected, rtol=0, atol=1e-12)
        np.testing.assert_allclose(formulas[formula], expected, rtol=0, atol=1e-12)


def test_a_silent_unit_gets_no_gradient() -> None:
    x, y, w0, w1 = sample(np.random.default_rng(2))
    x, w0 = np.abs(x), np.abs(w0) * [1, -1, 1, 1]
    u, v = (ad.Tensor(w, requires_grad=True) for w in (w0, w1))
    network.forward(x, y, u, v)[-1].backward()
    assert not u.grad[:, 1].any()
    assert not v.grad[1].any()
    assert u.grad[:, [0, 2, 3]].all()
    assert v.grad[[0, 2, 3]].all()


def test_it_learns_the_three_classes() -> None:
    _, history = network.train()
    assert history["loss"][-1] < 0.2 * history["loss"][0]
    assert history.last["val_accuracy"] > 0.95
