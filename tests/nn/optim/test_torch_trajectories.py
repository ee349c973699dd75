"""Every option of PyTorch's optimizers: the same parameters after 25 steps, states both ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

Array = np.ndarray[Any, Any]

DECAY = [{}, {"weight_decay": 0.1}, {"weight_decay": 0.1, "maximize": True}]
# The options are those of PyTorch's own tests, torch.testing._internal.common_optimizers.
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "Adadelta": [*DECAY, {"lr": 0.01}, {"maximize": True}, {"rho": 0.95, "weight_decay": 0.9}],
    "Adafactor": [
        *DECAY,
        {"weight_decay": 0.1, "lr": 0.01},
        {"beta2_decay": -1.0},
        {"d": 1.5},
        {"eps": (1e-5, 1e-2)},
    ],
    "Adagrad": [
        *DECAY,
        {"lr": 0.1},
        {"initial_accumulator_value": 0.1, "weight_decay": 0.1},
        {"lr": 0.1, "lr_decay": 0.5, "weight_decay": 0.1},
        {"lr": 0.001, "eps": 1e-3},
    ],
    "Adam": [
        *DECAY,
        {"lr": 0.01},
        {"weight_decay": 0.1, "amsgrad": True},
        {"weight_decay": 0.1, "decoupled_weight_decay": True},
        {"betas": (0.5, 0.8), "eps": 1e-3},
    ],
    "AdamW": [*DECAY, {"lr": 0.01}, {"weight_decay": 0.1, "amsgrad": True}],
    "Adamax": [*DECAY, {"lr": 0.1}, {"maximize": True}],
    "ASGD": [*DECAY, {"lambd": 0.1}, {"lr": 0.02}, {"t0": 10}, {"t0": 100}, {"maximize": True}],
    "Muon": [
        {},
        {"lr": 0.01},
        {"lr": 0.001},
        {"weight_decay": 0.2},
        {"momentum": 0.8},
        {"ns_steps": 6},
        {"ns_coefficients": (3.4, -4.7, 2.0)},
        {"nesterov": False},
        {"adjust_lr_fn": "match_rms_adamw"},
    ],
    "NAdam": [
        *DECAY,
        {"lr": 0.001},
        {"momentum_decay": 0.006},
        {"weight_decay": 0.1, "momentum_decay": 0.006},
        {"weight_decay": 0.1, "momentum_decay": 0.006, "decoupled_weight_decay": True},
    ],
    "RAdam": [
        *DECAY,
        {"lr": 0.002},
        {"eps": 1e-6},
        {"weight_decay": 0.1, "decoupled_weight_decay": True},
        {"betas": (0.9, 0.5)},
    ],
    "RMSprop": [
        *DECAY,
        {"lr": 0.001},
        {"maximize": True},
        {"weight_decay": 0.1, "centered": True},
        {"weight_decay": 0.1, "centered": True, "momentum": 0.1},
        {"weight_decay": 0.1, "centered": True, "momentum": 0.1, "maximize": True},
        {"momentum": 0.9},
    ],
    "Rprop": [
        {},
        {"lr": 0.0002},
        {"etas": (0.5, 1.5)},
        {"step_sizes": (2e-6, 100.0)},
        {"step_sizes": (1e-2, 2e-2)},
        {"maximize": True},
    ],
    "SGD": [
        *DECAY,
        {"lr": 0.01},
        {"lr": 0.1},
        {"weight_decay": 0.5},
        {"momentum": 0.9},
        {"momentum": 0.9, "dampening": 0.5},
        {"momentum": 0.9, "weight_decay": 0.1},
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    ],
}
CASES = [(name, options) for name, several in OPTIONS.items() for options in several]
STEPS = 25


def shapes(name: str) -> list[tuple[int, ...]]:
    return [(3, 2), (2, 5), (4, 4)] if name == "Muon" else [(3, 2), (4,), (), (2, 3, 2), (1,)]


def gradients(name: str, dtype: Any) -> list[list[Array | None]]:
    """For every step and parameter; the second gets none in some, the last none at all."""
    rng = np.random.default_rng(7)
    steps: list[list[Array | None]] = []
    for number in range(STEPS):
        gs: list[Array | None] = [
            np.asarray(rng.standard_normal(shape), dtype) for shape in shapes(name)
        ]
        if number in (0, 3, 4):
            gs[1] = None
        gs[-1] = None
        steps.append(gs)
    return steps


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Any:
    torch = pytest.importorskip("torch")
    # Muon iterates in bfloat16, whose three digits would hide everything.
    monkeypatch.setattr(torch.Tensor, "bfloat16", torch.Tensor.clone)
    before = torch.get_default_dtype()
    yield torch
    torch.set_default_dtype(before)


class Pair:
    """The same parameters and the same optimizer in both libraries."""

    def __init__(self, torch: Any, name: str, options: dict[str, Any], dtype: Any) -> None:
        # PyTorch keeps counts and rates in its default type.
        torch.set_default_dtype(torch.float64 if dtype == np.float64 else torch.float32)
        rng = np.random.default_rng(8)
        start = [np.asarray(rng.standard_normal(s), dtype) for s in shapes(name)]
        self.torch = torch
        self.mine = [nn.Parameter(a, requires_grad=i != 3) for i, a in enumerate(start)]
        self.theirs = [
            torch.nn.Parameter(torch.tensor(a), requires_grad=i != 3) for i, a in enumerate(start)
        ]
        self.optimizer = getattr(nn.optim, name)(self.mine, **options)
        self.other = getattr(torch.optim, name)(self.theirs, **options)

    def step(self, gs: list[Array | None]) -> None:
        for p, q, g in zip(self.mine, self.theirs, gs, strict=True):
            p.grad = g if p.requires_grad else None
            q.grad = self.torch.tensor(g) if g is not None and p.requires_grad else None
        self.optimizer.step()
        self.other.step()

    def compare(self, tolerance: float) -> None:
        for p, q in zip(self.mine, self.theirs, strict=True):
            found, wanted = np.asarray(p.data), q.detach().numpy()
            np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(
    "dtype", [np.float64, pytest.param(np.float32, marks=pytest.mark.exhaustive)]
)
@pytest.mark.parametrize(("name", "options"), CASES)
def test_trajectories(torch: Any, name: str, options: dict[str, Any], dtype: Any) -> None:
    pair = Pair(torch, name, options, dtype)
    before = [np.array(p.data) for p in pair.mine]
    for gs in gradients(name, dtype):
        pair.step(gs)
    pair.compare(1e-11 if dtype == np.float64 else 2e-5)
    moved = [not np.array_equal(a, p.data) for a, p in zip(before, pair.mine, strict=True)]
    assert moved == ([True, True, False] if name == "Muon" else [True, True, True, False, False])


@pytest.mark.parametrize("name", OPTIONS)
def test_warm_up_sets_the_rate_of_the_first_step(torch: Any, name: str) -> None:
    pair = Pair(torch, name, {"lr": 0.1}, np.float64)
    mine = nn.optim.lr_scheduler.LinearLR(pair.optimizer, 0.2, total_iters=3)
    theirs = torch.optim.lr_scheduler.LinearLR(pair.other, 0.2, total_iters=3)
    for gs in gradients(name, np.float64)[:6]:
        pair.step(gs)
        mine.step()
        theirs.step()
    pair.compare(1e-11)


@pytest.mark.parametrize("name", OPTIONS)
def test_states_go_both_ways(torch: Any, name: str) -> None:
    options = OPTIONS[name][-1]
    one, two = (Pair(torch, name, options, np.float64) for _ in range(2))
    steps = gradients(name, np.float64)
    for gs in steps[:6]:
        one.step(gs)
        two.step(gs)
    theirs, mine = one.other.state_dict(), two.optimizer.state_dict()
    for number in set(mine["state"]) & set(theirs["state"]):
        kept = {n for n, t in theirs["state"][number].items() if t is not None}
        assert set(mine["state"][number]) == kept
    assert {0, 1} <= set(mine["state"]) & set(theirs["state"])
    one.optimizer.load_state_dict(theirs)
    tensors = {
        number: {k: torch.tensor(v) for k, v in entry.items()}
        for number, entry in mine["state"].items()
    }
    two.other.load_state_dict({"state": tensors, "param_groups": mine["param_groups"]})
    for gs in steps[6:12]:
        one.step(gs)
        two.step(gs)
    one.compare(1e-11)
    two.compare(1e-11)


def trained(name: str, options: dict[str, Any], compiled: bool, resumed: bool) -> list[Array]:
    rng = np.random.default_rng(8)
    ps = [nn.Parameter(np.asarray(rng.standard_normal(s), np.float32)) for s in shapes(name)]
    optimizer = getattr(nn.optim, name)(ps, **options)

    def step(x: Any) -> None:
        optimizer.zero_grad()
        sum(((p * x - 1.0) ** 2).sum() for p in ps).backward()
        optimizer.step()

    run = ad.compile(step) if compiled else step
    for number in range(10):
        if resumed and number == 5:
            state = optimizer.state_dict()
            ps = [nn.Parameter(np.array(p.data)) for p in ps]
            optimizer = getattr(nn.optim, name)(ps, **options)
            optimizer.load_state_dict(state)
            run = ad.compile(step) if compiled else step
        run(np.asarray(rng.standard_normal(), np.float32))
    return [np.array(p.data) for p in ps]


OWN = [("Lion", {"lr": 0.1, "weight_decay": 0.1}), ("Lamb", {"lr": 0.1, "weight_decay": 0.1})]
LAST = [(name, several[-1]) for name, several in OPTIONS.items()]


@pytest.mark.parametrize(("name", "options"), [*LAST, *OWN, ("SGD", OPTIONS["SGD"][-3])])
def test_compiled_and_resumed_runs_have_the_same_bits(name: str, options: dict[str, Any]) -> None:
    plain = trained(name, options, False, False)
    for compiled, resumed in ((True, False), (False, True), (True, True)):
        for a, b in zip(plain, trained(name, options, compiled, resumed), strict=True):
            np.testing.assert_array_equal(a, b, err_msg=f"{compiled=} {resumed=}")


def lion(p: Array, gs: list[Array], lr: float, b1: float, b2: float, decay: float) -> Array:
    m = np.zeros_like(p)
    for g in gs:
        update = np.sign(b1 * m + (1 - b1) * g)
        p = p - lr * (update + decay * p)
        m = b2 * m + (1 - b2) * g
    return p


def lamb(
    p: Array, gs: list[Array], lr: float, b1: float, b2: float, eps: float, decay: float
) -> Array:
    m, v = np.zeros_like(p), np.zeros_like(p)
    for t, g in enumerate(gs, 1):
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
        r = (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps) + decay * p
        size, length = np.linalg.norm(p), np.linalg.norm(r)
        p = p - lr * (size / length if size and length else 1.0) * r
    return p


@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("begin", [0.0, 1.0])
@pytest.mark.parametrize("maximize", [False, True])
def test_lion_and_lamb_are_the_papers(decay: float, begin: float, maximize: bool) -> None:
    rng = np.random.default_rng(0)
    gs = [rng.standard_normal((3, 2)) for _ in range(STEPS)]
    signed = [-g if maximize else g for g in gs]
    first = np.full((3, 2), begin)
    for kind, expected in (
        (nn.optim.Lion, lion(first, signed, 0.1, 0.9, 0.99, decay)),
        (nn.optim.Lamb, lamb(first, signed, 0.1, 0.9, 0.999, 1e-6, decay)),
    ):
        p = nn.Parameter(first)
        optimizer = kind([p], lr=0.1, weight_decay=decay, maximize=maximize)
        for g in gs:
            p.grad = g
            optimizer.step()
        np.testing.assert_allclose(p.data, expected, rtol=1e-11)
