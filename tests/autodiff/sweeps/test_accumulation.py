"""How gradients are kept: added up, in arrays of their own, on leaves and where asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same


def tensor(*numbers: float, **options: Any) -> ad.Tensor:
    return ad.Tensor(np.array(numbers), requires_grad=True, **options)


@pytest.mark.parametrize("kind", [ad.Value, tensor])
def test_gradients_accumulate_exactly(kind: Any) -> None:
    x = kind(0.1)
    for n in range(1, 4):
        (x * 0.3).backward()
        expected = 0.3
        for _ in range(n - 1):
            expected = expected + 0.3
        assert x.grad == expected
    x.zero_grad()
    assert x.grad is None
    (x * 2).backward()
    assert x.grad == 2.0


def test_accumulation_makes_a_new_array_and_keeps_the_one_handed_out() -> None:
    x = tensor(1.0, 2.0)
    (x * 2).sum().backward()
    before = x.grad
    (x * 3).sum().backward()
    same(before, [2, 2])
    same(x.grad, [5, 5])


@pytest.mark.parametrize("kind", [ad.Value, tensor])
def test_a_retained_graph_exactly_doubles(kind: Any) -> None:
    x = kind(0.1)
    y = ad.tanh(x * 0.7) * x
    y.backward(retain_graph=True)
    once = x.grad + 0.0
    y.backward()
    assert x.grad == once + once


def test_a_starting_gradient_takes_the_dtype_of_the_root_and_is_not_kept() -> None:
    x = ad.Tensor([1.0, 2.0], dtype=np.float32, requires_grad=True)
    start = np.array([1, 10])
    x.backward(start)
    assert x.grad.dtype == np.float32
    x.grad[0] = 99
    same(start, [1, 10])
    y = tensor(1.0, 2.0)
    own = np.array([3.0, 4.0])
    (y + 0).backward(own)
    y.grad += 1
    same(own, [3, 4])
    z = tensor(1.0, 2.0)
    z.backward(ad.Tensor([5.0, 6.0]))
    same(z.grad, [5, 6])


def test_two_leaves_never_share_one_gradient_array() -> None:
    a, b = tensor(1.0, 2.0), tensor(3.0, 4.0)
    for y in (a + b, (a + b).reshape(2, 1), ad.stack([a, b]), ad.concatenate([a, b])):
        a.zero_grad()
        b.zero_grad()
        y.backward(np.ones(y.shape))
        a.grad += 100
        same(b.grad, [1, 1])
        assert a.grad.flags.writeable
        assert b.grad.flags.writeable


def test_a_retained_gradient_is_an_array_of_its_own() -> None:
    x = tensor(1.0, 2.0)
    y = x + 0
    z = y.reshape(2, 1)
    for node in (y, z):
        node.retain_grad()
    z.sum().backward()
    z.grad += 5
    y.grad += 7
    same(x.grad, [1, 1])
    same(y.grad, [8, 8])


def test_retain_grad_keeps_the_gradient_of_an_inner_node() -> None:
    x = tensor(1.0, 2.0)
    y = x * 3
    y.retain_grad()
    assert y.retains_grad
    (y * y).sum().backward()
    same(y.grad, [6, 12])
    same(x.grad, [18, 36])


def test_the_gradient_of_an_inner_tensor_is_asked_for_in_vain_with_a_warning() -> None:
    x = tensor(1.0)
    y = x * 3
    y.backward()
    with pytest.warns(
        UserWarning, match=r"the result of 'multiply' made at .* is not kept.*retain_grad"
    ) as caught:
        assert y.grad is None
    assert caught[0].filename == __file__


def test_inner_values_keep_their_gradients() -> None:
    x = ad.Value(2.0)
    y = x * 3
    z = y * y
    z.backward()
    assert (z.grad, y.grad, x.grad) == (1.0, 12.0, 36.0)


def test_zero_grad_and_assignment_of_gradients() -> None:
    x = tensor(1.0, 2.0)
    x.grad = [1, 2]
    assert x.grad.dtype == np.float64
    (x * 2).sum().backward()
    same(x.grad, [3, 4])
    x.grad = None
    assert x.grad is None
    with pytest.raises(ad.ShapeError, match=r"a gradient of shape \(3,\) was assigned"):
        x.grad = np.ones(3)


def test_a_gradient_made_as_a_graph_accumulates_with_plain_ones() -> None:
    x = tensor(1.0, 2.0)
    (x * x).sum().backward()
    (x * x).sum().backward(create_graph=True)
    same(x.grad.data, [4, 8])
    v = ad.Value(3.0)
    (v * v).backward()
    (v * v).backward(create_graph=True)
    (v * v).backward()
    assert v.grad.data == 18.0
