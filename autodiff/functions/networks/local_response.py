"""Normalisation by the strength of neighbouring channels."""

from __future__ import annotations

import operator
from typing import Any

from autodiff.errors import ShapeError
from autodiff.functions.elementwise.elementwise import power, square
from autodiff.functions.networks.normalization import real_floating
from autodiff.functions.shaping.padding import pad
from autodiff.functions.shaping.shaping import moveaxis
from autodiff.ops.images import windows as _windows
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

__all__ = ["local_response_norm"]


def local_response_norm(
    x: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Tensor:
    """x / (k + α · mean of x² over the neighbouring channels)^β.

    Source: Krizhevsky, Sutskever and Hinton, "ImageNet Classification", 2012, section 3.3;
    with the mean in place of the sum, as in PyTorch.

    Args:
        x: of shape (N, C, …) with at least one axis of space.
        size: how many channels are neighbours; those that do not exist count as 0.
        alpha: α.
        beta: β.
        k: k.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: ``x`` has fewer than three axes.
        ValueError: ``size`` is not positive.

    Example:
        >>> local_response_norm([[[1.0], [2.0]]], 1, alpha=4.0, k=0.0, beta=1.0).tolist()
        [[[0.25], [0.125]]]
    """
    x, size = real_floating("local_response_norm", x), operator.index(size)
    if size < 1:
        raise ValueError(f"local_response_norm() was given size={size}; give a positive number")
    if x.ndim < 3:
        raise ShapeError(f"local_response_norm() takes x of shape (N, C, …), not {x.shape}")
    squares = moveaxis(square(x), 1, -1)
    widths = ((0, 0),) * (x.ndim - 1) + ((size // 2, (size - 1) // 2),)
    sums = apply(_windows.window_sum, pad(squares, widths), **_row(size))
    y: Tensor = x / power(moveaxis(sums, -1, 1) * (alpha / size) + k, beta)
    return y


def _row(size: int) -> dict[str, Any]:
    return {"kernel": (size,), "stride": (1,), "dilation": (1,)}
