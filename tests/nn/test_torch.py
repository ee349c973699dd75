"""Agreement with PyTorch, where it is installed: numbers, gradients, state, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

torch = pytest.importorskip("torch")

RNG = np.random.default_rng(0)
X = RNG.standard_normal((6, 4)) * 2


def both(shape: tuple[int, ...], scale: float = 2.0) -> tuple[ad.Tensor, Any]:
    values = np.random.default_rng(3).standard_normal(shape) * scale
    mine = ad.Tensor(values, requires_grad=True)
    return mine, torch.tensor(values, requires_grad=True)


def assert_same(mine: Any, theirs: Any, rtol: float = 1e-10) -> None:
    found = mine.data if isinstance(mine, ad.Tensor) else mine
    np.testing.assert_allclose(found, theirs.detach().numpy(), rtol=rtol, atol=1e-12)


def assert_same_with_gradient(mine: Any, theirs: Any, x: ad.Tensor, t: Any) -> None:
    assert_same(mine, theirs)
    weights = np.random.default_rng(4).standard_normal(mine.shape)
    (mine * weights).sum().backward()
    (theirs * torch.tensor(weights)).sum().backward()
    assert_same(x.grad, t.grad)


ACTIVATIONS = [
    ("ReLU", {}),
    ("LeakyReLU", {"negative_slope": 0.2}),
    ("Sigmoid", {}),
    ("Tanh", {}),
    ("ELU", {"alpha": 1.3}),
    ("SELU", {}),
    ("GELU", {}),
    ("GELU", {"approximate": "tanh"}),
    ("SiLU", {}),
    ("Mish", {}),
    ("Softplus", {}),
    ("Softmax", {"dim": 1}),
    ("LogSoftmax", {"dim": 0}),
    ("Identity", {}),
    ("Flatten", {}),
    ("Flatten", {"start_dim": 0, "end_dim": 1}),
]


@pytest.mark.parametrize(("name", "options"), ACTIVATIONS)
def test_layers_without_parameters(name: str, options: dict[str, Any]) -> None:
    x, t = both((3, 4, 2))
    mine = getattr(nn, name)(**options)(x)
    assert_same_with_gradient(mine, getattr(torch.nn, name)(**options)(t), x, t)


def twins(mine: nn.Module, theirs: Any) -> tuple[nn.Module, Any]:
    """Both in float64, PyTorch's with the state of ours."""
    mine.to(np.float64)
    theirs = theirs.double()
    theirs.load_state_dict({k: torch.from_numpy(v) for k, v in mine.state_dict().items()})
    return mine, theirs


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
@pytest.mark.parametrize("bias", [True, False])
def test_linear(shape: tuple[int, ...], bias: bool) -> None:
    mine, theirs = twins(nn.Linear(4, 5, bias), torch.nn.Linear(4, 5, bias))
    x, t = both(shape)
    assert_same_with_gradient(mine(x), theirs(t), x, t)
    for (name, p), q in zip(mine.named_parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("shape", [(6, 3), (4, 3, 5)])
@pytest.mark.parametrize(
    "options",
    [{}, {"momentum": None}, {"affine": False}, {"track_running_stats": False}, {"eps": 0.1}],
)
def test_batchnorm(shape: tuple[int, ...], options: dict[str, Any]) -> None:
    mine, theirs = twins(nn.BatchNorm1d(3, **options), torch.nn.BatchNorm1d(3, **options))
    for training in (True, True, False):
        mine.train(training)
        theirs.train(training)
        x, t = both(shape)
        assert_same_with_gradient(mine(x), theirs(t), x, t)
        state = theirs.state_dict()
        assert list(state) == list(mine.state_dict())
        for name, array in mine.state_dict().items():
            np.testing.assert_allclose(array, state[name].numpy(), rtol=1e-12, err_msg=name)


W = np.array([0.5, 1.0, 2.0, 4.0])
Y = np.array([0, 3, 1, 1, 2, 0])
SOFT = np.exp(X) / np.exp(X).sum(1, keepdims=True)
CROSS_ENTROPY = [
    {},
    {"weight": W},
    {"label_smoothing": 0.1},
    {"weight": W, "label_smoothing": 0.3},
    {"ignore_index": 1},
    {"ignore_index": 1, "weight": W, "label_smoothing": 0.3},
]


@pytest.mark.parametrize("options", CROSS_ENTROPY)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("kind", ["indices", "probabilities", "image"])
def test_cross_entropy(options: dict[str, Any], reduction: str, kind: str) -> None:
    if kind == "probabilities" and "ignore_index" in options:
        options = {k: v for k, v in options.items() if k != "ignore_index"}
    x, t = both((6, 4, 2, 3) if kind == "image" else (6, 4))
    target = SOFT if kind == "probabilities" else Y
    if kind == "image":
        target = np.random.default_rng(5).integers(0, 4, (6, 2, 3))
    theirs = {k: torch.tensor(v) if k == "weight" else v for k, v in options.items()}
    mine_loss = nn.CrossEntropyLoss(reduction=reduction, **options)(x, target)
    their_loss = torch.nn.CrossEntropyLoss(reduction=reduction, **theirs)(t, torch.tensor(target))
    assert_same_with_gradient(mine_loss, their_loss, x, t)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("name", ["MSELoss", "L1Loss", "BCEWithLogitsLoss"])
def test_other_losses(name: str, reduction: str) -> None:
    x, t = both((6, 4))
    mine = getattr(nn, name)(reduction=reduction)(x, SOFT)
    theirs = getattr(torch.nn, name)(reduction=reduction)(t, torch.tensor(SOFT))
    assert_same_with_gradient(mine, theirs, x, t)


def test_weighted_binary_and_negative_log_likelihood() -> None:
    x, t = both((6, 4))
    mine = nn.BCEWithLogitsLoss(W, pos_weight=2 * W)(x, SOFT)
    theirs = torch.nn.BCEWithLogitsLoss(torch.tensor(W), pos_weight=torch.tensor(2 * W))
    assert_same_with_gradient(mine, theirs(t, torch.tensor(SOFT)), x, t)
    x, t = both((6, 4))
    mine = nn.NLLLoss(W, ignore_index=3)(x, Y)
    theirs = torch.nn.NLLLoss(torch.tensor(W), ignore_index=3)
    assert_same_with_gradient(mine, theirs(t, torch.tensor(Y)), x, t)


OPTIMIZERS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.4, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.1}),
    ("Adam", {"lr": 0.1, "betas": (0.5, 0.8), "eps": 1e-3, "weight_decay": 0.1}),
    ("AdamW", {"lr": 0.1}),
    ("AdamW", {"lr": 0.1, "betas": (0.5, 0.8), "eps": 1e-3, "weight_decay": 0.3}),
]


