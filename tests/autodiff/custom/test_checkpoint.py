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


def _assigned(m: Any, x: Any) -> None:
    m.seen = 0.5 * m.seen + ad.mean(x, axis=0).detach()


def _data(m: Any, x: Any) -> None:
    m.seen.data = m.seen.data + 1


def _augmented(m: Any, x: Any) -> None:
    m.seen += 1.0
    m.count += 1


def _item(m: Any, x: Any) -> None:
    m.seen[0] = m.seen[0] + 1


CHANGES: dict[str, Any] = {
    "assigned": _assigned,
    "data": _data,
    "augmented": _augmented,
    "item": _item,
    "method": lambda m, x: m.seen.mul_(0.5).add_(ad.mean(x, axis=0).detach()),
    "batch normalisation": lambda m, x: m.norm(x),
    "of images": lambda m, x: m.images(ad.reshape(x, (4, 3, 1))),
    "spectral norm": lambda m, x: m.spectral(x),
}


class Changing(nn.Module):
    """A module whose buffers change in every call, and which computes with the new ones."""

    def __init__(self, change: Any) -> None:
        super().__init__()
        self.change = change
        self.first = nn.Linear(3, 3, rng=0)
        self.norm = nn.BatchNorm1d(3)
        self.images = nn.BatchNorm1d(3, momentum=None)
        self.spectral = nn.utils.parametrizations.spectral_norm(nn.Linear(3, 3, rng=1), rng=0)
        self.register_buffer("seen", np.zeros(3, np.float32))
        self.register_buffer("count", np.zeros((), np.int64))

    def forward(self, x: Any) -> Any:
        h = self.first(x)
        y = self.change(self, h)
        return (h if not isinstance(y, ad.Tensor) or y.shape != h.shape else y) * self.seen + h


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name", CHANGES)
def test_what_lasts_is_changed_once(name: str, compiled: bool, nested: bool) -> None:
    found = []
    for checkpointed in (False, True):
        model = Changing(CHANGES[name])
        forward = ad.checkpoint(model) if checkpointed else model
        if checkpointed and nested:
            inside = forward
            forward = ad.checkpoint(lambda x, inside=inside: inside(x) * 1.0)

        def step(x: Any, model: Any = model, forward: Any = forward) -> Any:
            model.zero_grad()
            loss = ad.sum(ad.square(forward(x)))
            loss.backward()
            return loss

        run = ad.compile(step) if compiled else step
        x = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
        for i in range(4):
            loss = run(ad.asarray(x + i))
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        found.append([loss.data, *gradients, *(b.data for b in model.buffers())])
    for plain, recomputed in zip(*found, strict=True):
        np.testing.assert_allclose(plain, recomputed, rtol=1e-5, atol=1e-6)


def test_what_is_read_before_its_change_is_an_error() -> None:
    model = Changing(lambda m, x: None)

    def count(module: Any, args: Any, y: Any) -> None:
        module.seen.add_(1)

    model.register_forward_hook(count)
    y = ad.checkpoint(model)(np.ones((2, 3), np.float32)).sum()
    with pytest.raises(GlassgradError, match="other numbers"):
        y.backward()


def test_what_is_made_inside_is_changed_every_time() -> None:
    def inside(x: Any) -> Any:
        made = ad.Tensor(np.zeros(3))
        made.data = made.data + 1
        made += 1.0
        made[0] = 5.0
        return x * made

    x = ad.Tensor(X, requires_grad=True)
    ad.checkpoint(inside)(x).sum().backward()
    assert x.grad.tolist() == [5.0, 2.0, 2.0]
