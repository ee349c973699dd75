"""The digits as the job uses them: divided, and brought to a common scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.data import Standardizer, load_digits, train_test_split

__all__ = ["CLASSES", "DigitsData", "prepare"]

Array = np.ndarray[Any, Any]

CLASSES = tuple(str(digit) for digit in range(10))
TEST_SHARE = 0.2
INK = 16.0
"""The grey level of full ink in the images."""


@dataclass(frozen=True, slots=True)
class DigitsData:
    """The two parts of the data.

    Attributes:
        x_train: standardised pixels, float32 of shape (N, 64).
        y_train: labels, integers of shape (N,).
        x_test: the same of the test part, scaled with the training part's figures.
        y_test: likewise.
        images: of the test part, from 0 (paper) to 1 (ink), of shape (N, 8, 8).
        mean: what was subtracted from the pixels, in grey levels.
        scale: what they were divided by.
    """

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    images: Array
    mean: float
    scale: float


def prepare(rng: np.random.Generator) -> DigitsData:
    """Load the digits, divide them at random, and standardise them.

    The classes are held in the same proportion in both parts. There is one mean and one
    scale for all pixels, taken from the training part: a scale for each pixel would blow
    up those at the border, which are nearly always empty.

    Args:
        rng: decides which samples are in the test part.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    digits = load_digits()
    x_train, x_test, y_train, y_test = train_test_split(
        digits.features, digits.labels, test_size=TEST_SHARE, stratify=digits.labels, rng=rng
    )
    scaler = Standardizer().fit(x_train.ravel())
    return DigitsData(
        scaler.transform(x_train),
        y_train,
        scaler.transform(x_test),
        y_test,
        x_test.reshape(-1, 8, 8) / INK,
        float(scaler.mean.data),
        float(scaler.scale.data),
    )
