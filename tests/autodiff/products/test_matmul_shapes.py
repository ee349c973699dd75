"""Matrix products of every combination of shapes that NumPy accepts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autodiff as ad
from tests.autodiff.reference import check_multilinear, differentiate, gradient, leaves, normal

few = settings(max_examples=60)

matrices = hnp.mutually_broadcastable_shapes(
    signature="(n?,k),(k,m?)->(n?,m?)", max_dims=3, min_side=0, max_side=3
)


@few
@given(matrices)
def test_matmul_of_any_shapes(shapes: Any) -> None:
    check_multilinear(ad.matmul, np.matmul, normal(*shapes.input_shapes))


@pytest.mark.parametrize(
    "shapes",
    [
        ((3,), (3,)),
        ((0,), (0,)),
        ((2, 3), (3,)),
        ((3,), (3, 2)),
        ((3,), (4, 3, 2)),
        ((4, 2, 3), (3,)),
        ((4, 2, 3), (3, 5)),
        ((2, 3), (4, 3, 5)),
        ((2, 1, 2, 3), (4, 3, 5)),
        ((1, 2, 3), (4, 3, 5)),
        ((4, 2, 3), (1, 3, 5)),
        ((0, 2, 3), (3, 5)),
        ((2, 0), (0, 3)),
        ((2, 3, 0), (0, 4)),
        ((2, 3, 4), (4, 0)),
    ],
    ids=str,
)
def test_matmul_and_its_second_derivative(shapes: tuple[tuple[int, ...], ...]) -> None:
    operands = normal(*shapes)
    check_multilinear(ad.matmul, np.matmul, operands)
    nodes = leaves(operands)
    first, second = differentiate(ad.matmul(*nodes), nodes)
    (first.sum() * 2 + (second * second).sum()).backward()

    def reference(*values: Any) -> Any:
        inner = leaves(values)
        a, b = differentiate(ad.matmul(*inner), inner)
        return a.data.sum() * 2 + (b.data**2).sum()

    for i, node in enumerate(nodes):
        expected = gradient(reference, operands, i)
        found = np.zeros_like(operands[i]) if node.grad is None else node.grad
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8)


def test_matmul_operator_takes_arrays_on_either_side() -> None:
    a, b = normal((2, 3), (3, 2))
    x = ad.Tensor(b, requires_grad=True)
    y = a @ x
    assert isinstance(y, ad.Tensor)
    y.sum().backward()
    np.testing.assert_allclose(x.grad, a.T @ np.ones((2, 2)))
    z = ad.Tensor(a, requires_grad=True) @ b
    assert isinstance(z, ad.Tensor)
    assert z.requires_grad


def test_float32_products_stay_float32() -> None:
    a, b = (x.astype(np.float32) for x in normal((4, 2, 3), (3, 5)))
    x, y = ad.Tensor(a, requires_grad=True), ad.Tensor(b, requires_grad=True)
    z = x @ y
    z.sum().backward()
    assert z.dtype == x.grad.dtype == y.grad.dtype == np.float32


@pytest.mark.parametrize(
    "shapes", [((2, 3), (2, 3)), ((3,), (4,)), ((2, 3), (4,)), ((), (3,)), ((2, 2, 3), (4, 3, 2))]
)
def test_shapes_that_do_not_fit_are_named(shapes: tuple[tuple[int, ...], ...]) -> None:
    a, b = (ad.Tensor(x, name=name) for x, name in zip(normal(*shapes), "ab", strict=True))
    with pytest.raises(ad.ShapeError) as caught:
        a @ b
    message = str(caught.value)
    assert "'matmul' was given" in message
    assert f"'a' of shape {shapes[0]}" in message
    assert f"'b' of shape {shapes[1]}" in message


@few
@given(st.integers(0, 4), st.booleans())
def test_dot_is_the_inner_product(n: int, biased: bool) -> None:
    a, b, bias = normal((n,), (n,), ())
    if biased:
        check_multilinear(lambda x, y: ad.dot(x, y, bias=float(bias)) - float(bias), np.dot, [a, b])
    else:
        check_multilinear(ad.dot, np.dot, [a, b])
