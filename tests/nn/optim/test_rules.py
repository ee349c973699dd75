"""Rules read once and written in place: the same numbers, and what a rule may do."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.optim import SGD, Adam, AdamW, Optimizer

Array = np.ndarray[Any, Any]


def settings(group: Any) -> Any:
    return SimpleNamespace(**{k: v for k, v in group.items() if k != "params"})


@pytest.mark.parametrize(
    "make",
    [
        lambda p: SGD(p, 0.1),
        lambda p: SGD(p, 0.1, momentum=0.9, dampening=0.3),
        lambda p: SGD(p, 0.1, momentum=0.9, nesterov=True),
        lambda p: Adam(p, 0.1, amsgrad=True),
    ],
)
def test_a_rule_run_on_arrays_gives_the_bits_of_the_code_in_place(make: Any) -> None:
    rng = np.random.default_rng(0)
    p = nn.Parameter(rng.standard_normal((3, 2)))
    optimizer = make([p])
    h = settings(optimizer.param_groups[0])
    plain = np.array(p.data)
    state = SimpleNamespace(**optimizer.start(plain, h))
    for _ in range(4):
        p.grad = rng.standard_normal((3, 2))
        plain = optimizer.rule(plain, np.array(p.grad), state, h)
        optimizer.step()
        np.testing.assert_array_equal(p.data, plain)
    for name, array in optimizer.state_dict()["state"].get(0, {}).items():
        np.testing.assert_array_equal(array, getattr(state, name))


class Own(Optimizer):
    """A rule that swaps, copies and reuses, so that every way to store a value is met."""

    def __init__(self, params: Any, lr: float = 0.1) -> None:
        super().__init__(params, {"lr": lr, "pair": (0.5, 0.25), "maximize": False})

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        return {
            "a": np.full_like(p, 2.0),
            "b": np.zeros_like(p),
            "n": 1.0,
            "before": p,
            "last": 0.0,
        }

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        first, second = h.pair
        state.a, state.b = state.b + g, state.a
        state.before = p
        old, state.n = state.n, state.n * 2
        state.last = old
        clipped = np.clip(g, -first, first)
        size = np.sqrt(np.sum(g * g))
        chosen = np.where(g > 0, clipped, second * g)
        return p - h.lr * chosen / (1 + size) * np.maximum(old, second) - state.a * state.b * 0.01


def own_by_hand(p: Array, gs: list[Array], lr: float) -> tuple[Array, dict[str, Any]]:
    a, b, n, last, before = np.full_like(p, 2.0), np.zeros_like(p), 1.0, 0.0, p
    for g in gs:
        a, b, before, last, n = b + g, a, p, n, n * 2
        chosen = np.where(g > 0, np.clip(g, -0.5, 0.5), 0.25 * g)
        size = np.sqrt((g * g).sum())
        p = p - lr * chosen / (1 + size) * max(last, 0.25) - a * b * 0.01
    return p, {"a": a, "b": b, "n": n, "last": last, "before": before}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_a_rule_of_ones_own_may_use_all_of_numpy(compiled: bool, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    gs = [np.asarray(rng.standard_normal(shape)) for _ in range(5)]
    p = nn.Parameter(np.ones(shape))
    optimizer = Own([p])

    def train(g: Any) -> None:
        p.grad = g
        optimizer.step()

    step = ad.compile(train) if compiled else train
    for g in gs:
        step(g)
    expected, state = own_by_hand(np.ones(shape), gs, 0.1)
    np.testing.assert_allclose(p.data, expected, rtol=1e-14)
    for name, value in optimizer.state_dict()["state"][0].items():
        np.testing.assert_allclose(value, state[name], rtol=1e-14, err_msg=name)


def test_the_code_can_be_read() -> None:
    optimizer = AdamW([nn.Parameter([1.0])])
    source = optimizer.source()
    assert "def numbers(step, weight_decay, lr, beta1, beta2, eps):" in source
    assert "np.sqrt(exp_avg_sq, out=t0)" in source
    code = optimizer._variants[0].update
    assert inspect.getsource(code) in source + "\n"


def trained(make: Any, compiled: bool, steps: int = 6, twice: bool = False) -> Array:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(4, 5, rng=rng), nn.Tanh(), nn.Linear(5, 2, rng=rng))
    optimizer = make(model.parameters())
    x, y = rng.standard_normal((6, 4)).astype(np.float32), np.arange(6) % 2

    def train(x: Any, y: Any) -> None:
        for _ in range(1 + twice):
            optimizer.zero_grad()
            nn.cross_entropy(model(x), y).backward()
            optimizer.step()

    step = ad.compile(train) if compiled else train
    for _ in range(steps):
        step(x, y)
    return np.concatenate([np.ravel(p.data) for p in model.parameters()])


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("kind", [SGD, Adam])
def test_a_rate_that_is_a_function_of_the_step_is_followed(kind: Any, twice: bool) -> None:
    seen: list[int] = []

    def rate(step: int) -> float:
        seen.append(step)
        return 0.3 / (1 + step)

    eager = trained(lambda ps: kind(ps, rate), False, twice=twice)
    assert max(seen) == 6 * (1 + twice) - 1
    compiled = trained(lambda ps: kind(ps, rate), True, twice=twice)
    np.testing.assert_array_equal(eager, compiled)
    assert not np.array_equal(eager, trained(lambda ps: kind(ps, 0.3), False, twice=twice))


def test_a_rate_that_is_a_function_is_resumed() -> None:
    def rate(step: int) -> float:
        return 1.0 / (1 + step)

    p, q = nn.Parameter([0.0]), nn.Parameter([0.0])
    whole, first = SGD([p], rate), SGD([q], rate)
    for _ in range(5):
        p.grad = np.ones(1, np.float32)
        whole.step()
    for _ in range(3):
        q.grad = np.ones(1, np.float32)
        first.step()
    state = first.state_dict()
    assert state["param_groups"][0]["lr"] == 0.25
    second = SGD([q], rate)
    second.load_state_dict(state)
    for _ in range(2):
        q.grad = np.ones(1, np.float32)
        second.step()
    assert q.item() == p.item()
    with pytest.raises(ValueError, match="3 steps into a learning rate that is a function"):
        SGD([q], 0.1).load_state_dict(state)


def test_a_rate_that_becomes_a_function_counts_from_then_on() -> None:
    p = nn.Parameter([0.0])
    optimizer = SGD([p], 1.0)
    for number in range(4):
        if number == 2:
            optimizer.param_groups[0]["lr"] = lambda step: 10.0 * (1 + step)
        p.grad = np.ones(1, np.float32)
        optimizer.step()
    assert p.item() == -(1 + 1 + 10 + 20)


def test_a_bad_rate_from_a_function_is_refused_where_it_appears() -> None:
    p = nn.Parameter([0.0])
    with pytest.raises(ValueError, match=r"SGD: lr\(0\) must be a finite number not below 0"):
        SGD([p], lambda step: -1.0)
    optimizer = SGD([p], lambda step: 1.0 - step)
    for _ in range(2):
        p.grad = np.ones(1, np.float32)
        optimizer.step()
    with pytest.raises(ValueError, match=r"lr\(2\), the learning rate as a function, must be a"):
        optimizer.step()


def test_a_recorded_step_notices_that_parameters_went_apart() -> None:
    def run(compiled: bool) -> list[float]:
        a, b = nn.Parameter([1.0]), nn.Parameter([1.0])
        optimizer = Adam([a, b], lr=0.1)

        def both(x: Any) -> None:
            optimizer.zero_grad()
            (x * a * b).sum().backward()
            optimizer.step()

        def one(x: Any) -> None:
            optimizer.zero_grad()
            (x * b * b).sum().backward()
            optimizer.step()

        steps = (ad.compile(both), ad.compile(one)) if compiled else (both, one)
        for number in (0, 0, 0, 1, 1, 1, 0, 0):
            steps[number](np.ones(1, np.float32))
        counts = [entry["step"].item() for entry in optimizer.state_dict()["state"].values()]
        assert counts == [5, 8]
        return [a.item(), b.item()]

    assert run(True) == run(False)


class Wrong(Optimizer):
    """A rule that is given from outside."""

    def __init__(self, params: Any, rule: Any, start: Any = None) -> None:
        self._given, self._start = rule, start or {}
        super().__init__(params, {"lr": 0.1, "factor": 0.5})

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        return dict(self._start)

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        return self._given(p, g, state, h)


def counts_a_sum(p: Any, g: Any, state: Any, h: Any) -> Any:
    state.n = np.sum(g)
    return p - g


@pytest.mark.parametrize(
    ("rule", "start", "error", "said"),
    [
        (lambda p, g, s, h: p if g > 0 else g, {}, TypeError, r"use numpy.where\(condition"),
        (lambda p, g, s, h: p - float(g), {}, TypeError, "cannot take one as a float"),
        (lambda p, g, s, h: np.add(p, g, out=p), {}, TypeError, "takes no out="),
        (lambda p, g, s, h: p - h.rate * g, {}, AttributeError, "setting 'rate', and there are lr"),
        (lambda p, g, s, h: p - s.mean, {}, AttributeError, r"which start\(\) does not give"),
        (lambda p, g, s, h: s.__setattr__("m", g), {}, AttributeError, "it gives nothing"),
        (lambda p, g, s, h: None, {}, TypeError, "see that it returns the new parameter"),
        (lambda p, g, s, h: p, {"g": np.zeros(1)}, ValueError, "names of their own"),
        (counts_a_sum, {"n": 0.0}, TypeError, "let start"),
        (lambda p, g, s, h: (p - g).sum(), {}, AttributeError, r"write numpy.sum\("),
        (lambda p, g, s, h: p - g.clip(0, 1), {}, AttributeError, r"write numpy.clip\("),
        (lambda p, g, s, h: p - g.missing, {}, AttributeError, "asks for .missing"),
        (lambda p, g, s, h: np.exp(np.sum(p)).shape, {}, AttributeError, "ask the parameter"),
    ],
)
def test_what_a_rule_may_not_do_is_said(rule: Any, start: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        Wrong([nn.Parameter([1.0])], rule, start)


def test_hooks_and_closures() -> None:
    p = nn.Parameter([1.0])
    optimizer = SGD([p], 0.5)
    seen: list[Any] = []
    with optimizer.register_step_pre_hook(lambda o, args, kwargs: seen.append(("pre", p.item()))):
        handle = optimizer.register_step_post_hook(lambda *_: seen.append(("post", p.item())))

        def closure() -> ad.Tensor:
            optimizer.zero_grad()
            loss = (p * p).sum()
            loss.backward()
            return loss

        with ad.no_grad():
            loss = optimizer.step(closure)
        assert loss.item() == 1.0
    assert seen == [("pre", 1.0), ("post", 0.0)]
    handle.remove()
    optimizer.step(closure)
    assert len(seen) == 2


def test_flags_of_other_implementations() -> None:
    p = nn.Parameter([1.0])
    Adam([p], foreach=True, fused=False, capturable=True)
    with pytest.raises(ValueError, match="Adam: differentiable=True would record the step"):
        Adam([p], differentiable=True)
    with pytest.raises(TypeError, match="Optimizer has no parameter 'quick'"):
        Optimizer([p], {}, quick=True)


def test_dampening_that_is_set_late_damps_at_once() -> None:
    def run(late: bool) -> float:
        p = nn.Parameter([0.0])
        optimizer = SGD([p], 1.0, momentum=0.5, dampening=0.0 if late else 0.5)
        for number in range(3):
            if late and number:
                optimizer.param_groups[0]["dampening"] = 0.5
            p.grad = np.ones(1, np.float32)
            optimizer.step()
        return p.item()

    assert run(True) == run(False) == -3.0
