"""Largest elements and means of windows over signals, images and volumes, as in PyTorch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.errors import NonDifferentiableError
from autodiff.functions.images.spatial import Moving, moving, unbatched
from autodiff.functions.reductions.masked import in_single
from autodiff.functions.shaping.padding import pad
from autodiff.ops.images import pooling as _ops
from autodiff.ops.images import windows as _windows
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
]

Axes = int | tuple[int, ...]


def max_pool1d(
    x: TensorLike,
    kernel_size: Axes,
    stride: Axes | None = None,
    padding: Axes | str = 0,
    dilation: Axes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Largest elements of windows over signals; parameters as for `max_pool2d`.

    Derivative: of the result's gradient g, x receives g of each window at its largest element.
    Equal largest elements of a window share the gradient equally.

    Example:
        >>> max_pool1d([[1.0, 3.0, 2.0, 5.0]], 2).tolist()
        [[3.0, 5.0]]
    """
    settings = kernel_size, stride, padding, dilation, ceil_mode
    return _max_pool("max_pool1d", 1, x, settings, return_indices)


def max_pool2d(
    x: TensorLike,
    kernel_size: Axes,
    stride: Axes | None = None,
    padding: Axes | str = 0,
    dilation: Axes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Largest elements of windows over images; equal largest ones share the gradient.

    Args:
        x: of shape (N, C, H, W), or (C, H, W) for a single image.
        kernel_size: lengths k of the window; a number, or one for each axis.
        stride: steps s between its places; the window's own lengths by default.
        padding: p elements of −∞ on both sides of each axis, at most half of the window;
            ``"valid"`` for none, ``"same"`` for ⌈H / s⌉ places.
        dilation: steps d between the elements of the window.
        ceil_mode: whether a last window that begins inside may reach over the end.
        return_indices: also give the place of each (first) largest element, counted in C
            order over the last axes of ``x``.

    Returns:
        A tensor of shape (N, C, H', W') or (C, H', W'), with
        H' = (H + 2p − d·(k − 1) − 1) // s + 1; with ``return_indices`` a pair of that and
        integers of the same shape.

    Raises:
        ShapeError: ``x`` has another number of axes, or the window does not fit.
        ValueError: a setting is out of range.

    Derivative: of the result's gradient g, x receives g of each window at its largest element.
    Equal largest elements of a window share the gradient equally.

    Example:
        >>> y, places = max_pool2d([[[1.0, 2.0], [4.0, 3.0]]], 2, return_indices=True)
        >>> y.tolist(), places.tolist()
        ([[[4.0]]], [[[2]]])
    """
    settings = kernel_size, stride, padding, dilation, ceil_mode
    return _max_pool("max_pool2d", 2, x, settings, return_indices)


def max_pool3d(
    x: TensorLike,
    kernel_size: Axes,
    stride: Axes | None = None,
    padding: Axes | str = 0,
    dilation: Axes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Largest elements of windows over volumes; parameters as for `max_pool2d`.

    Derivative: of the result's gradient g, x receives g of each window at its largest element.
    Equal largest elements of a window share the gradient equally.

    Example:
        >>> import numpy as np
        >>> max_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 2).tolist()
        [[[[7.0]]]]
    """
    settings = kernel_size, stride, padding, dilation, ceil_mode
    return _max_pool("max_pool3d", 3, x, settings, return_indices)


def _max_pool(name: str, n: int, x: Any, settings: Any, return_indices: bool) -> Any:
    x, single = unbatched(name, as_operand(x), n, "C")
    if x.dtype.kind == "c":
        raise NonDifferentiableError(
            f"{name}() was given complex numbers, which have no largest one; pool a real number "
            "made of them, such as autodiff.abs(z)"
        )
    move = moving(name, x.shape[2:], *settings)
    low = -math.inf if x.dtype.kind == "f" else int(np.iinfo(x.dtype).min)
    padded = _padded(x, move, low)
    y = apply(_ops.max_pool, padded, **move.setting)
    y = y[0] if single else y
    if not return_indices:
        return y
    before = tuple(a for a, _ in move.border)
    places = arrays.max_pool_places(
        padded._data, *move.setting.values(), before, tuple(x.shape[2:])
    )
    return y, answer(places[0] if single else places)


def _padded(x: Any, move: Moving, value: float) -> Any:
    if all(pair == (0, 0) for pair in move.border):
        return x
    return pad(x, ((0, 0), (0, 0), *move.border), constant_values=value)


def avg_pool1d(
    x: TensorLike,
    kernel_size: Axes,
    stride: Axes | None = None,
    padding: Axes | str = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Means of windows over signals; parameters as for `avg_pool2d`.

    Example:
        >>> avg_pool1d([[1.0, 3.0, 2.0, 6.0]], 2).tolist()
        [[2.0, 4.0]]
    """
    settings = kernel_size, stride, padding, 1, ceil_mode
    return _avg_pool("avg_pool1d", 1, x, settings, count_include_pad, divisor_override)


def avg_pool2d(
    x: TensorLike,
    kernel_size: Axes,
    stride: Axes | None = None,
    padding: Axes | str = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Means of windows over images.

    Args:
        x: of shape (N, C, H, W), or (C, H, W) for a single image.
        kernel_size: lengths of the window; a number, or one for each axis.
        stride: steps between its places; the window's own lengths by default.
        padding: zeros on both sides of each axis, at most half of the window; ``"valid"``
            for none, ``"same"`` for ⌈H / stride⌉ places.
        ceil_mode: whether a last window that begins inside may reach over the end.
        count_include_pad: whether these zeros count as elements.
        divisor_override: what sums are divided by, in place of the number of elements.

    Returns:
        A tensor of shape (N, C, H', W') or (C, H', W'), as for `max_pool2d`.

    Raises:
        ShapeError: ``x`` has another number of axes, or the window does not fit.
        ValueError: a setting is out of range.

    Example:
        >>> avg_pool2d([[[1.0, 2.0], [4.0, 3.0]]], 2).tolist()
        [[[2.5]]]
    """
    settings = kernel_size, stride, padding, 1, ceil_mode
    return _avg_pool("avg_pool2d", 2, x, settings, count_include_pad, divisor_override)


def avg_pool3d(
    x: TensorLike,
    kernel_size: Axes,
    stride: Axes | None = None,
    padding: Axes | str = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Means of windows over volumes; parameters as for `avg_pool2d`.

    Example:
        >>> import numpy as np
        >>> avg_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 2).tolist()
        [[[[3.5]]]]
    """
    settings = kernel_size, stride, padding, 1, ceil_mode
    return _avg_pool("avg_pool3d", 3, x, settings, count_include_pad, divisor_override)


def _avg_pool(
    name: str, n: int, x: Any, settings: Any, include: bool, override: int | None
) -> Tensor:
    x, single = unbatched(name, as_operand(x), n, "C")
    move = moving(name, x.shape[2:], *settings)
    if override is not None and override == 0:
        raise ValueError(f"{name}() was given divisor_override=0; give another number, or None")
    y: Tensor = _means(x, move, include, override)
    return y[0] if single else y


@in_single
def _means(x: Any, move: Moving, include: bool, override: int | None) -> Any:
    y = apply(_windows.window_sum, _padded(x, move, 0), **move.setting)
    return y / (_counts(x.shape[2:], y, move, include) if override is None else override)


def _counts(sizes: Any, y: Any, move: Moving, include: bool) -> Any:
    """By how much the sum of each window is to be divided."""
    if not any(move.extra) and (include or not any(map(any, move.padding))):
        return math.prod(move.kernel)
    total: Any = 1
    each = zip(sizes, y.shape[2:], move.kernel, move.stride, move.padding, strict=True)
    for size, count, k, s, (a, b) in each:
        start = np.arange(count) * s - a
        low, high = (-a, size + b) if include else (0, size)
        met = np.minimum(start + k, high) - np.maximum(start, low)
        total = np.multiply.outer(total, met)
    return total.astype(y.dtype if y.dtype.kind in "fc" else np.float64)
