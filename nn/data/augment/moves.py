"""Whole pixels moved: shifts, crops and flips."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from nn.data.augment.base import Augmentation, share, whole_pixels

__all__ = ["RandomCrop", "RandomHorizontalFlip", "RandomShift", "RandomVerticalFlip"]

Array = np.ndarray[Any, Any]
Rng = np.random.Generator


def _windows(
    images: Array, padding: tuple[int, int], size: tuple[int, int], fill: float, rng: Rng
) -> Array:
    """From every image, with a margin, a window of that size at a random place."""
    count, _, height, width = images.shape
    (down, right), (rows, columns) = padding, size
    if rows > height + 2 * down or columns > width + 2 * right:
        raise ShapeError(
            f"a window of {rows} × {columns} pixels does not fit into images of {height} × {width} "
            f"with a margin of {down} and {right}"
        )
    margin = ((0, 0), (0, 0), (down, down), (right, right))
    padded = np.pad(images, margin, constant_values=images.dtype.type(fill))
    top = rng.integers(0, height + 2 * down - rows + 1, count)
    left = rng.integers(0, width + 2 * right - columns + 1, count)
    i = (top[:, None] + np.arange(rows))[:, None, :, None]
    j = (left[:, None] + np.arange(columns))[:, None, None, :]
    channels = np.arange(images.shape[1])[None, :, None, None]
    found: Array = padded[np.arange(count)[:, None, None, None], channels, i, j]
    return found


class RandomShift(Augmentation):
    """Shifts every image by whole pixels, up to so many in each direction.

    Args:
        pixels: how far, at most: ``(down, across)``, or one number for both.
        fill: what comes in from outside.

    Raises:
        ValueError: the numbers are not whole, or negative.

    Example:
        >>> image = np.eye(3)[None]
        >>> RandomShift(1)(image, rng=1).sum() <= 3
        np.True_
    """

    def __init__(self, pixels: int | tuple[int, int], fill: float = 0.0) -> None:
        self.pixels: tuple[int, int] = whole_pixels("pixels", pixels, 0)
        self.fill: float = fill

    def change(self, images: Array, rng: Rng) -> Array:
        """The shifted images."""
        height, width = images.shape[2:]
        return _windows(images, self.pixels, (height, width), self.fill, rng)


class RandomCrop(Augmentation):
    """Cuts a window out of every image, after a margin was put around it.

    Args:
        size: of the window: ``(height, width)``, or one number for both.
        padding: of the margin: ``(above and below, left and right)``, or one number for both.
        fill: what the margin holds.

    Raises:
        ShapeError: in the call, the window is larger than the image with its margin.
        ValueError: a number is not whole, or too small.

    Example:
        >>> RandomCrop(4, padding=2)(np.ones((5, 1, 4, 4)), rng=0).shape
        (5, 1, 4, 4)
    """

    def __init__(
        self, size: int | tuple[int, int], padding: int | tuple[int, int] = 0, fill: float = 0.0
    ) -> None:
        self.size: tuple[int, int] = whole_pixels("size", size, 1)
        self.padding: tuple[int, int] = whole_pixels("padding", padding, 0)
        self.fill: float = fill

    def change(self, images: Array, rng: Rng) -> Array:
        """The windows."""
        return _windows(images, self.padding, self.size, self.fill, rng)


class RandomHorizontalFlip(Augmentation):
    """Mirrors every image, left and right exchanged, with some probability.

    Args:
        p: the probability.

    Example:
        >>> RandomHorizontalFlip(1.0)(np.array([[[1, 2, 3]]])).tolist()
        [[[3, 2, 1]]]
    """

    axis: int = 3

    def __init__(self, p: float = 0.5) -> None:
        self.p: float = share("p", p)

    def change(self, images: Array, rng: Rng) -> Array:
        """The images, some of them mirrored."""
        chosen = rng.random(len(images)) < self.p
        return np.where(chosen[:, None, None, None], np.flip(images, self.axis), images)


class RandomVerticalFlip(RandomHorizontalFlip):
    """Mirrors every image, top and bottom exchanged, with some probability.

    Args:
        p: the probability.

    Example:
        >>> RandomVerticalFlip(1.0)(np.array([[[1], [2]]])).tolist()
        [[[2], [1]]]
    """

    axis: int = 2
