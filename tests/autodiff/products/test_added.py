"""Products added to a tensor, and what lies between two: against NumPy, in every mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.compositions import check_composition
from tests.autodiff.reference import normal

Case = tuple[Callable[..., Any], Callable[..., Any], list[tuple[int, ...]]]

CASES: dict[str, Case] = {
    "addmm": (
        lambda x, a, b: ad.addmm(x, a, b, beta=0.5, alpha=2.0),
        lambda x, a, b: 0.5 * x + 2.0 * (a @ b),
        [(3,), (2, 4), (4, 3)],
    ),
    "addmv": (ad.addmv, lambda x, a, b: x + a @ b, [(2,), (2, 4), (4,)]),
    "addr": (ad.addr, lambda x, a, b: x + np.outer(a, b), [(2, 1), (2,), (3,)]),
    "addbmm": (ad.addbmm, lambda x, a, b: x + (a @ b).sum(0), [(2, 3), (4, 2, 2), (4, 2, 3)]),
    "baddbmm": (ad.baddbmm, lambda x, a, b: x + a @ b, [(2, 3), (4, 2, 2), (4, 2, 3)]),
    "addcmul": (
        lambda x, a, b: ad.addcmul(x, a, b, value=0.5),
        lambda x, a, b: x + 0.5 * a * b,
        [(3,), (2, 1), (2, 3)],
    ),
    "addcdiv": (
        lambda x, a, b: ad.addcdiv(x, a, ad.exp(b)),
        lambda x, a, b: x + a / np.exp(b),
        [(3,), (2, 1), (2, 3)],
    ),
    "lerp": (ad.lerp, lambda a, b, w: a + w * (b - a), [(2, 3), (3,), (2, 1)]),
    "bilinear": (
        ad.bilinear,
        lambda x, y, w, b: np.einsum("ni,kij,nj->nk", x, w, y) + b,
        [(2, 3), (2, 4), (5, 3, 4), (5,)],
    ),
    "rsqrt": (lambda x: ad.rsqrt(ad.exp(x)), lambda x: np.exp(-np.asarray(x) / 2), [(2, 3)]),
    "empty": (ad.addmm, lambda x, a, b: x + a @ b, [(3,), (2, 0), (0, 3)]),
}


@pytest.mark.parametrize("name", CASES)
def test_as_numpy_in_every_mode(name: str) -> None:
    ours, theirs, shapes = CASES[name]
    check_composition(ours, theirs, normal(*shapes))


def test_complex() -> None:
    x, a, b = (p + 1j * p[::-1] for p in normal((2, 2), (2, 2), (2, 2)))
    np.testing.assert_allclose(ad.addmm(x, a, b, alpha=1j).data, x + 1j * (a @ b))
    assert ad.gradcheck(ad.addmm, x, a, b, order=2).passed
    assert ad.gradcheck(ad.lerp, x, a, b).passed


def test_what_is_left_out_is_not_read() -> None:
    assert ad.addmm(np.nan, [[2.0]], [[3.0]], beta=0).tolist() == [[6.0]]


def test_ends_are_exact() -> None:
    a, b = normal((50,), (50,))
    assert ad.lerp(a, b, 1.0).tolist() == b.tolist()
    assert ad.lerp(a, b, 0.0).tolist() == a.tolist()
    assert isinstance(ad.rsqrt(ad.Value(4.0)), ad.Value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ad.addmm(0.0, np.ones(2), np.ones((2, 2))), "give 2 and 2 axes"),
        (lambda: ad.addmv(np.ones(3), np.ones((2, 2)), np.ones(2)), r"cannot add shape \(3,\)"),
        (lambda: ad.addr(np.ones((5, 2, 2)), np.ones(2), np.ones(2)), "broadcasts to it"),
        (lambda: ad.bilinear(np.ones(2), np.ones(3), np.ones((4, 3, 2))), r"\(k, n, m\)"),
    ],
)
def test_shapes_that_do_not_fit(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(ad.ShapeError, match=said):
        call()
