"""Convolution layers: PyTorch's numbers for all settings, how they begin, what they refuse."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.nn.layers.beside_torch import assert_as_torch

RNG = np.random.default_rng(3)
SPACES = {1: (9,), 2: (7, 8), 3: (4, 5, 6)}

# kind, axes, arguments
CONVOLUTIONS: list[tuple[int, dict[str, Any]]] = [
    *((n, {}) for n in SPACES),
    *((n, {"stride": 2, "padding": 1, "dilation": 2, "bias": False}) for n in SPACES),
    *((n, {"groups": 2, "padding": "same"}) for n in SPACES),
    *(
        (n, {"padding": 2 if n < 3 else 1, "padding_mode": mode})
        for n, mode in itertools.product(SPACES, ("reflect", "replicate", "circular"))
    ),
    (1, {"padding": "valid", "padding_mode": "reflect"}),
    (2, {"padding": "same", "padding_mode": "circular", "dilation": (2, 1)}),
    (2, {"kernel_size": (2, 3), "padding": "same", "padding_mode": "reflect"}),
    (2, {"kernel_size": (1, 3), "stride": (2, 1), "padding": (0, 2)}),
    (2, {"groups": 4, "padding": 1}),
    (2, {"kernel_size": 1}),
    (3, {"kernel_size": (1, 3, 2), "stride": (1, 2, 1), "padding": (0, 1, 0)}),
]
TRANSPOSED: list[tuple[int, dict[str, Any]]] = [
    *((n, {}) for n in SPACES),
    *((n, {"stride": 2, "padding": 1, "output_padding": 1}) for n in SPACES),
    *((n, {"groups": 2, "dilation": 2, "bias": False}) for n in SPACES),
    (2, {"kernel_size": (2, 3), "stride": (3, 2), "padding": (0, 1), "output_padding": (2, 0)}),
    (2, {"groups": 4, "stride": 2}),
    (1, {"stride": 3, "output_padding": 1, "dilation": 2}),
]
CASES = [("Conv", *c) for c in CONVOLUTIONS] + [("ConvTranspose", *c) for c in TRANSPOSED]


def both(name: str, settings: dict[str, Any]) -> tuple[Any, Any]:
    """A layer, and PyTorch's."""
    torch = pytest.importorskip("torch")
    settings = {"in_channels": 4, "out_channels": 8, "kernel_size": 3, **settings}
    return getattr(nn, name)(**settings, rng=0), getattr(torch.nn, name)(**settings)


@pytest.mark.parametrize(("kind", "axes", "settings"), CASES)
def test_numbers_are_those_of_torch(kind: str, axes: int, settings: dict[str, Any]) -> None:
    mine, theirs = both(f"{kind}{axes}d", settings)
    x = RNG.standard_normal((3, 4, *SPACES[axes]))
    for given in (x, x[0], x[:0]):
        assert_as_torch(mine, theirs, given, twice=given.ndim == axes + 1)


@pytest.mark.parametrize(("kind", "axes", "settings"), CASES)
def test_single_precision_differs_by_rounding_only(
    kind: str, axes: int, settings: dict[str, Any]
) -> None:
    settings = {"in_channels": 4, "out_channels": 8, "kernel_size": 3, **settings}
    layer, x = getattr(nn, f"{kind}{axes}d")(**settings), RNG.standard_normal((4, *SPACES[axes]))
    found = []
    for dtype in (np.float32, np.float64):
        leaves = [ad.Tensor(x.astype(dtype), requires_grad=True), *layer.to(dtype).parameters()]
        y = layer(leaves[0])
        found.append([y.data, *ad.gradients(ad.sum(y * y), inputs=leaves)])
    for one, other in zip(*found, strict=True):
        assert one.dtype == np.float32
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4 * np.abs(other).max())


@pytest.mark.parametrize(("axes", "size"), [(1, (19,)), (2, (2, 8, 13, 16)), (3, (9, 12, 14))])
def test_the_size_of_a_transposed_convolution_is_chosen_in_the_call(axes: int, size: Any) -> None:
    settings = {"stride": 2, "padding": 1 if axes == 2 else 0}
    mine, theirs = both(f"ConvTranspose{axes}d", settings)
    x = RNG.standard_normal((2, 4, *SPACES[axes]))
    assert_as_torch(mine, theirs, x, output_size=size)


