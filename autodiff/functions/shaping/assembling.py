"""Tensors put together and cut apart along fixed axes, with NumPy's names."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.shaping.arranging import atleast_1d, atleast_2d, atleast_3d, with_axes
from autodiff.functions.shaping.joining import concatenate, split
from autodiff.functions.shaping.shaping import place_of_axis
from autodiff.tensors.operands import as_operand, beside, operands_of
from autodiff.tensors.promotion import common_dtype
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "array_split",
    "block",
    "column_stack",
    "dsplit",
    "dstack",
    "hsplit",
    "hstack",
    "vsplit",
    "vstack",
]


def _parts(tup: Any, name: str) -> list[Any]:
    parts = operands_of(list(tup))
    if not parts:
        raise ShapeError(f"{name!r} needs at least one tensor, but was given none")
    return parts


def _typed(y: Tensor, dtype: Any) -> Tensor:
    return y if dtype is None else y.astype(dtype)


def hstack(tup: Sequence[Any], *, dtype: npt.DTypeLike | None = None) -> Tensor:
    """Operands side by side: along the second axis, or along the only one.

    Args:
        tup: tensors whose shapes are equal but for that axis.
        dtype: of the result, the common one by default.

    Returns:
        The joined tensor.

    Example:
        >>> hstack([[1.0, 2.0], 3.0]).tolist()
        [1.0, 2.0, 3.0]
    """
    parts = [atleast_1d(part) for part in _parts(tup, "hstack")]
    return _typed(concatenate(parts, 0 if parts[0].ndim == 1 else 1), dtype)


def vstack(tup: Sequence[Any], *, dtype: npt.DTypeLike | None = None) -> Tensor:
    """Operands below each other, those of one axis as rows. Parameters as for `hstack`.

    Example:
        >>> vstack([[1.0, 2.0], [3.0, 4.0]]).shape
        (2, 2)
    """
    return _typed(concatenate([atleast_2d(part) for part in _parts(tup, "vstack")]), dtype)


def dstack(tup: Sequence[Any], *, dtype: npt.DTypeLike | None = None) -> Tensor:
    """Operands behind each other, along the third axis. Parameters as for `hstack`.

    Example:
        >>> dstack([[1.0, 2.0], [3.0, 4.0]]).tolist()
        [[[1.0, 3.0], [2.0, 4.0]]]
    """
    return _typed(concatenate([atleast_3d(part) for part in _parts(tup, "dstack")], 2), dtype)


def column_stack(tup: Sequence[Any]) -> Tensor:
    """Operands side by side, those of one axis as columns.

    Example:
        >>> column_stack([[1.0, 2.0], [3.0, 4.0]]).tolist()
        [[1.0, 3.0], [2.0, 4.0]]
    """
    parts = _parts(tup, "column_stack")
    return concatenate([p if p.ndim > 1 else p.reshape(-1, 1) for p in parts], 1)


def block(arrays: Any) -> Tensor:
    """Nested lists of blocks put together: the innermost along the last axis.

    Args:
        arrays: a tensor, or lists of them, nested equally deep everywhere.

    Returns:
        The whole.

    Raises:
        ShapeError: a list is empty, the depths differ, or the blocks do not fit.
        TypeError: there is a tuple among the lists.

    Example:
        >>> block([[1.0, 2.0], [3.0, np.array([4.0])]]).tolist()
        [[1.0, 2.0], [3.0, 4.0]]
    """
    depth, ndim = _depth(arrays)
    blocks = _strong(arrays, common_dtype([arrays]))
    return _assembled(blocks, 0, depth, max(depth, ndim))  # type: ignore[no-any-return]


def _strong(arrays: Any, dtype: Any) -> Any:
    """The nested lists with nodes in them, bare numbers in the type of the arrays."""
    if isinstance(arrays, list):
        return [_strong(part, dtype) for part in arrays]
    return arrays if isinstance(arrays, tuple) else beside(arrays, dtype)


def _depth(arrays: Any) -> tuple[int, int]:
    """How deep the lists are nested, and the most axes that a block has."""
    if isinstance(arrays, tuple):
        raise TypeError("block() was given a tuple; only lists are nested")
    if not isinstance(arrays, list):
        return 0, as_operand(arrays).ndim
    if not arrays:
        raise ShapeError("'block' was given an empty list; give at least one block in each")
    found = [_depth(part) for part in arrays]
    if len({depth for depth, _ in found}) > 1:
        raise ShapeError("'block' was given lists that are not nested equally deep")
    return found[0][0] + 1, max(ndim for _, ndim in found)


def _assembled(arrays: Any, level: int, depth: int, ndim: int) -> Any:
    if not isinstance(arrays, list):
        return with_axes(arrays, ndim)
    parts = [_assembled(part, level + 1, depth, ndim) for part in arrays]
    return concatenate(parts, level - depth) if len(parts) > 1 else parts[0]


def array_split(ary: TensorLike, indices_or_sections: Any, axis: int = 0) -> list[Tensor]:
    """Pieces along an axis, of nearly equal length where it cannot be divided.

    Args:
        ary: tensor or array.
        indices_or_sections: the number of pieces, or the places at which to cut.
        axis: the axis to cut.

    Returns:
        The pieces in order, the longer ones first.

    Raises:
        ShapeError: the number of pieces is not positive.

    Example:
        >>> [piece.tolist() for piece in array_split([1.0, 2.0, 3.0], 2)]
        [[1.0, 2.0], [3.0]]
    """
    x = as_operand(ary)
    place = place_of_axis(axis, x.ndim)
    if np.ndim(indices_or_sections):
        return split(x, [operator.index(i) for i in indices_or_sections], place)
    count = operator.index(indices_or_sections)
    if count < 1:
        raise ShapeError(f"'array_split' was asked for {count} pieces; give at least 1")
    least, longer = divmod(x.shape[place], count)
    edges = [i * least + min(i, longer) for i in range(count + 1)]
    before = (slice(None),) * place
    return [x[(*before, slice(a, b))] for a, b in pairwise(edges)]


def _cut(ary: Any, sections: Any, axis: int, name: str, least: int) -> list[Tensor]:
    x = as_operand(ary)
    if x.ndim < least:
        raise ShapeError(f"{name!r} was given shape {x.shape}; give at least {least} axes")
    return split(x, sections, axis)


def vsplit(ary: TensorLike, indices_or_sections: Any) -> list[Tensor]:
    """Pieces along the first of at least two axes. See `split`.

    Example:
        >>> [piece.tolist() for piece in vsplit([[1.0], [2.0]], 2)]
        [[[1.0]], [[2.0]]]
    """
    return _cut(ary, indices_or_sections, 0, "vsplit", 2)


def hsplit(ary: TensorLike, indices_or_sections: Any) -> list[Tensor]:
    """Pieces along the second axis, or the only one. See `split`.

    Example:
        >>> [piece.tolist() for piece in hsplit([1.0, 2.0, 3.0], [1])]
        [[1.0], [2.0, 3.0]]
    """
    x = as_operand(ary)
    return _cut(x, indices_or_sections, 1 if x.ndim > 1 else 0, "hsplit", 1)


def dsplit(ary: TensorLike, indices_or_sections: Any) -> list[Tensor]:
    """Pieces along the third axis. See `split`.

    Example:
        >>> [piece.shape for piece in dsplit(np.zeros((1, 2, 4)), 2)]
        [(1, 2, 2), (1, 2, 2)]
    """
    return _cut(ary, indices_or_sections, 2, "dsplit", 3)
