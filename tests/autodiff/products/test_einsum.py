"""Einstein sums: labels anywhere, ellipses, diagonals, repeated axes of length 1."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff as ad
from tests.autodiff.reference import check_multilinear, differentiate, leaves, normal, pull, same


def check(subscripts: str, *shapes: tuple[int, ...]) -> None:
    check_multilinear(
        lambda *x: ad.einsum(subscripts, *x), lambda *x: np.einsum(subscripts, *x), normal(*shapes)
    )


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("i->", [(3,)]),
        ("ij->", [(2, 3)]),
        ("ij->ij", [(2, 3)]),
        ("ij->ji", [(2, 3)]),
        ("ij", [(2, 3)]),
        ("ba", [(2, 3)]),
        ("ij,jk", [(2, 3), (3, 4)]),
        ("ij, jk -> ik", [(2, 3), (3, 4)]),
        ("ii->i", [(3, 3)]),
        ("ii", [(3, 3)]),
        ("iij->j", [(3, 3, 2)]),
        ("iji->ij", [(3, 2, 3)]),
        ("iii->i", [(3, 3, 3)]),
        ("ii,ij->j", [(3, 3), (3, 2)]),
        ("i,i,i->i", [(3,), (3,), (3,)]),
        ("i,j,k->ijk", [(2,), (3,), (4,)]),
        ("...ij,...jk->...ik", [(5, 2, 3), (5, 3, 4)]),
        ("...ij,...jk->...ik", [(5, 2, 3), (3, 4)]),
        ("...ij,...jk->...ik", [(5, 2, 3), (1, 3, 4)]),
        ("...i,...i", [(4, 2, 3), (3,)]),
        ("i...,i...->...", [(3, 2), (3, 4, 2)]),
        ("...->...", [(2, 3)]),
        ("...,->...", [(2, 3), ()]),
        ("ij,ij->ij", [(1, 3), (2, 3)]),
        ("ij,ij->", [(2, 3), (1, 3)]),
        ("ijk,il->i", [(1, 3, 4), (2, 5)]),
        ("ij,jk->ik", [(0, 3), (3, 2)]),
        ("ij,jk->ik", [(2, 0), (0, 3)]),
    ],
)
def test_einsum_and_its_gradients(subscripts: str, shapes: list[tuple[int, ...]]) -> None:
    check(subscripts, *shapes)


@st.composite
def contractions(draw: Any) -> tuple[str, list[tuple[int, ...]]]:
    """Up to three operands with labels drawn from four, and an output of some of them."""
    length = {label: draw(st.integers(1, 3)) for label in "abcd"}
    terms = draw(st.lists(st.lists(st.sampled_from("abcd"), max_size=3), min_size=1, max_size=3))
    known = sorted(set().union(*terms))
    output = draw(st.lists(st.sampled_from(known), unique=True)) if known else []
    shapes = [tuple(length[label] for label in term) for term in terms]
    return f"{','.join(map(''.join, terms))}->{''.join(output)}", shapes


@settings(max_examples=80)
@given(contractions())
def test_any_contraction(case: tuple[str, list[tuple[int, ...]]]) -> None:
    subscripts, shapes = case
    check(subscripts, *shapes)


def test_second_derivative_of_a_contraction() -> None:
    operands = normal((2, 3), (3, 4), (4,))
    nodes = leaves(operands)
    a, b, c = nodes
    y = ad.einsum("ij,jk,k->i", a, b, c)
    found = differentiate(y, nodes, np.ones(2))
    (g_c,) = pull(found[0].sum(), [c])
    # ∂/∂a of Σᵢ y is the row b·c, once for each of two rows.
    same(found[0].data, np.tile(operands[1] @ operands[2], (2, 1)))
    same(g_c, 2 * operands[1].sum(0))


@pytest.mark.parametrize(
    ("subscripts", "shapes", "message"),
    [
        ("ij,jk->ik", [(2, 3)], "given 1 operands for the 2 terms"),
        ("ij->ji", [(2,)], "term 'ij' .* does not fit an operand with 1 axes"),
        ("...ijk->...", [(2, 3)], "term .* does not fit an operand with 2 axes"),
        ("ij,jk->ik", [(2, 3), (4, 5)], "'einsum' was given shape .2, 3. and shape .4, 5."),
        ("ii->i", [(2, 3)], "label 'i' stands for lengths 2 and 3"),
        ("ij->ik", [(2, 3)], "'einsum' was given"),
    ],
)
def test_what_does_not_fit_is_named(
    subscripts: str, shapes: list[tuple[int, ...]], message: str
) -> None:
    with pytest.raises(ad.ShapeError, match=message):
        ad.einsum(subscripts, *normal(*shapes))


@pytest.mark.parametrize(
    "arguments",
    [
        ([0, 1], [1, 2], [0, 2]),
        ([0, 1], [1, 2]),
        ([1, 0], [0, 2]),
        ([..., 1], [1, 0], [..., 0]),
        ([3, 51], [51, 3], []),
    ],
)
def test_labels_as_numbers(arguments: Any) -> None:
    first, second, *output = arguments
    shapes = {0: 2, 1: 3, 2: 4, 3: 5, 51: 6, ...: 2}
    operands = normal(*(tuple(shapes[one] for one in labels) for labels in (first, second)))
    a, b = (ad.Tensor(x, requires_grad=True) for x in operands)
    expected = np.einsum(operands[0], first, operands[1], second, *output)
    for run in (ad.einsum, np.einsum):
        found = run(a, first, b, second, *output)
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-14)
        assert found.requires_grad
    path = ad.einsum_path(a, first, b, second, *output)
    assert path[0] == np.einsum_path(operands[0], first, operands[1], second, *output)[0]
    with pytest.raises(TypeError, match="give a list of numbers from 0 to 51"):
        ad.einsum(a, [0, 52], b, [1, -1])


@pytest.mark.parametrize("optimize", [True, "greedy", "optimal", ["einsum_path", (0, 2), (0, 1)]])
def test_operands_taken_in_another_order(optimize: Any) -> None:
    operands = normal((3, 4), (4, 6), (1, 3))
    tensors = [ad.Tensor(x, requires_grad=True) for x in operands]
    for subscripts in ("ij,jk,li->kl", "ij,jk,li", "ij,jk,li->", "ij,jk,li->ijkl"):
        plain = ad.einsum(subscripts, *tensors)
        gradients = differentiate(plain, tensors)
        found = np.einsum(subscripts, *tensors, optimize=optimize)
        same(found, np.einsum(subscripts, *operands), 1e-12, 1e-13)
        for g, expected in zip(differentiate(found, tensors), gradients, strict=True):
            same(g, expected, 1e-12, 1e-13)
    two = ad.einsum("ij,jk->ik", *tensors[:2], optimize=True)
    same(two, operands[0] @ operands[1], 1e-13)
