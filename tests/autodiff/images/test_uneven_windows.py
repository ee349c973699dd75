"""Windows of several lengths, however they are gone through, beside a plain loop."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import leaves, pull, same

# Sizes and numbers of windows: short axes, long ones, long windows, more windows than elements.
CASES = [
    ((7,), (3,)),
    ((150,), (60,)),
    ((150,), (4,)),
    ((3,), (5,)),
    ((6, 9), (4, 9)),
    ((5, 7), (2, 3)),
]


def _windows(sizes: Any, counts: Any) -> Any:
    for out in itertools.product(*map(range, counts)):
        each = zip(out, sizes, counts, strict=True)
        yield out, tuple(slice(i * n // c, -(-(i + 1) * n // c)) for i, n, c in each)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize(("sizes", "counts"), CASES)
@pytest.mark.parametrize("infinite", [False, True])
def test_equal_ones_share_and_what_meets_is_added(
    sizes: Any, counts: Any, dtype: Any, infinite: bool
) -> None:
    rng = np.random.default_rng(0)
    (x,) = leaves([rng.integers(0, 3, (2, *sizes)).astype(dtype)])
    g = rng.integers(-6, 7, (2, *counts)).astype(dtype)
    if infinite:
        g.flat[1] = np.inf
    y, places = getattr(ad, f"adaptive_max_pool{len(sizes)}d")(x, counts, return_indices=True)
    expected = np.zeros(x.shape)
    for (sample, data), (out, window) in itertools.product(
        enumerate(x.data), _windows(sizes, counts)
    ):
        hit = data[window] == data[window].max()
        assert y.data[(sample, *out)] == data[window].max()
        first = tuple(a + w.start for a, w in zip(np.argwhere(hit)[0], window, strict=True))
        assert places.data[(sample, *out)] == np.ravel_multi_index(first, sizes)
        expected[sample][window] += np.where(hit, float(g[(sample, *out)]) / hit.sum(), 0.0)
    eps = float(np.finfo(dtype).eps)
    same(pull(y, [x], g)[0], expected, rtol=4 * eps, atol=30 * eps)


def test_what_is_picked_is_the_mean_over_equal_ones() -> None:
    for sizes, counts in CASES:
        rng = np.random.default_rng(1)
        x, h = rng.integers(0, 3, (1, *sizes)).astype(float), rng.standard_normal((1, *sizes))
        pool = getattr(ad, f"adaptive_max_pool{len(sizes)}d")
        _, moved = ad.jvp(lambda v, pool=pool, counts=counts: pool(v, counts), (x,), (h,))
        for out, window in _windows(sizes, counts):
            hit = x[0][window] == x[0][window].max()
            assert moved.data[(0, *out)] == pytest.approx(h[0][window][hit].mean())
