"""Channels traded for space, and channels mixed between groups, as in PyTorch."""

from __future__ import annotations

import operator
from typing import Any

from autodiff.errors import ShapeError
from autodiff.functions.shaping.shaping import swapaxes, transpose
from autodiff.tensors.operands import as_operand
from autodiff.tensors.tensor import Tensor

__all__ = ["channel_shuffle", "pixel_shuffle", "pixel_unshuffle"]


def pixel_shuffle(x: Any, upscale_factor: int) -> Tensor:
    """Groups of r² channels laid out as squares of r by r elements.

    Args:
        x: of shape (…, C·r², H, W).
        upscale_factor: r.

    Returns:
        A tensor of shape (…, C, H·r, W·r).

    Raises:
        ShapeError: the number of channels is no multiple of r².
        ValueError: r is not positive.

    Example:
        >>> pixel_shuffle([[[1.0]], [[2.0]], [[3.0]], [[4.0]]], 2).tolist()
        [[[1.0, 2.0], [3.0, 4.0]]]
    """
    x, r = _prepared("pixel_shuffle", x, "upscale_factor", upscale_factor, 3)
    *lead, channels, h, w = x.shape
    if channels % (r * r):
        raise ShapeError(
            f"pixel_shuffle() was given shape {x.shape}; with upscale_factor={r} the number of "
            f"channels, the third length from the end, must be a multiple of {r * r}"
        )
    parts = x.reshape((*lead, channels // (r * r), r, r, h, w))
    return _reordered(parts, (0, 3, 1, 4, 2)).reshape((*lead, channels // (r * r), h * r, w * r))


def pixel_unshuffle(x: Any, downscale_factor: int) -> Tensor:
    """The inverse of `pixel_shuffle`: squares of r by r elements become r² channels.

    Args:
        x: of shape (…, C, H·r, W·r).
        downscale_factor: r.

    Returns:
        A tensor of shape (…, C·r², H, W).

    Raises:
        ShapeError: a length is no multiple of r.
        ValueError: r is not positive.

    Example:
        >>> pixel_unshuffle([[[1.0, 2.0], [3.0, 4.0]]], 2).tolist()
        [[[1.0]], [[2.0]], [[3.0]], [[4.0]]]
    """
    x, r = _prepared("pixel_unshuffle", x, "downscale_factor", downscale_factor, 3)
    *lead, channels, h, w = x.shape
    if h % r or w % r:
        raise ShapeError(
            f"pixel_unshuffle() was given shape {x.shape}; with downscale_factor={r} the last two "
            f"lengths must be multiples of {r}"
        )
    parts = x.reshape((*lead, channels, h // r, r, w // r, r))
    return _reordered(parts, (0, 2, 4, 1, 3)).reshape((*lead, channels * r * r, h // r, w // r))


def channel_shuffle(x: Any, groups: int) -> Tensor:
    """Channels in an order that takes one from each group in turn.

    Args:
        x: of shape (N, C, …).
        groups: how many groups of equal size the channels are in.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: the number of channels is no multiple of that of groups.
        ValueError: there is no group.

    Example:
        >>> channel_shuffle([[1.0, 2.0, 3.0, 4.0]], 2).tolist()
        [[1.0, 3.0, 2.0, 4.0]]
    """
    x, count = _prepared("channel_shuffle", x, "groups", groups, 2)
    n, channels, *rest = x.shape
    if channels % count:
        raise ShapeError(
            f"channel_shuffle() was given shape {x.shape}; with groups={count} the second length "
            f"must be a multiple of {count}"
        )
    parts = x.reshape((n, count, channels // count, *rest))
    return swapaxes(parts, 1, 2).reshape(x.shape)


def _prepared(name: str, x: Any, what: str, number: Any, least: int) -> tuple[Any, int]:
    x, number = as_operand(x), operator.index(number)
    if number < 1:
        raise ValueError(f"{name}() was given {what}={number}; give a positive whole number")
    if x.ndim < least:
        raise ShapeError(
            f"{name}() was given shape {x.shape}; give at least {least} axes, with one of channels"
        )
    return x, number


def _reordered(x: Any, order: tuple[int, ...]) -> Tensor:
    """The last axes in another order."""
    first = x.ndim - len(order)
    return transpose(x, (*range(first), *(first + i for i in order)))
