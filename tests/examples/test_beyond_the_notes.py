"""What the examples beyond the notes compute, by other means."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.examples.scripts import load


def test_the_gradient_through_a_step_is_that_of_finite_differences() -> None:
    maml = load("maml")
    assert maml.check_formula() < 1e-12
    rng = np.random.default_rng(0)
    model, tasks = maml.network(rng), maml.several(3, rng)
    slopes = ad.grad(maml.meta_loss)(model, tasks)
    bias, step = model[2].bias, 1e-5
    for index in (0, 7):
        moved = []
        for sign in (1, -1):
            data = bias.numpy()
            data[index] += sign * step
            changed = nn.functional_call(model, {"2.bias": data}, tasks[0][0])
            assert changed.shape == (10, 1)
            kept, bias.data = bias.numpy(), data
            moved.append(maml.meta_loss(model, tasks).item())
            bias.data = kept
        expected = (moved[0] - moved[1]) / (2 * step)
        assert slopes[2].bias.numpy()[index] == pytest.approx(expected, rel=1e-6)


def test_tasks_side_by_side_are_the_tasks_one_by_one() -> None:
    maml = load("maml")
    rng = np.random.default_rng(0)
    model, tasks = maml.network(rng), maml.several(4, rng)
    single = [
        nn.mse_loss(maml.adapted(model, x, y)(tx), ty).item()
        for x, y, tx, ty in zip(*tasks, strict=True)
    ]
    assert maml.meta_loss(model, tasks).item() == pytest.approx(np.mean(single), rel=1e-12)


def test_the_residual_of_the_solution_is_nothing() -> None:
    physics = load("physics_informed")
    assert physics.check_formula() < 1e-12
    x = np.linspace(-0.9, 0.9, 7)[:, None]
    value, curvature = physics.second_derivative(lambda p: ad.sin(np.pi * p), x)
    r = curvature + value - value**3 - physics.source(x)
    np.testing.assert_allclose(np.asarray(r), 0.0, atol=1e-12)


def test_the_gradient_of_the_residual_is_that_of_finite_differences() -> None:
    physics = load("physics_informed")
    rng = np.random.default_rng(0)
    model, x = physics.network((5,), rng), rng.uniform(-1, 1, (6, 1))
    physics.loss(model, x).backward()
    weight, step = model[0].weight, 1e-6
    moved = []
    for sign in (1, -1):
        data = weight.numpy()
        data[2, 0] += sign * step
        kept, weight.data = weight.numpy(), data
        moved.append(physics.loss(model, x).item())
        weight.data = kept
    expected = (moved[0] - moved[1]) / (2 * step)
    assert weight.grad[2, 0] == pytest.approx(expected, rel=1e-6)


def test_the_adjoint_agrees_as_well_as_the_solver_is_exact() -> None:
    first, second, third = load("neural_ode").check_adjoint()
    # The method is of fourth order.
    assert first / second == pytest.approx(16, rel=0.3)
    assert second / third == pytest.approx(16, rel=0.3)


def test_gradients_through_a_draw_are_those_of_the_formulas() -> None:
    example = load("variational_autoencoder")
    assert example.check_formulas() < 1e-12
    rng = np.random.default_rng(1)
    model = example.Autoencoder(12, 9, 2, rng, np.float64)
    x, noise = rng.random((4, 12)), rng.normal(size=(4, 2))
    parts = model(x, noise)
    mean, log_variance = parts.mean.numpy(), parts.log_variance.numpy()
    # The divergence of two normal laws, by its definition: the mean of log q − log p.
    draws = mean + np.exp(log_variance / 2) * rng.normal(size=(200_000, 4, 2))
    log_q = -0.5 * ((draws - mean) ** 2 / np.exp(log_variance) + log_variance)
    sampled = (log_q + 0.5 * draws**2).mean(axis=0).sum() / 4
    assert parts.divergence.item() == pytest.approx(sampled, rel=0.02)
