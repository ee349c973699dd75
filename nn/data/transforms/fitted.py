"""What fitted transforms share: figures of the training data, kept as buffers of a module."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.module.base import Module
from nn.module.dtypes import as_data, get_default_dtype
from nn.module.inputs import cast_input

__all__ = ["FittedTransform"]

Array = np.ndarray[Any, Any]
Self = TypeVar("Self", bound="FittedTransform")


def floating(x: Any) -> Array:
    """Data as an array of floats."""
    array = as_data(x)
    return array if array.dtype.kind == "f" else array.astype(get_default_dtype())


class FittedTransform(Module):
    """Base class of transforms with figures that are taken from data, by `fit`.

    A module without parameters: as the first layer of a model, or as any attribute of it, its
    buffers are saved and loaded together with the weights. It is to be fitted to training data
    alone, and applied with the same figures to all others: what is fitted to all data tells the
    model of the test data beforehand.

    A subclass registers its figures by `hold`, takes them from data in `take`, and computes in
    `forwards` and `backwards` with the operators that arrays and tensors share.
    """

    mean: Tensor

    def hold(self, **figures: Any) -> None:
        """Keep figures as buffers of float64; the first has the shape of a sample."""
        for name, value in figures.items():
            self.register_buffer(name, np.asarray(value, np.float64))
        self._names = tuple(figures)

    def take(self, x: Array) -> None:
        """Take the figures from samples of shape (N, ...)."""
        raise NotImplementedError(f"{type(self).__name__} lacks take")

    def forwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """The transform, of an array or a node, with figures of the same kind."""
        raise NotImplementedError(f"{type(self).__name__} lacks forwards")

    def backwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """Its inverse."""
        raise NotImplementedError(f"{type(self).__name__} lacks backwards")

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """The shape of a sample, as far as is known."""
        shape: tuple[int, ...] = getattr(self, self._names[0]).shape
        return shape

    def extra_repr(self) -> str:
        """The shape of a sample."""
        return str(self.sample_shape)

    def fit(self: Self, x: Any) -> Self:
        """Take the figures over axis 0; of training data alone.

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
        self.take(array)
        return self

    def _figures(self) -> dict[str, Any]:
        """The figures; nothing is transformed by those that stand for none."""
        figures = {name: getattr(self, name) for name in self._names}
        first = figures[self._names[0]].data
        if isinstance(first, np.ndarray) and np.isnan(first).any():
            raise ValueError(
                f"this {type(self).__name__} has not been fitted; call fit with the training data, "
                "or load the state of a fitted one"
            )
        return figures

    def _checked(self, x: Any, shape: tuple[int, ...]) -> Any:
        if shape and tuple(x.shape[-len(shape) :]) != shape:
            raise ShapeError(
                f"this {type(self).__name__.lower()} was fitted to samples of shape {shape}, "
                f"and data of shape {tuple(x.shape)} were given"
            )
        return x

    def transformed_shape(self) -> tuple[int, ...]:
        """The shape of a transformed sample; that of a sample, where a subclass says nothing."""
        return self.sample_shape

    def transform(self, x: Any) -> Array:
        """Transform an array, keeping its float type; others become `nn.get_default_dtype`."""
        figures = {name: figure.data for name, figure in self._figures().items()}
        array = self._checked(floating(x), self.sample_shape)
        found: Array = np.asarray(self.forwards(array, figures)).astype(array.dtype)
        return found

    def inverse(self, x: Any) -> Array:
        """Undo `transform`, up to rounding and what it drops."""
        figures = {name: figure.data for name, figure in self._figures().items()}
        array = self._checked(floating(x), self.transformed_shape())
        found: Array = np.asarray(self.backwards(array, figures)).astype(array.dtype)
        return found

    def forward(self, x: Any) -> Any:
        """Transform a node, or an array, keeping its float type."""
        if not isinstance(x, Tensor):
            return self.transform(x)
        self._checked(x, self.sample_shape)
        if x.dtype.kind not in "fc":
            x = ad.astype(x, get_default_dtype())
        figures = {name: cast_input(figure, x) for name, figure in self._figures().items()}
        return self.forwards(x, figures)
