"""Every elementwise entry of the table on arrays of any kind: dtype, shape, memory, integers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Elementwise
from tests.autodiff.reference import (
    derivative,
    leaves,
    pull,
    same,
    weights,
)
from tests.autodiff.table.elementwise_samples import (
    BINARY,
    apply,
    counterpart,
    each_differentiable,
    each_entry,
    each_variant,
    floating,
    moved,
    operands_for,
    title,
)

SHAPE = (2, 3)


def rng() -> np.random.Generator:
    return np.random.default_rng(20)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@each_variant
def test_dtype_is_kept_in_value_and_gradient(
    entry: Elementwise, params: dict[str, float], dtype: Any
) -> None:
    operands = operands_for(entry, rng(), SHAPE, dtype=dtype)
    nodes = leaves(operands)
    y = apply(entry, *nodes, **params)
    assert y.dtype == dtype
    y.backward(np.ones(y.shape, dtype))
    for i in floating(operands):
        assert nodes[i].grad.dtype == dtype
        assert nodes[i].grad.shape == SHAPE


@each_variant
def test_float32_gradient_agrees_with_float64(entry: Elementwise, params: dict[str, float]) -> None:
    operands = operands_for(entry, rng(), SHAPE, dtype=np.float32)
    single, double = leaves(operands), leaves([_widened(operand) for operand in operands])
    for a, b in zip(
        pull(apply(entry, *single, **params), single),
        pull(apply(entry, *double, **params), double),
        strict=True,
    ):
        same(a, b, rtol=2e-5, atol=2e-6)


def _widened(operand: Any) -> Any:
    return operand.astype(np.float64) if operand.dtype.kind == "f" else operand


@pytest.mark.parametrize(
    "shapes",
    [((3, 1), (4,)), ((), (2, 3)), ((2, 3), ()), ((1, 1), (3,)), ((2, 1, 3), (4, 1)), ((1,), ())],
    ids=str,
)
@pytest.mark.parametrize("entry", BINARY, ids=title)
def test_gradients_of_broadcast_operands_are_summed(
    entry: Elementwise, shapes: tuple[tuple[int, ...], ...]
) -> None:
    operands = operands_for(entry, rng(), *shapes)
    whole = [np.array(x) for x in np.broadcast_arrays(*operands)]
    nodes, full = leaves(operands), leaves(whole)
    found, expected = pull(apply(entry, *nodes), nodes), pull(apply(entry, *full), full)
    for g, g_full, operand in zip(found, expected, operands, strict=True):
        lost = g_full.ndim - operand.ndim
        axes = (*range(lost), *(lost + i for i, n in enumerate(operand.shape) if n == 1))
        same(g, g_full.sum(axes).reshape(operand.shape), rtol=1e-12, atol=1e-14)


def test_three_operands_broadcast_against_each_other() -> None:
    low, x, high = (
        ad.Tensor(np.array(v), requires_grad=True)
        for v in ([[-1.0], [0.0]], [-2.0, -0.5, 0.5, 2.0], 1.0)
    )
    y = ad.clip(x, low, high)
    assert y.shape == (2, 4)
    y.sum().backward()
    same(x.grad, [0, 1, 2, 0])
    same(low.grad, [[1], [2]])
    same(high.grad, 2)
    condition = ad.Tensor([[True], [False]])
    a, b = ad.Tensor([1.0, 2.0], requires_grad=True), ad.Tensor(3.0, requires_grad=True)
    ad.where(condition, a, b).sum().backward()
    same(a.grad, [1, 1])
    same(b.grad, 2)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (2, 0)], ids=str)
@each_entry
def test_empty_and_0d_arrays(entry: Elementwise, shape: tuple[int, ...]) -> None:
    operands = operands_for(entry, rng(), shape)
    nodes = leaves(operands)
    y = apply(entry, *nodes)
    same(y.data, counterpart(entry)(*operands), rtol=1e-14)
    assert isinstance(y.data, np.ndarray)
    if not entry.differentiable:
        return
    y.backward(np.ones(shape))
    for i in floating(operands):
        assert isinstance(nodes[i].grad, np.ndarray)
        assert nodes[i].grad.shape == shape


@each_entry
def test_operands_in_any_memory_layout(entry: Elementwise) -> None:
    operands = operands_for(entry, rng(), (4, 6))
    nodes = leaves(operands)
    y = apply(entry, *nodes)
    gradients = pull(y, nodes)
    for arrange in (
        lambda x: x[::-1, ::-1].copy()[::-1, ::-1],
        np.asfortranarray,
        lambda x: np.repeat(x, 2, axis=1)[:, ::2],
    ):
        others = leaves([arrange(operand) for operand in operands])
        for node, operand in zip(others, operands, strict=True):
            node.data = arrange(operand)
            node.data.flags.writeable = False
        z = apply(entry, *others)
        same(z.data, y.data, rtol=1e-15)
        for a, b in zip(pull(z, others), gradients, strict=True):
            same(a, b, rtol=1e-14)


@each_entry
def test_operands_and_cotangent_are_not_written_to(entry: Elementwise) -> None:
    operands = operands_for(entry, rng(), SHAPE)
    nodes = leaves(operands)
    y = apply(entry, *nodes)
    if y.requires_grad:
        cotangent = weights(y.shape)
        pull(y, nodes, cotangent)
        same(cotangent, weights(y.shape))
    for node, operand in zip(nodes, operands, strict=True):
        same(node.data, operand)


@each_entry
def test_integers_flow_through_without_gradient(entry: Elementwise) -> None:
    low = np.array([[1, 1, 1], [1, 1, 1]])
    operands = [low + 2 * i for i in range(entry.arity)]
    with np.errstate(all="ignore"):
        expected = counterpart(entry)(*operands)
        y = apply(entry, *map(ad.Tensor, operands))
    assert not y.requires_grad
    same(y.data, expected, rtol=1e-14)


@pytest.mark.parametrize("entry", BINARY, ids=title)
def test_a_gradient_flows_to_the_floats_beside_integers(entry: Elementwise) -> None:
    x, _ = operands_for(entry, rng(), SHAPE)
    n = np.full(SHAPE, 3)
    leaf, whole = ad.Tensor(x, requires_grad=True), ad.Tensor(n)
    y = apply(entry, leaf, whole)
    assert y.requires_grad
    y.backward(np.ones(SHAPE))
    numeric = derivative(lambda x: counterpart(entry)(x, n), x)
    same(leaf.grad, numeric, rtol=1e-9, atol=1e-11)
    assert whole.grad is None


@each_differentiable
def test_numbers_may_stand_for_operands(entry: Elementwise) -> None:
    operands = operands_for(entry, rng(), (3,))
    for i in floating(operands):
        numbers = [operand[0].item() for operand in operands]
        x = ad.Tensor(operands[i], requires_grad=True)
        y = apply(entry, *moved(numbers, i, x))
        assert y.dtype == np.float64
        same(y.data, counterpart(entry)(*moved(numbers, i, x.data)), rtol=1e-14)
        single = ad.Tensor(operands[i], dtype=np.float32)
        assert apply(entry, *moved(numbers, i, single)).dtype == np.float32
