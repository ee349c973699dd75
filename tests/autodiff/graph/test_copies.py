"""Copies of nodes: leaves are copied whole, results of operations are not copied."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

both_ways = pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])


@both_ways
@pytest.mark.parametrize("requires_grad", [True, False])
def test_a_tensor_that_is_a_leaf(duplicate: Any, requires_grad: bool) -> None:
    x = ad.Tensor(np.array([1.0, 2.0]), requires_grad=requires_grad, name="x")
    twin = duplicate(x)
    assert (twin.is_leaf, twin.requires_grad, twin.name) == (True, requires_grad, "x")
    assert twin.dtype == np.float64
    twin.data[0] = 9.0
    assert x.tolist() == [1.0, 2.0]
    if requires_grad:
        (x * x + twin * 3).sum().backward()
        assert (x.grad.tolist(), twin.grad.tolist()) == ([2.0, 4.0], [3.0, 3.0])


@both_ways
def test_a_gradient_is_copied_too(duplicate: Any) -> None:
    x, v = ad.Tensor([1.0, 2.0], requires_grad=True), ad.Value(3.0)
    ((x * x).sum() + v * v).backward()
    twin, other = duplicate(x), duplicate(v)
    twin.grad += 1
    assert (x.grad.tolist(), twin.grad.tolist(), other.grad) == ([2.0, 4.0], [3.0, 5.0], 6.0)
    z = ad.Value(2.0)
    (z * z).backward(create_graph=True)
    with pytest.raises(TypeError, match="cannot be copied: an operation made it"):
        duplicate(z)
    z.grad = None


@both_ways
def test_a_value_that_is_a_leaf(duplicate: Any) -> None:
    v = ad.Value(2.0, name="v")
    twin = duplicate(v)
    (v * twin * twin).backward()
    assert (v.grad, twin.grad, twin.name) == (4.0, 8.0, "v")
    constant = duplicate(v.detach())
    assert not constant.requires_grad
    assert (constant * v).data == 4.0


@both_ways
def test_hooks_stay_with_the_original(duplicate: Any) -> None:
    x = ad.Tensor([1.0], requires_grad=True)
    handle = x.register_hook(lambda g: g * 10)
    twin = duplicate(x)
    (x * twin).sum().backward()
    assert (x.grad.item(), twin.grad.item()) == (10.0, 1.0)
    handle.remove()


@both_ways
@pytest.mark.parametrize("leaf", [ad.Value(2.0), ad.Tensor(2.0, requires_grad=True)])
def test_a_result_is_refused_with_the_line_that_made_it(duplicate: Any, leaf: Any) -> None:
    y = leaf * 2
    with pytest.raises(
        TypeError, match=r"the result of 'multiply' made at .*test_copies.py:\d+ cannot.*detach"
    ):
        duplicate(y)
    with pytest.raises(TypeError, match="cannot be copied"):
        copy.deepcopy({"kept": [y]})
    with ad.no_grad():
        assert duplicate(leaf * 2).requires_grad is False


def test_what_is_shared_stays_shared() -> None:
    x = ad.Tensor([1.0], requires_grad=True)
    first, second = copy.deepcopy([x, x])
    assert first is second is not x


def test_a_subclass_with_attributes() -> None:
    class Labelled(ad.Tensor):
        def __init__(self, data: Any, label: list[str]) -> None:
            super().__init__(data)
            self.label = label

    x = Labelled([1.0], ["a"])
    twin = copy.deepcopy(x)
    assert type(twin) is Labelled
    twin.label.append("b")
    assert x.label == ["a"]


def test_a_model_and_its_copy_are_trained_apart() -> None:
    rng = np.random.default_rng(0)
    net = nn.Sequential(nn.Linear(2, 3, rng=rng), nn.BatchNorm1d(3), nn.Linear(3, 1, rng=rng))
    x = ad.Tensor(rng.standard_normal((8, 2)).astype(np.float32))
    net(x).sum().backward()
    twin = copy.deepcopy(net)
    before = {name: p.numpy() for name, p in twin.named_parameters()}
    optimizer = nn.optim.SGD(net.parameters(), lr=0.1)
    optimizer.step()
    assert all((before[name] == p.numpy()).all() for name, p in twin.named_parameters())
    net.eval()
    twin.eval()
    assert not np.allclose(net(x).data, twin(x).data)
    assert [type(p) for p in twin.parameters()] == [nn.Parameter] * 6
    p = copy.copy(next(iter(net.parameters())))
    assert (type(p), p.role) == (nn.Parameter, "weight")
