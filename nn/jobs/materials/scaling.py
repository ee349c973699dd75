"""Inputs and targets brought to a common scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.jobs.materials.material import Material
from nn.jobs.materials.targets import FARTHEST

__all__ = ["Scaling"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """``(x - mean) / scale``, where a missing number becomes 0, as the mean does.

    Attributes:
        mean: what is subtracted, float64; one for all entries, or for each of its axis.
        scale: what is divided by, of the same shape.
    """

    mean: Array
    scale: Array

    @classmethod
    def of(cls, material: Material, x: Array) -> Scaling:
        """Mean and standard deviation of training data.

        Images have one of each channel: a scale for each pixel would blow up those at the
        border, which are nearly always empty. Columns have each their own, and constant ones
        the scale 1.

        Args:
            material: what the data are of.
            x: inputs of the training part.
        """
        if material.picturing is None:
            axes: tuple[int, ...] = (0,)
        elif x.ndim == 4 and x.shape[1] > 1:
            axes = (0, 2, 3)
        else:
            axes = tuple(range(x.ndim))
        return cls.along(x, axes)

    @classmethod
    def along(cls, x: Array, axes: tuple[int, ...]) -> Scaling:
        """Mean and standard deviation over axes, of what is there."""
        there = np.isfinite(x)
        count = np.maximum(there.sum(axis=axes), 1)
        wide = np.where(there, x, 0).astype(np.float64)
        mean = wide.sum(axis=axes) / count
        kept = mean.reshape([1 if i in axes else n for i, n in enumerate(x.shape)])
        spread = np.sqrt((np.where(there, wide - kept, 0) ** 2).sum(axis=axes) / count)
        constant = spread <= 10 * np.finfo(x.dtype).eps * np.abs(mean)
        scale = np.where(constant | (spread == 0), 1.0, spread)
        if kept.ndim == 4 and mean.ndim:
            return cls(mean[:, None, None], scale[:, None, None])
        return cls(mean, scale)

    def apply(self, x: Array) -> Array:
        """The inputs of the network, of the same shape, float32."""
        with np.errstate(over="ignore"):
            scaled = (x - self.mean.astype(x.dtype)) / self.scale.astype(x.dtype)
            found: Array = np.where(np.isfinite(x), scaled, x.dtype.type(0)).astype(np.float32)
        return found

    def back(self, y: Array) -> Array:
        """Numbers in the units of what was scaled."""
        found: Array = y * self.scale + self.mean
        return found

    def as_lists(self) -> dict[str, Any]:
        """For a file."""
        return {"mean": self.mean.tolist(), "scale": self.scale.tolist()}

    @classmethod
    def from_lists(cls, given: dict[str, Any], shape: tuple[int, ...] = ()) -> Scaling:
        """What `as_lists` gave, for entries of a shape.

        Raises:
            ValueError: they cannot be scaled so.
        """
        mean, scale = (np.asarray(given[name], np.float64) for name in ("mean", "scale"))
        fitting = {(), (math.prod(shape),), (*shape[:1], 1, 1)} if shape else {()}
        if mean.shape != scale.shape or mean.shape not in fitting:
            raise ValueError("the scaling is for other inputs")
        sound = (np.abs(mean) <= FARTHEST) & (scale > 0) & (scale <= FARTHEST)
        if not sound.all():
            raise ValueError("a scale is a finite number above 0")
        return cls(mean, scale)
