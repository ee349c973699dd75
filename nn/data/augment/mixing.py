"""Images mixed with others of the batch, and their labels with them."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff.errors import ShapeError
from nn.data.augment.colours import rectangles
from nn.data.transforms.encoding import one_hot
from nn.module.dtypes import as_data, get_default_dtype
from nn.module.shown import Shown

__all__ = ["CutMix", "MixUp"]

Array = np.ndarray[Any, Any]
Rng = np.random.Generator


class MixUp(Shown):
    """Replaces every sample by a mean of it and of another of the batch, the label too.

    λ x + (1 − λ) x′, with one λ for each sample from the beta distribution with both parameters
    ``alpha``. Source: Zhang and others, "mixup: Beyond empirical risk minimization", 2018.

    Args:
        alpha: from near 0 (hardly mixed) up; above 0.
        num_classes: how many classes there are; needed where labels are numbers of classes,
            which become probabilities, as `nn.CrossEntropyLoss` takes them.

    Raises:
        ValueError: ``alpha`` is not above 0.

    Example:
        >>> x, y = MixUp(1.0, num_classes=2)((np.ones((4, 3)), np.array([0, 1, 0, 1])), rng=0)
        >>> x.shape, y.shape, bool(np.allclose(y.sum(axis=1), 1))
        ((4, 3), (4, 2), True)
    """

    def __init__(self, alpha: float = 1.0, num_classes: int | None = None) -> None:
        if not alpha > 0:
            raise ValueError(f"alpha must be above 0, and {alpha} was given")
        self.alpha: float = alpha
        self.num_classes: int | None = num_classes

    def __call__(self, batch: tuple[Any, Any], rng: Rng | int | None = None) -> tuple[Array, Array]:
        """The mixed inputs and their soft labels.

        Args:
            batch: inputs of shape (N, ...), and labels of shape (N,) or (N, classes).
            rng: a generator or a seed; the library's generator if not given.

        Raises:
            ShapeError: they are not as many.
            ValueError: labels are numbers, and ``num_classes`` was not given.
        """
        generator = ad.random.generator(rng)
        x, y = as_data(batch[0]), as_data(batch[1])
        if len(x) != len(y):
            raise ShapeError(f"{len(x)} inputs and {len(y)} labels are no batch")
        if y.dtype.kind in "iu" and y.ndim == 1:
            if self.num_classes is None:
                raise ValueError(
                    f"{type(self).__name__} makes probabilities of labels; give num_classes, how "
                    "many classes there are"
                )
            y = one_hot(y, self.num_classes)
        other = generator.permutation(len(x))
        weight = generator.beta(self.alpha, self.alpha, len(x))
        return self.mixed(x, y, other, weight, generator)

    def mixed(
        self, x: Array, y: Array, other: Array, weight: Array, rng: Rng
    ) -> tuple[Array, Array]:
        """Inputs and labels, each with the other's share."""
        return _mean(x, x[other], weight), _mean(y, y[other], weight)


def _mean(one: Array, other: Array, weight: Array) -> Array:
    share = weight.reshape(-1, *(1,) * (one.ndim - 1))
    kind = one.dtype if one.dtype.kind == "f" else get_default_dtype()
    mean: Array = (share * one + (1 - share) * other).astype(kind)
    return mean


class CutMix(MixUp):
    """Pastes a rectangle of another image of the batch into every image.

    The rectangle has the share 1 − λ of the area, with λ as for `MixUp`, and the labels are mixed
    by the share that it has after rounding to pixels. Source: Yun and others, "CutMix:
    Regularization strategy to train strong classifiers with localizable features", 2019.

    Args:
        alpha: as for `MixUp`.
        num_classes: as for `MixUp`.

    Raises:
        ShapeError: in the call, the inputs are not of shape (N, C, H, W).

    Example:
        >>> images = np.arange(2.0).repeat(64).reshape(2, 1, 8, 8)
        >>> x, y = CutMix(1.0, num_classes=2)((images, np.array([0, 1])), rng=3)
        >>> bool(np.allclose(x.mean(axis=(1, 2, 3)), y[:, 1]))
        True
    """

    def mixed(
        self, x: Array, y: Array, other: Array, weight: Array, rng: Rng
    ) -> tuple[Array, Array]:
        """Images with rectangles of others, and labels by area."""
        if x.ndim != 4:
            raise ShapeError(f"CutMix takes images of shape (N, C, H, W), not {x.shape}")
        height, width = x.shape[2:]
        side = np.sqrt(1 - weight)
        inside = rectangles(side * height, side * width, (height, width), rng)
        kept = 1 - inside.mean(axis=(1, 2, 3))
        return np.where(inside, x[other], x), _mean(y, y[other], kept)
