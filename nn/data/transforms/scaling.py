"""Bringing features to a common scale."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import Tensor, live
from autodiff.errors import ShapeError
from nn.data.transforms.fitted import FittedTransform, floating

__all__ = ["MinMaxScaler", "Standardizer", "min_max_scale", "normalize_samples", "standardize"]

Array = np.ndarray[Any, Any]
Shape = int | tuple[int, ...]


class Standardizer(FittedTransform):
    """Shifts and scales every feature to mean 0 and standard deviation 1.

    A module without parameters: as the first layer of a model, or as any attribute of it,
    its two buffers are saved and loaded together with the weights. A feature that is constant,
    up to rounding, keeps the scale 1, so it becomes 0 instead of a division by zero or blown-up
    rounding noise.

    Args:
        shape: shape of one sample; only needed to load a saved standardizer before (or
            instead of) calling `fit`.

    Example:
        >>> x = np.array([[1.0, 5.0], [3.0, 5.0]])
        >>> scaler = Standardizer().fit(x)
        >>> scaler.transform(x)
        array([[-1.,  0.],
               [ 1.,  0.]])
        >>> Standardizer().transform(x)
        Traceback (most recent call last):
        ValueError: this Standardizer has not been fitted; call fit with the training data, ...
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, shape: Shape = ()) -> None:
        super().__init__()
        self.hold(mean=np.full(shape, np.nan), scale=np.ones(shape))

    def take(self, x: Array) -> None:
        """Mean and standard deviation."""
        rounding = 10 * np.finfo(floating(x).dtype).eps
        mean = x.mean(axis=0, dtype=np.float64)
        deviation = x.std(axis=0, dtype=np.float64)
        constant = deviation <= rounding * np.abs(mean)
        self.hold(mean=mean, scale=np.where(constant, 1.0, deviation))

    def forwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """(x − mean) / scale."""
        return (x - figures["mean"]) / figures["scale"]

    def backwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """X · scale + mean."""
        return x * figures["scale"] + figures["mean"]


class MinMaxScaler(FittedTransform):
    """Stretches every feature so that the training data fill an interval.

    A constant feature becomes ``low``. Other data may leave the interval.

    Args:
        low: where the smallest value of each feature goes.
        high: where the largest goes, above ``low``.
        shape: as for `Standardizer`.

    Raises:
        ValueError: ``high`` is not above ``low``.

    Example:
        >>> scaler = MinMaxScaler().fit(np.array([[1.0], [3.0]]))
        >>> scaler.transform(np.array([[2.0], [5.0]])).ravel().tolist()
        [0.5, 2.0]
    """

    minimum: Tensor
    extent: Tensor

    def __init__(self, low: float = 0.0, high: float = 1.0, shape: Shape = ()) -> None:
        super().__init__()
        _check_interval(low, high)
        self.low: float = low
        self.high: float = high
        self.hold(minimum=np.full(shape, np.nan), extent=np.ones(shape))

    def take(self, x: Array) -> None:
        """The extremes."""
        bottom = x.min(axis=0).astype(np.float64)
        extent = x.max(axis=0).astype(np.float64) - bottom
        self.hold(minimum=bottom, extent=np.where(extent > 0, extent, 1.0))

    def _interval(self) -> tuple[Any, Any]:
        low, high = live.setting(vars(self), "low"), live.setting(vars(self), "high")
        return low, high - low

    def forwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """(x − minimum) / extent · (high − low) + low."""
        low, width = self._interval()
        return (x - figures["minimum"]) / figures["extent"] * width + low

    def backwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """(x − low) / (high − low) · extent + minimum."""
        low, width = self._interval()
        return (x - low) / width * figures["extent"] + figures["minimum"]

    def extra_repr(self) -> str:
        """The interval."""
        return f"{self.low:g}, {self.high:g}"


def _check_interval(low: float, high: float) -> None:
    if not high > low:
        raise ValueError(f"the interval is empty: high={high} must be above low={low}")


def standardize(x: Any) -> Array:
    """The array with every feature at mean 0 and standard deviation 1 over axis 0.

    To treat other data with the same figures, keep a `Standardizer`.

    Args:
        x: samples of shape (N, ...).

    Returns:
        An array of that shape; a constant feature becomes 0.

    Example:
        >>> standardize([[1.0], [3.0]]).tolist()
        [[-1.0], [1.0]]
    """
    return Standardizer().fit(x).transform(x)


def min_max_scale(x: Any, low: float = 0.0, high: float = 1.0) -> Array:
    """The array with every feature stretched to the interval from ``low`` to ``high``.

    To treat other data with the same figures, keep a `MinMaxScaler`.

    Args:
        x: samples of shape (N, ...), N at least 1; the extremes are taken over axis 0.
        low: where the smallest value of each feature goes.
        high: where the largest goes, above ``low``.

    Returns:
        An array of that shape, floating; a constant feature becomes ``low``.

    Raises:
        ShapeError: there are no samples.
        ValueError: ``high`` is not above ``low``.

    Example:
        >>> min_max_scale(np.array([[1.0], [2.0], [5.0]])).ravel().tolist()
        [0.0, 0.25, 1.0]
    """
    array = floating(x)
    if array.ndim < 1 or not len(array):
        raise ShapeError(f"cannot scale shape {array.shape}: give at least one sample, (N, …)")
    _check_interval(low, high)
    bottom = array.min(axis=0)
    extent = array.max(axis=0) - bottom
    share = (array - bottom) / np.where(extent > 0, extent, 1)
    scaled: Array = (low + share * (high - low)).astype(array.dtype)
    return scaled


def normalize_samples(x: Any, eps: float = 1e-8) -> Array:
    """Every sample by itself at mean 0 and standard deviation 1; nothing is fitted.

    Args:
        x: samples of shape (N, ...); mean and deviation are taken over all axes but the first.
        eps: added to the standard deviation, so that a constant sample becomes 0.

    Returns:
        An array of that shape, floating.

    Example:
        >>> normalize_samples([[1.0, 3.0], [5.0, 5.0]]).round(3).tolist()
        [[-1.0, 1.0], [0.0, 0.0]]
    """
    array = floating(x)
    axes = tuple(range(1, array.ndim))
    mean = array.mean(axis=axes, keepdims=True, dtype=np.float64)
    deviation = array.std(axis=axes, keepdims=True, dtype=np.float64)
    scaled: Array = ((array - mean) / (deviation + eps)).astype(array.dtype)
    return scaled
