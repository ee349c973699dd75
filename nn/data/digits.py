"""The handwritten digits of the UCI repository, through scikit-learn's bundled copy."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autodiff.errors import missing_extra
from nn.data.transforms.resizing import resize_images
from nn.module.dtypes import get_default_dtype

__all__ = ["Digits", "load_digits"]


class Digits(NamedTuple):
    """1797 handwritten digits.

    Attributes:
        images: floats of shape (1797, size, size); ink from 0 (none) to 16.
        features: the same numbers, of shape (1797, size²), rows of the image
            one after the other.
        labels: int64 of shape (1797,), the digit written.
    """

    images: np.ndarray[Any, Any]
    features: np.ndarray[Any, Any]
    labels: np.ndarray[Any, Any]


def load_digits(size: int = 8) -> Digits:
    """Load the digits. Nothing is downloaded.

    Args:
        size: height and width of the images. They have 8 × 8 pixels; for another size, such as
            16 (256 pixels) or 32, they are resampled by `resize_images`.

    Source: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
    Learning Repository, 1998 (its test set).

    Returns:
        Images, the same as flat features, and labels; the floats in the default type of
        parameters, `nn.get_default_dtype`.

    Raises:
        ValueError: the size is not positive.
        MissingExtraError: scikit-learn is not installed.

    Example:
        >>> digits = load_digits()
        >>> digits.images.shape, digits.features.shape, int(digits.labels[0])
        ((1797, 8, 8), (1797, 64), 0)
        >>> load_digits(16).features.shape
        (1797, 256)
    """
    try:
        # An extra, which takes a second to load.
        from sklearn.datasets import load_digits as bundled
    except ImportError:
        raise missing_extra("scikit-learn", "data") from None
    raw = bundled()
    images = np.ascontiguousarray(raw.images, dtype=get_default_dtype())
    if size != 8:
        images = resize_images(images, size)
    features = images.reshape(len(images), -1)
    return Digits(images, features, raw.target.astype(np.int64))
