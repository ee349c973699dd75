"""Every elementwise entry of the table against NumPy and against finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends.arrays import arrays
from autodiff.ops import Elementwise
from tests.autodiff.reference import (
    derivative,
    differentiate,
    leaves,
    pull,
    same,
    weights,
)
from tests.autodiff.table.elementwise_samples import (
    CASES,
    ENTRIES,
    VARIANTS,
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


@pytest.mark.parametrize(("entry", "params"), [*CASES, *VARIANTS], ids=title)
def test_value_is_that_of_numpy(entry: Elementwise, params: dict[str, float]) -> None:
    operands = operands_for(entry, rng(), (4, 5))
    expected = counterpart(entry)(*operands, **params)
    found = apply(entry, *map(ad.Tensor, operands), **params)
    same(found.data, expected, rtol=1e-14, atol=1e-15)
    assert found.dtype == expected.dtype


@each_variant
def test_gradient_is_that_of_finite_differences(
    entry: Elementwise, params: dict[str, float]
) -> None:
    operands = operands_for(entry, rng(), SHAPE)
    nodes = leaves(operands)
    y = apply(entry, *nodes, **params)
    found = pull(y, nodes)
    for i in floating(operands):
        numeric = derivative(
            lambda x, i=i: counterpart(entry)(*moved(operands, i, x), **params), operands[i]
        )
        same(found[i], weights(SHAPE) * numeric, rtol=1e-9, atol=1e-11)


@each_variant
def test_second_derivative_is_that_of_finite_differences(
    entry: Elementwise, params: dict[str, float]
) -> None:
    operands = operands_for(entry, rng(), SHAPE)

    def first(values: list[Any], i: int) -> Any:
        nodes = leaves(values)
        return pull(apply(entry, *nodes, **params), nodes)[i]

    for i in floating(operands):
        nodes = leaves(operands)
        g = differentiate(apply(entry, *nodes, **params), nodes)[i]
        second = pull(g, nodes, np.ones(SHAPE))
        for j in floating(operands):
            numeric = derivative(lambda x, i=i, j=j: first(moved(operands, j, x), i), operands[j])
            same(second[j], numeric, rtol=1e-8, atol=1e-10)


@each_differentiable
def test_third_derivative_is_that_of_finite_differences(entry: Elementwise) -> None:
    arrays_given = operands_for(entry, rng(), ())
    operands = [operand.item() for operand in arrays_given]
    for i in floating(arrays_given):

        def f(x: Any, i: int = i) -> Any:
            return apply(entry, *moved(operands, i, x))

        x = operands[i]
        second = ad.grad(ad.grad(f))
        found = ad.grad(second)(x)
        same(found, derivative(second, x), rtol=1e-8, atol=1e-9)


@each_entry
def test_value_and_tensor_agree(entry: Elementwise) -> None:
    operands = operands_for(entry, rng(), (5,))
    nodes = leaves(operands)
    y = apply(entry, *nodes)
    gradients = pull(y, nodes, np.ones(y.shape, y.dtype))
    for k in range(5):
        scalars = [ad.Value(operand[k]) for operand in operands]
        z = apply(entry, *scalars)
        if not entry.differentiable:
            assert z == y.data[k]
            assert isinstance(z, (bool, int, float))
            continue
        assert isinstance(z, ad.Value)
        assert z.data == pytest.approx(y.data[k], rel=1e-14, abs=1e-300)
        z.backward()
        for i in floating(operands):
            assert scalars[i].grad == pytest.approx(gradients[i][k], rel=1e-13, abs=1e-15)


@each_differentiable
def test_second_derivative_of_values_and_tensors_agree(entry: Elementwise) -> None:
    operands = operands_for(entry, rng(), (4,))
    for i in floating(operands):
        nodes = leaves(operands)
        second = pull(differentiate(apply(entry, *nodes), nodes, np.ones(4))[i], nodes, np.ones(4))
        for k in range(4):
            scalars = [ad.Value(operand[k]) for operand in operands]
            apply(entry, *scalars).backward(create_graph=True)
            g = scalars[i].grad
            assert isinstance(g, ad.Value)
            for scalar in scalars:
                scalar.zero_grad()
            if g.requires_grad:
                g.backward()
            for j in floating(operands):
                found = scalars[j].grad or 0.0
                assert found == pytest.approx(second[j][k], rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("entry", [e for e in ENTRIES if not e.differentiable], ids=title)
def test_predicates_have_no_gradient(entry: Elementwise) -> None:
    operands = operands_for(entry, rng(), SHAPE)
    y = apply(entry, *leaves(operands))
    assert y.dtype == np.bool_
    assert not y.requires_grad
    assert y.op is None


@each_entry
def test_entry_is_described(entry: Elementwise) -> None:
    assert entry.doc.endswith(".")
    assert len(entry.partials) == entry.arity == len(entry.domains)
    names = [f"operand{i}" for i in range(entry.arity)]
    for template in (entry.notation.text, entry.notation.latex):
        written = template.format(*names)
        assert all(name in written for name in names)
        assert written.count("{") == written.count("}")
    assert len(entry.notation.operand_levels) == entry.arity
    if entry.ufunc is not None:
        assert callable(getattr(arrays, entry.ufunc))
