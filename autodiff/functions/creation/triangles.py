"""Triangles of matrices, and differences of neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import comparison, elementwise
from autodiff.functions.shaping.joining import concatenate
from autodiff.functions.shaping.shaping import broadcast_to, place_of_axis
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

__all__ = ["diff", "tril", "triu"]


def tril(x: Any, /, k: int = 0) -> Tensor:
    """Matrices with zeros above a diagonal.

    Args:
        x: tensor or array of shape (…, n, m).
        k: the last diagonal kept; 0 the main one, positive ones lie above it.

    Returns:
        A tensor of that shape.

    Raises:
        ShapeError: ``x`` has fewer than two axes.

    Example:
        >>> tril([[1.0, 2.0], [3.0, 4.0]]).tolist()
        [[1.0, 0.0], [3.0, 4.0]]
    """
    x = _matrices(x, "tril")
    return _kept(x, _below(x, k))


def triu(x: Any, /, k: int = 0) -> Tensor:
    """Matrices with zeros below a diagonal, the first one kept; see `tril`.

    Example:
        >>> triu([[1.0, 2.0], [3.0, 4.0]]).tolist()
        [[1.0, 2.0], [0.0, 4.0]]
    """
    x = _matrices(x, "triu")
    return _kept(x, ~_below(x, k - 1))


def _matrices(x: Any, name: str) -> Any:
    x = as_operand(x)
    if x.ndim < 2:
        raise ShapeError(f"{name}() needs matrices, of shape (…, n, m), not shape {x.shape}")
    return x


def _below(x: Any, k: int) -> Any:
    rows, columns = x.shape[-2:]
    return np.tri(rows, columns, k, np.bool_)


def _kept(x: Any, mask: Any) -> Tensor:
    kept: Tensor = elementwise.where(constant(mask), x, constant(np.zeros((), x.dtype)))
    return kept


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
