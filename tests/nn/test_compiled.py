"""Training steps recorded and replayed: bit for bit what the ordinary code does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.optim import SGD, Adam, AdamW, Optimizer

Array = np.ndarray[Any, Any]
Make = Callable[[Any], Optimizer]

OPTIMIZERS: dict[str, Make] = {
    "SGD": lambda ps: SGD(ps, 0.1),
    "momentum": lambda ps: SGD(ps, 0.1, momentum=0.9, weight_decay=0.1),
    "Nesterov": lambda ps: SGD(ps, 0.1, momentum=0.9, nesterov=True),
    "dampening": lambda ps: SGD(ps, 0.1, momentum=0.9, dampening=0.5),
    "Adam": lambda ps: Adam(ps, 0.1),
    "Adam with decay": lambda ps: Adam(ps, 0.1, weight_decay=0.1),
    "AdamW": lambda ps: AdamW(ps, 0.1),
}

LAYERS: dict[str, Callable[[], list[nn.Module]]] = {
    "activations": lambda: [nn.Tanh(), nn.GELU(), nn.SiLU(), nn.Softplus(), nn.ELU(), nn.ReLU()],
    "batch normalisation": lambda: [nn.BatchNorm1d(8)],
    "batch normalisation with an average": lambda: [nn.BatchNorm1d(8, momentum=None)],
    "dropout": lambda: [nn.Dropout(0.5)],
    "dropout of everything": lambda: [nn.Dropout(1.0)],
    "standardizer": lambda: [nn.data.Standardizer().fit(np.arange(16.0).reshape(2, 8))],
    "softmax": lambda: [nn.LogSoftmax(1)],
}

LOSSES: dict[str, Callable[[Any, Any], ad.Tensor]] = {
    "cross-entropy": nn.CrossEntropyLoss(label_smoothing=0.1, weight=[1.0, 2.0, 3.0]),
    "one-hot": lambda z, y: nn.cross_entropy(z, y[:, None] == np.arange(3)),
    "binary": lambda z, y: nn.BCEWithLogitsLoss(pos_weight=[1.0, 2.0, 3.0])(
        z, y[:, None] == np.arange(3)
    ),
    "squares": lambda z, y: nn.mse_loss(z, np.eye(3, dtype=np.float32)[[0, 1, 2, 0]]),
    "half squares": lambda z, y: nn.half_squared_error(ad.softmax(z), ad.tanh(z)),
}


def trained(
    compiled: bool,
    make: Make = OPTIMIZERS["SGD"],
    layers: Callable[[], list[nn.Module]] = LAYERS["activations"],
    loss: Callable[[Any, Any], ad.Tensor] = nn.cross_entropy,
    meanwhile: Callable[[int, nn.Module, Optimizer], Any] = lambda step, model, optimizer: None,
) -> dict[str, Array]:
    ad.random.seed(1)
    rng = np.random.default_rng(3)
    model = nn.Sequential(nn.Linear(5, 8, rng=rng), *layers(), nn.Linear(8, 3, rng=rng))
    optimizer = make(model.parameters())

    def step(x: Any, y: Any) -> ad.Tensor:
        optimizer.zero_grad()
        value = loss(model(x), y)
        value.backward()
        optimizer.step()
        return value

    run = ad.compile(step) if compiled else step
    losses = []
    for number in range(8):
        meanwhile(number, model, optimizer)
        x = rng.standard_normal((4, 5)).astype(np.float32)
        losses.append(run(x, rng.integers(0, 3, 4)).item())
    return {**model.state_dict(), "losses": np.array(losses)}


def assert_the_same(**settings: Any) -> None:
    ordinary, replayed = trained(False, **settings), trained(True, **settings)
    for name, array in ordinary.items():
        np.testing.assert_array_equal(array, replayed[name], err_msg=name)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers(name: str) -> None:
    assert_the_same(make=OPTIMIZERS[name])


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name: str) -> None:
    assert_the_same(layers=LAYERS[name])


@pytest.mark.parametrize("name", LOSSES)
def test_losses(name: str) -> None:
    assert_the_same(loss=LOSSES[name])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_learning_rate_that_changes_is_followed(name: str) -> None:
    def schedule(step: int, model: nn.Module, optimizer: Optimizer) -> None:
        optimizer.param_groups[0]["lr"] = 0.1 / (1 + step)

    assert_the_same(make=OPTIMIZERS[name], meanwhile=schedule)


def test_other_settings_that_change_are_followed() -> None:
    def schedule(step: int, model: nn.Module, optimizer: Optimizer) -> None:
        group = optimizer.param_groups[0]
        group["betas"] = (0.5 + step / 20, 0.9)
        group["weight_decay"] = 0.1 * (step % 2)
        group["eps"] = 10.0**-step

    assert_the_same(make=OPTIMIZERS["AdamW"], meanwhile=schedule)


def test_a_change_of_mode_is_followed() -> None:
    def switch(step: int, model: nn.Module, optimizer: Optimizer) -> None:
        model.train(step % 3 != 2)

    assert_the_same(layers=lambda: [nn.BatchNorm1d(8), nn.Dropout(0.3)], meanwhile=switch)


def test_a_state_loaded_between_steps_is_taken_over() -> None:
    saved: dict[str, Any] = {}

    def rewind(step: int, model: nn.Module, optimizer: Optimizer) -> None:
        if step == 3:
            saved.update(model=model.state_dict(), optimizer=optimizer.state_dict())
        if step == 6:
            model.load_state_dict(saved["model"])
            optimizer.load_state_dict(saved["optimizer"])

    for name in ("dampening", "Adam"):
        assert_the_same(make=OPTIMIZERS[name], meanwhile=rewind)
