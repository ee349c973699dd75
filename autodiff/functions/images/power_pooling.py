"""Pooling by power sums, as in PyTorch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autodiff.functions.elementwise.comparison import equal
from autodiff.functions.elementwise.elementwise import power, where
from autodiff.functions.images import pooling as _pooling
from autodiff.functions.reductions.masked import in_single
from autodiff.tensors.operands import as_operand
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["lp_pool1d", "lp_pool2d", "lp_pool3d"]

Axes = int | tuple[int, ...]


def lp_pool1d(
    x: TensorLike,
    norm_type: float,
    kernel_size: Axes,
    stride: Axes | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """Power sums of windows over signals; parameters as for `lp_pool2d`.

    Example:
        >>> lp_pool1d([[3.0, 4.0, 0.0, 2.0]], 2, 2).tolist()
        [[5.0, 2.0]]
    """
    return _power_pool(x, _pooling.avg_pool1d, 1, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(
    x: TensorLike,
    norm_type: float,
    kernel_size: Axes,
    stride: Axes | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """(Σ x^p)^(1/p) over windows of images; its gradient is 0 where the sum is 0.

    Args:
        x: of shape (N, C, H, W), or (C, H, W) for a single image.
        norm_type: p, not 0. As in PyTorch no absolute values are taken: for odd p a sum may
            be negative, and its root is then nan.
        kernel_size: lengths of the window; a number, or one for each axis.
        stride: steps between its places; the window's own lengths by default.
        ceil_mode: whether a last window may reach over the end; its sum is then scaled up to
            a whole window.

    Returns:
        A tensor of shape (N, C, H', W') or (C, H', W').

    Raises:
        ShapeError: ``x`` has another number of axes, or the window does not fit.
        ValueError: a setting is out of range.

    Example:
        >>> lp_pool2d([[[3.0, 4.0], [0.0, 0.0]]], 2, 2).tolist()
        [[[5.0]]]
    """
    return _power_pool(x, _pooling.avg_pool2d, 2, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(
    x: TensorLike,
    norm_type: float,
    kernel_size: Axes,
    stride: Axes | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """Power sums of windows over volumes; parameters as for `lp_pool2d`.

    Example:
        >>> import numpy as np
        >>> lp_pool3d(np.ones((1, 2, 2, 1)), 2, (2, 2, 1)).tolist()
        [[[[2.0]]]]
    """
    return _power_pool(x, _pooling.avg_pool3d, 3, norm_type, kernel_size, stride, ceil_mode)


@in_single
def _power_pool(
    x: Any, average: Any, n: int, p: float, kernel_size: Any, stride: Any, ceil_mode: bool
) -> Tensor:
    if p == 0:
        raise ValueError("lp_pool() was given norm_type=0; give another number")
    means = average(power(as_operand(x), p), kernel_size, stride, 0, ceil_mode)
    kernel = tuple(kernel_size) if hasattr(kernel_size, "__len__") else (kernel_size,)
    sums = means * math.prod(kernel if len(kernel) == n else kernel * n)
    if p == 1:
        return sums  # type: ignore[no-any-return]
    nothing = equal(sums, 0)
    return where(nothing, 0.0, power(where(nothing, 1.0, sums), 1 / p))  # type: ignore[no-any-return]
