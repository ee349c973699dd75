"""Signals, images and volumes in another size, with PyTorch's modes and numbers."""

from __future__ import annotations

import math
from typing import Any

from autodiff.backends.images import resampling_weights as _taps
from autodiff.errors import ShapeError
from autodiff.functions.images.spatial import per_axis
from autodiff.ops.images import resampling as _ops
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

__all__ = ["interpolate"]

_AXES = {"linear": 1, "bilinear": 2, "trilinear": 3, "bicubic": 2}
_MODES = ("nearest", "nearest-exact", "area", *_AXES)


def interpolate(
    x: Any,
    size: int | tuple[int, ...] | None = None,
    scale_factor: float | tuple[float, ...] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """Signals, images or volumes resampled to another size.

    Args:
        x: of shape (N, C, L), (N, C, H, W) or (N, C, D, H, W).
        size: the new lengths; a number, or one for each axis.
        scale_factor: in place of ``size``: by how much the lengths grow, rounded down.
        mode: ``"nearest"`` (rounding down, as in PyTorch), ``"nearest-exact"``,
            ``"linear"`` for signals, ``"bilinear"`` or ``"bicubic"`` for images,
            ``"trilinear"`` for volumes, or ``"area"``: means over what each result covers.
        align_corners: whether the outermost elements are at their centers of the outermost
            elements (true) or share their outer edges (false, the default).
        recompute_scale_factor: compute positions from the rounded new lengths, not from
            ``scale_factor``.
        antialias: widen the filter of ``"bilinear"`` and ``"bicubic"`` when shrinking.

    Returns:
        A tensor of shape (N, C, *size).

    Raises:
        ShapeError: ``x`` does not have the axes that the mode is for.
        ValueError: a setting is out of range, or does not go with another.

    Example:
        >>> interpolate([[[0.0, 4.0]]], 4, mode="linear").tolist()
        [[[0.0, 1.0, 3.0, 4.0]]]
        >>> interpolate([[[1.0, 2.0]]], scale_factor=2).tolist()
        [[[1.0, 1.0, 2.0, 2.0]]]
    """
    x = as_operand(x)
    _check(x, mode, align_corners, antialias)
    n = x.ndim - 2
    sizes, scales = _sizes(x.shape[2:], size, scale_factor, n)
    if recompute_scale_factor:
        scales = (None,) * n
    if mode not in ("nearest", "nearest-exact") and x.dtype.kind not in "fc":
        raise ValueError(
            f"interpolate() with mode={mode!r} needs floating numbers, and x has dtype {x.dtype}; "
            "convert it with autodiff.astype"
        )
    align = bool(align_corners)
    # What shrinks goes first: there is less to do then.
    for i in sorted(range(n), key=lambda i: sizes[i] / x.shape[2 + i]):
        x = along(x, 2 + i, _taps_of(mode, x.shape[2 + i], sizes[i], align, scales[i], antialias))
    return x  # type: ignore[no-any-return]


def along(x: Any, axis: int, taps: Any) -> Any:
    """One axis resampled by rows of weights, given with their transpose.

    Example:
        >>> along(as_operand([1.0, 3.0]), 0, _taps.averaging(2, 1)).tolist()
        [2.0]
    """
    return apply(_ops.resample, x, axis=axis, taps=taps[0], back=taps[1])


def _taps_of(
    mode: str, length: int, count: int, align: bool, scale: float | None, antialias: bool
) -> Any:
    if mode == "area":
        return _taps.averaging(length, count)
    if mode.startswith("nearest"):
        return _taps.nearest(length, count, mode == "nearest-exact", scale)
    if antialias:
        return _taps.antialiased(length, count, align, scale, mode == "bicubic")
    return (_taps.cubic if mode == "bicubic" else _taps.linear)(length, count, align, scale)


def _sizes(old: Any, size: Any, scale_factor: Any, n: int) -> Any:
    if (size is None) == (scale_factor is None):
        raise ValueError(
            f"interpolate() was given size={size!r} and scale_factor={scale_factor!r}; give one "
            "of the two"
        )
    if size is not None:
        return per_axis("interpolate", "size", size, n), (None,) * n
    scales = tuple(scale_factor) if hasattr(scale_factor, "__len__") else (scale_factor,) * n
    sizes = [math.floor(k * s) for k, s in zip(old, scales, strict=False)]
    if len(scales) != n or min(sizes) < 1:
        raise ValueError(
            f"interpolate() was given scale_factor={scale_factor!r} for lengths {tuple(old)}; "
            f"give a positive number, or {n} of them, that leave at least one element"
        )
    return tuple(sizes), tuple(float(s) for s in scales)


def _check(x: Any, mode: str, align_corners: bool | None, antialias: bool) -> None:
    if mode not in _MODES:
        raise ValueError(
            f"interpolate() knows the modes {', '.join(map(repr, _MODES))}, not {mode!r}"
        )
    wanted = (_AXES[mode],) if mode in _AXES else (1, 2, 3)
    if x.ndim - 2 not in wanted:
        axes = " or ".join(str(k + 2) for k in wanted)
        raise ShapeError(
            f"interpolate() with mode={mode!r} takes x with {axes} axes, (N, C, …), and was given "
            f"shape {x.shape}"
        )
    if 0 in x.shape[1:]:
        raise ShapeError(f"interpolate() was given shape {x.shape}, which has nothing to resample")
    if align_corners is not None and mode not in _AXES:
        raise ValueError(
            f"interpolate() takes align_corners with the modes {', '.join(map(repr, _AXES))} "
            f"only, and mode={mode!r} was given"
        )
    if antialias and mode not in ("bilinear", "bicubic"):
        raise ValueError(
            "interpolate() takes antialias=True with mode='bilinear' or 'bicubic' only, and "
            f"mode={mode!r} was given"
        )
