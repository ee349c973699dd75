"""Images bent as if they were drawn on rubber."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.data.augment.base import Augmentation
from nn.data.augment.turns import sampled

__all__ = ["ElasticTransform"]

Array = np.ndarray[Any, Any]
Rng = np.random.Generator


class ElasticTransform(Augmentation):
    """Moves every pixel a little, and those beside it alike.

    The pixel at (i, j) is what was at (i + α (G ∗ u)ᵢⱼ, j + α (G ∗ v)ᵢⱼ), bilinear between pixels,
    where u and v are drawn evenly from (−1, 1) for each pixel of an image, the same for its
    channels, and G is a Gaussian with the standard deviation σ. A small σ makes noise, a large one
    moves the image as a whole; for handwritten digits of 28 × 28 the source takes α = 34, σ = 4.
    (Torchvision's class of this name moves by half of α.)

    Source: Simard, Steinkraus and Platt, "Best Practices for Convolutional Neural Networks Applied
    to Visual Document Analysis", 2003, section 2.

    Args:
        alpha: α, from 0 up.
        sigma: σ in pixels, above 0.
        fill: what comes in from outside.

    Raises:
        ValueError: α is negative, or σ not above 0.

    Example:
        >>> image = np.zeros((1, 28, 28))
        >>> image[:, 13:15] = 1.0
        >>> bent = ElasticTransform(alpha=34.0, sigma=4.0)(image, rng=0)
        >>> bool((image[0, :12] == 0).all()), bool((bent[0, :12] > 0).any())
        (True, True)
    """

    def __init__(self, alpha: float = 34.0, sigma: float = 4.0, fill: float = 0.0) -> None:
        if not 0 <= alpha < np.inf:
            raise ValueError(f"alpha: a number from 0 up is taken, and {alpha!r} was given")
        if not 0 < sigma < np.inf:
            raise ValueError(f"sigma: a number above 0 is taken, and {sigma!r} was given")
        self.alpha: float = alpha
        self.sigma: float = sigma
        self.fill: float = fill

    def change(self, images: Array, rng: Rng) -> Array:
        """The bent images."""
        count, _, height, width = images.shape
        drawn = rng.uniform(-1.0, 1.0, (count, 2, height, width))
        smooth = _gaussian(height, self.sigma) @ drawn @ _gaussian(width, self.sigma)
        rows = np.arange(height)[:, None] + self.alpha * smooth[:, 0]
        columns = np.arange(width) + self.alpha * smooth[:, 1]
        return sampled(images, rows, columns, self.fill)


def _gaussian(size: int, sigma: float) -> Array:
    """The matrix that convolves with a Gaussian, cut off at 4 σ; outside there is nothing."""
    reach = max(int(4 * sigma + 0.5), 1)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    places = np.arange(size)
    apart = np.abs(places[:, None] - places)
    near = np.exp(-0.5 * (apart / sigma) ** 2) / weights.sum()
    found: Array = np.where(apart <= reach, near, 0.0)
    return found
