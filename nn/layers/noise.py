"""Dropout of entries and of channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autodiff import Tensor, live
from nn.functional import noise
from nn.module.declared import RNG, UNUSED, Declared, field

__all__ = [
    "AlphaDropout",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Dropout3d",
    "FeatureAlphaDropout",
]


class Noise(Declared):
    """Base of the layers that set something aside at random while training."""

    _function: ClassVar[Callable[..., Tensor]]

    p: float = field(
        "probability with which each is set aside, from 0 to 1",
        default=0.5,
        check=lambda _kind, _name, given: noise.check_share(given),
    )
    inplace: bool = UNUSED
    rng: np.random.Generator | int | None = RNG

    def __init_subclass__(cls, function: Callable[..., Tensor], **options: Any) -> None:
        super().__init_subclass__(**options)
        type.__setattr__(cls, "_function", staticmethod(function))

    def forward(self, input: Any) -> Tensor:
        """The input, thinned out while training; of the same shape."""
        own = vars(self)
        return self._function(input, live.setting(own, "p"), self.training, rng=own["rng"])

    def extra_repr(self) -> str:
        """The probability."""
        return f"p={self.p:g}"


class Dropout(Noise, function=noise.dropout):
    """Sets entries to zero at random while training, and enlarges the others; see `dropout`.

    Source: Srivastava et al., "Dropout", JMLR 15, 2014.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> Dropout(0.25).eval()([1.0, 2.0]).tolist()
        [1.0, 2.0]
    """


class Dropout1d(Noise, function=noise.dropout1d):
    """Sets whole channels to zero while training, of inputs (N, C, L) or (C, L).

    See `dropout1d`.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> Dropout1d(1.0)([[1.0, 2.0], [3.0, 4.0]]).tolist()
        [[0.0, 0.0], [0.0, 0.0]]
    """


class Dropout2d(Noise, function=noise.dropout2d):
    """Sets whole channels to zero while training, of images (N, C, H, W); see `dropout2d`.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> Dropout2d(1.0)([[[[1.0, 2.0]]]]).tolist()
        [[[[0.0, 0.0]]]]
    """


class Dropout3d(Noise, function=noise.dropout3d):
    """Sets whole channels to zero while training, of volumes (N, C, D, H, W) or (C, D, H, W).

    See `dropout3d`.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> Dropout3d(1.0)([[[[1.0, 2.0]]]]).tolist()
        [[[[0.0, 0.0]]]]
    """


class AlphaDropout(Noise, function=noise.alpha_dropout):
    """Dropout that keeps mean and variance, for networks of SELU; see `alpha_dropout`.

    Source: Klambauer et al., "Self-Normalizing Neural Networks", 2017.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> AlphaDropout(0.25).eval()([1.0, 2.0]).tolist()
        [1.0, 2.0]
    """


class FeatureAlphaDropout(Noise, function=noise.feature_alpha_dropout):
    """`AlphaDropout` of whole channels, of inputs (N, C, ...); see `feature_alpha_dropout`.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> FeatureAlphaDropout(0.25).eval()([[1.0, 2.0]]).tolist()
        [[1.0, 2.0]]
    """
