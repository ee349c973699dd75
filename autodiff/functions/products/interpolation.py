"""Straight lines between samples, and between two tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import comparison
from autodiff.functions.elementwise import elementwise as ew
from autodiff.functions.reductions.masked import floating_together
from autodiff.functions.shaping.joining import concatenate
from autodiff.functions.shaping.shaping import broadcast_to
from autodiff.tensors.operands import operands_of
from autodiff.tensors.tensor import Tensor

__all__ = ["interp", "lerp"]


def lerp(input: Any, end: Any, weight: Any) -> Tensor:
    """PyTorch's `lerp`: the way from one tensor to another, (1 − weight) · input + weight · end.

    Args:
        input: where the weight is 0, exactly.
        end: where the weight is 1, exactly.
        weight: how far; all three broadcast against each other, and may carry gradients.

    Returns:
        A tensor of the common shape.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> lerp([0.0, 10.0], [1.0, 20.0], 0.5).tolist()
        [0.5, 15.0]
    """
    start, end, weight = operands_of((input, end, weight))
    return start * (1 - weight) + end * weight  # type: ignore[no-any-return]


def interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Tensor:
    """Values between samples, on the straight lines that join them.

    All of ``x``, ``xp`` and ``fp`` may carry gradients. At a sample the slope is that of the
    line to its right, at the last one that to its left; outside it is 0.

    Args:
        x: where to interpolate, of any shape.
        xp: the places of the samples, rising, along one axis.
        fp: the samples, real or complex, one for each place.
        left: what holds before the first place, the first sample by default.
        right: what holds after the last place, the last sample by default.
        period: after which the samples repeat; the places need no order then, and ``left``
            and ``right`` have no effect.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: places and samples do not fit.
        TypeError: places are complex.
        ValueError: the period is 0.

    Example:
        >>> interp([0.5, 3.0], [0.0, 1.0, 2.0], [0.0, 10.0, 20.0]).tolist()
        [5.0, 20.0]
    """
    x, xp, fp, left, right, period = floating_together(x, xp, fp, left, right, period)
    if xp.ndim != 1 or xp.shape != fp.shape or not xp.size:
        raise ShapeError(
            f"'interp' was given places of shape {xp.shape} and samples of shape {fp.shape}; "
            "give one axis of at least one in both"
        )
    if "c" in (x.dtype.kind, xp.dtype.kind):
        raise TypeError(
            f"interp() was given places of dtype {x.dtype} among {xp.dtype}; places are real "
            "numbers, only the samples may be complex"
        )
    if period is not None:
        x, xp, fp = _repeated(x, xp, fp, period)
        left = right = None
    first, last = xp[0], xp[-1]
    y = _on_lines(x, xp, fp) if xp.size > 1 else broadcast_to(fp[0], x.shape)
    y = ew.where(comparison.less(x, first), fp[0] if left is None else left, y)
    y = ew.where(comparison.greater(x, last), fp[-1] if right is None else right, y)
    return ew.where(comparison.isnan(x), np.nan, y)


def _on_lines(x: Any, xp: Any, fp: Any) -> Any:
    top = xp.shape[0] - 2
    line = np.clip(np.searchsorted(xp._data, x._data, side="right") - 1, 0, top)
    begin, end = xp[line], xp[line + 1]
    width = end - begin
    # Two samples at one place: a step, which has no slope.
    slope = (fp[line + 1] - fp[line]) / ew.where(comparison.equal(width, 0), 1, width)
    # From the last sample itself, so that nothing is rounded there.
    near = np.where(x._data >= xp._data[-1], line + 1, line)
    return fp[near] + slope * (x - xp[near])


def _repeated(x: Any, xp: Any, fp: Any, period: Any) -> tuple[Any, Any, Any]:
    """The samples of one period in order, and one more at both ends."""
    length = ew.abs(period)
    if type(period._data) is np.ndarray and not period._data.all():
        raise ValueError("interp() was given a period of 0; give another, or none")
    x, xp = ew.remainder(x, length), ew.remainder(xp, length)
    order = np.argsort(xp._data)
    xp, fp = xp[order], fp[order]
    xp = concatenate([xp[-1:] - length, xp, xp[:1] + length])
    return x, xp, concatenate([fp[-1:], fp, fp[:1]])
