"""What augmentations of images share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.errors import ShapeError
from nn.module.dtypes import as_data
from nn.module.shown import Shown

__all__ = ["Augmentation"]

Array = np.ndarray[Any, Any]
Rng = np.random.Generator


class Augmentation(Shown):
    """Base class of random changes of images; for training data alone.

    Called with a batch of shape (N, C, H, W), or one image of shape (C, H, W), it gives another
    of that type; of a tuple such as (x, y) it changes the first part. All is drawn from the
    generator of the call, for each image by itself: a `DataLoader` gives one as
    ``batch_transform``, or to a `MapDataset` one for each sample. Whole numbers are rounded, and
    stay within their type.
    """

    def __call__(self, x: Any, rng: Rng | int | None = None) -> Any:
        """The changed images.

        Args:
            x: images, or a tuple whose first part they are.
            rng: a generator or a seed; the library's generator if not given.

        Raises:
            ShapeError: the images have neither three axes nor four.
        """
        if isinstance(x, tuple):
            return (self(x[0], rng), *x[1:])
        images = as_data(x)
        if images.ndim not in (3, 4):
            raise ShapeError(
                f"{type(self).__name__} changes images of shape (N, C, H, W) or (C, H, W), and "
                f"{images.shape} was given"
            )
        batch = images if images.ndim == 4 else images[None]
        changed = _like(self.change(batch, ad.random.generator(rng)), images.dtype)
        return changed if images.ndim == 4 else changed[0]

    def change(self, images: Array, rng: Rng) -> Array:
        """The changed images of a batch of shape (N, C, H, W)."""
        raise NotImplementedError(f"{type(self).__name__} lacks change")


def _like(images: Array, kind: np.dtype[Any]) -> Array:
    if kind.kind in "iu" and images.dtype.kind == "f":
        limits = np.iinfo(kind)
        images = np.clip(np.rint(images), limits.min, limits.max)
    return images.astype(kind, copy=False)


def share(name: str, value: float) -> float:
    """A probability.

    Raises:
        ValueError: it is none.
    """
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is a probability from 0 to 1, and {value} was given")
    return float(value)


def span(name: str, value: float | tuple[float, float], around: float) -> tuple[float, float]:
    """Two limits; one number is the distance from the middle.

    Raises:
        ValueError: they are not in order.
    """
    limits: Any = value
    if isinstance(value, int | float | np.number):
        limits = around - value, around + value
    if not _numbers(limits, float) or not -math.inf < limits[0] <= limits[1] < math.inf:
        raise ValueError(
            f"{name}: a number, not negative, or two limits in order are taken, and {value!r} was "
            "given"
        )
    return float(limits[0]), float(limits[1])


def whole_pixels(name: str, value: int | tuple[int, int], least: int) -> tuple[int, int]:
    """Numbers of pixels, down and across; one is taken for both.

    Raises:
        ValueError: they are no whole numbers, or below the least.
    """
    pair = (value, value) if isinstance(value, int | np.integer) else value
    if not _numbers(pair, int) or min(pair) < least:
        raise ValueError(
            f"{name}: a whole number of pixels, {least} or more, or two of them, down and across, "
            f"are taken, and {value!r} was given"
        )
    return int(pair[0]), int(pair[1])


def _numbers(pair: Any, kind: type) -> bool:
    numbers = (int, np.integer) if kind is int else (int, float, np.number)
    two = isinstance(pair, tuple | list) and len(pair) == 2
    return two and all(isinstance(number, numbers) for number in pair)
