"""Making a batch of sequences that differ in length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from nn.data.collate import collate
from nn.module.dtypes import as_data

__all__ = ["pad_collate"]

Array = np.ndarray[Any, Any]


def pad_collate(
    samples: Sequence[Any], padding_value: float | tuple[float, ...] = 0.0
) -> tuple[Any, ...]:
    """A batch of sequences, padded to the longest, and their lengths.

    Args:
        samples: sequences, arrays or lists of shape (length, …); or tuples of such sequences and
            of other things, of which `collate` makes batches.
        padding_value: what is put behind the end of a sequence; a tuple has one for each part.

    Returns:
        The parts, sequences as arrays of shape (N, longest, …), and at the end the lengths of
        the first part, int64 of shape (N,). A part counts as sequences if it has an axis in
        every sample, and its lengths differ in this batch or it is the first.

    Raises:
        ShapeError: sequences differ in more than their length.

    Example:
        >>> x, y, lengths = pad_collate([(np.array([1, 2, 3]), 0), (np.array([4]), 1)])
        >>> x, y.tolist(), lengths.tolist()
        (array([[1, 2, 3],
               [4, 0, 0]]), [0, 1], [3, 1])
    """
    alone = not isinstance(samples[0], tuple)
    parts = [list(samples)] if alone else [list(part) for part in zip(*samples, strict=True)]
    fills = padding_value if isinstance(padding_value, tuple) else (padding_value,) * len(parts)
    if len(fills) != len(parts):
        raise ShapeError(
            f"{len(fills)} padding values were given for samples of {len(parts)} parts"
        )
    first = [as_data(sequence) for sequence in parts[0]]
    if any(not sequence.ndim for sequence in first):
        raise ShapeError("the first part of each sample is a sequence, and a number was given")
    batch = [_padded(first, fills[0])]
    for part, fill in zip(parts[1:], fills[1:], strict=True):
        batch.append(
            _padded([as_data(one) for one in part], fill) if _ragged(part) else collate(part)
        )
    return (*batch, np.array([len(sequence) for sequence in first], np.int64))


def _ragged(part: list[Any]) -> bool:
    try:
        return len({len(sequence) for sequence in part}) > 1 and not isinstance(part[0], str)
    except TypeError:
        return False


def _padded(sequences: list[Array], fill: float) -> Array:
    shapes = {sequence.shape[1:] for sequence in sequences}
    if len(shapes) > 1:
        raise ShapeError(f"steps of sequences have shapes {sorted(shapes)}; they must be alike")
    longest = max(len(sequence) for sequence in sequences)
    kind = np.result_type(*{sequence.dtype for sequence in sequences})
    padded = np.full((len(sequences), longest, *shapes.pop()), fill, kind)
    for row, sequence in zip(padded, sequences, strict=True):
        row[: len(sequence)] = sequence
    return padded
