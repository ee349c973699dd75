"""L-BFGS beside PyTorch's, with and without a line search, and going on from a saved state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

OPTIONS: list[dict[str, Any]] = [
    {},
    {"lr": 0.01},
    {"lr": 0.001},
    {"tolerance_grad": 1e-6},
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "max_iter": 3, "history_size": 2},
    {"max_iter": 4, "max_eval": 3, "history_size": 2, "lr": 0.05},
    {"tolerance_change": 1e-2, "lr": 0.1},
]


def rosenbrock(a: Any, b: Any) -> Any:
    """Rosenbrock's valley, in the elements of a matrix and a number, with an oscillation."""
    x = a.reshape(-1)
    valley = (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()
    return valley + (b - x[0]) ** 2 + b**4 * 0.1


def start(kind: Any) -> list[Any]:
    return [np.array([[-1.2, 1.0], [0.5, -0.3]], kind), np.array(2.0, kind)]


def closure_of(optimizer: Any, ps: Any) -> Any:
    def closure() -> Any:
        optimizer.zero_grad()
        loss = rosenbrock(*ps)
        loss.backward()
        return loss

    return closure


@pytest.mark.parametrize("options", OPTIONS)
def test_trajectories(options: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    mine = [nn.Parameter(a) for a in start(np.float64)]
    theirs = [torch.nn.Parameter(torch.tensor(a)) for a in start(np.float64)]
    optimizer = nn.optim.LBFGS(mine, **options)
    other = torch.optim.LBFGS(theirs, **options)
    for _ in range(2):
        loss = optimizer.step(closure_of(optimizer, mine))
        wanted = other.step(closure_of(other, theirs))
        assert loss.item() == pytest.approx(wanted.item(), rel=1e-7)
    for p, q in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=1e-6, atol=1e-8)
    found, known = optimizer.state_dict()["state"][0], other.state_dict()["state"][0]
    assert (found["n_iter"], found["func_evals"]) == (known["n_iter"], known["func_evals"])
    assert set(known) - {"al"} == set(found)
    # The states of each go on in the other.
    optimizer.load_state_dict(other.state_dict())
    assert optimizer.state_dict()["state"][0]["n_iter"] == known["n_iter"]
    optimizer.step(closure_of(optimizer, mine))
    other.step(closure_of(other, theirs))
    for p, q in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_it_finds_the_end_of_the_valley(kind: Any) -> None:
    p = nn.Parameter(np.array([-1.2, 1.0], kind))
    optimizer = nn.optim.LBFGS([p], line_search_fn="strong_wolfe", max_iter=60)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = 100.0 * (p[1] - p[0] ** 2) ** 2 + (1.0 - p[0]) ** 2
        loss.backward()
        return loss

    optimizer.step(closure)
    np.testing.assert_allclose(p.data, [1.0, 1.0], atol=1e-3 if kind == np.float32 else 1e-4)
    assert p.dtype == kind
    before = optimizer.state_dict()["state"][0]["n_iter"]
    optimizer.step(ad.compile(closure))
    assert optimizer.state_dict()["state"][0]["n_iter"] <= before + 5


@pytest.mark.parametrize("options", [OPTIONS[4], OPTIONS[6], {"lr": lambda step: 0.1 / (1 + step)}])
def test_going_on_from_a_saved_state_is_bit_equal(options: dict[str, Any]) -> None:
    def run(resumed: bool) -> list[Any]:
        ps = [nn.Parameter(a) for a in start(np.float32)]
        optimizer = nn.optim.LBFGS(ps, **options)
        for number in range(6):
            if resumed and number == 3:
                state = optimizer.state_dict()
                ps = [nn.Parameter(np.array(p.data)) for p in ps]
                optimizer = nn.optim.LBFGS(ps, **options)
                optimizer.load_state_dict(state)
            optimizer.step(closure_of(optimizer, ps))
        return [np.array(p.data) for p in ps]

    for a, b in zip(run(False), run(True), strict=True):
        np.testing.assert_array_equal(a, b)


def test_messages() -> None:
    p, q = nn.Parameter([1.0]), nn.Parameter([[2.0]])
    optimizer = nn.optim.LBFGS([p, q])
    with pytest.raises(TypeError, match=r"step needs a function that does: step\(closure\)"):
        optimizer.step()
    with pytest.raises(ValueError, match="LBFGS takes one group of parameters"):
        nn.optim.LBFGS([{"params": [p]}, {"params": [q]}])
    with pytest.raises(ValueError, match=r"must be one of \[None, 'strong_wolfe'\], and 'armijo'"):
        nn.optim.LBFGS([p], line_search_fn="armijo")
    with pytest.raises(ad.errors.TracingError, match="compile the closure"):
        ad.compile(lambda x: optimizer.step(lambda: x))(np.ones(1))
    optimizer.step(closure_of_squares(optimizer, [p, q]))
    state = optimizer.state_dict()
    with pytest.raises(ValueError, match="for 2 numbers, and the parameters have 1"):
        nn.optim.LBFGS([p]).load_state_dict(
            {**state, "param_groups": [{**state["param_groups"][0], "params": [0]}]}
        )
    with pytest.raises(ValueError, match="saved by another optimizer"):
        optimizer.load_state_dict({**state, "state": {0: {"exp_avg": np.zeros(2)}}})


def closure_of_squares(optimizer: Any, ps: Any) -> Any:
    def closure() -> Any:
        optimizer.zero_grad()
        loss = sum((p * p).sum() for p in ps)
        loss.backward()
        return loss

    return closure
