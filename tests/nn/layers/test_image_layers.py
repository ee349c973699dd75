"""Pooling, borders, resizing, shuffling, folding: PyTorch's numbers, and what is refused."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.nn.layers.beside_torch import assert_as_torch

RNG = np.random.default_rng(4)
SPACES = {1: (9,), 2: (7, 8), 3: (4, 5, 6)}
Case = tuple[str, tuple[Any, ...], dict[str, Any]]

POOLS: list[Case] = [
    case
    for n in SPACES
    for case in (
        (f"MaxPool{n}d", (2,), {}),
        (f"MaxPool{n}d", (3, 2, 1), {"ceil_mode": True, "return_indices": True}),
        (f"MaxPool{n}d", (2, 1), {"dilation": 2, "return_indices": True}),
        (f"AvgPool{n}d", (2,), {}),
        (f"AvgPool{n}d", (3, 2, 1), {"ceil_mode": True}),
        (f"AvgPool{n}d", (3, 2, 1), {"ceil_mode": True, "count_include_pad": False}),
        (f"LPPool{n}d", (2, 3), {}),
        (f"LPPool{n}d", (2, 3, 2), {"ceil_mode": True}),
        (f"LPPool{n}d", (4.0, 2, 1), {}),
        (f"AdaptiveAvgPool{n}d", (3,), {}),
        (f"AdaptiveAvgPool{n}d", (1,), {}),
        (f"AdaptiveMaxPool{n}d", (2,), {"return_indices": True}),
        (f"AdaptiveMaxPool{n}d", (1,), {}),
    )
]
POOLS += [
    ("MaxPool2d", ((2, 3), (1, 2), (1, 0), (1, 2)), {}),
    ("AvgPool2d", ((2, 3), (1, 2), (1, 0)), {"divisor_override": 3}),
    ("AvgPool3d", (2,), {"divisor_override": -2}),
    ("LPPool2d", (3, (2, 1)), {}),
    ("AdaptiveAvgPool2d", ((None, 5),), {}),
    ("AdaptiveAvgPool3d", ((1, None, 2),), {}),
    ("AdaptiveMaxPool2d", ((9, 3),), {"return_indices": True}),
    ("AdaptiveMaxPool3d", ((3, None, 1),), {}),
]
BORDERS: list[Case] = [
    (f"{mode}Pad{n}d", (widths, *more), {})
    for n, widths in itertools.chain(
        ((n, 1) for n in SPACES),
        [(1, (2, 0)), (2, (1, 2, 0, 3)), (2, (-1, 2, 1, -1)), (3, (1, 0, 2, 1, 0, 1))],
    )
    for mode, *more in (
        ("Zero",),
        ("Constant", 1.5),
        ("Reflection",),
        ("Replication",),
        ("Circular",),
    )
]
SIZES: list[Case] = [
    ("Upsample", (), {"scale_factor": 2}),
    ("Upsample", (), {"scale_factor": (1.5, 2.5)}),
    ("Upsample", ((3, 11),), {"mode": "nearest-exact"}),
    ("Upsample", (5,), {"mode": "bilinear"}),
    ("Upsample", (), {"scale_factor": 1.7, "mode": "bilinear", "align_corners": True}),
    ("Upsample", (), {"scale_factor": 1.7, "mode": "bicubic", "recompute_scale_factor": True}),
    ("Upsample", ((9, 3),), {"mode": "area"}),
    ("UpsamplingNearest2d", (), {"scale_factor": 2}),
    ("UpsamplingBilinear2d", ((9, 12),), {}),
    ("ChannelShuffle", (2,), {}),
    ("PixelShuffle", (2,), {}),
    ("Unfold", (2,), {}),
    ("Unfold", ((2, 3), (1, 2), (1, 0), 2), {}),
]
# name, arguments, keywords, shape
SHAPED: list[tuple[str, tuple[Any, ...], dict[str, Any], tuple[int, ...]]] = [
    ("Upsample", (7,), {"mode": "linear"}, (2, 4, 5)),
    ("Upsample", (), {"scale_factor": 2, "mode": "trilinear"}, (2, 4, 3, 2, 4)),
    ("PixelUnshuffle", (2,), {}, (2, 3, 4, 6)),
    ("PixelShuffle", (2,), {}, (8, 2, 3)),
    ("Fold", ((4, 5), 2), {}, (2, 8, 12)),
    ("Fold", ((4, 5), (2, 3)), {"stride": 2, "padding": 1, "dilation": (2, 1)}, (2, 12, 6)),
]


def both(name: str, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """A layer, and PyTorch's."""
    torch = pytest.importorskip("torch")
    return getattr(nn, name)(*args, **kwargs), getattr(torch.nn, name)(*args, **kwargs)


def _shape_of(name: str) -> tuple[int, ...]:
    n = int(name[-2]) if name[-1] == "d" and name[-2].isdigit() else 2
    return (3, 4, *SPACES[n])


