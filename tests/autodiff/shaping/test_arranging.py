"""Tensors assembled, cut and turned: NumPy's shapes and values, and gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import check_multilinear, leaves, normal, pull, same, weights

X, Y, CUBE, ROW = normal((2, 3), (2, 3), (2, 3, 4), (3,))
NUMBER = np.array(2.5)
JOINS: list[tuple[str, list[Any]]] = [
    (name, operands)
    for name in ("hstack", "vstack", "dstack", "column_stack")
    for operands in ([X, Y], [ROW, 2 * ROW], [CUBE, CUBE + 1])
    if name != "vstack" or operands[0] is not CUBE
]


def check_linear(function: Callable[..., Any], operands: list[Any]) -> None:
    """Values as NumPy's; gradients against differences, which are exact for what is linear."""
    nodes = leaves(operands)
    y, plain = function(*nodes), function(*operands)
    same(y.data, plain)
    for i, g in enumerate(pull(y, nodes)):
        (u,) = normal(operands[i].shape, seed=i)
        moved = [x + u if i == k else x for k, x in enumerate(operands)]
        change = np.sum(weights(y.shape) * (function(*moved) - plain))
        same(np.sum(g * u), change, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("name", "operands"), JOINS)
def test_side_by_side(name: str, operands: list[Any]) -> None:
    theirs = getattr(np, name)
    check_linear(lambda *x: theirs(x), operands)


def test_numbers_side_by_side() -> None:
    for name in ("hstack", "vstack", "dstack", "column_stack"):
        same(getattr(ad, name)([1.0, 2.0]).data, getattr(np, name)([1.0, 2.0]))
        with pytest.raises(ad.ShapeError, match="at least one tensor"):
            getattr(ad, name)([])
    assert ad.hstack([X, Y], dtype=np.float32).dtype == np.float32


def test_blocks() -> None:
    nested: list[Callable[..., Any]] = [
        lambda a, b, c: [[a, b], [b, a]],
        lambda a, b, c: [[a, b], [c, c]],
        lambda a, b, c: [a, b, a],
        lambda a, b, c: a,
        lambda a, b, c: [[[a]], [[b]]],
    ]
    for nest in nested:
        check_linear(lambda *x, nest=nest: np.block(nest(*x)), [X, Y, ROW])
    same(ad.block([1.0, 2.0]).data, [1.0, 2.0])
    w = ad.Value(3.0)
    matrix = ad.block([[w, 1.0], [0.0, w]])
    assert matrix.tolist() == [[3.0, 1.0], [0.0, 3.0]]
    ad.trace(matrix).backward()
    assert w.grad == 2.0


def test_blocks_that_do_not_fit() -> None:
    with pytest.raises(ad.ShapeError, match="not nested equally deep"):
        ad.block([X, [Y]])
    with pytest.raises(ad.ShapeError, match="an empty list"):
        ad.block([[X], []])
    with pytest.raises(TypeError, match="only lists are nested"):
        ad.block([(X, Y)])


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("array_split", (3, 2)),
        ("array_split", (3, -1)),
        ("array_split", ([1, 3], 2)),
        ("array_split", (5, 0)),
        ("vsplit", (2,)),
        ("hsplit", ([1],)),
        ("hsplit", (3,)),
        ("dsplit", (np.array([1, 3]),)),
    ],
)
def test_pieces(name: str, args: Any) -> None:
    own, theirs = getattr(ad, name), getattr(np, name)
    (x,) = leaves([CUBE])
    for own_piece, numpy_piece, plain in zip(
        own(x, *args), theirs(x, *args), theirs(CUBE, *args), strict=True
    ):
        same(own_piece.data, plain)
        same(numpy_piece.data, plain)
    assert ad.gradcheck(lambda x: ad.square(own(x, *args)[0]), CUBE, order=2)


def test_what_cannot_be_cut() -> None:
    assert [p.tolist() for p in ad.hsplit([1.0, 2.0], 2)] == [[1.0], [2.0]]
    for call, message in [
        (lambda: ad.vsplit([1.0, 2.0], 2), "at least 2 axes"),
        (lambda: ad.dsplit(X, 2), "at least 3 axes"),
        (lambda: ad.array_split(X, 0), "at least 1"),
        (lambda: ad.hsplit(X, 2), "equal pieces"),
    ]:
        with pytest.raises(ad.ShapeError, match=message):
            call()


@pytest.mark.parametrize("name", ["atleast_1d", "atleast_2d", "atleast_3d"])
def test_new_axes(name: str) -> None:
    theirs = getattr(np, name)
    for x in (NUMBER, ROW, X, CUBE, np.zeros((1, 2, 3, 4))):
        check_multilinear(lambda x: theirs(x), lambda x: theirs(x), [x])
    both = theirs(ad.Tensor(NUMBER), X)
    assert isinstance(both, tuple)
    assert [b.shape for b in both] == [b.shape for b in theirs(NUMBER, X)]


TURNS: dict[str, tuple[Callable[..., Any], Any]] = {
    **{f"rot90 {k}": (lambda x, k=k: np.rot90(x, k), X) for k in (-1, 0, 1, 2, 3, 5)},
    "rot90 in a plane": (lambda x: np.rot90(x, 3, axes=(2, 0)), CUBE),
    "flipud": (lambda x: np.flipud(x), CUBE),
    "fliplr": (lambda x: np.fliplr(x), CUBE),
    "rollaxis": (lambda x: np.rollaxis(x, 2), CUBE),
    "rollaxis forwards": (lambda x: np.rollaxis(x, 0, 3), CUBE),
    "rollaxis by one": (lambda x: np.rollaxis(x, -2, start=-1), CUBE),
    "rollaxis to itself": (lambda x: np.rollaxis(x, 1, 1), CUBE),
}


@pytest.mark.parametrize("name", TURNS)
def test_turns(name: str) -> None:
    function, x = TURNS[name]
    check_multilinear(function, function, [x])


def test_axes_divided() -> None:
    check_multilinear(
        lambda x: ad.unflatten(x, -1, (2, -1)), lambda x: x.reshape(2, 3, 2, 2), [CUBE]
    )
    for sizes in ((2, 3), (-1, 3), (-1, -1), ()):
        with pytest.raises(ad.ShapeError, match="their product must be that length"):
            ad.unflatten(CUBE, 2, sizes)
    with pytest.raises(ad.ShapeError, match="two different ones"):
        ad.rot90(X, axes=(0, -2))


@pytest.mark.parametrize("options", [{}, {"N": 5}, {"N": 2, "increasing": True}, {"N": 0}])
def test_powers(options: dict[str, Any]) -> None:
    same(np.vander(ad.Tensor(ROW), **options).data, np.vander(ROW, **options), rtol=1e-13)
    assert ad.vander(np.array([1, 2, 3]), **options).dtype == int
    if options.get("N") != 0:
        assert ad.gradcheck(lambda x: ad.vander(x, **options), ROW, order=2)


def test_powers_of_zero_have_exact_derivatives() -> None:
    (x,) = leaves([np.zeros(1)])
    y = ad.vander(x, 4, increasing=True)
    assert y.tolist() == [[1.0, 0.0, 0.0, 0.0]]
    same(pull(y, [x], np.array([[7.0, 5.0, 3.0, 2.0]]))[0], [5.0])
