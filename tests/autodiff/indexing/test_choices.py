"""Places, predicates over axes and one-hot rows: results without a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autodiff as ad
from tests.autodiff.reference import same

some = settings(max_examples=30)


@st.composite
def arrays(draw: Any) -> tuple[Any, Any, bool]:
    """Small whole numbers, so that ties are common; an axis; whether axes are kept."""
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3))
    x = draw(hnp.arrays(np.float64, shape, elements=st.integers(-1, 1)))
    return x, draw(st.none() | st.integers(-len(shape), len(shape) - 1)), draw(st.booleans())


@pytest.mark.parametrize("name", ["argmax", "argmin", "any", "all"])
@some
@given(case=arrays())
def test_places_and_predicates_are_those_of_numpy(name: str, case: tuple[Any, Any, bool]) -> None:
    x, axis, keepdims = case
    found = getattr(ad, name)(ad.Tensor(x, requires_grad=True), axis=axis, keepdims=keepdims)
    expected = getattr(np, name)(x, axis=axis, keepdims=keepdims)
    same(found.data, expected)
    assert found.dtype == expected.dtype
    assert isinstance(found.data, np.ndarray)
    assert not found.requires_grad
    assert found.op is None


def test_a_place_indexes_the_tensor_it_was_found_in() -> None:
    x = ad.Tensor([[1.0, 3.0, 2.0], [6.0, 5.0, 4.0]], requires_grad=True)
    x[np.arange(2), ad.argmax(x, axis=1)].sum().backward()
    same(x.grad, [[0, 1, 0], [1, 0, 0]])


@some
@given(hnp.array_shapes(min_dims=0, max_dims=2, max_side=4), st.integers(1, 4), st.data())
def test_one_hot_rows(shape: tuple[int, ...], classes: int, data: Any) -> None:
    indices = data.draw(hnp.arrays(np.int64, shape, elements=st.integers(0, classes - 1)))
    axis = data.draw(st.integers(-len(shape) - 1, len(shape)))
    expected = np.moveaxis(np.eye(classes)[indices], -1, axis)
    same(ad.one_hot(indices, classes, axis=axis).data, expected)


def test_one_hot_ignores_one_index_and_has_the_dtype_wanted() -> None:
    rows = ad.one_hot([1, -100, 0], 2, ignored=-100)
    same(rows.data, [[0, 1], [0, 0], [1, 0]])
    same(ad.one_hot([1, 0], 2, ignored=0).data, [[0, 1], [0, 0]])
    assert rows.dtype == np.float64
    assert ad.one_hot([1], 2, dtype=np.float32).dtype == np.float32
    with ad.default_dtype(np.float32):
        assert ad.one_hot([1], 2).dtype == np.float32
    assert ad.one_hot(np.zeros((0,), int), 3).shape == (0, 3)


def test_an_index_out_of_range_is_named() -> None:
    with pytest.raises(IndexError, match=r"index\[1, 0\] is 3, but there are 3 classes, 0 to 2"):
        ad.one_hot([[0, 1], [3, 2]], 3)
    with pytest.raises(IndexError, match=r"index is -1, but"):
        ad.one_hot(np.array(-1), 3)
    with pytest.raises(IndexError, match=r"index\[1\] is -2"):
        ad.one_hot([-1, -2], 3, ignored=-1)
    with pytest.raises(TypeError, match="needs integers, but the indices are float64"):
        ad.one_hot([1.0], 3)


def test_targets_of_another_shape_are_refused() -> None:
    with pytest.raises(
        ad.ShapeError, match=r"logits of shape \(2, 3\) and targets of shape \(2,\)"
    ):
        ad.softmax_cross_entropy(np.ones((2, 3)), np.ones(2))
    with pytest.raises(ad.ShapeError, match="needs at least one axis"):
        ad.softmax_cross_entropy(1.0, 1.0)


def test_cross_entropy_from_logits_does_not_overflow() -> None:
    z = ad.Tensor(np.array([[1e4, 0.0], [-40.0, 0.0]]), requires_grad=True)
    y = np.array([[0.0, 1.0], [0.0, 1.0]])
    loss = ad.softmax_cross_entropy(z, y)
    p = np.exp(-40) / (1 + np.exp(-40))
    same(loss.data, [1e4, -np.log1p(-p)], atol=1e-16)
    loss.sum().backward()
    same(z.grad, [[1, -1], [p, -p]], atol=1e-16)


def test_ones_like_and_a_name_that_does_not_exist() -> None:
    ones = ad.ones_like(ad.Tensor(np.zeros((2, 3), np.float16), requires_grad=True))
    same(ones.data, np.ones((2, 3)))
    assert ones.dtype == np.float16
    assert not ones.requires_grad
    with pytest.raises(AttributeError, match="module 'autodiff' has no attribute 'nothing'"):
        _ = ad.nothing
