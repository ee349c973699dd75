"""When numbers are an image."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.jobs.materials.material import MaterialError, Picturing

__all__ = ["of_images", "pictured"]

Array = np.ndarray[Any, Any]


def pictured(x: Array, image: tuple[int, int] | None) -> Picturing | None:
    """How the columns of each sample are an image, if they were said to be one.

    Args:
        x: inputs of shape (N, D).
        image: height and width; None if they are none.

    Raises:
        MaterialError: they are not as many as that.
    """
    if image is None:
        return None
    height, width = image
    if height * width != x.shape[1]:
        raise MaterialError(
            f"--image {height} {width} are {height * width} pixels, and a sample has {x.shape[1]} "
            "columns"
        )
    low, high = _ends(x)
    return Picturing((1, height, width), low, high)


def of_images(x: Array, *, dark: bool) -> Picturing:
    """Of images (N, channels, height, width)."""
    low, high = _ends(x)
    return Picturing((int(x.shape[1]), int(x.shape[2]), int(x.shape[3])), low, high, dark)


def _ends(x: Array) -> tuple[float, float]:
    numbers = x[np.isfinite(x)]
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)
    return low, high if high > low else low + 1.0
