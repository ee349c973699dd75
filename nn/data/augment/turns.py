"""Images turned, and made larger or smaller, with numbers between the pixels interpolated."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.data.augment.base import Augmentation, span

__all__ = ["RandomRotation", "RandomZoom"]

Array = np.ndarray[Any, Any]
Rng = np.random.Generator


def sampled(images: Array, rows: Array, columns: Array, fill: float) -> Array:
    """The numbers at places between pixels, bilinear; outside there is ``fill``.

    Args:
        images: of shape (N, C, H, W).
        rows: places counted in pixels, of shape (N, H', W').
        columns: likewise.
        fill: what is outside.
    """
    height, width = images.shape[2:]
    padded = np.pad(
        images, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=images.dtype.type(fill)
    )
    # Beyond the margin all is as on it.
    i, j = np.clip(rows + 1, 0, height + 1), np.clip(columns + 1, 0, width + 1)
    top, left = np.minimum(i.astype(int), height), np.minimum(j.astype(int), width)
    down, right = (i - top)[:, None], (j - left)[:, None]
    number = np.arange(len(images))[:, None, None, None]
    channel = np.arange(images.shape[1])[None, :, None, None]
    top, left = top[:, None], left[:, None]

    def at(a: int, b: int) -> Array:
        found: Array = padded[number, channel, top + a, left + b]
        return found

    upper = at(0, 0) * (1 - right) + at(0, 1) * right
    lower = at(1, 0) * (1 - right) + at(1, 1) * right
    mixed: Array = upper * (1 - down) + lower * down
    return mixed


def _turned(images: Array, angle: Array, scale: Array, fill: float) -> Array:
    """Images turned counterclockwise by an angle and enlarged by a factor about their middle."""
    height, width = images.shape[2:]
    y, x = np.arange(height) - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    cos, sin = (
        part[:, None, None] / scale[:, None, None] for part in (np.cos(angle), np.sin(angle))
    )
    rows = sin * x[None, None, :] + cos * y[None, :, None] + (height - 1) / 2
    columns = cos * x[None, None, :] - sin * y[None, :, None] + (width - 1) / 2
    return sampled(images, rows, columns, fill)


class RandomRotation(Augmentation):
    """Turns every image about its middle.

    Args:
        degrees: how far at most, either way; or the two limits, counterclockwise.
        fill: what comes in from outside.

    Example:
        >>> image = np.array([[[0.0, 1.0], [0.0, 0.0]]])
        >>> RandomRotation((90.0, 90.0))(image).round(6).tolist()
        [[[1.0, 0.0], [0.0, 0.0]]]
    """

    def __init__(self, degrees: float | tuple[float, float], fill: float = 0.0) -> None:
        self.degrees: tuple[float, float] = span("degrees", degrees, 0.0)
        self.fill: float = fill

    def change(self, images: Array, rng: Rng) -> Array:
        """The turned images."""
        angle = np.deg2rad(rng.uniform(*self.degrees, len(images)))
        return _turned(images, angle, np.ones(len(images)), self.fill)


class RandomZoom(Augmentation):
    """Enlarges or shrinks every image about its middle; its size stays.

    Args:
        factor: how far from 1 at most; or the two limits, above 0.
        fill: what comes in from outside.

    Raises:
        ValueError: a factor is not above 0.

    Example:
        >>> RandomZoom((2.0, 2.0))(np.array([[[0.0, 1.0, 0.0]]])).tolist()
        [[[0.5, 1.0, 0.5]]]
    """

    def __init__(self, factor: float | tuple[float, float], fill: float = 0.0) -> None:
        self.factor: tuple[float, float] = span("factor", factor, 1.0)
        self.fill: float = fill
        if self.factor[0] <= 0:
            raise ValueError(f"factor: numbers above 0 are taken, and {factor!r} was given")

    def change(self, images: Array, rng: Rng) -> Array:
        """The images in other scales."""
        scale = rng.uniform(*self.factor, len(images))
        return _turned(images, np.zeros(len(images)), scale, self.fill)
