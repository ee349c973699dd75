"""Optimizers against their formulas, their state, and what they refuse."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.optim import SGD, Adam, AdamW, Optimizer

Array = np.ndarray[Any, Any]


def gradients(steps: int) -> list[Array]:
    return list(np.random.default_rng(1).standard_normal((steps, 2, 3)))


def run(make: Callable[..., Optimizer], steps: int = 5) -> Array:
    p = nn.Parameter(np.arange(6.0).reshape(2, 3))
    optimizer = make([p])
    for g in gradients(steps):
        p.grad = g
        optimizer.step()
    return np.array(p.data)


def sgd(lr: float, momentum: float, dampening: float, decay: float, nesterov: bool) -> Array:
    p = np.arange(6.0).reshape(2, 3)
    v: Array | None = None
    for gradient in gradients(5):
        g = gradient + decay * p
        if momentum:
            v = g.copy() if v is None else momentum * v + (1 - dampening) * g
            g = g + momentum * v if nesterov else v
        p = p - lr * g
    return p


@pytest.mark.parametrize(
    ("momentum", "dampening", "decay", "nesterov"),
    [
        (0, 0, 0, False),
        (0, 0, 0.1, False),
        (0.9, 0, 0, False),
        (0.9, 0, 0.1, False),
        (0.9, 0.5, 0.1, False),
        (0.9, 1.0, 0, False),
        (0.9, 0, 0, True),
        (0.9, 0, 0.1, True),
    ],
)
def test_sgd(momentum: float, dampening: float, decay: float, nesterov: bool) -> None:
    found = run(lambda ps: SGD(ps, 0.1, momentum, dampening, decay, nesterov))
    np.testing.assert_allclose(found, sgd(0.1, momentum, dampening, decay, nesterov), rtol=1e-12)


def adam(lr: float, b1: float, b2: float, eps: float, decay: float, decoupled: bool) -> Array:
    p = np.arange(6.0).reshape(2, 3)
    m = v = np.zeros((2, 3))
    for t, gradient in enumerate(gradients(5), 1):
        g = gradient
        if decoupled:
            p = p - lr * decay * p
        else:
            g = g + decay * p
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        p = p - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
    return p


@pytest.mark.parametrize("decay", [0, 0.1])
@pytest.mark.parametrize("kind", [Adam, AdamW])
@pytest.mark.parametrize(("betas", "eps"), [((0.9, 0.999), 1e-8), ((0.5, 0.8), 1e-2), ((0, 0), 0)])
def test_adam(kind: Any, decay: float, betas: tuple[float, float], eps: float) -> None:
    found = run(lambda ps: kind(ps, 0.1, betas, eps, decay))
    np.testing.assert_allclose(found, adam(0.1, *betas, eps, decay, kind is AdamW), rtol=1e-11)


ALL: dict[str, Callable[..., Optimizer]] = {
    "SGD": lambda ps, **k: SGD(ps, **k),
    "momentum": lambda ps, **k: SGD(ps, momentum=0.9, **k),
    "Nesterov": lambda ps, **k: SGD(ps, momentum=0.9, nesterov=True, weight_decay=0.1, **k),
    "dampening": lambda ps, **k: SGD(ps, momentum=0.9, dampening=0.5, **k),
    "Adam": lambda ps, **k: Adam(ps, **k),
    "Adam with decay": lambda ps, **k: Adam(ps, weight_decay=0.1, **k),
    "AdamW": lambda ps, **k: AdamW(ps, **k),
}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 2)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_shape_and_dtype_is_kept(name: str, shape: tuple[int, ...], dtype: Any) -> None:
    p = nn.Parameter(np.ones(shape, dtype))
    array = p._data
    optimizer = ALL[name]([p], lr=0.1)
    for _ in range(3):
        p.grad = np.ones(shape, dtype)
        optimizer.step()
    assert p._data is array, "the update is in place"
    assert p.dtype == dtype
    assert (p.data < 1).all()


@pytest.mark.parametrize("name", ALL)
def test_going_on_from_a_saved_state_is_bit_equal(name: str) -> None:
    def train(optimizer: Optimizer, ps: list[nn.Parameter], gs: list[Array]) -> None:
        for g in gs:
            for i, p in enumerate(ps):
                p.grad = None if i == 1 and g is gs[0] else (g * (i + 1)).astype(np.float32)
            optimizer.step()

    def fresh() -> list[nn.Parameter]:
        return [nn.Parameter(np.ones((2, 3), np.float32)) for _ in range(2)]

    whole = fresh()
    train(whole_optimizer := ALL[name](whole, lr=0.1), whole, gradients(3))
    train(whole_optimizer, whole, gradients(4))
    first = fresh()
    train(optimizer := ALL[name](first, lr=0.1), first, gradients(3))
    state = optimizer.state_dict()
    second = [nn.Parameter(p.data) for p in first]
    other = ALL[name](second, lr=0.7)
    train(other, [nn.Parameter(np.ones((2, 3), np.float32))], gradients(1))
    other.load_state_dict(state)
    train(optimizer, first, gradients(2))
    train(other, second, gradients(4))
    for a, b in zip(whole, second, strict=True):
        np.testing.assert_array_equal(a.data, b.data)


def test_the_state_has_pytorchs_structure() -> None:
    net = nn.Linear(2, 1)
    net(np.ones((1, 2), np.float32)).sum().backward()
    optimizer = Adam(net.parameters(), lr=0.1)
    optimizer.step()
    state = optimizer.state_dict()
    assert list(state) == ["state", "param_groups"]
    assert set(state["state"][0]) == {"step", "exp_avg", "exp_avg_sq"}
    assert state["state"][1]["exp_avg"].shape == (1,)
    assert state["state"][0]["step"] == 1
    (group,) = state["param_groups"]
    expected = {"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0}
    assert group.items() >= {**expected, "amsgrad": False, "maximize": False}.items()
    assert group["params"] == [0, 1]
    before = np.array(state["state"][0]["exp_avg"])
    optimizer.step()
    np.testing.assert_array_equal(state["state"][0]["exp_avg"], before)


def test_what_a_state_does_not_hold_begins_anew() -> None:
    p, q = nn.Parameter([1.0]), nn.Parameter([1.0])
    optimizer = Adam([p, q], lr=0.1)
    for parameter in (p, q):
        parameter.grad = np.ones(1, np.float32)
    optimizer.step()
    state = optimizer.state_dict()
    del state["state"][1]
    optimizer.load_state_dict(state)
    entries = optimizer.state_dict()["state"]
    assert (entries[0]["step"], entries[1]["step"]) == (1, 0)
    assert entries[1]["exp_avg"] == 0
    sgd_optimizer = SGD([p])
    sgd_optimizer.load_state_dict(sgd_optimizer.state_dict())
    assert sgd_optimizer.state_dict()["state"] == {}


def test_parameters_without_gradient_are_left_alone_and_counted_apart() -> None:
    a, b = nn.Parameter([1.0]), nn.Parameter([1.0])
    optimizer = Adam([a, b], lr=0.1)
    lone = nn.Parameter([1.0])
    lone_optimizer = Adam([lone], lr=0.1)
    for step in range(4):
        a.grad = np.array([1.0 + step], np.float32)
        if step >= 2:
            b.grad = lone.grad = np.array([2.0 + step], np.float32)
            lone_optimizer.step()
        else:
            b.grad = None
        optimizer.step()
        if step < 2:
            assert b.item() == 1.0
    assert b.item() == lone.item()
    counts = [entry["step"].item() for entry in optimizer.state_dict()["state"].values()]
    assert counts == [4.0, 2.0]


def test_frozen_parameters_have_no_state() -> None:
    a, b = nn.Parameter([1.0]), nn.Parameter([1.0], requires_grad=False)
    optimizer = Adam([a, b])
    assert list(optimizer.state_dict()["state"]) == [0]
    b.requires_grad_()
    b.grad = np.ones(1, np.float32)
    optimizer.step()
    assert list(optimizer.state_dict()["state"]) == [0, 1]


def test_a_parameter_released_late_counts_from_its_own_first_step() -> None:
    a, b = nn.Parameter([1.0]), nn.Parameter([1.0], requires_grad=False)
    optimizer = Adam([a, b], lr=0.1)
    lone = nn.Parameter([1.0])
    lone_optimizer = Adam([lone], lr=0.1)
    for step in range(5):
        a.grad = np.ones(1, np.float32)
        if step == 3:
            b.requires_grad_()
        if step >= 3:
            b.grad = lone.grad = np.array([2.0 + step], np.float32)
            lone_optimizer.step()
        optimizer.step()
    assert b.item() == lone.item()


def test_groups_have_settings_of_their_own() -> None:
    a, b = nn.Parameter([1.0]), nn.Parameter([1.0])
    optimizer = SGD([{"params": [a]}, {"params": b, "lr": 0.5}], lr=0.1)
    for p in (a, b):
        p.grad = np.ones(1, np.float32)
    optimizer.step()
    assert (a.item(), b.item()) == (pytest.approx(0.9), pytest.approx(0.5))
    optimizer.param_groups[0]["lr"] = 0.0
    optimizer.step()
    assert a.item() == pytest.approx(0.9)
    assert repr(optimizer).splitlines()[1].startswith("  group 0: lr=0.0, momentum=0.0")
    assert repr(optimizer).splitlines()[2].endswith("# 1 parameters")


def test_momentum_switched_on_later() -> None:
    p = nn.Parameter([1.0])
    optimizer = SGD([p], lr=1.0)
    optimizer.param_groups[0]["momentum"] = 0.5
    for _ in range(2):
        p.grad = np.ones(1, np.float32)
        optimizer.step()
    assert p.item() == 1 - 1 - 1.5


def test_zero_grad_forgets_or_clears() -> None:
    p, q = nn.Parameter([1.0]), nn.Parameter([1.0])
    optimizer = SGD([p, q])
    p.grad = np.ones(1, np.float32)
    optimizer.zero_grad(set_to_none=False)
    assert p.grad.tolist() == [0.0]
    assert q.grad is None
    optimizer.zero_grad()
    assert p.grad is None


def test_gradients_that_are_nodes_are_taken_as_numbers() -> None:
    p = ad.Tensor([2.0], requires_grad=True)
    (p * p).sum().backward(create_graph=True)
    SGD([p], lr=0.25).step()
    assert p.tolist() == [1.0]


MODEL = nn.Linear(2, 2)
TWICE = nn.Parameter([1.0], name="w")


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: SGD(MODEL), TypeError, "not the module Linear; write model.parameters()"),
        (lambda: SGD(MODEL.weight), TypeError, "put it in a list: [...]"),
        (lambda: SGD(3), TypeError, "not a int"),
        (lambda: SGD([]), ValueError, "the list is empty"),
        (
            lambda: SGD([("w", TWICE), nn.Parameter([1.0])]),
            ValueError,
            "some of the optimizer's parameters have names, and some have not",
        ),
        (
            lambda: SGD([{"params": [("w", TWICE)]}, {"params": MODEL.parameters()}]),
            ValueError,
            "give all with their names, as model.named_parameters() does, or none",
        ),
        (lambda: SGD([np.zeros(3)]), TypeError, "parameter 0 is a ndarray, not a Tensor"),
        (lambda: SGD([ad.Tensor([1])]), TypeError, "holds int64"),
        (lambda: SGD([TWICE * 2]), ValueError, "is the result of a computation, not a leaf"),
        (lambda: SGD([TWICE, TWICE]), ValueError, "parameter 1 (w) of shape (1,) was given twice"),
        (
            lambda: SGD([{"params": [TWICE]}, {"params": [TWICE]}]),
            ValueError,
            "was given twice; every parameter belongs to one group",
        ),
        (lambda: SGD([{"lr": 1}]), TypeError, "dicts with the key 'params'"),
        (lambda: SGD([{"params": [TWICE]}, TWICE]), TypeError, "dicts with the key 'params'"),
        (lambda: SGD([{"params": [TWICE], "betas": 1}]), ValueError, "no setting 'betas'"),
        (
            lambda: SGD([TWICE], lr=-1),
            ValueError,
            "SGD: lr must be a finite number not below 0, and -1",
        ),
        (lambda: SGD([TWICE], lr=float("nan")), ValueError, "and nan was given"),
        (lambda: SGD([TWICE], momentum=-0.1), ValueError, "SGD: momentum"),
        (lambda: SGD([TWICE], weight_decay=-0.1), ValueError, "SGD: weight_decay"),
        (lambda: SGD([TWICE], nesterov=True), ValueError, "nesterov=True needs momentum above 0"),
        (
            lambda: SGD([TWICE], momentum=0.9, dampening=0.1, nesterov=True),
            ValueError,
            "dampening=0.1",
        ),
        (
            lambda: Adam([TWICE], betas=(0.9, 1.0)),
            ValueError,
            "betas[1] must be a finite number not below",
        ),
        (lambda: Adam([TWICE], betas=(0.9,)), ValueError, "betas are two numbers"),
        (lambda: Adam([TWICE], eps=-1), ValueError, "Adam: eps"),
        (lambda: AdamW([TWICE], lr=-1), ValueError, "AdamW: lr"),
        (
            lambda: nn.optim.Rprop([TWICE], step_sizes=(1.0, 0.1)),
            ValueError,
            "step_sizes are the least and the largest, and 1 and 0.1 were given",
        ),
        (lambda: SGD([TWICE]).add_param_group(3), TypeError, "is a dict with the key 'params'"),  # type: ignore[arg-type]
        (lambda: SGD([TWICE]).load_state_dict({}), ValueError, "and this has none"),
        (lambda: SGD([TWICE]).load_state_dict({"a": 1}), ValueError, "and this has a"),
    ],
)
def test_messages(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        make()
    assert message in str(caught.value)


NUMBERS = [
    (kind, name)
    for kind, names in {
        SGD: ("lr", "momentum", "dampening", "weight_decay"),
        Adam: ("lr", "eps", "weight_decay", "betas"),
        AdamW: ("lr", "eps", "weight_decay", "betas"),
    }.items()
    for name in names
]
BAD = {
    "text": "0.1",
    "truth": True,
    "nothing": None,
    "complex": 1j,
    "nan": float("nan"),
    "infinite": float("inf"),
    "negative": -0.1,
    "tensor": ad.Tensor(0.1),
    "list": [0.1],
}


@pytest.mark.parametrize(("kind", "name"), NUMBERS)
def test_every_number_is_checked_whenever_it_is_set(kind: Any, name: str) -> None:
    p = nn.Parameter([1.0])
    for bad in BAD.values():
        given = (0.9, bad) if name == "betas" else bad
        said = rf"{kind.__name__}: {name}(\[1\])? must be a finite number"
        makers: list[Any] = [
            lambda given=given: kind([p], **{name: given}),
            lambda given=given: kind([{"params": [p], name: given}]),
            lambda given=given: kind([p]).param_groups[0].__setitem__(name, given),
            lambda given=given: kind([p]).param_groups[0].update({name: given}),
        ]
        for make in makers:
            with pytest.raises((TypeError, ValueError), match=said):
                make()
    for good in (0, 0.5, np.float32(0.5), np.array(0.5), np.int64(0)):
        kind([p], **{name: (good, good) if name == "betas" else good})


def test_what_to_write_instead_of_text_and_tensors() -> None:
    p = nn.Parameter([1.0])
    with pytest.raises(TypeError, match=r"and '0.1' was given; write lr=float\('0.1'\)"):
        SGD([p], lr="0.1")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"and Tensor was given; write .item\(\) after it"):
        SGD([p], lr=ad.Tensor(0.1))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="nesterov must be True or False, and 'no' was given"):
        SGD([p], nesterov="no")  # type: ignore[arg-type]
    for betas in (0.9, "no", None):
        with pytest.raises(ValueError, match="betas are two numbers"):
            Adam([p], betas=betas)  # type: ignore[arg-type]


def test_groups_are_copied_as_dicts() -> None:
    group = SGD([nn.Parameter([1.0])], lr=0.5).param_groups[0]
    assert copy.deepcopy(group)["lr"] == 0.5
    group["initial_lr"] = 0.5
    assert group["initial_lr"] == 0.5


def test_a_state_that_does_not_fit_is_refused_and_changes_nothing() -> None:
    p, q = nn.Parameter([1.0]), nn.Parameter([[1.0, 2.0]])
    optimizer = Adam([p])
    state = optimizer.state_dict()
    with pytest.raises(ValueError, match=r"groups of \[1\] parameters, and this.*groups of \[2\]"):
        Adam([p, q]).load_state_dict(state)
    with pytest.raises(ValueError, match=r"exp_avg of parameter 0 has shape \(1,\) in the state"):
        Adam([q]).load_state_dict(state)
    with pytest.raises(ValueError, match=r"SGD as it is set keeps \[\]; it was saved by another"):
        SGD([p]).load_state_dict(state)
    bad = {**state, "param_groups": [{**state["param_groups"][0], "lr": -1}]}
    with pytest.raises(ValueError, match="Adam: lr"):
        optimizer.load_state_dict(bad)
    assert optimizer.param_groups[0]["lr"] == 1e-3


def test_an_optimizer_without_an_update_says_so() -> None:
    p = nn.Parameter([1.0])
    p.grad = np.ones(1, np.float32)
    with pytest.raises(NotImplementedError, match="Optimizer does not define rule"):
        Optimizer([p], {}).step()


@pytest.mark.parametrize("name", ALL)
def test_a_step_works_on_the_bare_arrays(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def handed_out(leaf: Any) -> Any:
        raise AssertionError("an optimizer goes through Tensor.data, which is four times slower")

    p = nn.Parameter(np.ones(3, np.float32))
    p.grad = np.ones(3, np.float32)
    optimizer = ALL[name]([p], lr=0.1)
    optimizer.step()
    monkeypatch.setattr("autodiff.tensors.tensor.hand_out", handed_out)
    optimizer.step()


@pytest.mark.parametrize("name", ALL)
def test_a_model_that_is_cast_goes_on_in_its_new_type(name: str) -> None:
    def after(first: Any) -> Any:
        p = nn.Parameter(np.array([0.5, -1.0], first))
        optimizer = ALL[name]([p], lr=0.1)
        for step in range(4):
            p.grad = np.array([0.3, -0.1], p.dtype) * (step + 1)
            optimizer.step()
            p.cast_(np.float64)
        kept = [tensor.dtype for tensor in optimizer.state.get(p, {}).values()]
        assert set(kept) <= {np.dtype(np.float64)}
        return p.data

    np.testing.assert_allclose(after(np.float32), after(np.float64), rtol=3e-7)
    p = nn.Parameter(np.ones(2, np.float32))
    p.grad = np.ones(2, np.float32)
    optimizer = ALL[name]([p], lr=0.1)
    optimizer.step()
    p.cast_(np.float64)
    p.grad = np.full(2, 1 / 3)
    optimizer.step()
    assert {tensor.dtype for tensor in optimizer._entries[p].scratch} == {np.dtype(np.float64)}
