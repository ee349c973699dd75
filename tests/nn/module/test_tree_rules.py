"""What belongs to the structure of a module as a tree, and what its copies are."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import BatchingError, ShapeError

X = np.random.default_rng(0).standard_normal((6, 3)).astype(np.float32)
Y = np.random.default_rng(1).standard_normal((6, 1)).astype(np.float32)


class Pair(NamedTuple):
    left: Any
    right: Any


class Net(nn.Module):
    """Parameters everywhere: nested, tied, frozen, and settings beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 3, rng=0)
        self.held = {"a": [nn.Linear(3, 1, rng=1)], "b": (nn.Parameter(np.ones(1)), "text")}
        self.pair = Pair(nn.Parameter(np.full(1, 2.0)), 3)
        self.tied = self.first
        self.also = [self.first.weight]
        self.frozen = nn.Parameter(np.ones(1, np.float32), requires_grad=False)
        self.mean = nn.Buffer(np.zeros(1, np.float32))
        self.scale = 2.0

    def forward(self, x: Any) -> Any:
        h = self.tied(ad.tanh(self.first(x))) @ self.also[0]
        y = self.held["a"][0](h) * self.scale + self.held["b"][0] * self.pair.left
        return y + self.frozen + self.mean


NAMES = ["held.b.0", "pair.0", "also.0", "first.bias", "held.a.0.weight", "held.a.0.bias"]


def loss(model: Any, x: Any = X, y: Any = Y) -> Any:
    return ad.mean(ad.square(model(x) - y))


def test_leaves_are_the_trained_parameters_once() -> None:
    net = Net()
    assert [path[1:] for path in ad.tree.paths(net)] == NAMES
    assert len(list(net.named_parameters())) == len(NAMES) + 1
    net.first.requires_grad_(False)
    assert [path[1:] for path in ad.tree.paths(net)] == NAMES[:2] + NAMES[4:]
    assert ad.tree.structure(Net()) == ad.tree.structure(Net())
    assert ad.tree.structure(Net()) != ad.tree.structure(net)
    with pytest.raises(ShapeError, match="has a Linear at its root, expected a Net"):
        ad.tree.map(np.add, net, nn.Linear(3, 1))
    with pytest.raises(ShapeError, match=r"has a Linear .* with the names 'weight', expected"):
        ad.tree.map(np.add, nn.Linear(3, 1), nn.Linear(3, 1, bias=False))


def test_a_copy_shares_all_but_its_leaves() -> None:
    net = Net().eval()
    made = ad.tree.map(lambda p: p.data * 2, net)
    assert type(made) is Net
    assert made.tied is made.first
    assert made.also[0] is made.first.weight
    assert made.first is not net.first
    assert made.pair.left is made.held["b"][0] or type(made.pair) is Pair
    assert (made.pair.right, made.held["b"][1], made.scale) == (3, "text", 2.0)
    assert made.frozen is net.frozen
    assert made.mean is net.mean
    assert made.training is False
    made.train().scale = 3.0
    assert (net.training, net.scale) == (False, 2.0)
    assert [name for name, _ in made.named_parameters()] == [n for n, _ in net.named_parameters()]
    assert list(made.state_dict()) == list(net.state_dict())
    np.testing.assert_array_equal(made.state_dict()["also.0"], 2 * net.first.weight.data)
    again = ad.tree.map(lambda p: p / 2, made)
    np.testing.assert_allclose(again.eval()(X).data, (net(X) * 1.5).data, rtol=1e-1, atol=9)
    again.scale = 2.0
    np.testing.assert_array_equal(again(X).data, net(X).data)


def test_equal_leaves_are_not_taken_for_shared_ones() -> None:
    counts = ad.tree.map(lambda p: p.ndim, nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)))
    assert ad.tree.leaves(counts) == [2, 1, 2, 1]
    ones = ad.tree.map(lambda p: 1, counts)
    assert ad.tree.leaves(ones) == [1, 1, 1, 1]
    assert ad.tree.leaves(copy.deepcopy(ones)) == [1, 1, 1, 1]
    assert repr(ones)


def test_a_gradient_by_a_shared_parameter_is_the_sum() -> None:
    net = Net()
    loss(net).backward()
    found = ad.grad(loss)(net)
    for (name, g), p in zip(found.named_parameters(), net.parameters(), strict=True):
        if name != "frozen":
            np.testing.assert_array_equal(g.data, p.grad, err_msg=name)


def test_replacing_what_stands_in_a_copy() -> None:
    made = ad.tree.map(lambda p: p.data, nn.Linear(3, 1))
    made.bias = None
    assert [name for name, _ in made.named_parameters()] == ["weight"]
    made.weight = nn.Parameter(np.zeros((1, 3), np.float32), requires_grad=False)
    assert ad.tree.leaves(made) == []
    assert not made(X).data.any()


def test_states_are_loaded_into_ordinary_models_only() -> None:
    model = nn.Linear(3, 1)
    made = ad.tree.map(lambda p: p + 1, model)
    with pytest.raises(TypeError, match="load into an ordinary model"):
        made.load_state_dict(model.state_dict())
    model.load_state_dict(made.state_dict())
    np.testing.assert_array_equal(model.weight.data, made.weight.data)


