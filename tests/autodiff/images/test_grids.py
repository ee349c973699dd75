"""Sampling at positions, unpooling and shuffles: PyTorch's results, gradients, refusals."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.images.test_pooling import compare, normal
from tests.autodiff.reference import leaves, pull, same, weights

SETTINGS = list(product(("zeros", "border", "reflection"), (False, True)))


@pytest.mark.parametrize(("padding", "align"), SETTINGS)
@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
def test_sampling_is_that_of_torch(mode: str, padding: str, align: bool) -> None:
    torch = pytest.importorskip("torch")
    cases: list[Any] = [((2, 3, 4, 5), (2, 3, 7, 2)), ((1, 2, 1, 3), (1, 4, 2, 2))]
    if mode != "bicubic":
        cases.append(((2, 2, 3, 4, 2), (2, 2, 3, 2, 3)))
    for shape, places in cases:
        operands = [normal(shape), 1.5 * normal(places, 2)]
        nodes = leaves(operands)
        y = ad.grid_sample(*nodes, mode, padding, align)
        theirs = [torch.tensor(a, requires_grad=True) for a in operands]
        z = torch.nn.functional.grid_sample(*theirs, mode, padding, align)
        same(y.data, z.detach().numpy(), rtol=1e-11, atol=1e-12)
        z.backward(torch.tensor(weights(y.shape)))
        for g, t in zip(pull(y, nodes), theirs, strict=True):
            same(g, t.grad.numpy(), rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize("align", [False, True])
def test_affine_grids_are_those_of_torch(align: bool) -> None:
    for theta, size in [((2, 2, 3), (2, 1, 4, 5)), ((1, 3, 4), (1, 2, 3, 2, 4))]:
        compare("affine_grid", normal(theta), size, align_corners=align)


def test_sampling_where_the_elements_are_gives_them_back() -> None:
    x = normal((1, 2, 4, 5))
    identity = np.eye(3)[None, :2]
    for mode, align in product(("bilinear", "nearest", "bicubic"), (False, True)):
        grid = ad.affine_grid(identity, x.shape, align)
        same(ad.grid_sample(x, grid, mode, align_corners=align).data, x, rtol=1e-12, atol=1e-13)


def test_second_derivatives_of_sampling() -> None:
    x, grid = normal((1, 1, 3, 3)), 0.6 * normal((1, 1, 2, 2), 4)
    for mode in ("bilinear", "bicubic"):
        assert ad.gradcheck(lambda a, b, m=mode: ad.grid_sample(a, b, m), x, grid, order=2)


def test_a_position_that_is_not_a_number_gives_nan() -> None:
    y = ad.grid_sample(np.ones((1, 1, 2, 2)), np.array([[[[np.nan, 0.0], [0.0, 0.0]]]]))
    same(y.data, [[[[np.nan, 1.0]]]])


def test_an_infinity_outside_of_what_is_sampled_does_not_matter() -> None:
    x = np.array([[[[np.inf, 1.0, 2.0]]]])
    y = ad.grid_sample(x, np.array([[[[3.0, 0.0], [2 / 3, 0.0]]]]))
    same(y.data, [[[[0.0, 2.0]]]], rtol=1e-12)


def test_dtypes_are_kept() -> None:
    x, grid = leaves([normal((1, 1, 3, 3)).astype(np.float32), normal((1, 2, 2, 2)).astype("f4")])
    y = ad.grid_sample(x, grid)
    assert y.dtype == np.float32
    assert all(g.dtype == np.float32 for g in pull(y, [x, grid]))
    assert ad.affine_grid(np.ones((1, 2, 3), np.float32), (1, 1, 2, 2)).dtype == np.float32


@pytest.mark.parametrize("n", [1, 2, 3])
def test_unpooling_is_that_of_torch(n: int) -> None:
    torch = pytest.importorskip("torch")
    pool = getattr(torch.nn.functional, f"max_pool{n}d")
    unpool = getattr(torch.nn.functional, f"max_unpool{n}d")
    for shape, given in [((2, 2, 7, 6, 5), True), ((2, 2, 4, 6, 2), False), ((2, 7, 6, 5), True)]:
        x = normal(shape[: n + len(shape) - 3])
        pooled, places = pool(torch.tensor(x), 2, return_indices=True)
        size = x.shape[-n:] if given else None
        z = unpool(pooled, places, 2, output_size=size)
        y = getattr(ad, f"max_unpool{n}d")(pooled.numpy(), places.numpy(), 2, output_size=size)
        same(y.data, z.numpy())
        assert y.shape == x.shape


def test_unpooling_puts_back_what_was_pooled() -> None:
    x = np.arange(1.0, 17.0).reshape(1, 4, 4)
    y, places = ad.max_pool2d(x, 2, return_indices=True)
    expected = np.where(np.isin(x, y.data), x, 0.0)
    same(ad.max_unpool2d(y, places, 2).data, expected)
    assert ad.gradcheck(lambda v: ad.max_unpool2d(v, places, 2), y.data)


def test_shuffles_are_those_of_torch() -> None:
    compare("pixel_shuffle", normal((2, 12, 3, 2)), 2)
    compare("pixel_shuffle", normal((9, 1, 2)), 3)
    compare("pixel_unshuffle", normal((2, 3, 4, 6)), 2)
    torch = pytest.importorskip("torch")
    x = normal((2, 6, 3, 2))
    theirs = torch.nn.functional.channel_shuffle(torch.tensor(x), 3)
    same(ad.channel_shuffle(x, 3).data, theirs.numpy())


def test_shuffles_are_each_others_inverse() -> None:
    x = normal((2, 8, 3, 2))
    same(ad.pixel_unshuffle(ad.pixel_shuffle(x, 2), 2).data, x)
    same(ad.channel_shuffle(ad.channel_shuffle(x, 2), 4).data, x)
    assert ad.channel_shuffle(np.arange(6.0)[None], 3).tolist() == [[0.0, 2.0, 4.0, 1.0, 3.0, 5.0]]
    assert ad.gradcheck(lambda v: ad.channel_shuffle(ad.pixel_shuffle(v, 2), 2), x)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: ad.grid_sample(x, x), ad.ShapeError, r"give \(N, C, H, W\) and"),
        (lambda x: ad.grid_sample(x, x[:, :1, :, :2], "cubic"), ValueError, "not 'cubic'"),
        (lambda x: ad.grid_sample(x, x[..., :2], "nearest", "wrap"), ValueError, "not 'wrap'"),
        (lambda x: ad.grid_sample(x[:, :, :0], x[..., :2]), ad.ShapeError, "nothing to sample"),
        (lambda x: ad.affine_grid(x[0], (1, 1, 4, 4)), ad.ShapeError, r"\(N, 2, 3\) for a size"),
        (lambda x: ad.max_unpool2d(x, x, 2), ad.ShapeError, "dtype float64; give the integers"),
        (
            lambda x: ad.max_unpool2d(x, np.zeros(x.shape, int), 2, output_size=(3,)),
            ValueError,
            r"output_size=\(3,\)",
        ),
        (lambda x: ad.pixel_shuffle(x, 2), ad.ShapeError, "must be a multiple of 4"),
        (lambda x: ad.pixel_shuffle(x[0, 0], 1), ad.ShapeError, "at least 3 axes"),
        (lambda x: ad.pixel_unshuffle(x, 2), ad.ShapeError, "must be multiples of 2"),
        (lambda x: ad.channel_shuffle(x, 0), ValueError, "groups=0"),
        (lambda x: ad.channel_shuffle(x, 4), ad.ShapeError, "a multiple of 4"),
    ],
)
def test_what_does_not_fit_is_explained(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call(normal((1, 2, 5, 5)))
