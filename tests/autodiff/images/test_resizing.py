"""Resizing and pooling to a size: PyTorch's results, every mode, and what is refused."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends.images import resampling
from tests.autodiff.images.test_pooling import SHAPES, compare, normal
from tests.autodiff.reference import leaves, pull, same

SIZES = {1: [4, 9, 20], 2: [(3, 13), 7, (1, 6), (11, 4)], 3: [(2, 9, 4), 5]}
SMOOTH = [(1, "linear"), (2, "bilinear"), (3, "trilinear"), (2, "bicubic")]


@pytest.mark.parametrize("short", [0, 64])
@pytest.mark.parametrize(("n", "mode"), SMOOTH)
def test_smooth_modes_are_those_of_torch(
    n: int, mode: str, short: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As products with a matrix and element by element."""
    monkeypatch.setattr(resampling, "_SHORT", short)
    x = normal(SHAPES[n])
    for size, align in product(SIZES[n], (False, True, None)):
        compare("interpolate", x, size=size, mode=mode, align_corners=align)
    for scale, align, again in product((2, 0.6, 1.7), (False, True), (None, True)):
        compare(
            "interpolate",
            x,
            scale_factor=scale,
            mode=mode,
            align_corners=align,
            recompute_scale_factor=again,
        )


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "area"])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_coarse_modes_are_those_of_torch(n: int, mode: str) -> None:
    x = normal(SHAPES[n])
    for size in SIZES[n]:
        compare("interpolate", x, size=size, mode=mode)
    for scale in (2, 0.6, 1.7):
        compare("interpolate", x, scale_factor=scale, mode=mode)


@pytest.mark.parametrize("length", [3, 10, 25])
def test_nearest_rounds_as_torch_does_everywhere(length: int) -> None:
    for count in range(1, 64):
        compare("interpolate", normal((1, 1, length)), size=count, mode="nearest")
        compare("interpolate", normal((1, 1, length)), size=count, mode="nearest-exact")


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
def test_antialiased_modes_are_those_of_torch(mode: str) -> None:
    for size in [(3, 4), (3, 13), (14, 2), (1, 1)]:
        compare("interpolate", normal(SHAPES[2]), size=size, mode=mode, antialias=True)
    compare("interpolate", normal((1, 1, 17, 9)), scale_factor=0.4, mode=mode, antialias=True)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_adaptive_pools_are_those_of_torch(n: int) -> None:
    torch = pytest.importorskip("torch")
    for shape in (SHAPES[n], SHAPES[n][1:]):
        x = normal(shape)
        for size in (1, 3, (4, None, 2)[:n], (9, 7, 5)[:n]):
            if n == 1:
                size = size if isinstance(size, int) else size[0]
            compare(f"adaptive_avg_pool{n}d", x, size)
            compare(f"adaptive_max_pool{n}d", x, size)
            _, places = getattr(ad, f"adaptive_max_pool{n}d")(x, size, return_indices=True)
            theirs = getattr(torch.nn.functional, f"adaptive_max_pool{n}d")(
                torch.tensor(x), size, return_indices=True
            )
            same(places.data, theirs[1].numpy())


@pytest.mark.parametrize("p", [1, 2, 3.5, 4])
def test_power_pools_are_those_of_torch(p: float) -> None:
    for n in (1, 2, 3):
        x = np.abs(normal(SHAPES[n])) + 0.1
        compare(f"lp_pool{n}d", x, p, 2)
        compare(f"lp_pool{n}d", x, p, 3, 2, True)


def test_the_norm_of_a_window_of_zeros_has_gradient_zero() -> None:
    (x,) = leaves([np.array([[0.0, 0.0, 3.0, 4.0]])])
    y = ad.lp_pool1d(x, 2, 2)
    assert y.tolist() == [[0.0, 5.0]]
    same(pull(y, [x], np.ones((1, 2)))[0], [[0.0, 0.0, 0.6, 0.8]], rtol=1e-12)


def test_an_infinity_stays_with_its_neighbours() -> None:
    x = np.array([[[1.0, 2.0, np.inf, 4.0, 5.0, 6.0]]])
    y = ad.interpolate(x, 12, mode="linear").data[0, 0]
    assert np.isfinite(y[:3]).all()
    assert np.isfinite(y[-4:]).all()
    assert np.isinf(ad.adaptive_avg_pool1d(x, 3).data).tolist() == [[[False, True, False]]]


