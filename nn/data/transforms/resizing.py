"""Pictures in another size."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from nn.module.dtypes import as_data, get_default_dtype

__all__ = ["resize_images"]

Array = np.ndarray[Any, Any]


def _weights(length: int, size: int) -> Array:
    """Of every old pixel in every new one, a matrix of shape (size, length)."""
    step = length / size
    support = max(step, 1.0)
    centres = (np.arange(size) + 0.5) * step
    distance = np.abs(np.arange(length) + 0.5 - centres[:, None]) / support
    weights = np.maximum(1.0 - distance, 0.0)
    matrix: Array = weights / weights.sum(axis=1, keepdims=True)
    return matrix


def resize_images(images: Any, size: int | tuple[int, int]) -> Array:
    """Pictures in another size, by linear interpolation that smooths where it shrinks.

    Along each axis, with n old and m new pixels, the new pixel i is the mean of the old pixels j
    with weights max(0, 1 − abs(j + ½ − (i + ½)·n/m) / max(1, n/m)), divided by their sum: a
    triangle as wide as the coarser of both grids. It is Pillow's bilinear filter, and
    PyTorch's with ``antialias=True``.

    Args:
        images: of shape (..., height, width).
        size: the new ``(height, width)``, or one number for both.

    Returns:
        Floats of shape (..., *size), in the float type of the images; of whole numbers in
        `nn.get_default_dtype`.

    Raises:
        ShapeError: the images have no two axes, or one without pixels.
        ValueError: the size is not positive.

    Example:
        >>> resize_images([[0.0, 4.0]], (1, 4)).tolist()
        [[0.0, 1.0, 3.0, 4.0]]
        >>> resize_images(np.array([[0.0, 1.0, 2.0, 3.0]]), (1, 2)).round(3).tolist()
        [[0.714, 2.286]]
    """
    array = as_data(images)
    if array.ndim < 2 or 0 in array.shape[-2:]:
        raise ShapeError(f"images of shape (..., height, width) are resized, not {array.shape}")
    pair = (size, size) if isinstance(size, int | np.integer) else np.ravel(size).tolist()
    if len(pair) != 2 or not all(isinstance(n, int | np.integer) and n > 0 for n in pair):
        raise ValueError(f"size must be positive, (height, width) or one number, not {size!r}")
    height, width = int(pair[0]), int(pair[1])
    kind = array.dtype if array.dtype.kind == "f" else get_default_dtype()
    rows, columns = _weights(array.shape[-2], height), _weights(array.shape[-1], width)
    resized: Array = (rows @ array @ columns.T).astype(kind)
    return resized
