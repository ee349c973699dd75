"""Slices, diagonals and places written to, combined and laid out: against NumPy and PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.compositions import check_composition
from tests.autodiff.reference import normal

I = np.array([2, 0, 2])  # noqa: E741


def written(index: Any) -> Callable[..., Any]:
    def write(x: Any, v: Any) -> Any:
        y = np.array(x)
        y[index] = v
        return y

    return write


def diagonal_written(x: Any, v: Any) -> Any:
    y = np.array(x)
    np.einsum("iji->ji", y)[...] = v
    return y


Case = tuple[Callable[..., Any], Callable[..., Any], list[tuple[int, ...]]]
CASES: dict[str, Case] = {
    "narrow": (
        lambda x: ad.narrow(x, -1, -3, 2),
        lambda x: np.asarray(x)[:, 1:3],
        [(3, 4)],
    ),
    "select_scatter": (
        lambda x, v: ad.select_scatter(x, v, -1, -1),
        written((slice(None), -1)),
        [(3, 4), (3,)],
    ),
    "slice_scatter": (
        lambda x, v: ad.slice_scatter(x, v, 1, 0, None, 2),
        written((slice(None), slice(None, None, 2))),
        [(3, 4), (3, 2)],
    ),
    "diagonal_scatter": (
        lambda x, v: ad.diagonal_scatter(x, v, 0, 2, 0),
        diagonal_written,
        [(3, 2, 3), (2, 3)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_as_numpy_in_every_mode(name: str) -> None:
    ours, theirs, shapes = CASES[name]
    check_composition(ours, theirs, normal(*shapes))


def test_functional_updates_that_combine() -> None:
    x = ad.Tensor([[4.0, 1.0], [2.0, 8.0]], requires_grad=True)
    assert x.at[0].max([2.0, 3.0]).tolist() == [[4.0, 3.0], [2.0, 8.0]]
    assert x.at[:, 1].min(5.0).tolist() == [[4.0, 1.0], [2.0, 5.0]]
    assert x.at[[0, 0], 1].max([5.0, 3.0]).tolist() == [[4.0, 5.0], [2.0, 8.0]]
    assert x.at[1].divide(2.0).tolist() == [[4.0, 1.0], [1.0, 4.0]]
    assert x.at[0, 0].subtract(1).tolist() == [[3.0, 1.0], [2.0, 8.0]]
    assert x.at[[0, 0], 0].subtract([1.0, 2.0]).tolist() == [[1.0, 1.0], [2.0, 8.0]]
    x.at[0].max([2.0, 3.0]).backward(np.ones((2, 2)))
    assert x.grad.tolist() == [[1.0, 0.0], [1.0, 1.0]]


@pytest.mark.filterwarnings("ignore:index_reduce")
@pytest.mark.parametrize("how", ["prod", "mean", "amax", "amin"])
@pytest.mark.parametrize("include_self", [True, False])
def test_index_reduce_as_the_reference(how: str, include_self: bool) -> None:
    torch = pytest.importorskip("torch")
    for dim, shape in ((0, (3, 4)), (1, (4, 3))):
        x, v = normal(shape, shape)
        expected = torch.tensor(x).index_reduce(
            dim, torch.tensor(I), torch.tensor(v), how, include_self=include_self
        )
        found = ad.index_reduce(x, dim, I, v, how, include_self=include_self)
        np.testing.assert_allclose(found.data, expected.numpy(), rtol=1e-13)
        check = ad.gradcheck(
            lambda x, v, dim=dim: ad.index_reduce(x, dim, I, v, how, include_self=include_self),
            x,
            v,
            order=2,
        )
        assert check.passed
    scalar = ad.index_reduce(2.0, 0, [0], 3.0, how, include_self=True)
    assert scalar.tolist() == {"prod": 6.0, "mean": 2.5, "amax": 3.0, "amin": 2.0}[how]


def test_grids_as_numpy() -> None:
    for shape in ((2, 3), (4,), (), (0, 2)):
        np.testing.assert_array_equal(ad.indices(shape).data, np.indices(shape))
    for found, expected in zip(
        ad.indices((2, 3), "float32", sparse=True),
        np.indices((2, 3), np.float32, sparse=True),
        strict=True,
    ):
        np.testing.assert_array_equal(found.data, expected)
        assert found.dtype == np.float32
    given: tuple[Any, ...] = ([1, 0], [True, False, True], ad.Tensor([3]), [])
    plain = [np.asarray(x.data) if isinstance(x, ad.Tensor) else x for x in given]
    for found, expected in zip(ad.ix_(*given), np.ix_(*plain), strict=True):
        np.testing.assert_array_equal(found.data, expected)
        assert found.dtype == expected.dtype
    assert ad.ix_() == ()
    x = ad.Tensor(np.arange(12.0).reshape(3, 4), requires_grad=True)
    assert x[ad.ix_([2, 0], [1, 3])].tolist() == [[9.0, 11.0], [1.0, 3.0]]


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: ad.narrow([1.0, 2.0], 0, 1, 2), ad.ShapeError, "which has 2"),
        (lambda: ad.select_scatter([1.0], 2.0, 0, 3), IndexError, "out of bounds"),
        (lambda: ad.slice_scatter([1.0, 2.0], [1.0, 2.0, 3.0]), ad.ShapeError, "cannot put"),
        (lambda: ad.diagonal_scatter([1.0], 2.0), ad.ShapeError, "at least two axes"),
        (lambda: ad.index_reduce([1.0], 0, [0], [[1.0]], "prod"), ad.ShapeError, r"give \(1,\)"),
        (lambda: ad.index_reduce([1.0], 0, [0], [1.0], "max"), ValueError, "'amax'"),
        (lambda: ad.ix_([[1]]), ad.ShapeError, "along one axis"),
    ],
)
def test_what_cannot_be_done(call: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        call()