@pytest.mark.parametrize(("name", "args", "kwargs"), [*POOLS, *BORDERS, *SIZES])
def test_numbers_are_those_of_torch(
    name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    mine, theirs = both(name, *args, **kwargs)
    x = RNG.standard_normal(_shape_of(name))
    if name.startswith("LPPool"):
        # For odd powers a sum may be negative otherwise, and its root nan.
        x = np.abs(x) + 0.1
    assert_as_torch(mine, theirs, x, twice=True)
    if not name.startswith(("Upsampl", "ChannelShuffle")):
        assert_as_torch(mine, theirs, x[0])
    # PyTorch has no gradient for an empty PixelShuffle, nor for a mirror that is cut off.
    cut = "Pad" in name and np.min(args[0]) < 0
    if name != "PixelShuffle" and not cut:
        assert_as_torch(mine, theirs, x[:0])


@pytest.mark.parametrize(("name", "args", "kwargs", "shape"), SHAPED)
def test_numbers_are_those_of_torch_where_the_shape_matters(
    name: str, args: tuple[Any, ...], kwargs: dict[str, Any], shape: tuple[int, ...]
) -> None:
    mine, theirs = both(name, *args, **kwargs)
    assert_as_torch(mine, theirs, RNG.standard_normal(shape), twice=True)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_what_was_pooled_is_put_back_as_in_torch(n: int) -> None:
    x = RNG.standard_normal((2, 3, *SPACES[n]))
    pooled, places = getattr(nn, f"MaxPool{n}d")(2, return_indices=True)(x)
    mine, theirs = both(f"MaxUnpool{n}d", 2)
    for size in (x.shape, x.shape[2:]):
        assert_as_torch(mine, theirs, pooled.data, places.data, output_size=size)
    even = tuple(2 * k for k in pooled.shape[2:])
    pooled, places = getattr(nn, f"MaxPool{n}d")(2, return_indices=True)(np.resize(x, (3, *even)))
    assert_as_torch(mine, theirs, pooled.data, places.data, twice=True)


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("size", [{"output_size": 3}, {"output_ratio": 0.6}])
def test_fractional_pooling_with_given_draws_is_torchs(n: int, size: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    draws = RNG.random((2, 3, n))
    x = RNG.standard_normal((2, 3, *(2 + k for k in SPACES[n])))
    kind = f"FractionalMaxPool{n}d"
    mine = getattr(nn, kind)(2, **size, return_indices=True, _random_samples=draws)
    theirs = getattr(torch.nn, kind)(
        2, **size, return_indices=True, _random_samples=torch.tensor(draws)
    )
    assert_as_torch(mine, theirs, x)


def test_fractional_pooling_draws_anew_in_every_call_of_a_compiled_step() -> None:
    x = RNG.standard_normal((2, 3, 11, 11))
    plain, recorded = (nn.FractionalMaxPool2d(2, 5, rng=6) for _ in range(2))
    step = ad.compile(lambda x: recorded(x))
    calls = [(plain(x).data, step(x).data) for _ in range(4)]
    for one, other in calls:
        np.testing.assert_array_equal(one, other)
    assert any((calls[0][0] != one).any() for one, _ in calls[1:])


def test_small_ones_by_hand() -> None:
    x = np.array([[[1.0, 5.0, 2.0], [4.0, 3.0, 9.0]]])
    assert nn.MaxPool2d((1, 2), 1)(x).tolist() == [[[5.0, 5.0], [4.0, 9.0]]]
    assert nn.AvgPool2d((2, 1))(x).tolist() == [[[2.5, 4.0, 5.5]]]
    assert nn.AvgPool2d((1, 3), 1, (0, 1), count_include_pad=False)(x).tolist() == [
        [[3.0, 8 / 3, 3.5], [3.5, 16 / 3, 6.0]]
    ]
    assert nn.AdaptiveAvgPool2d((1, 2))(x).tolist() == [[[13 / 4, 19 / 4]]]
    assert nn.ReflectionPad1d(2)(x[0]).tolist()[0] == [2.0, 5.0, 1.0, 5.0, 2.0, 5.0, 1.0]
    assert nn.Unfold((2, 2))(x).tolist() == [[1.0, 5.0], [5.0, 2.0], [4.0, 3.0], [3.0, 9.0]]


@pytest.mark.parametrize(
    "text",
    [
        "MaxPool2d(2)",
        "MaxPool2d(3, stride=2, padding=1, return_indices=True, ceil_mode=True)",
        "AvgPool2d((2, 3), count_include_pad=False)",
        "LPPool1d(2, 3)",
        "AdaptiveAvgPool2d((None, 3))",
        "FractionalMaxPool2d(2, output_ratio=0.5)",
        "MaxUnpool3d(2, stride=3)",
        "ConstantPad1d((1, 2), 1.5)",
        "ReflectionPad2d(1)",
        "Upsample(scale_factor=2, mode='bilinear')",
        "UpsamplingNearest2d(size=(4, 4))",
        "PixelShuffle(2)",
        "Fold((4, 5), 2, padding=1)",
    ],
)
def test_it_prints_what_it_was_given(text: str) -> None:
    assert repr(eval(f"nn.{text}", {"nn": nn})) == text


@pytest.mark.parametrize(
    ("layer", "name", "other"),
    [
        (nn.MaxPool2d(2), "kernel_size", 3),
        (nn.AvgPool2d(2), "stride", 1),
        (nn.AdaptiveAvgPool2d(2), "output_size", 3),
        (nn.ConstantPad2d(1, 0.5), "value", 2.5),
        (nn.Upsample(8), "mode", "nearest-exact"),
        (nn.PixelShuffle(2), "upscale_factor", 1),
        (nn.Unfold(2), "padding", 1),
    ],
)
def test_a_compiled_step_notices_another_setting(layer: Any, name: str, other: Any) -> None:
    x = RNG.standard_normal((2, 4, 6, 6))
    step = ad.compile(lambda x: layer(x))
    before = [step(x).data for _ in range(20)][-1]
    setattr(layer, name, other)
    after = step(x).data
    np.testing.assert_allclose(after, layer(x).data, rtol=1e-12)
    assert after.shape != before.shape or (after != before).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.MaxPool2d(0), "MaxPool2d: kernel_size must be a positive integer, not 0"),
        (lambda: nn.MaxPool2d((2, 2, 2)), "kernel_size must be one number, or 2, one for each"),
        (lambda: nn.AvgPool1d(2, padding=-1), "padding must be a whole number from 0 up, not -1"),
        (lambda: nn.AvgPool2d(2, divisor_override=0), "divisor_override must be another number"),
        (lambda: nn.LPPool2d(0, 2), "LPPool2d: norm_type must be another number, not 0"),
        (lambda: nn.AdaptiveAvgPool2d((0, None)), "output_size must be a positive integer, not 0"),
        (lambda: nn.FractionalMaxPool2d(2), "give either output_size or output_ratio, and not"),
        (lambda: nn.ZeroPad1d((1, 2, 3)), "or 2 of them for (left, right), not (1, 2, 3)"),
        (lambda: nn.CircularPad2d(0.5), "or 4 of them for (left, right, top, bottom), not 0.5"),
        (lambda: nn.Upsample(), "give either size or scale_factor, and not size=None with"),
        (lambda: nn.PixelShuffle(0), "upscale_factor must be a positive integer, not 0"),
        (lambda: nn.ChannelShuffle(1.0), "groups must be a positive integer, not 1.0"),
    ],
)
def test_a_wrong_setting_is_refused_at_once(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (nn.MaxPool2d(2), (4, 4), "MaxPool2d(2): max_pool2d() takes x of shape (N, C, H, W)"),
        (nn.MaxPool1d(5), (2, 3), "MaxPool1d(5): "),
        (nn.AvgPool2d(2, padding=2), (1, 4, 4), "give at most half of that"),
        (nn.AdaptiveMaxPool1d(2), (1, 2, 0), "AdaptiveMaxPool1d(2): "),
        (nn.FractionalMaxPool2d(3, 4), (1, 4, 4), "which do not fit"),
        (nn.ReflectionPad1d(3), (1, 3), "ReflectionPad1d(3): pad was given (3, 3) for axis 1"),
        (nn.Upsample(3, mode="linear"), (1, 1, 2, 2), "takes x with 3 axes"),
        (nn.PixelShuffle(2), (3, 2, 2), "PixelShuffle(2): pixel_shuffle() was given shape"),
        (nn.Fold(4, 2), (1, 4, 8), "Fold(4, 2): fold() was given columns of shape (1, 4, 8)"),
        (
            nn.Sequential(nn.ReLU(), nn.Unfold(5)),
            (1, 1, 4, 4),
            "Unfold(5), the part '1': ",
        ),
    ],
)
def test_a_wrong_input_is_refused_by_name(layer: Any, shape: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        layer(np.zeros(shape))


def test_a_place_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(IndexError, match=re.escape("MaxUnpool1d(2): ")):
        nn.MaxUnpool1d(2)([[1.0]], [[7]])


@pytest.mark.parametrize(
    "layer",
    [nn.MaxPool1d(2), nn.AvgPool1d(3, 2, 1), nn.AdaptiveAvgPool1d(2), nn.CircularPad1d(1)],
)
def test_it_works_under_vmap(layer: Any) -> None:
    x = RNG.standard_normal((4, 2, 6))
    np.testing.assert_allclose(ad.vmap(layer)(x).data, layer(x).data, rtol=1e-12)
