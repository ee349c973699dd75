"""Recomputing part of the forward pass in the backward pass."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import GlassgradError
from autodiff.testing import gradcheck

X, Y = np.array([0.3, -1.2, 0.7]), np.array([1.5, 0.4, 2.0])


def test_gradients_of_a_module_are_the_same_numbers() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    found = []
    for forward in (model, ad.checkpoint(model)):
        model.zero_grad()
        x = ad.Tensor(np.outer(X, Y).astype("f4"), requires_grad=True)
        (forward(x) ** 2).sum().backward()
        found.append([x.grad, *(p.grad for p in model.parameters())])
    for plain, recomputed in zip(*found, strict=True):
        assert np.array_equal(plain, recomputed)


def entangled(x: Any, y: Any) -> Any:
    # What is closed over depends on the argument, too: nothing may be counted twice.
    outer = x * y

    def inner(given: Any) -> Any:
        return {"a": ad.sin(given["x"]) * outer, "b": [ad.square(given["x"]) * y, 3]}

    made = ad.checkpoint(inner)({"x": x})
    assert made["b"][1] == 3
    return made["a"] * made["b"][0]


def test_closed_over_nodes_and_containers_to_second_order() -> None:
    assert gradcheck(entangled, X, Y, order=2).passed
    assert gradcheck(entangled, 1.2, 0.3, order=2).passed


def test_nested_checkpoints() -> None:
    inner = ad.checkpoint(lambda x: ad.exp(ad.sin(x)))
    outer = ad.checkpoint(lambda x: inner(inner(x)) * x)
    assert gradcheck(outer, X, order=2).passed


def test_nothing_inside_is_kept() -> None:
    seen: list[Any] = []

    def inside(x: Any) -> Any:
        y = ad.exp(x)
        seen.append(weakref.ref(y))
        return ad.sin(y) * 2

    gc.disable()
    try:
        x = ad.Tensor(X, requires_grad=True)
        y = ad.checkpoint(inside)(x)
        assert seen[0]() is None
        y.sum().backward()
        assert len(seen) == 2
        assert seen[1]() is None
    finally:
        gc.enable()


def test_random_numbers_are_drawn_again_alike() -> None:
    def drop(x: Any) -> Any:
        return x * ad.random.generator().random(x.shape)

    ad.random.seed(3)
    x = ad.Tensor(X, requires_grad=True)
    y = ad.checkpoint(drop)(x)
    expected = np.random.default_rng(3).random(4)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, expected[:3])
    # The backward pass leaves the generator where the forward pass left it.
    assert ad.random.generator().random() == expected[3]


def test_a_function_that_changes_is_noticed() -> None:
    numbers = iter([1.0, 2.0])
    x = ad.Tensor(X, requires_grad=True)
    y = ad.checkpoint(lambda x: x * next(numbers))(x)
    with pytest.raises(GlassgradError, match="gave other numbers when it was computed again"):
        y.sum().backward()


def test_without_gradients_it_is_the_function_itself() -> None:
    assert ad.checkpoint(ad.exp)(ad.Tensor([0.0])).tolist() == [1.0]
    with ad.no_grad():
        y = ad.checkpoint(ad.exp)(ad.Tensor([0.0], requires_grad=True))
    assert not y.requires_grad


def test_hooks_inside_are_called_in_the_backward_pass_only() -> None:
    calls: list[Any] = []
    w = ad.Tensor([2.0, 2.0, 2.0], requires_grad=True)
    w.register_hook(lambda g: calls.append(g.tolist()))
    x = ad.Tensor(X, requires_grad=True)
    ad.checkpoint(lambda x: x * w)(x).sum().backward()
    assert calls == [w.grad.tolist()]


def test_stopped_gradients() -> None:
    x, t = ad.Value(3.0), ad.Tensor(X, requires_grad=True)
    stopped = ad.stop_gradient({"x": x, "t": [t, 7]})
    assert stopped["x"].data == 3.0
    assert not stopped["x"].requires_grad
    assert stopped["t"][1] == 7
    assert stopped["t"][0].tolist() == X.tolist()
    assert not stopped["t"][0].requires_grad
    (t * ad.stop_gradient(t)).sum().backward()
    np.testing.assert_array_equal(t.grad, X)
