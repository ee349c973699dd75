"""Dropout."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor, live
from nn.functional.noise import check_share, dropout
from nn.module.base import Module

__all__ = ["Dropout"]


class Dropout(Module):
    """Sets entries to zero at random while training; see `dropout`.

    Args:
        p: probability with which an entry is set to zero, from 0 to 1.
        rng: a generator or a seed; the library's generator if not given.
        inplace: without meaning: the input stays as it is.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> layer = Dropout(0.25)
        >>> layer.eval()([1.0, 2.0]).tolist()
        [1.0, 2.0]
    """

    def __init__(
        self, p: float = 0.5, rng: np.random.Generator | int | None = None, inplace: bool = False
    ) -> None:
        super().__init__()
        self.p: float = check_share(p)
        self.rng: np.random.Generator | None = None if rng is None else ad.random.generator(rng)

    def forward(self, x: Any) -> Tensor:
        """The input, thinned out while training."""
        return dropout(x, live.setting(vars(self), "p"), self.training, self.rng)

    def extra_repr(self) -> str:
        """The probability."""
        return f"p={self.p:g}"