@pytest.mark.parametrize("stride", [1, 2])
def test_a_convolution_is_the_sum_that_its_docstring_states(stride: int) -> None:
    layer = nn.Conv2d(4, 6, (2, 3), stride, padding=1, dilation=2, groups=2, dtype=np.float64)
    x = RNG.standard_normal((2, 4, 6, 7))
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    y = layer(x).data
    w, b = layer.weight.data, layer.bias.data if layer.bias is not None else 0
    for n, o, i, j in np.ndindex(y.shape):
        group = slice(0, 2) if o < 3 else slice(2, 4)
        a, c = stride * i, stride * j
        window = padded[n, group, a : a + 3 : 2, c : c + 5 : 2]
        np.testing.assert_allclose(y[n, o, i, j], b[o] + (w[o] * window).sum())


def test_a_transposed_convolution_is_the_transpose_of_a_convolution() -> None:
    down = nn.Conv2d(4, 6, 3, 2, 1, groups=2, bias=False, dtype=np.float64)
    up = nn.ConvTranspose2d(6, 4, 3, 2, 1, 1, groups=2, bias=False, dtype=np.float64)
    up.weight.data = down.weight.data
    x, g = RNG.standard_normal((2, 4, 6, 6)), RNG.standard_normal((2, 6, 3, 3))
    np.testing.assert_allclose(ad.sum(down(x) * g).item(), ad.sum(up(g) * x).item())


@pytest.mark.parametrize(
    ("kind", "shape", "fan_in", "fans"),
    [
        ("Conv2d", (12, 4, 3, 3), 36, (36, 54)),
        ("ConvTranspose2d", (8, 6, 3, 3), 54, (36, 54)),
    ],
)
def test_it_begins_as_in_torch_or_by_the_fans_of_its_groups(
    kind: str, shape: tuple[int, ...], fan_in: int, fans: tuple[int, int]
) -> None:
    layer = getattr(nn, kind)(8, 12, 3, groups=2, rng=1)
    for p in (layer.weight, layer.bias):
        assert 0.5 < np.abs(p.data).max() * math.sqrt(fan_in) <= 1.0
    assert layer.weight.shape == shape
    for seed in (5, np.random.default_rng(5)):
        layer = getattr(nn, kind)(8, 12, 3, groups=2, init="lecun_uniform", rng=seed)
        bound = math.sqrt(3 / fans[0])
        assert 0.9 < np.abs(layer.weight.data).max() / bound <= 1.0
        assert not layer.bias.data.any()
    given = getattr(nn, kind)(8, 12, 3, groups=2, init=lambda shape, **_: np.ones(shape))
    assert given.weight.data.all()


def test_it_begins_at_the_scale_of_torch() -> None:
    torch = pytest.importorskip("torch")
    for name, groups in itertools.product(("Conv1d", "ConvTranspose1d"), (1, 4)):
        mine = getattr(nn, name)(16, 64, 9, groups=groups, rng=0)
        theirs = getattr(torch.nn, name)(16, 64, 9, groups=groups)
        for p, q in zip(mine.parameters(), theirs.parameters(), strict=True):
            largest = q.abs().max().item()
            assert abs(np.abs(p.data).max() / largest - 1) < 0.08


def test_it_prints_what_it_was_given() -> None:
    for text in (
        "Conv1d(2, 4, 3)",
        "Conv2d(2, 4, (1, 3), padding='same', bias=False)",
        "Conv2d(4, 4, 3, stride=2, padding=(0, 1), groups=4, padding_mode='reflect')",
        "ConvTranspose3d(2, 4, 3, stride=2, output_padding=1, dilation=2)",
    ):
        assert repr(eval(f"nn.{text}", {"nn": nn})).startswith(text)


def test_a_compiled_step_notices_another_setting() -> None:
    layer, x = nn.Conv2d(1, 1, 3, rng=0), RNG.standard_normal((2, 1, 8, 8)).astype(np.float32)
    step = ad.compile(lambda x: ad.sum(layer(x) ** 2))
    for _ in range(3):
        np.testing.assert_allclose(step(x).item(), ad.sum(layer(x) ** 2).item(), rtol=1e-5)
        layer.padding = tuple(k + 1 for k in layer.padding)
    with pytest.raises(ad.ShapeError, match="takes inputs of shape"):
        step(x[:, 0])


