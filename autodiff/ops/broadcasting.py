"""Undoing a broadcast: the transpose of NumPy's broadcasting."""

from __future__ import annotations

from typing import Any

__all__ = ["expand_reduced", "normalize_axes", "unbroadcast"]

Axis = int | tuple[int, ...] | None


def unbroadcast(xp: Any, g: Any, shape: tuple[int, ...]) -> Any:
    """Sum ``g`` over the axes along which an operand of ``shape`` was repeated.

    Args:
        xp: the namespace that ``g`` belongs to.
        g: cotangent of the broadcast result.
        shape: shape of the operand before broadcasting.

    Returns:
        The operand's cotangent, of shape ``shape``.
    """
    if g.shape == shape:
        return g
    extra = len(g.shape) - len(shape)
    if extra > 0 and g.shape[extra:] == shape:
        return xp.sum(g, axis=0 if extra == 1 else tuple(range(extra)))
    axes = tuple(range(extra)) + tuple(
        extra + i for i, n in enumerate(shape) if n == 1 and g.shape[extra + i] != 1
    )
    if axes:
        g = xp.sum(g, axis=axes, keepdims=True)
    return g if g.shape == shape else xp.reshape(g, shape)


def normalize_axes(axis: Axis, ndim: int) -> tuple[int, ...]:
    """All reduced axes as non-negative numbers; None means every axis."""
    if axis is None:
        return tuple(range(ndim))
    axes = (axis,) if isinstance(axis, int) else axis
    return tuple(a % ndim for a in axes) if ndim else ()


def expand_reduced(xp: Any, g: Any, shape: tuple[int, ...], axis: Axis, keepdims: bool) -> Any:
    """Give a reduced cotangent its reduced axes back, with length 1.

    Args:
        xp: the namespace that ``g`` belongs to.
        g: cotangent of a reduction's result.
        shape: shape of the reduced operand.
        axis: the axes reduced.
        keepdims: whether the result kept them.

    Returns:
        ``g``, broadcastable against ``shape``.
    """
    if keepdims or not shape or axis is None:
        return g
    axes = normalize_axes(axis, len(shape))
    return xp.reshape(g, tuple(1 if i in axes else n for i, n in enumerate(shape)))
