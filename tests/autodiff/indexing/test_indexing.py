"""Indexing and index update, for every index that NumPy accepts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autodiff as ad
from tests.autodiff.reference import check_multilinear, differentiate, leaves, normal, pull, same

some = settings(max_examples=80)


@st.composite
def indexed(draw: Any) -> tuple[tuple[int, ...], Any]:
    """A shape, and an index of any kind that fits it."""
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4))
    basic = hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True)
    mask = hnp.arrays(np.bool_, shape)
    row_mask = hnp.arrays(np.bool_, shape[:1])
    arrays = hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(max_dims=2, max_side=3))
    first = hnp.integer_array_indices(shape[:1])
    beside = st.tuples(
        hnp.arrays(np.intp, (2,), elements=st.integers(-shape[0], shape[0] - 1)),
        *(st.slices(n) | st.integers(-n, n - 1) for n in shape[1:]),
    )
    return shape, draw(st.one_of(basic, mask, row_mask, arrays, first, beside))


@some
@given(indexed())
def test_getitem(case: tuple[tuple[int, ...], Any]) -> None:
    shape, index = case
    check_multilinear(lambda x: x[index], lambda x: x[index], normal(shape))


@some
@given(indexed())
def test_update_by_adding(case: tuple[tuple[int, ...], Any]) -> None:
    shape, index = case
    x, v = normal(shape, np.empty(shape)[index].shape)

    def added(x: Any, v: Any) -> Any:
        y = x.copy()
        np.add.at(y, index, v)
        return y

    _check_update(lambda x, v: x.at[index].add(v), added, x, v)


@some
@given(indexed())
def test_update_by_setting(case: tuple[tuple[int, ...], Any]) -> None:
    shape, index = case
    x, v = normal(shape, np.empty(shape)[index].shape)

    def replaced(x: Any, v: Any) -> Any:
        y = x.copy()
        y[index] = v
        return y

    _check_update(lambda x, v: x.at[index].set(v), replaced, x, v)


def _check_update(function: Any, counterpart: Any, x: Any, v: Any) -> None:
    # Linear in both operands together.
    nodes = leaves([x, v])
    y = function(*nodes)
    same(y.data, counterpart(x, v))
    w, u, t = normal(y.shape, x.shape, v.shape, seed=9)
    g_x, g_v = pull(y, nodes, w)
    same(np.sum(g_x * u) + np.sum(g_v * t), np.sum(w * counterpart(u, t)), rtol=1e-9, atol=1e-10)
    same(nodes[0].data, x)


def test_an_element_taken_twice_gets_both_cotangents() -> None:
    x = ad.Tensor([1.0, 2.0, 3.0], requires_grad=True)
    (x[[0, 0, 2]] * [1.0, 10.0, 100.0]).sum().backward()
    same(x.grad, [11, 0, 100])


def test_one_tensor_indexed_many_times() -> None:
    x = ad.Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    total = x[0, 1] * 2 + x[0].sum() + x[:, 1].sum() + x[[0, 0], [1, 2]].sum() + x.sum() + x[1, 2]
    total.backward()
    same(x.grad, [[2, 6, 3], [1, 2, 2]])


def test_every_element_of_a_loop() -> None:
    x = ad.Tensor(np.arange(50.0), requires_grad=True)
    total = ad.Tensor(np.array(0.0))
    for i, element in enumerate(x):
        total = total + element * i
    total.backward()
    same(x.grad, np.arange(50.0))


def test_indices_may_be_lists_tensors_and_numpy_integers() -> None:
    x = ad.Tensor(np.arange(12.0).reshape(3, 4), requires_grad=True)
    for index in ([2, 0], ad.Tensor([2, 0]), np.array([2, 0])):
        same(x[index].data, [[8, 9, 10, 11], [0, 1, 2, 3]])
    same(x[np.int64(1), -1].data, 7)
    same(x[[True, False, True], ...].data, x.data[[0, 2]])
    same(x[x > 9].data, [10, 11])
    same(x[[0, 1], [1, 2]].data, [1, 6])
    x[x > 9].sum().backward()
    same(x.grad, x.data > 9)


def test_second_derivative_through_an_index() -> None:
    x = ad.Tensor(np.array([2.0, 3.0]), requires_grad=True)
    y = x[[0, 0, 1]]
    (g,) = differentiate((y * y * y).sum(), [x])
    same(g.data, [24, 27])
    g.sum().backward()
    same(x.grad, [24, 18])


def test_of_repeated_places_the_last_write_wins() -> None:
    x, v = leaves([np.zeros(3), np.array([1.0, 2.0, 3.0])])
    y = x.at[[0, 0, 2]].set(v)
    same(y.data, [2, 0, 3])
    g_x, g_v = pull(y, [x, v], np.array([1.0, 10.0, 100.0]))
    same(g_x, [0, 10, 0])
    same(g_v, [0, 1, 100])


def test_updates_broadcast_the_value() -> None:
    x, v = leaves([np.ones((2, 3)), np.array(5.0)])
    y = x.at[:, 1].set(v)
    same(y.data, [[1, 5, 1], [1, 5, 1]])
    g_x, g_v = pull(y, [x, v], np.ones((2, 3)))
    same(g_x, [[1, 0, 1], [1, 0, 1]])
    same(g_v, 2)
    same(x.at[0].add(2.0).data, [[3, 3, 3], [1, 1, 1]])
    same(x.at[0, 0].multiply(7.0).data, [[7, 1, 1], [1, 1, 1]])


def test_update_of_one_element_by_one_number() -> None:
    x, v = leaves([np.zeros(3), np.array(2.0)])
    for y in (x.at[1].set(v), x.at[1].add(v)):
        same(y.data, [0, 2, 0])
        assert pull(y, [x, v], np.ones(3))[1].shape == ()


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_updates_keep_the_dtype(dtype: Any) -> None:
    x = ad.Tensor(np.zeros(3, dtype), requires_grad=True)
    y = x.at[1].set(2.5).at[0].add(1.0)
    assert y.dtype == dtype
    y.sum().backward()
    assert x.grad.dtype == dtype
    same(x.grad, [1, 0, 1])


def test_assignment_names_the_functional_update() -> None:
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TypeError, match=r"Write y = x\.at\[i\]\.set\(v\) for"):
        x[0] = 3.0


def test_an_index_that_does_not_fit_is_named() -> None:
    x = ad.Tensor(np.ones((2, 3)), name="x")
    with pytest.raises(IndexError, match=r"'getitem' was given 'x' of shape \(2, 3\).*index=5"):
        x[5]
    with pytest.raises(IndexError, match=r"'getitem' was given .*too many indices"):
        x[0, 0, 0]
    with pytest.raises(IndexError, match=r"'getitem' was given .*boolean"):
        x[np.array([True, False, True])]
    with pytest.raises(IndexError, match="a tensor of dtype float64 cannot index another"):
        x[ad.Tensor([0.0])]


def test_an_update_that_does_not_fit_is_named() -> None:
    x = ad.Tensor(np.ones((2, 3)))
    with pytest.raises(
        ad.ShapeError,
        match=r"'index_set' cannot put a value of shape \(2,\) into the place of shape \(3,\) "
        r"that the index selects from shape \(2, 3\)",
    ):
        x.at[0].set([1.0, 2.0])
    with pytest.raises(ad.ShapeError, match="'index_add' cannot put"):
        x.at[0].add(np.ones((2, 3)))
    with pytest.raises(IndexError):
        x.at[7].set(1.0)