def test_it_works_under_vmap() -> None:
    layer, x = nn.Conv1d(2, 3, 3, padding=1, dtype=np.float64), RNG.standard_normal((4, 2, 6))
    np.testing.assert_allclose(ad.vmap(layer)(x).data, layer(x).data, rtol=1e-12)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Conv2d(0, 8, 3), "Conv2d: in_channels must be a positive integer, not 0"),
        (lambda: nn.Conv2d(3, 8.0, 3), "out_channels must be a positive integer, not 8.0"),
        (lambda: nn.Conv2d(3, 8, (3, 3, 3)), "kernel_size must be one number, or 2, one for each"),
        (lambda: nn.Conv1d(3, 8, 3, stride=0), "Conv1d: stride must be a positive integer, not 0"),
        (lambda: nn.Conv1d(3, 8, 3, padding=-1), "padding must be a whole number from 0 up"),
        (lambda: nn.Conv1d(4, 6, 3, groups=4), "out_channels=6 cannot be divided into groups=4"),
        (lambda: nn.Conv2d(3, 8, 3, padding="full"), "padding must be 'same', 'valid' or numbers"),
        (lambda: nn.Conv2d(3, 8, 3, 2, "same"), "padding='same' needs stride 1, and stride=2"),
        (lambda: nn.Conv2d(3, 8, 3, padding_mode="wrap"), "'replicate' or 'circular', not 'wrap'"),
        (lambda: nn.Conv2d(3, 8, 3, init="hi"), "unknown initialisation 'hi'"),
        (lambda: nn.ConvTranspose1d(3, 8, 3, padding_mode="reflect"), "nothing is put in its pla"),
    ],
)
def test_a_wrong_setting_is_refused_at_once(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (nn.Conv2d(3, 8, 3), (2, 4, 9, 9), "change in_channels to 4, or the layer before"),
        (nn.Conv2d(3, 8, 3), (2, 9, 9, 3), r"by autodiff.moveaxis(x, -1, -3)"),
        (nn.Conv2d(1, 8, 3), (10, 9, 9), "as x[:, None] does"),
        (nn.Conv2d(1, 8, 3), (9, 9), "as x[None] does"),
        (nn.Conv1d(3, 8, 3), (2, 2, 3, 9), "into one, by nn.Flatten(0, -3)"),
        (nn.Conv2d(3, 8, 3), (10, 27), "put nn.Unflatten, or a reshape, before it"),
        (
            nn.Sequential(nn.Conv2d(3, 8, 3)),
            (2, 5, 9, 9),
            "Conv2d(3, 8, 3), the part '0', takes inputs of shape (N, 3, H, W) or (3, H, W), and "
            "got shape (2, 5, 9, 9); change",
        ),
        (nn.Conv2d(3, 8, 3), (2, 3, 2, 9), "Conv2d(3, 8, 3): "),
        (
            nn.Sequential(nn.Conv2d(3, 8, 3, padding=4, padding_mode="reflect")),
            (2, 3, 4, 9),
            "padding_mode='reflect'), the part '0': pad was given (4, 4)",
        ),
        (nn.ConvTranspose2d(3, 8, 3), (2, 4, 9, 9), "takes inputs of shape (N, 3, H, W)"),
        (nn.ConvTranspose2d(3, 8, 1, padding=5), (2, 3, 9, 9), "give a smaller padding"),
    ],
)
def test_a_wrong_input_is_refused_by_name(layer: Any, shape: Any, message: str) -> None:
    with pytest.raises(ad.ShapeError, match=re.escape(message)):
        layer(np.zeros(shape))


def test_a_size_that_no_convolution_came_from_is_refused() -> None:
    layer = nn.ConvTranspose1d(1, 1, 3, stride=2)
    for size in ((8,), (11,), (1, 9), (1, 1, 1, 9)):
        with pytest.raises(ad.ShapeError, match=r"give 1 lengths, from \(9,\) to \(10,\)"):
            layer(np.zeros((1, 1, 4)), output_size=size)
