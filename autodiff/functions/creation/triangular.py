"""Triangles of matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["tril", "triu"]


def tril(x: TensorLike, /, k: int = 0) -> Tensor:
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


def triu(x: TensorLike, /, k: int = 0) -> Tensor:
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
