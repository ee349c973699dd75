"""Scalars and tensors in one graph, with gradients crossing both ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import TABLE
from tests.autodiff.reference import derivative, same


def test_values_become_the_elements_of_a_tensor() -> None:
    a, b, c = ad.Value(1.0), ad.Value(2.0), ad.Value(3.0)
    t = ad.stack([[a, b], [c, 4.0]])
    assert isinstance(t, ad.Tensor)
    assert t.dtype == np.float64
    same(t.data, [[1, 2], [3, 4]])
    assert t.op is TABLE["from_values"]
    assert t.parents[:3] == (a, b, c)
    (t * np.array([[1.0, 10.0], [100.0, 1000.0]])).sum().backward()
    assert (a.grad, b.grad, c.grad) == (1.0, 10.0, 100.0)
    assert type(a.grad) is float


def test_a_value_that_stands_at_several_places_gets_every_cotangent() -> None:
    a = ad.Value(2.0)
    t = ad.stack([a, a, a * a])
    (t * np.array([1.0, 10.0, 100.0])).sum().backward()
    assert a.grad == 1 + 10 + 400


def test_an_element_becomes_a_value() -> None:
    x = ad.Tensor(np.array([[1.0, 2.0], [3.0, 4.0]]), requires_grad=True)
    v = ad.to_value(x, (1, 0))
    assert isinstance(v, ad.Value)
    assert v.data == 3.0
    assert v.op is TABLE["to_value"]
    assert v.params == {"index": (1, 0)}
    (v * v).backward()
    same(x.grad, [[0, 0], [6, 0]])
    assert v.grad == 6.0


def test_an_element_taken_twice_gets_both_cotangents() -> None:
    x = ad.Tensor(np.array([2.0, 3.0]), requires_grad=True)
    (ad.to_value(x, (0,)) * 5 + ad.to_value(x, (0,)) * ad.to_value(x, (1,))).backward()
    same(x.grad, [5 + 3, 2])


def test_a_tensor_is_taken_apart_and_put_together() -> None:
    x = ad.Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    rows = ad.values(x)
    assert [[v.data for v in row] for row in rows] == [[0, 1, 2], [3, 4, 5]]
    back = ad.stack(rows)
    same(back.data, x.data)
    (back * back).sum().backward()
    same(x.grad, 2 * x.data)
    single = ad.values(ad.Tensor(7.0))
    assert isinstance(single, ad.Value)
    assert single.data == 7.0
    assert ad.values(ad.Tensor(np.zeros((0, 2)))) == []


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_gradient_of_a_tensor_has_its_dtype_after_crossing(dtype: Any) -> None:
    x = ad.Tensor(np.array([1.0, 2.0], dtype), requires_grad=True)
    y = ad.to_value(x, (0,)) * 3 + ad.to_value(x, (1,)) * 0.5
    assert type(y.data) is float
    y.backward()
    assert x.grad.dtype == dtype
    same(x.grad, [3, 0.5])
    v = ad.Value(2.0)
    (x * v).sum().backward()
    assert x.grad.dtype == dtype
    assert type(v.grad) is float
    assert v.grad == 3.0


def test_operators_between_the_two_give_tensors() -> None:
    v, x = ad.Value(2.0), ad.Tensor(np.array([1.0, 3.0]), requires_grad=True)
    for y, expected in (
        (v + x, [3, 5]),
        (x + v, [3, 5]),
        (v - x, [1, -1]),
        (x - v, [-1, 1]),
        (v * x, [2, 6]),
        (x / v, [0.5, 1.5]),
        (v / x, [2, 2 / 3]),
        (x**v, [1, 9]),
        (v**x, [2, 8]),
        (ad.maximum(v, x), [2, 3]),
        (ad.where(x > 2, x, v), [2, 3]),
        (ad.hypot(x, v), np.hypot([1, 3], 2)),
        (ad.clip(x, 0.0, v), [1, 2]),
    ):
        assert isinstance(y, ad.Tensor)
        same(y.data, expected)
        y.sum().backward()
        assert x.grad.shape == (2,)
    assert np.isfinite(v.grad)
    assert (x > v).tolist() == [False, True]
    assert (v > x).tolist() == [True, False]


def test_arrays_of_values_stay_arrays_of_values() -> None:
    v = ad.Value(2.0)
    several = np.array([ad.Value(3.0), ad.Value(5.0)])
    for y in (several * v, v * several, np.multiply(several, v), several * 2.0):
        assert isinstance(y, np.ndarray)
        assert [one.data for one in y] == [6.0, 10.0]
        assert all(isinstance(one, ad.Value) for one in y)
    (several * v)[1].backward()
    assert (v.grad, several[1].grad, several[0].grad) == (5.0, 2.0, None)


def function(x: Any, t: Any) -> Any:
    """Scalar, tensor, scalar, tensor, scalar."""
    s = ad.tanh(ad.stack([x, x * x, 1.0]) * t)
    v = ad.to_value(s, (0,)) * x + ad.to_value(s.sum())
    u = ad.exp(s * v) @ t
    return ad.to_value(u * u) / x + v


def plain(x: float, t: Any) -> Any:
    s = np.tanh(np.array([x, x * x, 1.0]) * t)
    v = s[0] * x + s.sum()
    u = np.exp(s * v) @ t
    return u * u / x + v


def test_gradients_of_a_graph_that_crosses_many_times() -> None:
    x, t = ad.Value(0.7), ad.Tensor(np.array([0.5, -1.0, 2.0]), requires_grad=True)
    y = function(x, t)
    assert isinstance(y, ad.Value)
    assert y.data == pytest.approx(plain(0.7, t.data), rel=1e-14)
    y.backward()
    assert x.grad == pytest.approx(derivative(lambda h: plain(h, t.data), 0.7), rel=1e-9)
    for i, unit in enumerate(np.eye(3)):
        numeric = derivative(lambda h, unit=unit: plain(0.7, t.data + h * unit), 0.0)
        assert t.grad[i] == pytest.approx(numeric, rel=1e-9)


def test_second_derivatives_of_a_graph_that_crosses_many_times() -> None:
    t = np.array([0.5, -1.0, 2.0])

    def first(x: float) -> float:
        return float(ad.grad(function)(x, ad.Tensor(t)))

    found = ad.grad(ad.grad(function))(0.7, ad.Tensor(t))
    assert found == pytest.approx(derivative(first, 0.7), rel=1e-8)
    x, leaf = ad.Value(0.7), ad.Tensor(t, requires_grad=True)
    function(x, leaf).backward(create_graph=True)
    assert isinstance(x.grad, ad.Value)
    assert isinstance(leaf.grad, ad.Tensor)
    g, h = x.grad, leaf.grad
    x.zero_grad()
    leaf.zero_grad()
    (g + ad.to_value(h, (0,))).backward()
    assert np.isfinite(x.grad)
    assert np.isfinite(leaf.grad).all()
    # The mixed second derivative is the same in either order.
    g_x = ad.grad(lambda x, t: ad.to_value(ad.grad(function, 1)(x, t), (0,)))(0.7, t)
    g_t = ad.grad(lambda x, t: ad.grad(function)(x, t), 1)(0.7, t)[0]
    assert g_x == pytest.approx(g_t, rel=1e-12)


def test_a_retained_mixed_graph_exactly_doubles_and_a_spent_one_is_refused() -> None:
    x, t = ad.Value(0.7), ad.Tensor(np.array([0.5, -1.0, 2.0]), requires_grad=True)
    y = function(x, t)
    y.backward(retain_graph=True)
    once, each = x.grad, t.grad.copy()
    y.backward()
    assert x.grad == 2 * once
    same(t.grad, 2 * each, rtol=0)
    with pytest.raises(ad.FreedGraphError):
        y.backward()
    with pytest.raises(ad.FreedGraphError):
        (y * 2).backward()


def test_leaves_of_either_kind_alone() -> None:
    v = ad.Value(2.0)
    t = ad.stack([v])
    t.backward()
    assert v.grad == 1.0
    x = ad.Tensor(np.array(2.0), requires_grad=True)
    ad.to_value(x).backward()
    same(x.grad, 1.0)
    fixed = ad.stack([v.detach(), 2.0])
    assert not fixed.requires_grad
    assert not ad.to_value(ad.Tensor([1.0]), (0,)).requires_grad


def test_nestings_that_are_no_array_are_refused() -> None:
    a = ad.Value(1.0)
    with pytest.raises(ad.ShapeError, match="equal lengths at every level"):
        ad.stack([[a, a], [a]])
    with pytest.raises(ad.ShapeError, match="equal lengths at every level"):
        ad.stack([a, [a]])
    with pytest.raises(ad.ShapeError, match="'stack' was given"):
        ad.sum([[ad.Tensor(1.0), a], [a]])
    with pytest.raises(ad.ShapeError, match=r"one index for each of the 2 axes, but got \(1,\)"):
        ad.to_value(ad.Tensor(np.ones((2, 2))), (1,))
    with pytest.raises(IndexError):
        ad.to_value(ad.Tensor([1.0]), (5,))


def test_lists_of_nodes_are_operands_everywhere() -> None:
    a, x = ad.Value(2.0), ad.Tensor(np.array([1.0, 3.0]), requires_grad=True)
    for y, expected in (
        (ad.sum([x, x]), 8),
        (ad.sum([a, x[0], 4.0]), 7),
        (ad.max([[a, 1.0], [x[1], 0.0]], axis=1), [2, 3]),
        (x * [x[0], a], [1, 6]),
        (ad.stack([[x, x], [x, x]]), [[[1, 3], [1, 3]]] * 2),
        (ad.concatenate([[a, x[0]], x]), [2, 1, 1, 3]),
        (ad.hypot([x[1], a], [4.0, a]), [5, np.sqrt(8)]),
    ):
        same(y.data, expected)
        assert y.requires_grad
    ad.sum([x, x, x * x]).backward()
    same(x.grad, [4, 8])
    ad.mean([a, a * a, 1.0]).backward()
    assert a.grad == pytest.approx(5 / 3)
    with pytest.raises(TypeError, match=r"whose gradients would be lost; use autodiff\.stack"):
        ad.Tensor([x, x])
    with pytest.raises(TypeError, match="whose gradients would be lost"):
        ad.Tensor([[a]], requires_grad=True)


def test_values_are_stacked_along_any_axis_and_beside_tensors() -> None:
    a, b = ad.Value(1.0), ad.Value(2.0)
    t = ad.stack([[a, b], [b, a]], axis=1)
    same(t.data, [[1, 2], [2, 1]])
    beside = ad.stack([a, ad.Tensor(5.0), 3.0])
    same(beside.data, [1, 5, 3])
    beside[0].backward()
    assert a.grad == 1.0
    joined = ad.concatenate([ad.stack([a]), np.zeros(1)])
    joined.sum().backward()
    assert a.grad == 2.0