def test_equal_largest_elements_of_unequal_windows_share() -> None:
    (x,) = leaves([np.ones((1, 5))])
    y = ad.adaptive_max_pool1d(x, 3)
    same(pull(y, [x], np.array([[6.0, 12.0, 24.0]]))[0], [[3.0, 7.0, 4.0, 16.0, 12.0]], rtol=1e-14)


def test_second_order_and_dtypes() -> None:
    x = normal((1, 1, 4, 5))
    for mode in ("bilinear", "bicubic", "nearest", "area"):
        assert ad.gradcheck(lambda v, m=mode: ad.interpolate(v, (7, 3), mode=m) ** 2, x, order=2)
        for dtype in (np.float16, np.float32):
            (leaf,) = leaves([x.astype(dtype)])
            y = ad.interpolate(leaf, (3, 8), mode=mode)
            assert y.dtype == dtype
            assert pull(y, [leaf])[0].dtype == dtype


def test_whole_numbers_are_repeated_and_not_mixed() -> None:
    y = ad.interpolate(np.array([[[1, 2]]]), 4)
    assert y.tolist() == [[[1, 1, 2, 2]]]
    assert y.dtype.kind == "i"
    with pytest.raises(ValueError, match="needs floating numbers, and x has dtype int64"):
        ad.interpolate(np.array([[[1, 2]]]), 4, mode="linear")
    assert ad.adaptive_max_pool1d(np.array([[3, -7, -5]]), 2).tolist() == [[3, -5]]


def test_no_samples_give_no_results() -> None:
    (x,) = leaves([np.zeros((0, 2, 4, 4))])
    for y in (ad.interpolate(x, 6), ad.adaptive_avg_pool2d(x, 6), ad.adaptive_max_pool2d(x, 6)):
        assert y.shape == (0, 2, 6, 6)
        assert pull(y, [x])[0].shape == x.shape


def test_a_step_with_resizing_is_compiled() -> None:
    (w,) = leaves([normal((1, 2, 4, 4)).astype(np.float32)])

    def step(batch: Any) -> Any:
        w.zero_grad()
        y = ad.interpolate(batch * w, 6, mode="bicubic")
        loss = ad.sum(ad.square(ad.adaptive_max_pool2d(y, 4)))
        loss.backward()
        return loss

    x = normal((3, 2, 4, 4), 2).astype(np.float32)
    compiled = ad.compile(step)
    compiled(x)
    loss, g = compiled(2 * x), w.grad.copy()
    same(loss.data, step(2 * x).data, rtol=1e-6)
    same(g, w.grad, rtol=1e-5, atol=1e-6)
    assert "resample(" in compiled.source


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: ad.interpolate(x), ValueError, "give one of the two"),
        (lambda x: ad.interpolate(x, 2, 2), ValueError, "give one of the two"),
        (lambda x: ad.interpolate(x, 2, mode="cubic"), ValueError, "'bicubic', not 'cubic'"),
        (lambda x: ad.interpolate(x, 2, mode="linear"), ad.ShapeError, "takes x with 3 axes"),
        (lambda x: ad.interpolate(x[:, :0], 2), ad.ShapeError, "nothing to resample"),
        (lambda x: ad.interpolate(x, 0), ValueError, "size=0"),
        (lambda x: ad.interpolate(x, scale_factor=0.1), ValueError, "at least one element"),
        (lambda x: ad.interpolate(x, scale_factor=(2, 2, 2)), ValueError, "or 2 of them"),
        (lambda x: ad.interpolate(x, 2, align_corners=True), ValueError, "mode='nearest' was"),
        (lambda x: ad.interpolate(x, 2, antialias=True), ValueError, "'bilinear' or 'bicubic'"),
        (lambda x: ad.adaptive_avg_pool2d(x, (1, 2, 3)), ValueError, "or 2 of them"),
        (lambda x: ad.adaptive_avg_pool2d(x, 0), ValueError, "output_size=0"),
        (lambda x: ad.adaptive_max_pool2d(x[..., :0], 1), ad.ShapeError, "nothing to pool"),
        (lambda x: ad.adaptive_max_pool2d(x * 1j, 1), ad.NonDifferentiableError, "complex"),
        (lambda x: ad.lp_pool2d(x, 0, 2), ValueError, "norm_type=0"),
    ],
)
def test_what_does_not_fit_is_explained(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call(normal((1, 2, 5, 5)))
