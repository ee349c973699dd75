"""Largest elements of windows at irregular steps, drawn at random, as in PyTorch."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff import live, random
from autodiff.backends.arrays import arrays
from autodiff.errors import NonDifferentiableError, ShapeError
from autodiff.functions.elementwise.comparison import floor
from autodiff.functions.images.spatial import per_axis, unbatched
from autodiff.functions.ordering.along_axis import take_along_axis
from autodiff.functions.shaping.joining import concatenate
from autodiff.functions.shaping.shaping import astype, broadcast_to, expand_dims
from autodiff.ops.images import pooling as _ops
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.record import answer, constant

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["fractional_max_pool2d", "fractional_max_pool3d"]

Axes = int | tuple[int, ...]


def fractional_max_pool2d(
    x: TensorLike,
    kernel_size: Axes,
    output_size: Axes | None = None,
    output_ratio: float | tuple[float, ...] | None = None,
    return_indices: bool = False,
    _random_samples: Any = None,
    *,
    rng: np.random.Generator | None = None,
) -> Any:
    """Largest elements of windows over images that are shrunk by any factor.

    The windows lie at steps of ⌊α⌋ or ⌈α⌉ elements, in an order drawn for every channel of
    every sample. Equal largest elements share the gradient.

    Source: Graham, "Fractional Max-Pooling", 2014, the pseudo-random sequences of section 3.

    Args:
        x: of shape (N, C, H, W), or (C, H, W) for a single image.
        kernel_size: lengths of the window; a number, or one for each axis.
        output_size: lengths of the result; a number, or one for each axis.
        output_ratio: in place of that, the share of the lengths that is left.
        return_indices: also give the place of each (first) largest element, counted in C
            order over the last axes of ``x``.
        _random_samples: numbers from 0 to 1 of shape (N, C, 2) in place of drawn ones.
        rng: source of randomness; the library's generator by default.

    Returns:
        A tensor of shape (N, C, *output_size) or (C, *output_size); with
        ``return_indices`` a pair of that and integers of the same shape.

    Raises:
        ShapeError: ``x`` has another number of axes, or is too small for its windows.
        ValueError: not exactly one of size and ratio is given, or one is out of range.

    Example:
        >>> x = [[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]
        >>> fractional_max_pool2d(x, 2, output_size=2).tolist()
        [[[5.0, 6.0], [8.0, 9.0]]]
    """
    draws = _random_samples, rng
    name = "fractional_max_pool2d"
    return _pool(name, 2, x, kernel_size, output_size, output_ratio, return_indices, draws)


def fractional_max_pool3d(
    x: TensorLike,
    kernel_size: Axes,
    output_size: Axes | None = None,
    output_ratio: float | tuple[float, ...] | None = None,
    return_indices: bool = False,
    _random_samples: Any = None,
    *,
    rng: np.random.Generator | None = None,
) -> Any:
    """Largest elements over volumes shrunk by any factor; as `fractional_max_pool2d`.

    Example:
        >>> import numpy as np
        >>> fractional_max_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 2, 1).tolist()
        [[[[7.0]]]]
    """
    draws = _random_samples, rng
    name = "fractional_max_pool3d"
    return _pool(name, 3, x, kernel_size, output_size, output_ratio, return_indices, draws)


def _pool(
    name: str, n: int, x: Any, kernel: Any, size: Any, ratio: Any, indices: bool, draws: Any
) -> Any:
    x, single = unbatched(name, as_operand(x), n, "C")
    if x.dtype.kind == "c":
        raise NonDifferentiableError(
            f"{name}() was given complex numbers, which have no largest one; pool a real number "
            "made of them, such as autodiff.abs(z)"
        )
    window = per_axis(name, "kernel_size", kernel, n)
    lengths = x.shape[2:]
    sizes = _sizes(name, lengths, size, ratio, n)
    if any(m + k - 1 > length for length, k, m in zip(lengths, window, sizes, strict=True)):
        raise ShapeError(
            f"{name}() was given shape {x.shape} for windows of {window} at {sizes} places, which "
            "do not fit; give a smaller window or size"
        )
    samples, rng = draws
    if samples is None:
        samples = live.uniform(random.generator(rng), (*x.shape[:2], n))
    samples = as_operand(samples)
    if samples.shape != (*x.shape[:2], n):
        raise ShapeError(
            f"{name}() was given _random_samples of shape {samples.shape}; they must be "
            f"{(*x.shape[:2], n)}"
        )
    flat: Any = 0
    for i, (length, k, m) in enumerate(zip(lengths, window, sizes, strict=True)):
        # PyTorch draws for the last axis of images first, but for that of volumes last.
        starts = _starts(samples[..., n - 1 - i if n == 2 else i], length, k, m)
        shape = [1] * (2 * n)
        shape[i], shape[n + i] = m, k
        at = expand_dims(starts, -1) + np.arange(k)
        flat = flat * length + at.reshape((*x.shape[:2], *shape))
    width = math.prod(window)
    places = broadcast_to(flat, (*x.shape[:2], *sizes, *window))
    places = places.reshape((*x.shape[:2], math.prod(sizes) * width))
    rows = x.reshape((*x.shape[:2], math.prod(lengths)))
    laid = take_along_axis(rows, places, 2)
    one = {"kernel": (width,), "stride": (width,), "dilation": (1,)}
    y = apply(_ops.max_pool, laid, **one).reshape((*x.shape[:2], *sizes))
    if not indices:
        return y[0] if single else y
    best = arrays.max_pool_places(laid._data, *one.values(), (0,), laid.shape[2:])
    found = take_along_axis(places, answer(best), 2).reshape(y.shape)
    return (y[0], found[0]) if single else (y, found)


def _starts(samples: Any, length: int, window: int, count: int) -> Any:
    """Where the windows begin along an axis: the last one ends with it."""
    last = constant(np.full((*samples.shape, 1), length - window))
    if count == 1:
        return last
    step = (length - window) / (count - 1)
    samples = expand_dims(samples, -1)
    moved = floor((samples + np.arange(count - 1)) * step) - floor(samples * step)
    return concatenate([astype(moved, np.int64), last], -1)


def _sizes(name: str, lengths: Any, size: Any, ratio: Any, n: int) -> tuple[int, ...]:
    if (size is None) == (ratio is None):
        raise ValueError(
            f"{name}() was given output_size={size!r} and output_ratio={ratio!r}; give one of the "
            "two"
        )
    if size is not None:
        return per_axis(name, "output_size", size, n)
    ratios = tuple(ratio) if hasattr(ratio, "__len__") else (ratio,) * n
    sizes = tuple(int(operator.mul(*pair)) for pair in zip(lengths, ratios, strict=False))
    if len(ratios) != n or min(ratios) <= 0 or max(ratios) >= 1 or min(sizes) < 1:
        raise ValueError(
            f"{name}() was given output_ratio={ratio!r} for lengths {tuple(lengths)}; give a "
            f"number between 0 and 1, or {n} of them, that leave at least one element"
        )
    return sizes
