"""Differences, slopes and areas of samples, with NumPy's names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import comparison, elementwise
from autodiff.functions.reductions import reductions
from autodiff.functions.reductions.masked import floating, floating_together
from autodiff.functions.reductions.reductions import plain_axis
from autodiff.functions.shaping.joining import concatenate
from autodiff.functions.shaping.padding import pad
from autodiff.functions.shaping.shaping import broadcast_to, moveaxis, place_of_axis
from autodiff.tensors.operands import operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["cumulative_trapezoid", "diff", "ediff1d", "gradient", "trapezoid", "unwrap"]


def diff(x: Any, /, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Tensor:
    """Differences of neighbours along an axis; of booleans whether they differ.

    Args:
        x: tensor or array of at least one axis.
        n: how often differences are taken.
        axis: along which axis.
        prepend: put before ``x``; a number, or a tensor that fits except along the axis.
        append: put after it.

    Returns:
        A tensor that is shorter by ``n`` along the axis.

    Raises:
        ValueError: ``n`` is negative.
        ShapeError: there is no such axis.

    Example:
        >>> diff([1.0, 4.0, 9.0]).tolist(), diff([1.0, 4.0, 9.0], n=2).tolist()
        ([3.0, 5.0], [2.0])
    """
    if n < 0:
        raise ValueError(f"diff() was given n={n}, but differences are taken 0 times or more")
    prepend, x, append = operands_of((prepend, x, append))
    axis = place_of_axis(axis, x.ndim)
    parts = [
        part if part is x else _end(part, x, axis)
        for part in (prepend, x, append)
        if part is not None
    ]
    x = concatenate(parts, axis) if len(parts) > 1 and n else x
    subtract = comparison.not_equal if x.dtype.kind == "b" else elementwise.subtract
    before = (slice(None),) * axis
    for _ in range(n):
        x = subtract(x[(*before, slice(1, None))], x[(*before, slice(None, -1))])
    return x  # type: ignore[no-any-return]


def _end(part: Any, x: Any, axis: int) -> Tensor:
    if part.ndim == 0:
        part = broadcast_to(part, (*x.shape[:axis], 1, *x.shape[axis + 1 :]))
    return part  # type: ignore[no-any-return]


def ediff1d(ary: TensorLike, to_end: Any = None, to_begin: Any = None) -> Tensor:
    """Differences of neighbours in the flattened operand.

    Args:
        ary: tensor or array.
        to_end: put after the differences.
        to_begin: put before them.

    Returns:
        One axis.

    Example:
        >>> ediff1d([1.0, 4.0, 9.0], to_begin=0.0).tolist()
        [0.0, 3.0, 5.0]
    """
    x, *others = operands_of((ary, to_begin, to_end))
    x = x.reshape(-1)
    ends = [[] if end is None else [end.astype(x.dtype).reshape(-1)] for end in others]
    return concatenate([*ends[0], x[1:] - x[:-1], *ends[1]])


def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """Slopes of samples, of second order inside: what `numpy.gradient` computes.

    Args:
        f: samples, at least ``edge_order + 1`` along each axis.
        *varargs: the distances of the samples: one number for all axes, or for each axis a
            number or the places of its samples; 1 by default. They may carry gradients.
        axis: the axis or axes, all by default.
        edge_order: 1 or 2, the order of the slopes at the ends.

    Returns:
        For one axis a tensor of the shape of ``f``, for several a tuple of them.

    Raises:
        ShapeError: there are too few samples, or the distances do not fit.
        ValueError: ``edge_order`` is another one.

    Example:
        >>> gradient([1.0, 2.0, 4.0, 7.0]).tolist()
        [1.0, 1.5, 2.5, 3.0]
    """
    f, *steps = floating_together(f, *varargs)
    axis = plain_axis(axis)
    given = range(f.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = [place_of_axis(a, f.ndim) for a in given]
    if len(set(axes)) < len(axes):
        raise ShapeError(f"'gradient' was given axis={axis}, where one axis stands twice")
    if edge_order not in (1, 2):
        raise ValueError(f"gradient() was given edge_order={edge_order}; give 1 or 2")
    steps = steps or [constant(np.ones((), f.dtype).real)]
    if len(steps) == 1 and steps[0].ndim == 0:
        steps *= len(axes)
    if len(steps) != len(axes):
        raise ShapeError(
            f"'gradient' was given {len(steps)} distances for {len(axes)} axes; "
            "give one number, or one for each axis"
        )
    found = [_slopes(f, h, a, edge_order) for h, a in zip(steps, axes, strict=True)]
    return found[0] if len(found) == 1 else tuple(found)


def _slopes(f: Any, h: Any, axis: int, order: int) -> Any:
    length = f.shape[axis]
    if length <= order:
        raise ShapeError(
            f"'gradient' was given {length} samples along axis {axis}; with edge_order={order} "
            f"at least {order + 1} are needed"
        )
    if h.ndim > 1 or (h.ndim == 1 and h.shape[0] != length):
        raise ShapeError(
            f"'gradient' was given distances of shape {h.shape} for {length} samples along axis "
            f"{axis}; give a number, or the places of the samples"
        )
    f = moveaxis(f, axis, -1)
    if h.ndim == 0:
        inner = (f[..., 2:] - f[..., :-2]) / (2 * h)
        first, last = (f[..., 1:2] - f[..., :1]) / h, (f[..., -1:] - f[..., -2:-1]) / h
        if order == 2:
            first = (-1.5 * f[..., :1] + 2 * f[..., 1:2] - 0.5 * f[..., 2:3]) / h
            last = (1.5 * f[..., -1:] - 2 * f[..., -2:-1] + 0.5 * f[..., -3:-2]) / h
    else:
        slopes = (f[..., 1:] - f[..., :-1]) / (h[1:] - h[:-1])
        before, after = h[1:-1] - h[:-2], h[2:] - h[1:-1]
        # The parabola through three samples: slopes on both sides, the nearer one counts more.
        left, right = slopes[..., :-1], slopes[..., 1:]
        inner = (left * after + right * before) / (before + after)
        first, last = slopes[..., :1], slopes[..., -1:]
        if order == 2:
            bend = (right - left) / (before + after)
            first = first - bend[..., :1] * before[:1]
            last = last + bend[..., -1:] * after[-1:]
    return moveaxis(concatenate([first, inner, last], -1), -1, axis)


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Tensor:
    """Area under samples joined by straight lines.

    Args:
        y: the samples.
        x: their places, along one axis or of the shape of ``y``; may carry a gradient.
        dx: the distance of the samples if no places are given.
        axis: along which axis.

    Returns:
        A tensor without that axis.

    Raises:
        ShapeError: the places do not fit.

    Example:
        >>> trapezoid([1.0, 3.0, 5.0], dx=0.5).item()
        3.0
    """
    return reductions.sum(_doubled_areas("trapezoid", y, x, dx, axis), -1) / 2


def cumulative_trapezoid(
    y: TensorLike,
    x: TensorLike | None = None,
    dx: TensorLike = 1.0,
    axis: int = -1,
    *,
    initial: float | None = None,
) -> Tensor:
    """Areas from the first sample to each later one. Parameters as for `trapezoid`.

    Args:
        y: the samples.
        x: their places.
        dx: the distance of the samples if no places are given.
        axis: along which axis.
        initial: 0 for the area up to the first sample itself, in front.

    Returns:
        A tensor of the shape of ``y``, one shorter along the axis without ``initial``.

    Raises:
        ShapeError: the places do not fit.
        ValueError: ``initial`` is another number.

    Example:
        >>> cumulative_trapezoid([1.0, 3.0, 5.0]).tolist()
        [2.0, 6.0]
    """
    if initial not in (None, 0):
        raise ValueError(
            f"cumulative_trapezoid() was given initial={initial}; give 0 or leave it out, and add "
            "what there was before to the result"
        )
    areas = reductions.cumsum(_doubled_areas("cumulative_trapezoid", y, x, dx, axis), -1) / 2
    if initial is not None:
        areas = pad(areas, [(0, 0)] * (areas.ndim - 1) + [(1, 0)])
    return moveaxis(areas, -1, axis)


def _doubled_areas(name: str, y: Any, x: Any, dx: Any, axis: int) -> Any:
    """Twice the area between each sample and the next, along the last axis."""
    y, x, dx = floating_together(y, x, dx)
    place = place_of_axis(axis, y.ndim)
    y = moveaxis(y, place, -1)
    if x is None:
        width: Any = dx
    else:
        x = moveaxis(x, axis, -1) if x.ndim > 1 else x
        if x.ndim == 0 or x.shape[-1] != y.shape[-1]:
            raise ShapeError(
                f"{name!r} was given {y.shape[-1]} samples along axis {axis} and places of "
                f"shape {x.shape}; give one place for each sample"
            )
        width = x[..., 1:] - x[..., :-1]
    return width * (y[..., 1:] + y[..., :-1])


def unwrap(
    p: Any, discont: float | None = None, axis: int = -1, *, period: float = 2 * math.pi
) -> Tensor:
    """Angles without jumps: by whole periods nearer to the one before.

    What is added does not change with the angles, so each keeps its own gradient.

    Args:
        p: angles, tensor or array.
        discont: the least jump that is removed, half a period by default.
        axis: along which axis.
        period: the length of a period.

    Returns:
        A tensor of the shape of ``p``.

    Raises:
        TypeError: the angles are complex.

    Example:
        >>> unwrap([0.0, 3.0, 6.0, 1.0], period=6).tolist()
        [0.0, 3.0, 6.0, 7.0]
    """
    p = floating(p)
    if p.dtype.kind == "c":
        raise TypeError(
            f"unwrap() was given {p.dtype}; give the angles of complex numbers: autodiff.angle(z)"
        )
    place = place_of_axis(axis, p.ndim)
    half = period / 2
    jumps = np.diff(p._data, axis=place)
    kept = np.mod(jumps + half, period) - half
    kept = np.where((kept == -half) & (jumps > 0), half, kept)
    bound = half if discont is None else discont
    added = np.where(np.abs(jumps) < bound, 0, kept - jumps)
    total = np.cumsum(added, axis=place).astype(p.dtype)
    before = (slice(None),) * place
    return concatenate([p[(*before, slice(0, 1))], p[(*before, slice(1, None))] + total], place)