class Pair:
    """The same two parameters and the same optimizer in both libraries."""

    def __init__(self, name: str, options: dict[str, Any]) -> None:
        self.rng = np.random.default_rng(8)
        start = [self.rng.standard_normal((3, 2)), self.rng.standard_normal(2)]
        self.mine = [nn.Parameter(a) for a in start]
        self.theirs = [torch.nn.Parameter(torch.tensor(a)) for a in start]
        self.mine_optimizer = getattr(nn.optim, name)(self.mine, **options)
        self.their_optimizer = getattr(torch.optim, name)(self.theirs, **options)

    def step(self, absent: int | None = None) -> None:
        for i, (p, q) in enumerate(zip(self.mine, self.theirs, strict=True)):
            g = self.rng.standard_normal(p.shape)
            p.grad = None if i == absent else g
            q.grad = None if i == absent else torch.tensor(g)
        self.mine_optimizer.step()
        self.their_optimizer.step()

    def compare(self) -> None:
        for p, q in zip(self.mine, self.theirs, strict=True):
            assert_same(p, q)


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS)
def test_optimizers_step_for_step(name: str, options: dict[str, Any]) -> None:
    pair = Pair(name, options)
    for number in range(8):
        pair.step(absent=1 if number in (0, 3) else None)
        pair.compare()


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS)
def test_optimizer_states_go_both_ways(name: str, options: dict[str, Any]) -> None:
    pair, other = Pair(name, options), Pair(name, options)
    for _ in range(3):
        pair.step()
        other.step()
    theirs = pair.their_optimizer.state_dict()
    plain = {
        number: {k: None if v is None else np.asarray(v) for k, v in entry.items()}
        for number, entry in theirs["state"].items()
    }
    pair.mine_optimizer.load_state_dict({**theirs, "state": plain})
    mine = other.mine_optimizer.state_dict()
    tensors = {
        number: {k: torch.tensor(v) for k, v in entry.items()}
        for number, entry in mine["state"].items()
    }
    groups = [{**a, **b} for a, b in zip(theirs["param_groups"], mine["param_groups"], strict=True)]
    other.their_optimizer.load_state_dict({"state": tensors, "param_groups": groups})
    for _ in range(3):
        pair.step()
        other.step()
    pair.compare()
    other.compare()


def test_whole_models_go_both_ways_through_safetensors(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    mine = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))
    mine(X)
    theirs = torch.nn.Sequential(
        torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Linear(8, 3)
    )
    nn.save(mine, tmp_path / "mine.safetensors")
    theirs.load_state_dict(load_file(tmp_path / "mine.safetensors"))
    x = X.astype(np.float32)
    assert_same(mine.eval()(x), theirs.eval()(torch.tensor(x)), rtol=1e-5)
    torch.manual_seed(0)
    fresh = torch.nn.Sequential(
        torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Linear(8, 3)
    )
    save_file(fresh.state_dict(), tmp_path / "theirs.safetensors")
    nn.load(mine, tmp_path / "theirs.safetensors")
    assert_same(mine(x), fresh.eval()(torch.tensor(x)), rtol=1e-5)


def test_tensors_of_pytorch_are_loaded_directly() -> None:
    theirs = torch.nn.Linear(4, 2)
    mine = nn.Linear(4, 2)
    mine.load_state_dict(theirs.state_dict())
    np.testing.assert_array_equal(mine.weight.data, theirs.weight.detach().numpy())


@pytest.mark.parametrize("shape", [(5, 3), (5, 3, 2), (5, 3, 2, 4), (5, 3, 2, 4, 3)])
def test_fans_and_gains(shape: tuple[int, ...]) -> None:
    theirs = torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
    assert nn.init.calculate_fan(shape) == theirs
    for name in ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"):
        assert nn.init.calculate_gain(name) == pytest.approx(torch.nn.init.calculate_gain(name))


@pytest.mark.parametrize(
    "name",
    "xavier_uniform_ xavier_normal_ kaiming_uniform_ kaiming_normal_ uniform_ normal_".split(),
)
def test_initial_values_have_the_same_spread(name: str) -> None:
    mine = getattr(nn.init, name)(nn.Parameter(np.zeros((200, 300))))
    theirs = getattr(torch.nn.init, name)(torch.empty(200, 300))
    assert mine.data.std() == pytest.approx(theirs.std().item(), rel=0.02)