def test_inside_no_grad_gradients_are_plain() -> None:
    model = nn.Linear(3, 1, rng=0)
    first = loss(model).item()
    with ad.no_grad():
        for _ in range(200):
            value, g = ad.value_and_grad(loss)(model)
            model = ad.tree.map(lambda p, g: p - 0.1 * g, model, g)
    assert not any(p.requires_grad for p in model.parameters())
    wanted = np.linalg.lstsq(np.c_[X, np.ones(6)], Y, rcond=None)[1][0] / 6
    assert value.item() == pytest.approx(wanted, rel=1e-2)
    assert value.item() < first


def test_maml() -> None:
    """One inner step; the outer gradient passes through it: second order."""
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=1)).to(np.float64)

    def outer(model: Any) -> Any:
        g = ad.grad(loss)(model)
        return loss(ad.tree.map(lambda p, g: p - 0.5 * g, model, g), X[::-1].copy())

    found = ad.grad(outer)(model)
    for p, g in zip(model.parameters(), found.parameters(), strict=True):
        before, h = p.data.copy(), 1e-6
        for index in np.ndindex(p.shape):
            values = []
            for sign in (1, -1):
                p.data = before + sign * h * (np.arange(p.size).reshape(p.shape) == p_at(p, index))
                values.append(outer(model).item())
            p.data = before
            slope = (values[0] - values[1]) / (2 * h)
            assert g.data[index] == pytest.approx(slope, rel=1e-4, abs=1e-7)


def p_at(p: Any, index: Any) -> int:
    return int(np.ravel_multi_index(index, p.shape))


def test_laplace_of_the_last_layer() -> None:
    """The Hessian of a squared error by a linear layer is the Gauss-Newton matrix: 2/N ΣxxT."""
    features = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh()).to(np.float64)
    head = nn.Linear(4, 1, rng=1).to(np.float64)
    h = features(X).detach()
    hessian = ad.hessian(lambda head: loss(head, h))(head)
    wanted = 2 / 6 * h.data.T @ h.data
    np.testing.assert_allclose(hessian.weight.weight.data[0, :, 0], wanted, rtol=1e-12)
    np.testing.assert_allclose(hessian.bias.bias.data, [[2.0]])
    jacobian = ad.jacobian(lambda head: head(h)[:, 0])(head)
    np.testing.assert_allclose(jacobian.weight.data[:, 0], h.data)


def test_running_figures_follow_the_model() -> None:
    """Under a gradient they move as in an ordinary call; for examples there are none to keep."""
    wanted, model = nn.BatchNorm1d(3), nn.BatchNorm1d(3)
    wanted(X)
    gradient = ad.grad(lambda m: ad.sum(ad.square(m(X))))
    gradient(model)
    before = [b.data.copy() for b in model.buffers()]
    for b, w in zip(before, wanted.buffers(), strict=True):
        np.testing.assert_allclose(b, w.data)
    with pytest.raises(BatchingError, match=r"running_mean.*eval\(\)"):
        ad.vmap(model)(np.stack([X, X]))
    for b, buffer in zip(before, model.buffers(), strict=True):
        np.testing.assert_array_equal(b, buffer.data)
        assert type(ad.extending.raw(buffer)) is np.ndarray
    states = nn.stack_module_state([model, model])
    with pytest.raises(BatchingError, match=r"running_mean.*eval\(\)"):
        ad.vmap(lambda *state: nn.functional_call(model, state, X))(*states)
    assert ad.vmap(model.eval())(np.stack([X, X])).shape == (2, 6, 3)
    image = nn.InstanceNorm1d(3, track_running_stats=True)
    with pytest.raises(BatchingError, match=r"instance_norm.*eval\(\)"):
        ad.vmap(image)(np.ones((2, 6, 3, 4), np.float32))
    given = {name: b.data.copy() for name, b in model.named_buffers()}
    nn.functional_call(model.train(), given, X)
    assert given["num_batches_tracked"] == 2
    np.testing.assert_array_equal(before[0], model.running_mean.data)


def test_a_compiled_step_hears_of_changes_in_the_original() -> None:
    model = nn.Sequential(nn.Linear(3, 3, rng=0), nn.Dropout(0.5, rng=0), nn.ELU(1.0))
    gradient = ad.grad(lambda m: ad.sum(m(X)))
    step = ad.compile(lambda: gradient(model))

    def agree() -> None:
        state = model[1].rng.bit_generator.state
        wanted = gradient(model)
        model[1].rng.bit_generator.state = state
        for a, b in zip(ad.tree.leaves(step()), ad.tree.leaves(wanted), strict=True):
            np.testing.assert_allclose(a.data, b.data, rtol=1e-6)

    for change in (
        lambda: None,
        lambda: None,
        lambda: None,
        lambda: setattr(model[1], "p", 0.25),
        lambda: model.eval(),
        lambda: model[0].weight.__setattr__("data", model[0].weight.data * 2),
        lambda: model.train(),
        lambda: None,
    ):
        change()
        agree()
    found = step()
    found.eval()
    assert model.training


def test_modules_returned_by_a_compiled_step() -> None:
    """Copies are taken apart; a module that was there before is given back itself."""
    model = nn.Linear(3, 1, rng=0)
    step = ad.compile(lambda x: (model, ad.tree.map(lambda p: p * x, model), [None, "text"]))
    for _ in range(3):
        same, made, rest = step(np.float32(2.0) * np.ones((), np.float32))
        assert same is model
        np.testing.assert_array_equal(made.weight.data, 2 * model.weight.data)
        assert rest == [None, "text"]
        assert not made.weight.requires_grad
