"""Operands of any shapes that NumPy broadcasts."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autodiff as ad
from autodiff.backends.arrays import arrays
from autodiff.ops.broadcasting import normalize_axes, unbroadcast
from tests.autodiff.reference import check_multilinear, differentiate, leaves, normal, same

some = settings(max_examples=60)
pairs = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, min_side=0, max_side=3)
triples = hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=3, min_side=0, max_side=3)


@some
@given(pairs)
def test_products(shapes: Any) -> None:
    check_multilinear(ad.multiply, np.multiply, normal(*shapes.input_shapes))


@some
@given(pairs)
def test_second_derivatives_of_products(shapes: Any) -> None:
    operands = normal(*shapes.input_shapes)
    nodes = leaves(operands)
    a, b = differentiate(nodes[0] * nodes[1], nodes, np.ones(shapes.result_shape))
    (a.sum() + (b * b).sum()).backward()
    # Σ a·b → ∂/∂a = Σ b over the axes repeated, ∂/∂b likewise.
    sums_a = unbroadcast(arrays, np.broadcast_to(operands[1], shapes.result_shape), a.shape)
    sums_b = unbroadcast(arrays, np.broadcast_to(operands[0], shapes.result_shape), b.shape)
    same(a.data, sums_a, rtol=1e-11, atol=1e-12)
    same(b.data, sums_b, rtol=1e-11, atol=1e-12)
    u, v = normal(a.shape, b.shape, seed=11)
    over_a = 2 * np.sum(sums_b * unbroadcast(arrays, _wide(u, shapes), b.shape))
    over_b = np.sum(unbroadcast(arrays, _wide(v, shapes), a.shape))
    for node, direction, expected in zip(nodes, (u, v), (over_a, over_b), strict=True):
        found = 0.0 if node.grad is None else np.sum(node.grad * direction)
        same(found, expected, rtol=1e-9, atol=1e-9)


def _wide(x: Any, shapes: Any) -> Any:
    return np.broadcast_to(x, shapes.result_shape)


@some
@given(triples)
def test_where(shapes: Any) -> None:
    a, b, mask = normal(*shapes.input_shapes)
    condition = mask > 0
    nodes = leaves([a, b])
    y = ad.where(condition, *nodes)
    same(y.data, np.where(condition, a, b))
    w, u, v = normal(y.shape, a.shape, b.shape, seed=5)
    y.backward(w)
    found = np.sum(nodes[0].grad * u) + np.sum(nodes[1].grad * v)
    same(found, np.sum(w * np.where(condition, u, v)), rtol=1e-9, atol=1e-9)


@some
@given(pairs)
def test_undoing_a_broadcast_is_its_transpose(shapes: Any) -> None:
    x, _ = normal(*shapes.input_shapes)
    (g,) = normal(shapes.result_shape, seed=8)
    back = unbroadcast(arrays, g, x.shape)
    assert back.shape == x.shape
    wide = np.broadcast_to(x, shapes.result_shape)
    same(np.sum(back * x), np.sum(g * wide), rtol=1e-9, atol=1e-9)


@given(st.integers(0, 4), st.data())
def test_axes_become_non_negative(ndim: int, data: Any) -> None:
    assert normalize_axes(None, ndim) == tuple(range(ndim))
    if ndim:
        axes = data.draw(hnp.valid_tuple_axes(ndim))
        assert normalize_axes(axes, ndim) == tuple(a % ndim for a in axes)
        assert normalize_axes(-1, ndim) == (ndim - 1,)
