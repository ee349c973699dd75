"""Windows of signals, images and volumes as columns, and columns put back: im2col, col2im."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.images.spatial import pairs_of, per_axis, unbatched
from autodiff.functions.shaping.padding import pad
from autodiff.functions.shaping.shaping import moveaxis, place_of_axis
from autodiff.ops.images import windows as _ops
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

__all__ = ["fold", "sliding_window_view", "unfold"]

Axes = int | tuple[int, ...]


def unfold(
    x: Any, kernel_size: Axes, dilation: Axes = 1, padding: Axes = 0, stride: Axes = 1
) -> Tensor:
    """Every window of images as a column (also known as im2col).

    Args:
        x: of shape (N, C, H, W), or (C, H, W) for a single image; signals and volumes where
            ``kernel_size`` has one or three numbers.
        kernel_size: lengths kH, kW of the window; one number stands for two equal ones.
        dilation: steps between the elements of the window.
        padding: zeros on both sides of each axis.
        stride: steps between its places.

    Returns:
        A tensor of shape (N, C·kH·kW, L) or (C·kH·kW, L), with L the number of places.

    Raises:
        ShapeError: ``x`` has another number of axes, or the window does not fit.
        ValueError: a setting is out of range.

    Example:
        >>> unfold([[[1.0, 2.0, 3.0]]], (1, 2)).tolist()
        [[1.0, 2.0], [2.0, 3.0]]
    """
    n, setting, border = _settings("unfold", kernel_size, dilation, padding, stride)
    x, single = unbatched("unfold", as_operand(x), n, "C")
    if any(map(any, border)):
        x = pad(x, ((0, 0), (0, 0), *border))
    columns = apply(_ops.windows, x, **setting)
    places = math.prod(columns.shape[2 + n :])
    height = x.shape[1] * math.prod(setting["kernel"])
    columns = columns.reshape((x.shape[0], height, places))
    return columns[0] if single else columns


def fold(
    x: Any,
    output_size: Axes,
    kernel_size: Axes,
    dilation: Axes = 1,
    padding: Axes = 0,
    stride: Axes = 1,
) -> Tensor:
    """Columns put back to their windows, what meets there added up (also known as col2im).

    The transpose of `unfold`, not its inverse: an element gets one number for each window
    that it is in.

    Args:
        x: of shape (N, C·kH·kW, L), or (C·kH·kW, L) for a single image.
        output_size: lengths H, W of the image.
        kernel_size: lengths kH, kW of the window; as for `unfold`.
        dilation: steps between the elements of the window.
        padding: elements on both sides of each axis that are left out.
        stride: steps between its places.

    Returns:
        A tensor of shape (N, C, H, W) or (C, H, W).

    Raises:
        ShapeError: the columns are not those of such windows.
        ValueError: a setting is out of range.

    Example:
        >>> fold([[1.0, 2.0], [2.0, 3.0]], (1, 3), (1, 2)).tolist()
        [[[1.0, 4.0, 3.0]]]
    """
    n, setting, border = _settings("fold", kernel_size, dilation, padding, stride)
    sizes = per_axis("fold", "output_size", output_size, n)
    x, single = unbatched("fold", as_operand(x), 1, "C·Πk")
    whole = tuple(size + a + b for size, (a, b) in zip(sizes, border, strict=True))
    places = tuple(
        (size - d * (k - 1) - 1) // s + 1
        for size, k, s, d in zip(whole, *setting.values(), strict=True)
    )
    taps = math.prod(setting["kernel"])
    if min(places) < 1 or x.shape[1] % taps or x.shape[2] != math.prod(places):
        raise ShapeError(
            f"fold() was given columns of shape {x.shape}; windows of {setting['kernel']} over "
            f"{whole} (padding included) have {max(min(places), 0) and math.prod(places)} places, "
            f"so give a shape (N, C·{taps}, {max(min(places), 0) and math.prod(places)})"
        )
    shape = (x.shape[0], x.shape[1] // taps, *setting["kernel"], *places)
    y = apply(_ops.overlap_add, x.reshape(shape), shape=whole, **setting)
    if any(map(any, border)):
        inner = (slice(a, a + size) for size, (a, _) in zip(sizes, border, strict=True))
        y = y[(slice(None), slice(None), *inner)]
    return y[0] if single else y


def sliding_window_view(
    x: Any, window_shape: Axes, axis: int | tuple[int, ...] | None = None
) -> Tensor:
    """All windows over an array, as `numpy.lib.stride_tricks.sliding_window_view` lays them out.

    Args:
        x: tensor or array.
        window_shape: lengths of the window; one for each axis that it moves along.
        axis: these axes; all by default. One that is named twice is gone along twice.

    Returns:
        A tensor with the places of the window on the axes of ``x``, and its own axes last.

    Raises:
        ShapeError: the window does not fit, or there is not one length for each axis.

    Example:
        >>> sliding_window_view([1.0, 2.0, 3.0], 2).tolist()
        [[1.0, 2.0], [2.0, 3.0]]
    """
    x = as_operand(x)
    n = x.ndim
    lengths = tuple(np.atleast_1d(window_shape).tolist())
    axes = tuple(range(n) if axis is None else np.atleast_1d(axis).tolist())
    if len(lengths) != len(axes):
        raise ShapeError(
            f"sliding_window_view() was given shape {x.shape}, window_shape={window_shape} and "
            f"axis={axis}; give one length for each axis"
        )
    for k, i in zip(lengths, axes, strict=True):
        place = place_of_axis(i, n)
        moved = apply(_ops.windows, moveaxis(x, place, -1), kernel=(k,), stride=(1,), dilation=(1,))
        x = moveaxis(moved, -1, place)
    return x  # type: ignore[no-any-return]


def _settings(name: str, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    n = len(kernel_size) if hasattr(kernel_size, "__len__") else 2
    if not 1 <= n <= 3:
        raise ValueError(
            f"{name}() was given kernel_size={kernel_size!r}; give one number, or one for each "
            "of one to three axes"
        )
    setting = {
        "kernel": per_axis(name, "kernel_size", kernel_size, n),
        "stride": per_axis(name, "stride", stride, n),
        "dilation": per_axis(name, "dilation", dilation, n),
    }
    return n, setting, pairs_of(per_axis(name, "padding", padding, n, low=0))
