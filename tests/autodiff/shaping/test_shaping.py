"""Rearranging and joining, against NumPy, with any axes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autodiff as ad
from tests.autodiff.reference import check_multilinear, leaves, normal, pull, same

some = settings(max_examples=40)
shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
with_axes = hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=3)


def check(
    name: str, operands: list[Any], *args: Any, counterpart: Callable[..., Any] | None = None
) -> None:
    numpy_function = counterpart or getattr(np, name)
    check_multilinear(
        lambda *x: getattr(ad, name)(*x, *args), lambda *x: numpy_function(*x, *args), operands
    )


@some
@given(shapes, st.data())
def test_reshape(shape: tuple[int, ...], data: Any) -> None:
    size = math.prod(shape)
    target = data.draw(
        st.sampled_from([(size,), (1, size), (size, 1, 1), shape, shape[::-1]])
        | st.sampled_from([(-1,), (-1, 1)] if size else [(size,)])
    )
    check("reshape", normal(shape), target)
    check("ravel", normal(shape))


@some
@given(shapes, st.data())
def test_transpose(shape: tuple[int, ...], data: Any) -> None:
    order = data.draw(st.none() | st.permutations(range(len(shape))))
    check("transpose", normal(shape), order)
    if order:
        check("transpose", normal(shape), [a - len(shape) for a in order])


@some
@given(with_axes, st.data())
def test_swapaxes_and_moveaxis(shape: tuple[int, ...], data: Any) -> None:
    n = len(shape)
    axis = st.integers(-n, n - 1)
    check("swapaxes", normal(shape), data.draw(axis), data.draw(axis))
    check("moveaxis", normal(shape), data.draw(axis), data.draw(axis))
    count = data.draw(st.integers(0, n))
    source, target = (
        data.draw(hnp.valid_tuple_axes(n, min_size=count, max_size=count)) for _ in range(2)
    )
    check("moveaxis", normal(shape), source, target)


@some
@given(shapes, st.data())
def test_expand_dims_and_squeeze(shape: tuple[int, ...], data: Any) -> None:
    n = len(shape)
    axis = data.draw(st.integers(-n - 1, n) | hnp.valid_tuple_axes(n + 2, max_size=2, min_size=2))
    check("expand_dims", normal(shape), axis)
    wide = np.expand_dims(np.zeros(shape), axis).shape
    check("squeeze", normal(wide), data.draw(st.sampled_from([None, axis])))


@some
@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3, min_side=0))
def test_broadcast_to(shapes: Any) -> None:
    check("broadcast_to", normal(shapes.input_shapes[0]), shapes.result_shape)


@some
@given(shapes, st.data())
def test_flip_and_roll(shape: tuple[int, ...], data: Any) -> None:
    n = len(shape)
    axis = data.draw(st.none() | hnp.valid_tuple_axes(n))
    check("flip", normal(shape), axis)
    if n:
        one = data.draw(st.none() | st.integers(-n, n - 1))
        check("flip", normal(shape), one)
        check("roll", normal(shape), data.draw(st.integers(-4, 4)), one)
    if axis:
        shift = tuple(data.draw(st.integers(-4, 4)) for _ in axis)
        check("roll", normal(shape), shift, axis)


@some
@given(with_axes, st.data())
def test_concatenate_and_stack(shape: tuple[int, ...], data: Any) -> None:
    n = len(shape)
    axis = data.draw(st.integers(-n, n - 1))
    lengths = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))
    parts = [tuple(k if i == axis % n else m for i, m in enumerate(shape)) for k in lengths]
    for function, numpy_function, given_shapes in (
        (ad.concatenate, np.concatenate, parts),
        (ad.stack, np.stack, [shape] * len(lengths)),
    ):
        operands = normal(*given_shapes)
        nodes = leaves(operands)
        y = function(nodes, axis)
        same(y.data, numpy_function(operands, axis))
        w, *directions = normal(y.shape, *given_shapes, seed=4)
        found = sum(np.sum(g * u) for g, u in zip(pull(y, nodes, w), directions, strict=True))
        same(found, np.sum(w * numpy_function(directions, axis)), rtol=1e-9, atol=1e-10)


def test_concatenate_flattened_and_the_same_tensor_twice() -> None:
    x = ad.Tensor([[1.0, 2.0]], requires_grad=True)
    y = ad.concatenate([x, x * 2, x], axis=None)
    same(y.data, [1, 2, 2, 4, 1, 2])
    (y * np.arange(6.0)).sum().backward()
    same(x.grad, [[0 + 4 + 4, 1 + 6 + 5]])


@some
@given(with_axes, st.data())
def test_split(shape: tuple[int, ...], data: Any) -> None:
    n = len(shape)
    axis = data.draw(st.integers(-n, n - 1))
    length = shape[axis]
    divisors = [k for k in range(1, length + 1) if length % k == 0] or [1]
    cuts = sorted(data.draw(st.lists(st.integers(0, length), max_size=3)))
    for sections in (data.draw(st.sampled_from(divisors)), cuts):
        (operand,) = normal(shape)
        x = ad.Tensor(operand, requires_grad=True)
        pieces = ad.split(x, sections, axis)
        expected = np.split(operand, sections, axis)
        assert len(pieces) == len(expected)
        for piece, array in zip(pieces, expected, strict=True):
            same(piece.data, array)
        ad.concatenate([piece * (i + 1) for i, piece in enumerate(pieces)], axis).sum().backward()
        factors = [np.full(part.shape, i + 1.0) for i, part in enumerate(expected)]
        same(x.grad, np.concatenate(factors, axis))


@pytest.mark.parametrize("mode", ["edge", "reflect", "symmetric", "wrap"])
def test_pad_with_elements_of_the_array(mode: str) -> None:
    def numpy_pad(x: Any) -> Any:
        return np.pad(x, [(1, 2), (2, 0)], mode=mode)  # type: ignore[call-overload]

    check_multilinear(lambda x: ad.pad(x, [(1, 2), (2, 0)], mode=mode), numpy_pad, normal((3, 4)))


@some
@given(with_axes, st.data())
def test_pad_with_a_constant(shape: tuple[int, ...], data: Any) -> None:
    width = data.draw(
        st.integers(0, 2)
        | st.tuples(st.integers(0, 2), st.integers(0, 2))
        | st.tuples(*(st.tuples(st.integers(0, 2), st.integers(0, 2)) for _ in shape))
    )
    check("pad", normal(shape), width)
    (x,) = normal(shape)
    node = ad.Tensor(x, requires_grad=True)
    y = ad.pad(node, width, constant_values=7.0)
    same(y.data, np.pad(x, width, constant_values=7.0))
    same(pull(y, [node], np.ones(y.shape))[0], np.ones(shape))


def test_astype_passes_gradients_between_floating_types_only() -> None:
    x = ad.Tensor([1.5, 2.5], dtype=np.float32, requires_grad=True)
    y = x.astype(np.float64) * 2
    assert y.dtype == np.float64
    y.sum().backward()
    assert x.grad.dtype == np.float32
    same(x.grad, [2, 2])
    whole = x.astype(np.int64)
    assert whole.dtype == np.int64
    assert not whole.requires_grad


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: x.reshape(5), r"'reshape' was given 'x' of shape \(2, 3\) with shape=\(5,\)"),
        (lambda x: ad.transpose(x, (0, 0)), r"'transpose' was given 'x' of shape \(2, 3\)"),
        (lambda x: ad.transpose(x, (0, 1, 2)), r"'transpose' was given .*axes=\(0, 1, 2\)"),
        (lambda x: ad.swapaxes(x, 0, 2), "axis 2 does not exist in a tensor with 2 axes"),
        (lambda x: ad.moveaxis(x, (0, 1), 0), "'moveaxis' was given source=.0, 1. and dest"),
        (lambda x: ad.moveaxis(x, (0, 0), (0, 1)), "give as many different axes in each"),
        (lambda x: ad.squeeze(x, 0), "'squeeze' was given 'x' of shape .2, 3. with axis=0"),
        (lambda x: ad.expand_dims(x, 5), "'expand_dims' was given 'x' of shape .2, 3. with axis=5"),
        (lambda x: ad.broadcast_to(x, (2, 4)), r"'broadcast_to' was given .* shape=\(2, 4\)"),
        (lambda x: ad.flip(x, 3), "'flip' was given .*axis=3"),
        (lambda x: ad.roll(x, 1, 3), "'roll' was given .*axis=3"),
        (lambda x: ad.concatenate([x, x[0]]), "'concatenate' was given 'x' of shape .2, 3. and"),
        (lambda x: ad.concatenate([x, x[:, :2]]), r"shape \(2, 3\) and shape \(2, 2\)"),
        (lambda x: ad.stack([x, x[0]]), "'stack' was given"),
        (lambda x: ad.concatenate([]), "'concatenate' needs at least one tensor"),
        (lambda x: ad.stack([]), "'stack' needs at least one tensor"),
        (lambda x: ad.split(x, 2, axis=1), "cannot cut axis 1 of length 3 into 2 equal pieces"),
        (lambda x: ad.split(x, 0), "cannot cut axis 0 of length 2 into 0 equal pieces"),
        (lambda x: x[0].mT, r"\.mT needs at least two axes, but the shape is \(3,\)"),
        (lambda x: ad.cumsum(x, 4), "'cumsum' was given .*axis=4"),
    ],
)
def test_what_does_not_fit_is_named(call: Callable[[Any], Any], message: str) -> None:
    with pytest.raises(ad.ShapeError, match=message):
        call(ad.Tensor(np.ones((2, 3)), name="x"))


def test_an_unknown_padding_mode_is_named() -> None:
    with pytest.raises(ValueError, match=r"knows the modes .* not 'cubic'"):
        ad.pad([1.0], 1, mode="cubic")
