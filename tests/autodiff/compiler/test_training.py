"""Training steps of networks: compiled ones end where ordinary ones do, to the last bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.autodiff.compiler.twins import Step, Twins

Optimizer = Callable[[list[nn.Parameter]], nn.optim.Optimizer]

_OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": lambda p: nn.optim.SGD(p, lr=0.1),
    "decay": lambda p: nn.optim.SGD(p, lr=0.1, weight_decay=0.01),
    "momentum": lambda p: nn.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.2),
    "nesterov": lambda p: nn.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3),
    "adam": lambda p: nn.optim.Adam(p, lr=0.01),
    "adam decay": lambda p: nn.optim.Adam(p, lr=0.01, betas=(0.8, 0.99), weight_decay=0.01),
    "adamw": lambda p: nn.optim.AdamW(p, lr=0.01),
}


def _build(
    optimizer: Optimizer,
    loss: Callable[[Any, Any], Any] = nn.functional.cross_entropy,
    middle: Callable[[], Sequence[nn.Module]] = lambda: (nn.ReLU(),),
    dtype: Any = np.float32,
) -> tuple[Step, list[ad.Tensor]]:
    with ad.default_dtype(dtype):
        model = nn.Sequential(nn.Linear(6, 8), *middle(), nn.Linear(8, 4))
    parameters = list(model.parameters())
    rule = optimizer(parameters)

    def step(x: Any, y: Any) -> Any:
        rule.zero_grad()
        found = loss(model(x), y)
        found.backward()
        rule.step()
        return found

    return step, [*parameters, *model.buffers()]


def _batches(targets: str, dtype: Any, sizes: Sequence[int]) -> list[tuple[Any, Any]]:
    rng = np.random.default_rng(7)
    found = []
    for size in sizes:
        x = rng.standard_normal((size, 6)).astype(dtype)
        if targets == "indices":
            found.append((x, rng.integers(0, 4, size)))
        else:
            found.append((x, rng.dirichlet(np.ones(4), size).astype(dtype)))
    return found


def _train(twins: Twins, batches: list[tuple[Any, Any]], times: int = 1) -> None:
    for _ in range(times):
        for x, y in batches:
            twins.call(x, y)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", _OPTIMIZERS)
def test_optimizers(name: str, dtype: Any) -> None:
    """Twelve steps with every optimizer, the last batch of each round smaller."""
    twins = Twins(lambda: _build(_OPTIMIZERS[name], dtype=dtype))
    _train(twins, _batches("indices", dtype, (16, 16, 5)), 4)
    assert twins.compiled.recordings == 2


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        (nn.functional.cross_entropy, "indices"),
        (nn.functional.cross_entropy, "probabilities"),
        (nn.functional.mse_loss, "probabilities"),
    ],
)
def test_losses(loss: Any, targets: str) -> None:
    """Cross-entropy with both kinds of targets, and the mean square."""
    twins = Twins(lambda: _build(_OPTIMIZERS["nesterov"], loss))
    _train(twins, _batches(targets, np.float32, (8,) * 6))
    assert twins.compiled.recordings == 1


@pytest.mark.parametrize(
    "layer", [nn.Tanh, nn.Sigmoid, nn.GELU, nn.SiLU, nn.ELU, nn.LeakyReLU, nn.Softplus]
)
def test_activations(layer: Any) -> None:
    """Activation layers in the middle of the network."""
    twins = Twins(lambda: _build(_OPTIMIZERS["adam"], middle=lambda: (layer(),)))
    _train(twins, _batches("indices", np.float32, (8,) * 5))


def test_batch_normalisation_and_dropout() -> None:
    """Running figures and random masks go on as in the ordinary step."""
    seeds = iter((1, 1))

    def middle() -> Sequence[nn.Module]:
        rng = np.random.default_rng(next(seeds))
        return nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.4, rng=rng)

    twins = Twins(lambda: _build(_OPTIMIZERS["adamw"], middle=middle))
    _train(twins, _batches("indices", np.float32, (8,) * 8))
    assert twins.compiled.recordings == 1
    assert "rng.random" in twins.compiled.source


def test_the_average_of_batch_normalisation_over_all_batches() -> None:
    """The share of a batch is counted in an array, not in Python."""

    def middle() -> Sequence[nn.Module]:
        return (nn.BatchNorm1d(8, momentum=None),)

    twins = Twins(lambda: _build(_OPTIMIZERS["sgd"], middle=middle))
    _train(twins, _batches("indices", np.float32, (8,) * 6))


def test_ignored_targets() -> None:
    """Targets that do not count may be others in every call; wrong ones are still refused."""

    def loss(scores: Any, targets: Any) -> Any:
        return nn.functional.cross_entropy(scores, targets, ignore_index=-1)

    twins = Twins(lambda: _build(_OPTIMIZERS["momentum"], loss))
    for number, (x, y) in enumerate(_batches("indices", np.float32, (8,) * 6)):
        y[: number % 3] = -1
        twins.call(x, y)
    assert twins.compiled.recordings == 1
    with pytest.raises(IndexError, match="4"):
        twins.compiled(x, np.full(8, 4))
