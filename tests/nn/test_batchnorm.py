"""Batch normalisation against the formulas of its paper, written out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.testing import gradcheck
from tests.nn.differences import assert_module_gradients


def by_hand(x: Any, gamma: Any, beta: Any, dy: Any, eps: float) -> dict[str, Any]:
    """Forward, and the chain rule step by step: y → x̂, γ, β → σ² → μ → x."""
    m = len(x)
    mu = x.mean(0)
    var = ((x - mu) ** 2).mean(0)
    root = np.sqrt(var + eps)
    x_hat = (x - mu) / root
    d_x_hat = dy * gamma
    d_var = (d_x_hat * (x - mu)).sum(0) * -0.5 * (var + eps) ** -1.5
    d_mu = -d_x_hat.sum(0) / root + d_var * (-2 * (x - mu)).sum(0) / m
    return {
        "y": gamma * x_hat + beta,
        "gamma": (dy * x_hat).sum(0),
        "beta": dy.sum(0),
        "var": d_var,
        "mu": d_mu,
        "x": d_x_hat / root + d_var * 2 * (x - mu) / m + d_mu / m,
    }


def test_every_gradient_of_the_chain_rule_equals_the_hand_formula() -> None:
    rng = np.random.default_rng(0)
    layer = nn.BatchNorm1d(3, dtype=np.float64)
    assert layer.weight is not None
    assert layer.bias is not None
    layer.weight.data = rng.uniform(0.5, 2.0, 3)
    layer.bias.data = rng.standard_normal(3)
    x = ad.Tensor(rng.standard_normal((7, 3)) * 3 + 1, requires_grad=True)
    dy = rng.standard_normal((7, 3))
    y = layer(x)
    grads = ad.gradients(y, dy)
    expected = by_hand(x.data, layer.weight.data, layer.bias.data, dy, layer.eps)
    np.testing.assert_allclose(y.data, expected["y"], rtol=1e-12)
    found = {
        "x": grads[x],
        "gamma": grads[layer.weight],
        "beta": grads[layer.bias],
    }
    means = [n for n in grads if n.op is not None and n.op.name == "mean"]
    found["mu"], found["var"] = (
        grads[n].reshape(-1) for n in sorted(means, key=lambda n: n.sequence)
    )
    for name, gradient in found.items():
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-9, atol=1e-12, err_msg=name)


def test_a_large_batch_is_one_operation_with_the_same_gradients() -> None:
    rng = np.random.default_rng(1)
    layer = nn.BatchNorm1d(70, momentum=0.3, dtype=np.float64)
    assert layer.weight is not None
    assert layer.bias is not None
    layer.weight.data = rng.uniform(0.5, 2.0, 70)
    x = ad.Tensor(rng.standard_normal((60, 70)) * 3 + 1, requires_grad=True)
    dy = rng.standard_normal((60, 70))
    y = layer(x)
    assert y.op is not None
    assert y.op.name == "affine_standardize"
    y.backward(dy)
    expected = by_hand(x.data, layer.weight.data, layer.bias.data, dy, layer.eps)
    found = {"y": y.data, "x": x.grad, "gamma": layer.weight.grad, "beta": layer.bias.grad}
    for name, array in found.items():
        np.testing.assert_allclose(array, expected[name], rtol=1e-9, atol=1e-12, err_msg=name)
    state = layer.state_dict()
    np.testing.assert_allclose(state["running_mean"], 0.3 * x.data.mean(0), rtol=1e-11)
    variance = 0.7 + 0.3 * x.data.var(0, ddof=1)
    np.testing.assert_allclose(state["running_var"], variance, rtol=1e-11)


@pytest.mark.parametrize("shape", [(6, 3), (4, 3, 5)])
@pytest.mark.parametrize("training", [True, False])
def test_gradients_agree_with_differences(shape: tuple[int, ...], training: bool) -> None:
    layer = nn.BatchNorm1d(3).train(training)
    assert layer.running_var is not None
    layer.running_var.data = np.array([0.5, 1.0, 2.0], np.float32)
    assert_module_gradients(layer, shape)


@pytest.mark.parametrize("shape", [(16, 3), (8, 3, 4)])
def test_the_output_of_every_channel_is_standardised(shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).standard_normal(shape) * 5 + 2
    y = nn.BatchNorm1d(3, dtype=np.float64)(x).data
    axes = (0,) if len(shape) == 2 else (0, 2)
    np.testing.assert_allclose(y.mean(axes), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axes), 1, rtol=1e-5)


def test_running_figures_take_the_unbiased_variance() -> None:
    layer = nn.BatchNorm1d(2, momentum=0.3, dtype=np.float64)
    rng = np.random.default_rng(0)
    mean, var = np.zeros(2), np.ones(2)
    for _ in range(3):
        x = rng.standard_normal((5, 2)) * 2 + 1
        layer(x)
        mean = 0.7 * mean + 0.3 * x.mean(0)
        var = 0.7 * var + 0.3 * x.var(0, ddof=1)
    state = layer.state_dict()
    np.testing.assert_allclose(state["running_mean"], mean, rtol=1e-12)
    np.testing.assert_allclose(state["running_var"], var, rtol=1e-12)
    assert state["num_batches_tracked"] == 3
    x = rng.standard_normal((1, 2))
    y = layer.eval()(x)
    np.testing.assert_allclose(y.data, (x - mean) / np.sqrt(var + 1e-5), rtol=1e-12)
    np.testing.assert_array_equal(layer.state_dict()["num_batches_tracked"], 3)


def test_without_momentum_all_batches_count_alike() -> None:
    layer = nn.BatchNorm1d(1, momentum=None, dtype=np.float64)
    batches = np.random.default_rng(0).standard_normal((4, 6, 1))
    for batch in batches:
        layer(batch)
    expected = batches.mean((0, 1))
    np.testing.assert_allclose(layer.state_dict()["running_mean"], expected, rtol=1e-12)


def test_float32_stays_float32() -> None:
    layer = nn.BatchNorm1d(2)
    x = ad.Tensor(np.ones((3, 2), np.float32), requires_grad=True)
    layer(x).sum().backward()
    assert x.grad.dtype == np.float32
    assert {a.dtype.name for n, a in layer.state_dict().items() if "num" not in n} == {"float32"}


def test_without_learning_or_running_figures() -> None:
    layer = nn.BatchNorm1d(2, affine=False, track_running_stats=False, eps=0.1)
    assert layer.state_dict() == {}
    assert repr(layer) == "BatchNorm1d(2, eps=0.1, affine=False, track_running_stats=False)"
    x = np.array([[1.0, 5.0], [3.0, 5.0]])
    expected = (x - x.mean(0)) / np.sqrt(x.var(0) + 0.1)
    np.testing.assert_allclose(layer.eval()(x).data, expected, rtol=1e-12)


def test_messages() -> None:
    layer = nn.BatchNorm1d(3)
    with pytest.raises(ValueError, match=r"at least two values per channel.*\(1, 3\) has 1.*eval"):
        layer(np.zeros((1, 3)))
    layer(np.zeros((1, 3, 2)))
    with pytest.raises(ad.ShapeError, match=r"BatchNorm1d\(3\).*\(N, 3\) or \(N, 3, L\).*\(2, 4\)"):
        layer(np.zeros((2, 4)))
    with pytest.raises(ad.ShapeError, match=r"got \(3,\)"):
        layer(np.zeros(3))
    with pytest.raises(ad.ShapeError, match=r"\(N, C\) or \(N, C, \.\.\.\), not \(3,\)"):
        nn.functional.batch_norm(np.zeros(3), None, None)
    with pytest.raises(ValueError, match="num_features must be a positive integer, not 0"):
        nn.BatchNorm1d(0)


def test_one_value_per_channel_is_refused_with_what_helps() -> None:
    x = np.zeros((1, 3), np.float32)
    with pytest.raises(ValueError, match=r"in training needs.*call eval\(\)"):
        nn.BatchNorm1d(3)(x)
    nn.BatchNorm1d(3).eval()(x)
    alone = nn.BatchNorm1d(3, track_running_stats=False).eval()
    with pytest.raises(ValueError, match=r"also after eval\(\).*track_running_stats=True"):
        alone(x)


def test_running_figures_pass_a_gradient_on_in_use_and_need_none_in_training() -> None:
    x = np.random.default_rng(0).standard_normal((5, 3))
    figures = np.array([0.5, -1.0, 2.0]), np.array([1.0, 2.0, 0.5])
    report = gradcheck(lambda m, v: nn.functional.batch_norm(x, m, v), *figures)
    assert report.passed, str(report)
    leaf = ad.Tensor(figures[0], requires_grad=True)
    with pytest.raises(TypeError, match=r"changes running_mean in place.*needs a gradient"):
        nn.functional.batch_norm(x, leaf, ad.Tensor(figures[1]), training=True)
    with pytest.raises(TypeError, match=r"changes running_var in place.*no tensor"):
        nn.functional.batch_norm(x, ad.Tensor(figures[0]), figures[1], training=True)
