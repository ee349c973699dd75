"""Classes as numbers, and numbers of classes as vectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.module.dtypes import as_data, get_default_dtype

__all__ = ["LabelEncoder", "one_hot"]

Array = np.ndarray[Any, Any]


def one_hot(labels: Any, num_classes: int | None = None, *, dtype: Any = None) -> Array:
    """A 1 for each label at its place, and 0 elsewhere, as floats.

    Args:
        labels: whole numbers from 0 up, of any shape.
        num_classes: how many places; if not given, one more than the largest label.
        dtype: of the result; `nn.get_default_dtype` if not given.

    Returns:
        An array of shape (*labels.shape, num_classes).

    Raises:
        TypeError: the labels are no whole numbers.
        ValueError: a label is negative or has no place.

    Example:
        >>> one_hot([1, 0], 3).tolist()
        [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    array = as_data(labels)
    if array.dtype.kind not in "iu":
        raise TypeError(
            f"labels are whole numbers, not {array.dtype}; number them by nn.data.LabelEncoder"
        )
    whole = isinstance(num_classes, int | np.integer) and num_classes >= 0
    if num_classes is not None and not whole:
        raise ValueError(f"num_classes must be a whole number from 0 up, not {num_classes!r}")
    places = int(array.max(initial=-1)) + 1 if num_classes is None else num_classes
    if array.size and (array.min() < 0 or array.max() >= places):
        wrong = array.min() if array.min() < 0 else array.max()
        raise ValueError(f"the label {wrong} has no place among {places}, numbered from 0")
    coded: Array = (array[..., None] == np.arange(places)).astype(
        get_default_dtype() if dtype is None else dtype
    )
    return coded


class LabelEncoder:
    """Numbers classes, which may be texts or any numbers, in their sorted order.

    Args:
        classes: the classes in the order of their numbers, if they are not to be fitted.

    Attributes:
        classes: the classes in the order of their numbers; empty before `fit`.

    Example:
        >>> encoder = LabelEncoder().fit(["cat", "ant", "cat"])
        >>> encoder.transform(["cat", "ant"]), encoder.inverse([0])
        (array([1, 0]), array(['ant'], dtype='<U3'))
    """

    def __init__(self, classes: Iterable[Any] = ()) -> None:
        self.classes: tuple[Any, ...] = tuple(classes)
        if len(set(self.classes)) < len(self.classes):
            raise ValueError(f"LabelEncoder: a class comes twice among {list(self.classes)}")

    def fit(self, labels: Any) -> LabelEncoder:
        """Take the classes from labels, and return itself."""
        self.classes = tuple(np.unique(np.asarray(labels)).tolist())
        return self

    def _fitted(self) -> tuple[Any, ...]:
        if not self.classes:
            raise ValueError("this LabelEncoder has no classes; call fit with labels, or give them")
        return self.classes

    def transform(self, labels: Any) -> Array:
        """The numbers of labels, int64.

        Raises:
            ValueError: a label is none of the classes, or there are none.
        """
        numbers = {name: number for number, name in enumerate(self._fitted())}
        array = np.asarray(labels)
        flat = array.reshape(-1).tolist()
        strange = next((label for label in flat if label not in numbers), None)
        if strange is not None:
            some = ", ".join(map(repr, self.classes[:8]))
            raise ValueError(f"{strange!r} is none of the classes {some}")
        return np.array([numbers[label] for label in flat], np.int64).reshape(array.shape)

    def inverse(self, numbers: Any) -> Array:
        """The classes of numbers.

        Raises:
            ValueError: a number is none of a class.
        """
        array, classes = np.asarray(numbers), np.array(self._fitted())
        if array.size and not 0 <= array.min() <= array.max() < len(classes):
            raise ValueError(f"classes are numbered from 0 to {len(classes) - 1}")
        found: Array = classes[array]
        return found

    def __repr__(self) -> str:
        return f"LabelEncoder({list(self.classes)})"
