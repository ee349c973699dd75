"""Kernels that each see one channel: the same numbers as a dense kernel that is mostly zeros."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autodiff.backends.images import depthwise
from autodiff.backends.images.convolution import convolution, convolution_input, convolution_weight
from tests.autodiff.reference import same


def dense(w: Any, groups: int) -> Any:
    """The same weight for all channels in one group."""
    each = w.shape[0] // groups
    whole = np.zeros((w.shape[0], groups, *w.shape[2:]), w.dtype)
    for feature, kernel in enumerate(w[:, 0]):
        whole[feature, feature // each] = kernel
    return whole


def problems() -> Any:
    """Random sizes, strides, paddings (negative ones, too) and dilations for 1 to 3 axes."""
    rng = np.random.default_rng(7)
    for seed in range(60):
        axes, groups, each, samples = (int(rng.integers(1, n)) for n in (4, 4, 4, 4))
        kernel, stride = rng.integers(1, 4, axes), rng.integers(1, 4, axes)
        padding, dilation = rng.integers(-1, 3, (axes, 2)), rng.integers(1, 3, axes)
        sizes = np.maximum(rng.integers(4, 9, axes), dilation * (kernel - 1) + 1 - padding.sum(1))
        x = rng.standard_normal((samples, groups, *sizes))
        w = rng.standard_normal((groups * each, 1, *kernel))
        setting = {
            "stride": tuple(map(int, stride)),
            "padding": tuple((int(a), int(b)) for a, b in padding),
            "dilation": tuple(map(int, dilation)),
        }
        yield pytest.param(x, w, groups, setting, id=f"{seed}")


@pytest.mark.parametrize("block", [1, 1 << 17])
@pytest.mark.parametrize(("x", "w", "groups", "setting"), list(problems()))
def test_as_a_dense_kernel(
    x: Any, w: Any, groups: int, setting: Any, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depthwise, "_BLOCK", block)
    monkeypatch.setattr(depthwise, "_RUN", max(block >> 2, 3))
    whole = dense(w, groups)
    y = convolution(x, w, **setting, groups=groups)
    same(y, convolution(x, whole, **setting, groups=1), 1e-12, 1e-13)
    g = np.random.default_rng(3).standard_normal(y.shape)
    by_input = convolution_input(g, w, shape=x.shape[2:], **setting, groups=groups)
    expected = convolution_input(g, whole, shape=x.shape[2:], **setting, groups=1)
    same(by_input, expected, 1e-12, 1e-13)
    by_weight = convolution_weight(x, g, shape=w.shape[2:], **setting, groups=groups)
    every = convolution_weight(x, g, shape=w.shape[2:], **setting, groups=1)
    each = w.shape[0] // groups
    picked = [every[feature, feature // each] for feature in range(len(w))]
    same(by_weight[:, 0], np.stack(picked), 1e-12, 1e-12)


def test_an_infinity_stays_where_the_kernel_meets_it() -> None:
    x = np.ones((1, 1, 3, 3))
    x[0, 0, 1, 2] = np.inf
    w = np.ones((1, 1, 1, 2))
    w[..., 1] = 0.0
    y = convolution(x, w, stride=(1, 1), padding=((0, 0),) * 2, dilation=(1, 1), groups=1)
    assert np.isnan(y).tolist() == [[[[False, False], [False, True], [False, False]]]]
