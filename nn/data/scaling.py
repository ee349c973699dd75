"""Bringing features to a common scale."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.module.base import Module
from nn.module.dtypes import as_data, get_default_dtype
from nn.module.inputs import cast_input

__all__ = ["Standardizer", "min_max_scale", "standardize"]

Array = np.ndarray[Any, Any]


def _floating(x: Any) -> Array:
    array = as_data(x)
    return array if array.dtype.kind == "f" else array.astype(get_default_dtype())


class Standardizer(Module):
    """Shifts and scales every feature to mean 0 and standard deviation 1.

    A module without parameters: as the first layer of a model, or as any attribute of it,
    its two buffers are saved and loaded together with the weights.

    Args:
        shape: shape of one sample; only needed to load a saved standardizer before (or
            instead of) calling `fit`.

    Example:
        >>> x = np.array([[1.0, 5.0], [3.0, 5.0]])
        >>> scaler = Standardizer().fit(x)
        >>> scaler.transform(x)
        array([[-1.,  0.],
               [ 1.,  0.]])
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, shape: int | tuple[int, ...] = ()) -> None:
        super().__init__()
        self.register_buffer("mean", np.zeros(shape, dtype=np.float64))
        self.register_buffer("scale", np.ones(shape, dtype=np.float64))

    def extra_repr(self) -> str:
        """The shape of a sample."""
        return str(self.mean.shape)

    def fit(self, x: Any) -> Standardizer:
        """Take mean and standard deviation over axis 0.

        A feature that is constant, up to rounding, keeps the scale 1, so it becomes 0
        instead of a division by zero or blown-up rounding noise.

        Args:
            x: samples of shape (N, ...), N at least 1, finite.

        Returns:
            Itself.

        Raises:
            ShapeError: there are no samples.
            ValueError: there are numbers that are not finite.
        """
        array = as_data(x)
        if array.ndim < 1 or not len(array):
            raise ShapeError(f"cannot fit to shape {array.shape}: give at least one sample, (N, …)")
        if not np.isfinite(array).all():
            raise ValueError("the data hold NaN or infinite entries; remove or replace them first")
        rounding = 10 * np.finfo(_floating(array).dtype).eps
        mean = array.mean(axis=0, dtype=np.float64)
        deviation = array.std(axis=0, dtype=np.float64)
        constant = deviation <= rounding * np.abs(mean)
        self.register_buffer("mean", mean)
        self.register_buffer("scale", np.where(constant, 1.0, deviation))
        return self

    def _checked(self, x: Array) -> Array:
        shape = self.mean.shape
        if shape and x.shape[-len(shape) :] != shape:
            raise ShapeError(
                f"this standardizer was fitted to samples of shape {shape}, "
                f"and data of shape {x.shape} were given"
            )
        return x

    def transform(self, x: Any) -> Array:
        """Standardise an array, keeping its float type; others become `nn.get_default_dtype`."""
        array = self._checked(_floating(x))
        scaled: Array = ((array - self.mean.data) / self.scale.data).astype(array.dtype)
        return scaled

    def inverse(self, x: Any) -> Array:
        """Undo `transform`, up to rounding."""
        array = self._checked(_floating(x))
        original: Array = (array * self.scale.data + self.mean.data).astype(array.dtype)
        return original

    def forward(self, x: Any) -> Any:
        """Standardise a node, or an array, keeping its float type."""
        if not isinstance(x, Tensor):
            return self.transform(x)
        self._checked(x.data)
        if x.dtype.kind not in "fc":
            x = ad.astype(x, get_default_dtype())
        return (x - cast_input(self.mean, x)) / cast_input(self.scale, x)


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
    array = _floating(x)
    if array.ndim < 1 or not len(array):
        raise ShapeError(f"cannot scale shape {array.shape}: give at least one sample, (N, …)")
    if not high > low:
        raise ValueError(f"the interval is empty: high={high} must be above low={low}")
    bottom = array.min(axis=0)
    extent = array.max(axis=0) - bottom
    share = (array - bottom) / np.where(extent > 0, extent, 1)
    scaled: Array = (low + share * (high - low)).astype(array.dtype)
    return scaled
