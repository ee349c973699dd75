"""Other brightness, contrast and noise, and erased patches."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nn.data.augment.base import Augmentation, share, span

__all__ = ["ColorJitter", "GaussianNoise", "RandomErasing"]

Array = np.ndarray[Any, Any]
Rng = np.random.Generator


class ColorJitter(Augmentation):
    """Changes brightness, then contrast, of every image by factors.

    x · b, and then mean + c · (x − mean), with the mean over the whole image. Numbers are not
    clipped.

    Args:
        brightness: how far b may be from 1; or its two limits.
        contrast: the same for c.

    Example:
        >>> ColorJitter(brightness=(2.0, 2.0))(np.array([[[1.0, 3.0]]])).tolist()
        [[[2.0, 6.0]]]
    """

    def __init__(
        self,
        brightness: float | tuple[float, float] = 0.0,
        contrast: float | tuple[float, float] = 0.0,
    ) -> None:
        self.brightness: tuple[float, float] = span("brightness", brightness, 1.0)
        self.contrast: tuple[float, float] = span("contrast", contrast, 1.0)

    def change(self, images: Array, rng: Rng) -> Array:
        """The images in another light."""
        shape = (len(images), 1, 1, 1)
        bright = images * rng.uniform(*self.brightness, shape)
        mean = bright.mean(axis=(1, 2, 3), keepdims=True)
        changed: Array = mean + rng.uniform(*self.contrast, shape) * (bright - mean)
        return changed


class GaussianNoise(Augmentation):
    """Adds normally distributed numbers to every pixel.

    Args:
        std: their standard deviation, from 0 up.

    Example:
        >>> round(float(GaussianNoise(0.5)(np.zeros((1, 99, 99)), rng=0).std()), 1)
        0.5
    """

    def __init__(self, std: float) -> None:
        if not 0 <= std < math.inf:
            raise ValueError(f"std must be finite and not negative, and {std} was given")
        self.std: float = std

    def change(self, images: Array, rng: Rng) -> Array:
        """The images with noise."""
        noisy: Array = images + rng.normal(scale=self.std, size=images.shape)
        return noisy


class RandomErasing(Augmentation):
    """Blots out a rectangle of every image, with some probability.

    Source: Zhong and others, "Random erasing data augmentation", 2020.

    Args:
        p: the probability.
        scale: between which shares of the image's area the rectangle's is drawn.
        ratio: between which its height divided by its width is drawn, as a logarithm.
        value: what it is filled with.

    Example:
        >>> float(RandomErasing(1.0, (0.25, 0.25), (1.0, 1.0))(np.ones((1, 8, 8)), rng=0).sum())
        48.0
    """

    def __init__(
        self,
        p: float = 0.5,
        scale: tuple[float, float] = (0.02, 0.33),
        ratio: tuple[float, float] = (0.3, 3.3),
        value: float = 0.0,
    ) -> None:
        self.p: float = share("p", p)
        self.scale: tuple[float, float] = span("scale", scale, 0.0)
        self.ratio: tuple[float, float] = span("ratio", ratio, 1.0)
        self.value: float = value
        if not 0 <= self.scale[0] <= self.scale[1] <= 1 or self.ratio[0] <= 0:
            raise ValueError(
                "scale are shares of the area, from 0 to 1, and ratio must be above 0; "
                f"scale={scale} and ratio={ratio} were given"
            )

    def change(self, images: Array, rng: Rng) -> Array:
        """The images with rectangles."""
        count, _, height, width = images.shape
        chosen = rng.random(count) < self.p
        area = rng.uniform(*self.scale, count) * height * width
        ratio = np.exp(rng.uniform(math.log(self.ratio[0]), math.log(self.ratio[1]), count))
        inside = rectangles(np.sqrt(area * ratio), np.sqrt(area / ratio), (height, width), rng)
        return np.where(inside & chosen[:, None, None, None], images.dtype.type(self.value), images)


def rectangles(rows: Array, columns: Array, size: tuple[int, int], rng: Rng) -> Array:
    """Which pixels lie in rectangles of these sizes at random places: (N, 1, H, W)."""
    height, width = size
    tall = np.clip(np.rint(rows), 0, height).astype(int)
    wide = np.clip(np.rint(columns), 0, width).astype(int)
    top, left = rng.integers(0, height - tall + 1), rng.integers(0, width - wide + 1)
    i, j = np.arange(height), np.arange(width)
    down = (i >= top[:, None]) & (i < (top + tall)[:, None])
    across = (j >= left[:, None]) & (j < (left + wide)[:, None])
    inside: Array = down[:, None, :, None] & across[:, None, None, :]
    return inside
