"""Making a batch of samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.module.dtypes import get_default_dtype

__all__ = ["collate"]


def is_number(x: Any) -> bool:
    """Whether something is one number, of Python or NumPy."""
    return isinstance(x, bool | int | float | complex | np.number | np.bool_)


def collate(samples: Sequence[Any]) -> Any:
    """One batch out of samples that are all alike.

    Args:
        samples: numbers, arrays, text, or tuples, lists and dicts of these, nested.

    Returns:
        Numbers and arrays are stacked along a new axis 0; Python floats become
        `nn.get_default_dtype`, arrays keep their type. A list of numbers is an array. Tuples
        give a tuple of batches, dicts a dict of them, and text a list.

    Raises:
        ShapeError: shapes or lengths differ.
        TypeError: kinds differ, or something cannot be stacked.

    Example:
        >>> collate([([1.0, 2.0], 0), ([3.0, 4.0], 1)])
        (array([[1., 2.],
               [3., 4.]], dtype=float32), array([0, 1]))
    """
    return _collated(samples, "")


def _collated(samples: Sequence[Any], place: str) -> Any:
    first = samples[0]
    if isinstance(first, str | bytes):
        return list(samples)
    if isinstance(first, Mapping):
        _same(samples, Mapping, place)
        if any(sample.keys() != first.keys() for sample in samples):
            raise TypeError(f"samples{place} are dicts with different keys; give all the same")
        return {k: _collated([s[k] for s in samples], f"{place}[{k!r}]") for k in first}
    if isinstance(first, tuple) or (isinstance(first, list) and not _is_array(first)):
        _same(samples, type(first), place)
        lengths = sorted({len(sample) for sample in samples})
        if len(lengths) > 1:
            raise ShapeError(f"samples{place} have {_all(lengths)} parts; give all as many")
        parts = [
            _collated([sample[i] for sample in samples], f"{place}[{i}]") for i in range(lengths[0])
        ]
        # A named tuple keeps its names.
        return type(first)(*parts) if hasattr(first, "_fields") else tuple(parts)
    return _stacked(samples, place)


def _is_array(nested: Any) -> bool:
    if isinstance(nested, list):
        return all(_is_array(item) for item in nested)
    return is_number(nested)


def _same(samples: Sequence[Any], kind: type, place: str) -> None:
    for number, sample in enumerate(samples):
        if not isinstance(sample, kind):
            raise TypeError(
                f"samples{place} differ in kind: the first of the batch is a "
                f"{type(samples[0]).__name__}, number {number} a {type(sample).__name__}"
            )


def _all(values: Sequence[Any]) -> str:
    return " and ".join(str(value) for value in values[:4]) + (" …" if len(values) > 4 else "")


def _stacked(samples: Sequence[Any], place: str) -> Any:
    arrays = [_plain(sample, place) for sample in samples]
    shapes = sorted({array.shape for array in arrays})
    if len(shapes) > 1:
        raise ShapeError(
            f"samples{place} have shapes {_all(shapes)}, which do not stack; make them alike "
            "(crop, or pad), or give DataLoader a collate_fn that makes a batch of a list of them"
        )
    stacked = np.stack(arrays)
    weak = stacked.dtype == np.float64 and not any(hasattr(s, "dtype") for s in samples)
    return stacked.astype(get_default_dtype()) if weak else stacked


def _plain(sample: Any, place: str) -> np.ndarray[Any, Any]:
    if isinstance(sample, Tensor):
        if sample.requires_grad:
            raise TypeError(
                f"samples{place} are tensors that need a gradient, which a batch would lose; give "
                "sample.detach(), or stack them with autodiff.stack in a collate_fn"
            )
        return np.asarray(sample.data)
    if is_number(sample) or isinstance(sample, list) or hasattr(sample, "__array__"):
        try:
            array = np.asarray(sample)
        except ValueError as error:
            raise ShapeError(f"samples{place} are lists of different lengths: {error}") from None
        if array.dtype != object:
            return array
    raise TypeError(
        f"samples{place} are of type {type(sample).__name__}, of which no batch is made; give "
        "numbers, arrays, text, or tuples and dicts of them, or a collate_fn"
    )
