"""Layers, losses and whole models under the library's own gradient checker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.testing import assert_gradients, check_model

LAYERS: dict[str, Callable[[], nn.Module]] = {
    "Linear": lambda: nn.Linear(4, 3),
    "BatchNorm1d": lambda: nn.BatchNorm1d(4),
    "BatchNorm1d in use": lambda: nn.BatchNorm1d(4).eval(),
    "ReLU": nn.ReLU,
    "LeakyReLU": nn.LeakyReLU,
    "Sigmoid": nn.Sigmoid,
    "Tanh": nn.Tanh,
    "ELU": nn.ELU,
    "SELU": nn.SELU,
    "GELU": nn.GELU,
    "GELU tanh": lambda: nn.GELU("tanh"),
    "SiLU": nn.SiLU,
    "Mish": nn.Mish,
    "Softplus": nn.Softplus,
    "Softmax": nn.Softmax,
    "LogSoftmax": nn.LogSoftmax,
    "Flatten": nn.Flatten,
}


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_of_layers_to_the_second_order(name: str) -> None:
    ad.random.seed(0)
    layer = LAYERS[name]().to(np.float64)
    x = np.random.default_rng(1).standard_normal((5, 4))
    assert_gradients(lambda v: layer(v), x, order=2)


LABELS = np.array([0, 3, 1])
SHARES = np.full((3, 4), 0.25)
LOSSES: dict[str, Callable[[Any], Any]] = {
    "cross-entropy": lambda z: nn.cross_entropy(z, LABELS),
    "cross-entropy with everything": lambda z: nn.cross_entropy(
        z, LABELS, [1.0, 2.0, 3.0, 4.0], ignore_index=1, label_smoothing=0.1
    ),
    "cross-entropy with probabilities": lambda z: nn.cross_entropy(z, SHARES),
    "negative log-likelihood": lambda z: nn.nll_loss(z, LABELS),
    "binary cross-entropy": lambda z: nn.binary_cross_entropy_with_logits(z, SHARES),
    "squares": lambda z: nn.mse_loss(z, SHARES),
    "half squares": lambda z: nn.half_squared_error(z, SHARES),
    "absolute differences": lambda z: nn.l1_loss(z, SHARES),
}


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_of_losses_to_the_second_order(name: str) -> None:
    z = np.random.default_rng(2).standard_normal((3, 4))
    assert_gradients(LOSSES[name], z, order=2)


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU, nn.GELU])
def test_gradients_of_a_whole_model(activation: Callable[[], nn.Module]) -> None:
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Linear(4, 6, rng=rng), activation(), nn.Linear(6, 6, bias=False, rng=rng),
        nn.BatchNorm1d(6), activation(), nn.Linear(6, 3, rng=rng),
    )  # fmt: skip
    x = rng.standard_normal((7, 4)).astype(np.float32)
    before = model.state_dict()
    report = check_model(model, nn.CrossEntropyLoss(), x, rng.integers(0, 3, 7))
    assert report.passed, str(report)
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)
