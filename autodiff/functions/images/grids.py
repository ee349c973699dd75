"""Images and volumes sampled anywhere: grids of positions, and what stands there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise.comparison import floor, logical_and, rint
from autodiff.functions.elementwise.elementwise import absolute, clip, where
from autodiff.functions.ordering.along_axis import take_along_axis
from autodiff.functions.products.linear import matmul
from autodiff.functions.reductions.reductions import sum as _sum
from autodiff.functions.shaping.joining import stack
from autodiff.functions.shaping.shaping import astype, expand_dims, swapaxes
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["affine_grid", "grid_sample"]


def affine_grid(theta: TensorLike, size: tuple[int, ...], align_corners: bool = False) -> Tensor:
    """Positions of the elements of images or volumes after affine maps, for `grid_sample`.

    Args:
        theta: maps of shape (N, 2, 3) for images, (N, 3, 4) for volumes.
        size: shape (N, C, H, W) or (N, C, D, H, W) of what is to be sampled for.
        align_corners: whether -1 and 1 are the centers of the outermost elements, or (by
            default) their outer edges.

    Returns:
        A tensor of shape (N, H, W, 2) or (N, D, H, W, 3): positions x, y(, z).

    Raises:
        ShapeError: the maps do not fit the size.

    Example:
        >>> affine_grid([[[1.0, 0.0, 0.5], [0.0, 1.0, 0.0]]], (1, 1, 1, 2)).tolist()
        [[[[0.0, 0.0], [1.0, 0.0]]]]
    """
    theta, n = as_operand(theta), len(size) - 2
    if n not in (2, 3) or theta.shape != (size[0], n, n + 1):
        raise ShapeError(
            f"affine_grid() was given maps of shape {theta.shape} for size {tuple(size)}; give "
            "(N, 2, 3) for a size (N, C, H, W), or (N, 3, 4) for (N, C, D, H, W)"
        )
    lines = []
    for k in size[2:]:
        line = np.linspace(-1, 1, k) if k > 1 else np.zeros(1)
        lines.append(line if align_corners else line * ((k - 1) / k))
    mesh = np.meshgrid(*lines, indexing="ij")[::-1]
    base = np.stack([*mesh, np.ones(tuple(size[2:]))], -1).reshape(-1, n + 1)
    places = matmul(constant(base.astype(theta.dtype)), swapaxes(theta, -1, -2))
    return places.reshape((size[0], *size[2:], n))


def grid_sample(
    x: Any,
    grid: Any,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool = False,
) -> Tensor:
    """What stands in images or volumes at given positions.

    Args:
        x: of shape (N, C, H, W), or (N, C, D, H, W) for volumes.
        grid: positions x, y(, z) between -1 and 1, of shape (N, H', W', 2) or
            (N, D', H', W', 3).
        mode: ``"bilinear"`` (of volumes: trilinear), ``"nearest"``, or ``"bicubic"`` for
            images.
        padding_mode: what is outside: ``"zeros"``, ``"border"`` (the nearest element) or
            ``"reflection"``.
        align_corners: as for `affine_grid`.

    Returns:
        A tensor of shape (N, C, H', W') or (N, C, D', H', W').

    Raises:
        ShapeError: the shapes do not fit.
        ValueError: a mode is not known.

    Example:
        >>> x = [[[[1.0, 3.0], [5.0, 7.0]]]]
        >>> grid_sample(x, [[[[0.0, 0.0], [0.5, -0.5]]]]).tolist()
        [[[[4.0, 3.0]]]]
    """
    x, grid = operands_of((x, grid))
    n = x.ndim - 2
    _check(x, grid, mode, padding_mode, n)
    sizes, count = x.shape[2:], math.prod(grid.shape[1:-1])
    positions = grid.reshape((grid.shape[0], count, n))
    flat: Any = 0
    weights: Any = None
    inside: Any = None
    for axis, size in enumerate(sizes):
        at = positions[:, :, n - 1 - axis]
        at = (at + 1) * ((size - 1) / 2) if align_corners else ((at + 1) * size - 1) / 2
        places, shares = _TAPS[mode](at, size, padding_mode, align_corners)
        met = clip(places, 0, size - 1)
        within = astype(places >= 0, bool) if padding_mode == "zeros" else None
        if within is not None:
            within = logical_and(within, places <= size - 1)
            inside = within if inside is None else _outer(logical_and, inside, within)
        index = astype(where(met >= 0, met, 0.0), np.int64)
        flat = index if axis == 0 else _outer(lambda a, b, k=size: a * k + b, flat, index)
        if shares is not None:
            weights = shares if weights is None else _outer(lambda a, b: a * b, weights, shares)
    taps = flat.shape[2]
    rows = x.reshape((*x.shape[:2], math.prod(sizes)))
    found = take_along_axis(rows, flat.reshape((flat.shape[0], 1, count * taps)), 2)
    found = found.reshape((*x.shape[:2], count, taps))
    if inside is not None:
        found = where(expand_dims(inside, 1), found, 0.0)
    if weights is not None:
        found = found * expand_dims(weights, 1)
    return _sum(found, axis=3).reshape((*x.shape[:2], *grid.shape[1:-1]))


def _outer(combine: Any, a: Any, b: Any) -> Any:
    """Everything along the last axis of one with everything along that of the other."""
    y = combine(expand_dims(a, 3), expand_dims(b, 2))
    return y.reshape((*a.shape[:2], a.shape[2] * b.shape[2]))


def _folded(at: Any, size: int, padding_mode: str, align: bool) -> Any:
    """Positions outside brought inside, but for zeros."""
    if padding_mode == "reflection":
        low, span = (0.0, size - 1.0) if align else (-0.5, float(size))
        if span == 0:
            at = at * 0.0
        else:
            beyond = absolute(at - low)
            turns = floor(beyond / span)
            rest = beyond - turns * span
            at = where(turns % 2 == 0, rest + low, span - rest + low)
    return at if padding_mode == "zeros" else clip(at, 0.0, size - 1.0)


def _nearest(at: Any, size: int, padding_mode: str, align: bool) -> Any:
    return expand_dims(rint(_folded(at, size, padding_mode, align)).detach(), 2), None


def _linear(at: Any, size: int, padding_mode: str, align: bool) -> Any:
    at = _folded(at, size, padding_mode, align)
    low = floor(at).detach()
    share = at - low
    return stack([low, low + 1], 2), stack([1 - share, share], 2)


def _cubic(at: Any, size: int, padding_mode: str, align: bool) -> Any:
    low = floor(at).detach()
    t = at - low
    places = [_folded(low + k, size, padding_mode, align) for k in (-1, 0, 1, 2)]
    a, b = -0.75, 1 - t
    shares = [
        ((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a,
        ((a + 2) * t - (a + 3)) * t * t + 1,
        ((a + 2) * b - (a + 3)) * b * b + 1,
        ((a * (b + 1) - 5 * a) * (b + 1) + 8 * a) * (b + 1) - 4 * a,
    ]
    return stack(places, 2), stack(shares, 2)


_TAPS = {"nearest": _nearest, "bilinear": _linear, "bicubic": _cubic}


def _check(x: Any, grid: Any, mode: str, padding_mode: str, n: int) -> None:
    if mode not in _TAPS or (mode == "bicubic" and n == 3):
        raise ValueError(
            f"grid_sample() knows the modes 'bilinear', 'nearest' and, for images, 'bicubic', not "
            f"{mode!r} for x of shape {x.shape}"
        )
    if padding_mode not in ("zeros", "border", "reflection"):
        raise ValueError(
            "grid_sample() knows padding_mode='zeros', 'border' and 'reflection', not "
            f"{padding_mode!r}"
        )
    if n not in (2, 3) or grid.ndim != n + 2 or grid.shape[-1] != n or len(x) != len(grid):
        raise ShapeError(
            f"grid_sample() was given x of shape {x.shape} and a grid of shape {grid.shape}; give "
            "(N, C, H, W) and (N, H', W', 2), or (N, C, D, H, W) and (N, D', H', W', 3)"
        )
    if 0 in x.shape[2:]:
        raise ShapeError(f"grid_sample() was given x of shape {x.shape}: nothing to sample from")
