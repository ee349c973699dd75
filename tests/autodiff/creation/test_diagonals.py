"""Diagonals: NumPy's values, and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import check_multilinear, normal, same

X, CUBE = normal((3, 4), (2, 3, 4))


@pytest.mark.parametrize("name", ["diagonal", "trace"])
@pytest.mark.parametrize("offset", [0, 1, -2, 5])
def test_taken_out(name: str, offset: int) -> None:
    own, theirs = getattr(ad, name), getattr(np, name)
    check_multilinear(lambda x: own(x, offset), lambda x: theirs(x, offset), [X])
    options = {"axis1": -1, "axis2": 0}
    check_multilinear(
        lambda x: theirs(x, offset, **options), lambda x: theirs(x, offset, **options), [CUBE]
    )


@pytest.mark.parametrize("name", ["diag", "diagflat"])
@pytest.mark.parametrize("k", [0, 2, -1])
def test_put_in_or_taken_out(name: str, k: int) -> None:
    own, theirs = getattr(ad, name), getattr(np, name)
    for x in (X, X[0]):
        check_multilinear(lambda x: own(x, k), lambda x: theirs(x, k), [x])
        same(theirs(ad.Tensor(x), k=k).data, theirs(x, k=k))


@pytest.mark.parametrize("options", [{}, {"offset": 1}, {"offset": -2, "dim1": 0, "dim2": -2}])
def test_diag_embed_is_that_of_torch(options: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    check_multilinear(
        lambda x: ad.diag_embed(x, **options),
        lambda x: torch.diag_embed(torch.tensor(x), **options).numpy(),
        [CUBE],
    )


def test_gradients_of_gradients() -> None:
    for function in (
        lambda x: ad.square(ad.diagonal(x, 1)),
        lambda x: ad.square(ad.trace(x @ x.T)),
        lambda x: ad.square(ad.diag_embed(x, -1)),
    ):
        assert ad.gradcheck(function, X, order=2)


def test_triangles_and_types() -> None:
    for args in ((3,), (2, 4, 1), (4, 2, -1)):
        same(ad.tri(*args).data, np.tri(*args))
    assert ad.tri(2).dtype == ad.get_default_dtype()
    assert ad.tri(2, dtype=int).tolist() == [[1, 0], [1, 1]]
    assert ad.trace(np.eye(3, dtype=np.float32)).dtype == np.float32
    assert ad.trace(np.eye(3, dtype=np.float32), dtype=np.float64).dtype == np.float64
    assert ad.diagonal(np.zeros((0, 3))).shape == (0,)
    assert ad.diag(np.zeros(0)).shape == (0, 0)


def test_what_has_no_diagonal_is_refused() -> None:
    for call in (
        lambda: ad.diagonal([1.0]),
        lambda: ad.diag(CUBE),
        lambda: ad.diag_embed(1.0),
        lambda: ad.diagonal(CUBE, axis1=1, axis2=-2),
    ):
        with pytest.raises(ad.ShapeError):
            call()
