"""The handwritten digits of the UCI repository, through scikit-learn's bundled copy."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autodiff.errors import missing_extra
from nn.module.dtypes import get_default_dtype

__all__ = ["Digits", "load_digits"]


class Digits(NamedTuple):
    """1797 handwritten digits.

    Attributes:
        images: floats of shape (1797, 8, 8); ink from 0 (none) to 16.
        features: the same numbers, of shape (1797, 64), rows of the image
            one after the other.
        labels: int64 of shape (1797,), the digit written.
    """

    images: np.ndarray[Any, Any]
    features: np.ndarray[Any, Any]
    labels: np.ndarray[Any, Any]


def load_digits() -> Digits:
    """Load the digits. Nothing is downloaded.

    Source: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
    Learning Repository, 1998 (its test set).

    Returns:
        Images, the same as flat features, and labels; the floats in the default type of
        parameters, `nn.get_default_dtype`.

    Raises:
        MissingExtraError: scikit-learn is not installed.

    Example:
        >>> digits = load_digits()
        >>> digits.images.shape, digits.features.shape, int(digits.labels[0])
        ((1797, 8, 8), (1797, 64), 0)
    """
    try:
        # An extra, which takes a second to load.
        from sklearn.datasets import load_digits as bundled
    except ImportError:
        raise missing_extra("scikit-learn", "data") from None
    raw = bundled()
    features = np.ascontiguousarray(raw.data, dtype=get_default_dtype())
    return Digits(features.reshape(-1, 8, 8), features, raw.target.astype(np.int64))
