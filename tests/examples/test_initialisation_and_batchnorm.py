"""Sizes of signals under every scheme, and batch normalisation by its Jacobian."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.examples.scripts import load

example = load("04_initialisation_and_batchnorm")


def problem() -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(9)
    return tuple(rng.normal(1.0, 2.0, shape) for shape in ((7, 3), (3,), (3,), (7, 3)))


def test_engine_and_formulas_agree_with_the_jacobian() -> None:
    x, gamma, beta, g = problem()
    m, s = len(x), np.sqrt(x.var(axis=0) + 1e-5)
    xhat = (x - x.mean(axis=0)) / s
    expected = np.empty_like(x)
    for c in range(3):
        # ∂x̂_i/∂x_j = (δ_ij − 1/m − x̂_i x̂_j / m) / s
        jacobian = (np.eye(m) - 1 / m - np.outer(xhat[:, c], xhat[:, c]) / m) / s[c]
        expected[:, c] = gamma[c] * (g[:, c] @ jacobian)
    layer = nn.BatchNorm1d(3, dtype=np.float64)
    layer.weight.data, layer.bias.data = gamma, beta
    leaf = ad.Tensor(x, requires_grad=True)
    layer(leaf).backward(g)
    steps = example.batch_norm(x, gamma, beta)
    steps["y"].backward(g)
    formulas = example.formulas(x, gamma, g)
    for found in (leaf.grad, steps["x"].grad, formulas["x"]):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)
    for found in (layer.weight.grad, steps["γ"].grad, formulas["γ"]):
        np.testing.assert_allclose(found, (g * xhat).sum(axis=0), rtol=0, atol=1e-12)
    for found in (layer.bias.grad, steps["β"].grad, formulas["β"]):
        np.testing.assert_allclose(found, g.sum(axis=0), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["μ", "σ²"])
def test_mean_and_variance_have_the_gradients_of_the_formulas(name: str) -> None:
    x, gamma, beta, g = problem()
    steps = example.batch_norm(x, gamma, beta)
    steps["y"].backward(g)
    formula = example.formulas(x, gamma, g)[name]
    assert np.abs(formula).max() > 0.1
    np.testing.assert_allclose(steps[name].grad, formula, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("scheme", "activation", "low", "high"),
    [
        ("normal", nn.ReLU, 1e6, np.inf),
        ("small_normal", nn.ReLU, 0.0, 1e-6),
        ("xavier_normal", nn.Tanh, 0.1, 0.9),
        ("xavier_normal", nn.ReLU, 0.0, 0.1),
        ("he_normal", nn.ReLU, 0.3, 3.0),
        ("he_uniform", nn.ReLU, 0.3, 3.0),
    ],
)
def test_the_size_of_the_tenth_signal(
    scheme: str, activation: type[nn.Module], low: float, high: float
) -> None:
    assert low <= example.spread(scheme, activation)[-1] <= high


@pytest.mark.parametrize("scheme", ["normal", "small_normal", "he_uniform"])
def test_batch_norm_makes_the_beginning_unimportant(scheme: str) -> None:
    stds = example.spread(scheme, nn.ReLU, norm=True)
    # The positive half of a standard normal has the variance ½ − 1/2π.
    assert stds == pytest.approx([np.sqrt(0.5 - 0.5 / np.pi)] * 10, rel=0.05)
