"""Backward passes inside a compiled step: accumulated, retained, replaced, differentiated."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
import nn
from autodiff import live
from tests.autodiff.compiler.twins import Step, Twins


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


def test_gradients_of_reshaped_leaves_are_apart() -> None:
    """Two gradients that come from one array do not share memory."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        a = ad.Tensor([[1.0, 2.0]], requires_grad=True)
        b = ad.Tensor([3.0, 4.0], requires_grad=True)

        def step(x: Any) -> Any:
            a.zero_grad()
            b.zero_grad()
            ((a.reshape(2) + b) * x).sum().backward()
            a.grad *= 2.0
            return a.grad, b.grad

        return step, [a, b]

    twins = Twins(build)
    for number in range(5):
        twins.call(np.full(2, number, np.float32))
    left, right = (t.grad for t in twins.tensors)
    assert not np.may_share_memory(left, right)


def test_a_leaf_as_the_root() -> None:
    """`backward` from an argument-shaped gradient that passes unchanged."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor([1.0, 2.0], requires_grad=True)

        def step(g: Any) -> Any:
            w.zero_grad()
            (w + 0.0).backward(g)
            w.grad += 1.0
            return w.grad

        return step, [w]

    twins = Twins(build)
    for number in range(5):
        g = np.full(2, number, np.float32)
        twins.call(g)
        assert g.tolist() == [number, number]
