"""Data of tensors that last from call to call: changed in the step and outside of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.autodiff.compiler.twins import Step, Twins, assert_same

_X = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]], np.float32)
Update = Callable[[ad.Tensor], None]


def _rebind(w: ad.Tensor) -> None:
    w.data = w.data - 0.1 * w.grad


def _augment(w: ad.Tensor) -> None:
    w.data -= 0.1 * w.grad


def _write_elements(w: ad.Tensor) -> None:
    w.data[...] = w.data * 0.9
    w.data[0] -= 0.1 * w.grad[0]
    w.data[1:] += w.data[:1] * w.data[1:]
    w.data = w.data


def _write_out(w: ad.Tensor) -> None:
    np.subtract(w.data, np.multiply(w.grad, 0.1), out=w.data)
    np.copyto(w.data[1], w.data[0])


def _write_a_view(w: ad.Tensor) -> None:
    turned = w.data.T
    turned += w.grad.T
    flat = w.data.reshape(-1)
    flat[::2] *= 0.5


def _rebind_twice(w: ad.Tensor) -> None:
    w.data = w.data * 0.5
    w.data += 1.0
    w.data = w.data - w.grad


def _through_the_gradient(w: ad.Tensor) -> None:
    w.grad *= 0.5
    w.grad = w.grad + 1.0
    w.data -= w.grad


@pytest.mark.parametrize(
    "update",
    [
        _rebind,
        _augment,
        _write_elements,
        _write_out,
        _write_a_view,
        _rebind_twice,
        _through_the_gradient,
    ],
)
def test_ways_to_update(update: Update) -> None:
    """However data is changed, the recording changes it likewise."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor(np.arange(6, dtype=np.float32).reshape(2, 3), requires_grad=True)

        def step(x: Any) -> Any:
            w.zero_grad()
            loss = ad.tanh(w * x).sum()
            loss.backward()
            update(w)
            return loss

        return step, [w]

    twins = Twins(build)
    for number in range(6):
        twins.call(_X * number)


def _linear() -> tuple[Step, list[ad.Tensor]]:
    layer = nn.Linear(3, 2)
    rule = nn.optim.SGD(layer.parameters(), lr=0.1, momentum=0.9)

    def step(x: Any) -> Any:
        rule.zero_grad()
        loss = ad.square(layer(x)).mean()
        loss.backward()
        rule.step()
        return loss

    return step, list(layer.parameters())


@pytest.mark.parametrize("order", ["C", "F", "strided"])
def test_data_assigned_between_calls(order: str) -> None:
    """New arrays for parameters are taken up, whatever their layout in memory."""
    twins = Twins(_linear)
    for number in range(9):
        twins.call(_X)
        if number % 3 == 2:
            for tensors in (twins.eager_tensors, twins.tensors):
                weight = np.full((2, 3), number, np.float32)
                if order == "strided":
                    weight = np.full((2, 6), number, np.float32)[:, ::2]
                tensors[0].data = np.asfortranarray(weight) if order == "F" else weight
    assert twins.compiled.recordings == (2 if order == "F" else 1)


def test_data_changed_in_place_between_calls() -> None:
    """Writing into a parameter's array outside the step needs no new recording."""
    twins = Twins(_linear)
    for number in range(6):
        twins.call(_X)
        for tensors in (twins.eager_tensors, twins.tensors):
            tensors[0].data[0] += number
    assert twins.compiled.recordings == 1


def test_loading_a_state_and_casting() -> None:
    """`load_state_dict` and a change of dtype between calls."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        layer = nn.Linear(3, 2)

        def step(x: Any) -> Any:
            layer.zero_grad()
            loss = ad.square(layer(x)).mean()
            loss.backward()
            return loss, layer

        return step, list(layer.parameters())

    twins = Twins(build)
    for number in range(9):
        found = twins.eager(_X.astype(np.float64)), twins.compiled(_X.astype(np.float64))
        assert_same(found[0][0], found[1][0])
        for _, layer in found:
            if number == 3:
                layer.load_state_dict({"weight": np.ones((2, 3)), "bias": np.zeros(2)})
            if number == 6:
                layer.to(np.float64)
    assert twins.compiled.recordings == 2


def test_tensors_that_exchange_data() -> None:
    """Two states that take each other's arrays."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        a, b = ad.Tensor([1.0, 2.0]), ad.Tensor([3.0, 4.0])

        def step(x: Any) -> Any:
            a.data, b.data = b.data * 1.0, a.data * 2.0
            return (a * x - b).sum()

        return step, [a, b]

    twins = Twins(build)
    for number in range(5):
        twins.call(np.full(2, number, np.float32))


def test_tensors_that_swap_arrays() -> None:
    """Exchanged without arithmetic, what one gets is what the other had."""
    a, b = ad.Tensor([1.0, 2.0]), ad.Tensor([3.0, 4.0])

    @ad.compile(verify=False)
    def step() -> Any:
        a.data, b.data = b.data, a.data
        return a * 1.0

    assert [step().tolist()[0] for _ in range(5)] == [3.0, 1.0, 3.0, 1.0, 3.0]
    assert b.tolist() == [1.0, 2.0]


def test_tensors_that_share_an_array() -> None:
    """A change through one tensor is seen through the other."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        a, b = ad.Tensor([1.0, 2.0]), ad.Tensor([0.0, 0.0])
        b.data = a.data

        def step(x: Any) -> Any:
            first = b * x
            a.data += 1.0
            second = b * x
            return first, second

        return step, [a, b]

    twins = Twins(build)
    for number in range(5):
        twins.call(np.full(2, number, np.float32))


def test_tensors_that_come_to_share_an_array() -> None:
    """When two tensors begin to share memory, the step is recorded anew."""
    twins = Twins(_two_weights)
    for number in range(8):
        twins.call(np.full(2, 0.1, np.float32))
        if number == 3:
            for a, b in (twins.eager_tensors, twins.tensors):
                b.data = a.data


def _two_weights() -> tuple[Step, list[ad.Tensor]]:
    a, b = ad.Tensor([1.0, 2.0]), ad.Tensor([3.0, 4.0])

    def step(x: Any) -> Any:
        kept = b * x
        a.data *= 0.5
        return kept + b * x

    return step, [a, b]


def test_state_made_in_the_first_call() -> None:
    """A buffer that appears in the first call is there from the second on, which is recorded."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor([1.0], requires_grad=True)
        buffers: dict[str, Any] = {}

        def step(x: Any) -> Any:
            w.zero_grad()
            loss = (w * x).sum()
            loss.backward()
            if "v" not in buffers:
                buffers["v"] = ad.Tensor(np.zeros(1, np.float32))
            v = buffers["v"]
            v.data = v.data * 0.9 + w.grad
            w.data -= v.data
            return loss

        return step, [w]

    twins = Twins(build)
    for number in range(6):
        twins.call(np.full(1, number, np.float32))
    assert twins.compiled.recordings == 1


def test_a_detached_copy_keeps_the_old_data() -> None:
    """`detach` copies in a step as it does outside."""

    def build() -> tuple[Step, list[ad.Tensor]]:
        w = ad.Tensor([1.0, 2.0], requires_grad=True)

        def step(x: Any) -> Any:
            before = w.detach()
            w.data += x
            return before + w

        return step, [w]

    twins = Twins(build)
    for number in range(5):
        twins.call(np.full(2, number, np.float32))
