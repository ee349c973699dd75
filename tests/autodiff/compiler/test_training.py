"""Whole training steps: the compiled one ends where the ordinary one does, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff import live
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


def test_gradient_accumulation_over_two_backward_passes() -> None:
    """Two losses in one step add up in the gradients."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor([[0.5, -1.0], [2.0, 0.25]], requires_grad=True)

        def step(x: Any) -> Any:
            w.zero_grad()
            first = ad.tanh(x @ w).sum()
            first.backward()
            second = (w * w).sum()
            second.backward()
            w.data -= 0.1 * w.grad
            return first, second

        return step, [w]

    twins = Twins(build)
    for seed in range(5):
        twins.call(np.random.default_rng(seed).standard_normal((3, 2)).astype(np.float32))


def test_gradients_accumulate_from_call_to_call() -> None:
    """A step that does not clear the gradients goes on adding, and can be cleared outside."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w, v = ad.Tensor([1.0, 2.0], requires_grad=True), ad.Tensor([3.0], requires_grad=True)

        def step(x: Any) -> Any:
            loss = ad.exp(w * x * v).sum()
            loss.backward()
            return loss

        return step, [w, v]

    twins = Twins(build)
    for number in range(12):
        twins.call(np.array([0.1, 0.02 * number], np.float32))
        if number in (4, 5, 9):
            for tensor in (*twins.eager_tensors, *twins.tensors):
                tensor.zero_grad()
    assert twins.compiled.recordings == 2


def test_clearing_at_the_end_leaves_no_gradients() -> None:
    """With `zero_grad` last the gradients are None after every call."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor([1.0, 2.0], requires_grad=True)

        def step(x: Any) -> Any:
            loss = (w * x).sum()
            loss.backward()
            w.data -= 0.1 * w.grad
            w.zero_grad()
            return loss

        return step, [w]

    twins = Twins(build)
    for _ in range(4):
        twins.call(np.ones(2, np.float32))
        assert twins.tensors[0].grad is None


def test_clearing_to_zeros() -> None:
    """`zero_grad(set_to_none=False)` leaves an array of zeros."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = nn.Parameter([1.0, 2.0])
        rule = nn.optim.SGD([w], lr=0.1)

        def step(x: Any) -> Any:
            loss = (w * x).sum()
            loss.backward()
            rule.step()
            rule.zero_grad(set_to_none=False)
            return loss

        return step, [w]

    twins = Twins(build)
    for number in range(5):
        twins.call(np.full(2, number, np.float32))
        assert twins.tensors[0].grad.tolist() == [0.0, 0.0]


def test_retained_graphs_and_no_grad() -> None:
    """`retain_graph` and `no_grad` inside a step."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor([0.3, 0.7], requires_grad=True)

        def step(x: Any) -> Any:
            w.zero_grad()
            loss = ad.sin(w * x).sum()
            loss.backward(retain_graph=True)
            loss.backward()
            with ad.no_grad():
                shown = w * 2.0
            w.data = w.data - 0.01 * w.grad
            return loss, shown

        return step, [w]

    twins = Twins(build)
    for number in range(5):
        twins.call(np.array([1.0, number], np.float32))


def test_second_order() -> None:
    """A gradient penalty: gradients of gradients inside a step."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor([0.3, 0.7], requires_grad=True)

        def step(x: Any) -> Any:
            slope = ad.grad(lambda v: ad.tanh(v * x).sum())(w)
            penalty = (slope * slope).sum()
            w.zero_grad()
            penalty.backward()
            w.data -= 0.1 * w.grad
            return penalty

        return step, [w]

    twins = Twins(build)
    for number in range(5):
        twins.call(np.array([1.0, number], np.float32))


def test_clipped_gradients() -> None:
    """Gradients may be replaced and read in NumPy's terms before the update."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor([3.0, 4.0], requires_grad=True)

        def step(x: Any) -> Any:
            w.zero_grad()
            loss = (w * w * x).sum()
            loss.backward()
            norm = np.linalg.norm(w.grad)
            w.grad = w.grad * np.minimum(1.0, np.divide(1.0, norm)).astype(np.float32)
            w.data -= w.grad
            return loss, norm

        return step, [w]

    twins = Twins(build)
    for _ in range(5):
        twins.call(np.ones(2, np.float32))


def test_draws_of_the_users_own() -> None:
    """Noise through `live.uniform` is drawn anew in every call."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor([3.0, 4.0], requires_grad=True)
        rng = np.random.default_rng(5)

        def step() -> Any:
            w.zero_grad()
            loss = (w * live.uniform(rng, (2,))).sum()
            loss.backward()
            return loss

        return step, [w]

    twins = Twins(build)
    assert len({twins.call().item() for _ in range(6)}) == 6


def test_gradients_that_are_nodes() -> None:
    """After `create_graph` the gradient is a Tensor; in a replay it has no graph."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor([0.3, 0.7], requires_grad=True)

        def step(x: Any) -> Any:
            w.zero_grad()
            loss = ad.tanh(w * x).sum()
            loss.backward(create_graph=True)
            return loss

        return step, [w]

    twins = Twins(build)
    for number in range(5):
        twins.call(np.array([1.0, number], np.float32))
        assert isinstance(twins.tensors[0].grad, ad.Tensor)


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
