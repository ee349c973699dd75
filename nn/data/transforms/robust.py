"""A scale that a few wild values do not move."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import Tensor
from nn.data.transforms.fitted import FittedTransform

__all__ = ["RobustScaler"]

Array = np.ndarray[Any, Any]


class RobustScaler(FittedTransform):
    """Shifts every feature to median 0 and scales it by the distance of two quantiles.

    A feature for which they are equal keeps the scale 1.

    Args:
        quantiles: the two, in percent.
        shape: as for `Standardizer`.

    Raises:
        ValueError: the quantiles are not in order between 0 and 100.

    Example:
        >>> scaler = RobustScaler().fit(np.array([[0.0], [1.0], [2.0], [3.0], [1000.0]]))
        >>> scaler.transform(np.array([[2.0], [4.0]])).ravel().tolist()
        [0.0, 1.0]
    """

    center: Tensor
    scale: Tensor

    def __init__(
        self, quantiles: tuple[float, float] = (25.0, 75.0), shape: int | tuple[int, ...] = ()
    ) -> None:
        super().__init__()
        low, high = quantiles
        if not 0 <= low < high <= 100:
            raise ValueError(f"quantiles lie in order between 0 and 100, not {quantiles}")
        self.quantiles: tuple[float, float] = (low, high)
        self.hold(center=np.full(shape, np.nan), scale=np.ones(shape))

    def take(self, x: Array) -> None:
        """Median and distance of the quantiles."""
        low, middle, high = np.percentile(
            x.astype(np.float64), [self.quantiles[0], 50, self.quantiles[1]], axis=0
        )
        self.hold(center=middle, scale=np.where(high > low, high - low, 1.0))

    def forwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """(x − center) / scale."""
        return (x - figures["center"]) / figures["scale"]

    def backwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """X · scale + center."""
        return x * figures["scale"] + figures["center"]
