"""Pooling to a given size, as in PyTorch."""

from __future__ import annotations

import operator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from autodiff.backends.arrays import arrays
from autodiff.backends.images import resampling_weights as _taps
from autodiff.errors import NonDifferentiableError, ShapeError
from autodiff.functions.images.resizing import along
from autodiff.functions.images.spatial import unbatched
from autodiff.functions.reductions.reductions import mean
from autodiff.ops.images import pooling as _ops
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
]

Sizes = int | None | tuple[int | None, ...]


def adaptive_avg_pool1d(x: TensorLike, output_size: Sizes) -> Tensor:
    """Means that leave a given number of places; parameters as for `adaptive_avg_pool2d`.

    Example:
        >>> adaptive_avg_pool1d([[1.0, 2.0, 3.0]], 2).tolist()
        [[1.5, 2.5]]
    """
    return _average("adaptive_avg_pool1d", 1, x, output_size)


def adaptive_avg_pool2d(x: TensorLike, output_size: Sizes) -> Tensor:
    """Means of windows over images that leave a given number of places.

    Place i of k along an axis of length n covers ⌊i·n/k⌋ to ⌈(i+1)·n/k⌉: windows overlap, or
    differ in length by one, where k does not divide n.

    Args:
        x: of shape (N, C, H, W), or (C, H, W) for a single image.
        output_size: lengths of the result; a number, or one for each axis; None keeps the
            length that is there.

    Returns:
        A tensor of shape (N, C, *output_size) or (C, *output_size).

    Raises:
        ShapeError: ``x`` has another number of axes, or an axis is empty.
        ValueError: a length is out of range.

    Example:
        >>> adaptive_avg_pool2d([[[1.0, 2.0], [3.0, 4.0]]], (1, None)).tolist()
        [[[2.0, 3.0]]]
    """
    return _average("adaptive_avg_pool2d", 2, x, output_size)


def adaptive_avg_pool3d(x: TensorLike, output_size: Sizes) -> Tensor:
    """Means that leave a given number of places; parameters as for `adaptive_avg_pool2d`.

    Example:
        >>> import numpy as np
        >>> adaptive_avg_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 1).tolist()
        [[[[3.5]]]]
    """
    return _average("adaptive_avg_pool3d", 3, x, output_size)


def _average(name: str, n: int, x: Any, output_size: Sizes) -> Tensor:
    x, single, sizes = _prepared(name, n, x, output_size)
    whole = tuple(2 + i for i, count in enumerate(sizes) if count == 1)
    if whole:
        x = mean(x, axis=whole, keepdims=True)
    for i, count in enumerate(sizes):
        if count > 1:
            x = along(x, 2 + i, _taps.averaging(x.shape[2 + i], count))
    return x[0] if single else x  # type: ignore[no-any-return]


def adaptive_max_pool1d(x: TensorLike, output_size: Sizes, return_indices: bool = False) -> Any:
    """Largest elements for a given number of places; as `adaptive_max_pool2d`.

    Example:
        >>> adaptive_max_pool1d([[1.0, 3.0, 2.0]], 2).tolist()
        [[3.0, 3.0]]
    """
    return _largest("adaptive_max_pool1d", 1, x, output_size, return_indices)


def adaptive_max_pool2d(x: TensorLike, output_size: Sizes, return_indices: bool = False) -> Any:
    """Largest elements of the windows of `adaptive_avg_pool2d`; equal ones share the gradient.

    Args:
        x: of shape (N, C, H, W), or (C, H, W) for a single image.
        output_size: as for `adaptive_avg_pool2d`.
        return_indices: also give the place of each (first) largest element, counted in C
            order over the last axes of ``x``.

    Returns:
        A tensor of shape (N, C, *output_size) or (C, *output_size); with
        ``return_indices`` a pair of that and integers of the same shape.

    Raises:
        ShapeError: ``x`` has another number of axes, or an axis is empty.
        ValueError: a length is out of range.

    Example:
        >>> adaptive_max_pool2d([[[1.0, 2.0], [3.0, 4.0]]], (1, None)).tolist()
        [[[3.0, 4.0]]]
    """
    return _largest("adaptive_max_pool2d", 2, x, output_size, return_indices)


def adaptive_max_pool3d(x: TensorLike, output_size: Sizes, return_indices: bool = False) -> Any:
    """Largest elements for a given number of places; as `adaptive_max_pool2d`.

    Example:
        >>> import numpy as np
        >>> adaptive_max_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 1).tolist()
        [[[[7.0]]]]
    """
    return _largest("adaptive_max_pool3d", 3, x, output_size, return_indices)


def _largest(name: str, n: int, x: Any, output_size: Sizes, return_indices: bool) -> Any:
    x, single, sizes = _prepared(name, n, x, output_size)
    if x.dtype.kind == "c":
        raise NonDifferentiableError(
            f"{name}() was given complex numbers, which have no largest one; pool a real number "
            "made of them, such as autodiff.abs(z)"
        )
    lengths = x.shape[2:]
    windows = [_windows(*each) for each in zip(lengths, sizes, strict=True)]
    kernel, stride = zip(*windows, strict=True)
    y = apply(_ops.max_pool, x, kernel=kernel, stride=stride, dilation=(1,) * n)
    y = y[0] if single else y
    if not return_indices:
        return y
    found = arrays.max_pool_places(x._data, kernel, stride, (1,) * n, (0,) * n, tuple(lengths))
    return y, answer(found[0] if single else found)


@lru_cache(maxsize=256)
def _windows(length: int, count: int) -> tuple[Any, Any]:
    """The lengths of the windows and where they begin; a length and a step if all are alike."""
    if length % count == 0:
        return (length // count,) * 2
    starts = [i * length // count for i in range(count)]
    ends = [-(-(i + 1) * length // count) for i in range(count)]
    return tuple(b - a for a, b in zip(starts, ends, strict=True)), tuple(starts)


def _prepared(name: str, n: int, x: Any, output_size: Any) -> tuple[Any, bool, tuple[int, ...]]:
    x, single = unbatched(name, as_operand(x), n, "C")
    given = tuple(output_size) if hasattr(output_size, "__len__") else (output_size,) * n
    kept = zip(given, x.shape[2:], strict=False)
    sizes = tuple(m if k is None else operator.index(k) for k, m in kept)
    if len(given) != n or min(sizes, default=0) < 1:
        raise ValueError(
            f"{name}() was given output_size={output_size!r}; give a positive whole number or "
            f"None, or {n} of them"
        )
    if 0 in x.shape[2:]:
        raise ShapeError(f"{name}() was given shape {x.shape}, which has nothing to pool")
    return x, single, sizes
