"""What is trained: a model, its data, the size of batches, and whether accuracy is followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import nn

__all__ = ["ROWS", "Row"]


@dataclass(frozen=True)
class Row:
    """One training.

    Attributes:
        title: what it is.
        data: gives inputs and labels.
        sizes: of the layers.
        batch: samples in a step.
        accuracy: whether it is followed.
        bound: so many times the loop's time `nn.fit` may take.
    """

    title: str
    data: Callable[[], Any]
    sizes: tuple[int, ...]
    batch: int
    accuracy: bool
    bound: float

    def model(self) -> Any:
        """The network, as it begins."""
        rng = np.random.default_rng(1)
        layers: list[nn.Module] = []
        for narrow, wide in zip(self.sizes, self.sizes[1:], strict=False):
            layers += [nn.Linear(narrow, wide, rng=rng), nn.ReLU()]
        return nn.Sequential(*layers[:-1])

    def loader(self) -> Any:
        """Shuffled batches, the same for both."""
        return nn.data.DataLoader(self.data(), self.batch, shuffle=True, rng=2)


def _moons() -> Any:
    return nn.data.make_moons(512, rng=0)


def _digits() -> Any:
    digits = nn.data.load_digits()
    return digits.features, digits.labels


ROWS = [
    Row("moons, 2-16-16-2", _moons, (2, 16, 16, 2), 32, False, 1.05),
    Row("moons, 2-16-16-2, with accuracy", _moons, (2, 16, 16, 2), 32, True, 1.2),
    Row("digits, 64-64-10", _digits, (64, 64, 10), 32, False, 1.05),
    Row("digits, 64-64-10, with accuracy", _digits, (64, 64, 10), 32, True, 1.1),
]
