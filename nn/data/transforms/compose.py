"""Transforms one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import autodiff as ad
from nn.data.datasets import takes_rng
from nn.module.shown import Shown

__all__ = ["Compose"]


class Compose(Shown):
    """Transforms one after the other; those that draw get the generator.

    Args:
        transforms: functions, of which some may have an argument ``rng``.

    Example:
        >>> double = Compose([lambda x: x + 1, lambda x, rng: x * rng.integers(2, 3)])
        >>> int(double(3, rng=0))
        8
    """

    def __init__(self, transforms: Iterable[Callable[..., Any]]) -> None:
        self.transforms: list[Callable[..., Any]] = list(transforms)
        for number, transform in enumerate(self.transforms):
            if not callable(transform):
                raise TypeError(f"Compose takes functions, and number {number} is {transform!r}")

    def __call__(self, x: Any, rng: np.random.Generator | int | None = None) -> Any:
        """What the last transform gives."""
        generator = ad.random.generator(rng)
        for transform in self.transforms:
            x = transform(x, rng=generator) if takes_rng(transform) else transform(x)
        return x
