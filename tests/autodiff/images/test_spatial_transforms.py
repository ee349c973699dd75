"""Functions of images and features under compile, vmap and forward mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.images.test_pooling import normal
from tests.autodiff.reference import same

SHAPE = (1, 2, 6, 6)
KERNEL = normal((2, 2, 3, 3), 8)
DRAWS = np.full((1, 2, 2), 0.3)
PLACES = ad.max_pool2d(normal(SHAPE), 2, return_indices=True)[1].data

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "max_pool2d": lambda x: ad.max_pool2d(x, 3, 2, 1),
    "max_pool2d_indices": lambda x: ad.max_pool2d(x, 2, return_indices=True)[0],
    "avg_pool2d": lambda x: ad.avg_pool2d(x, 3, 2, 1, True, False),
    "lp_pool2d": lambda x: ad.lp_pool2d(x, 2, 2),
    "adaptive_avg_pool2d": lambda x: ad.adaptive_avg_pool2d(x, 4),
    "adaptive_max_pool2d": lambda x: ad.adaptive_max_pool2d(x, 4, return_indices=True)[0],
    "fractional_max_pool2d": lambda x: ad.fractional_max_pool2d(x, 2, 3, _random_samples=DRAWS),
    "max_unpool2d": lambda x: ad.max_unpool2d(x[..., :3, :3], PLACES, 2),
    "unfold": lambda x: ad.unfold(x, 3, 2, 1),
    "fold": lambda x: ad.fold(x.reshape((1, 8, 9)), (4, 4), 2),
    "bilinear": lambda x: ad.interpolate(x, (4, 9), mode="bilinear"),
    "bicubic": lambda x: ad.interpolate(x, (4, 9), mode="bicubic", antialias=True),
    "nearest": lambda x: ad.interpolate(x, (4, 9)),
    "grid_sample": lambda x: ad.grid_sample(x, ad.tanh(x[:, 0, :, :4]).reshape((1, 3, 4, 2))),
    "conv2d": lambda x: ad.conv2d(x, KERNEL, padding="same"),
    "pixel_unshuffle": lambda x: ad.pixel_unshuffle(x, 2),
    "layer_norm": lambda x: ad.layer_norm(x, 6),
    "rms_norm": lambda x: ad.rms_norm(x, 6),
    "group_norm": lambda x: ad.group_norm(x, 2),
    "local_response_norm": lambda x: ad.local_response_norm(x, 3, 0.5),
    "attention": lambda x: ad.scaled_dot_product_attention(x, x, x, np.tri(6) > 0),
    "embedding_bag": lambda x: ad.embedding_bag([[1, 2], [0, 0]], x[0, 0]),
}

each_function = pytest.mark.parametrize("name", FUNCTIONS)


def loss(name: str) -> Callable[[Any], Any]:
    return lambda x: ad.sum(ad.sin(FUNCTIONS[name](x)))


@each_function
def test_a_compiled_step_is_the_plain_one(name: str) -> None:
    w = ad.Tensor(normal(SHAPE, 2), requires_grad=True)

    def step(x: Any) -> Any:
        w.zero_grad()
        total = loss(name)(x * w)
        total.backward()
        return total

    compiled = ad.compile(step)
    compiled(normal(SHAPE, 3))
    found, g = compiled(normal(SHAPE, 4)), w.grad.copy()
    same(found.data, step(normal(SHAPE, 4)).data, rtol=1e-12)
    same(g, w.grad, rtol=1e-11, atol=1e-13)


@each_function
def test_a_batch_at_once_is_one_example_after_the_other(name: str) -> None:
    examples = normal((3, *SHAPE), 5)
    for function in (FUNCTIONS[name], ad.grad(loss(name))):
        expected = [np.asarray(function(ad.Tensor(x)).data) for x in examples]
        same(ad.vmap(function)(examples).data, np.stack(expected), rtol=1e-11, atol=1e-13)


@each_function
def test_tangents_are_differences(name: str) -> None:
    x, t, h = normal(SHAPE, 6), normal(SHAPE, 7), 1e-5
    for function, tolerance in ((FUNCTIONS[name], 1e-7), (ad.grad(loss(name)), 1e-6)):
        _, found = ad.jvp(function, (x,), (t,))
        ends = [np.asarray(function(ad.Tensor(x + s * h * t)).data) for s in (1, -1)]
        numeric = (ends[0] - ends[1]) / (2 * h)
        same(found.data, numeric, rtol=tolerance, atol=tolerance)
