"""Convolutions, pooling, normalisation, attention and other layers' functions."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad

__all__ = ["CALLS"]

_rng = np.random.default_rng(6)
Calls = list[tuple[tuple[Any, ...], dict[str, Any]]]


def drawn(*shape: int) -> Any:
    return _rng.normal(size=shape)


LINE, IMAGE, SOLID = drawn(2, 4, 6), drawn(1, 4, 6, 6), drawn(1, 2, 4, 4, 4)
SCALE, SHIFT = drawn(4), drawn(4)
PLACES1, PLACES2 = np.array([[[0, 3]]]), np.array([[[[0, 3], [9, 15]]]])

CALLS: dict[str, Calls] = {
    "conv1d": [((LINE, drawn(3, 4, 2), drawn(3)), {})],
    "conv2d": [((IMAGE, drawn(3, 4, 2, 2), drawn(3)), {"stride": 2, "padding": 1})],
    "conv3d": [((SOLID, drawn(3, 2, 2, 2, 2), drawn(3)), {})],
    "conv_transpose1d": [((LINE, drawn(4, 3, 2), drawn(3)), {})],
    "conv_transpose2d": [((IMAGE, drawn(4, 3, 2, 2), drawn(3)), {})],
    "conv_transpose3d": [((SOLID, drawn(2, 3, 2, 2, 2), drawn(3)), {})],
    **{
        f"{kind}{n}d": [((x, 2), {})]
        for n, x in ((1, LINE), (2, IMAGE), (3, SOLID))
        for kind in ("avg_pool", "max_pool", "adaptive_avg_pool", "adaptive_max_pool")
    },
    **{
        f"lp_pool{n}d": [((np.abs(x) + 0.5, 2.0, 2), {})]
        for n, x in ((1, LINE), (2, IMAGE), (3, SOLID))
    },
    "fractional_max_pool2d": [
        ((IMAGE, 2), {"output_size": 3, "_random_samples": np.full((1, 4, 2), 0.3)})
    ],
    "fractional_max_pool3d": [
        ((SOLID, 2), {"output_size": 2, "_random_samples": np.full((1, 2, 3), 0.3)})
    ],
    "max_unpool1d": [((drawn(1, 1, 2), PLACES1, 2), {})],
    "max_unpool2d": [((drawn(1, 1, 2, 2), PLACES2, 2), {})],
    "max_unpool3d": [((drawn(1, 1, 1, 1, 1), np.array([[[[[3]]]]]), 2), {})],
    "unfold": [((IMAGE, 2), {})],
    "fold": [((drawn(1, 8, 9), (4, 4), 2), {})],
    "sliding_window_view": [((IMAGE[0, 0], (2, 2)), {})],
    "interpolate": [
        ((IMAGE,), {"size": 9, "mode": mode}) for mode in ("nearest", "bilinear", "bicubic")
    ],
    "grid_sample": [((IMAGE, _rng.uniform(-0.9, 0.9, (1, 3, 3, 2))), {})],
    "affine_grid": [((drawn(1, 2, 3), (1, 1, 3, 3)), {})],
    "pixel_shuffle": [((IMAGE, 2), {})],
    "pixel_unshuffle": [((IMAGE, 2), {})],
    "channel_shuffle": [((IMAGE, 2), {})],
    "embedding": [((np.array([1, 0]), drawn(3, 4)), {})],
    "embedding_bag": [
        ((np.array([[1, 0], [2, 2]]), drawn(3, 4)), {}),
        (
            (np.array([[1, 0], [2, 2]]), drawn(3, 4)),
            {"mode": "sum", "per_sample_weights": drawn(2, 2)},
        ),
        ((np.array([1, 0, 2, 2]), drawn(3, 4), np.array([0, 1])), {"mode": "max"}),
    ],
    "scaled_dot_product_attention": [
        ((drawn(1, 3, 4), drawn(1, 5, 4), drawn(1, 5, 2)), {}),
        ((drawn(1, 3, 4), drawn(1, 5, 4), drawn(1, 5, 2), drawn(3, 5)), {"scale": 0.7}),
        ((drawn(1, 3, 4), drawn(1, 5, 4), drawn(1, 5, 2), drawn(3, 5) > -0.5), {}),
    ],
    "group_norm": [((IMAGE, 2, SCALE, SHIFT), {"eps": 1e-5})],
    "instance_norm": [
        ((IMAGE,), {"weight": SCALE, "bias": SHIFT}),
        ((IMAGE, ad.Tensor(drawn(4)), ad.Tensor(drawn(4) ** 2 + 0.5), SCALE, SHIFT, False), {}),
        ((IMAGE, ad.Tensor(drawn(4)), ad.Tensor(drawn(4) ** 2 + 0.5), SCALE, SHIFT, True), {}),
    ],
    "layer_norm": [((drawn(3, 4), 4, SCALE, SHIFT), {"eps": 1e-5})],
    "standardize": [((drawn(3, 4), 0, SCALE, SHIFT), {"eps": 1e-5})],
    "rms_norm": [((drawn(3, 4), 4, SCALE), {"eps": 1e-5})],
    "local_response_norm": [((IMAGE, 2), {"alpha": 0.5, "beta": 0.75, "k": 1.5})],
}
