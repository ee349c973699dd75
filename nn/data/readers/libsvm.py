"""LIBSVM's text: a label, and those features that are not zero."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from nn.data.readers.files import SMALL, DataFileError, PathLike
from nn.data.readers.text import lines_of
from nn.module.dtypes import floating

__all__ = ["read_libsvm"]

Array = np.ndarray[Any, Any]

_LARGEST = 1 << 40


def read_libsvm(
    path: PathLike,
    n_features: int | None = None,
    zero_based: bool | None = None,
    *,
    dtype: Any = None,
    max_bytes: int | None = None,
) -> tuple[Array, Array]:
    """Features and labels of a file of LIBSVM's text, packed by gzip or not.

    A line is ``label index:value index:value …``; features that are not named are zero, what
    follows a ``#`` is a remark. Source: Chang and Lin, "LIBSVM: a library for support vector
    machines", 2011.

    Args:
        path: the file.
        n_features: how many features there are; if not given, as many as the largest index
            says. Give it for test data, in which the last features may never occur.
        zero_based: whether indices begin with 0 and not with 1; if not given, they do if there
            is a 0 among them.
        dtype: floating dtype of the features; `nn.get_default_dtype` if not given.
        max_bytes: how many bytes the features may take, with all their zeros; if not given,
            200 times the size of the file, and always 256 MB.

    Returns:
        Features of shape (N, F), and labels of shape (N,): int64 if all are whole, else floats.

    Raises:
        DataFileError: a label or feature is no number, an index comes twice or is beyond the
            features, there are several labels or a query, or the features would take too much.
        OSError: the file cannot be read.

    Example:
        >>> import tempfile, os, pathlib
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "a.txt")
        ...     _ = pathlib.Path(path).write_text("2 1:0.5 3:1.5 # a remark")
        ...     x, y = read_libsvm(path)
        >>> x.tolist(), y.tolist()
        ([[0.5, 0.0, 1.5]], [2])
    """
    labels: list[float] = []
    rows: list[int] = []
    places: list[int] = []
    indices: list[int] = []
    values: list[float] = []
    with lines_of(path, "utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            label, *pairs = line.partition("#")[0].split() or [""]
            if not label:
                continue
            try:
                split = [pair.split(":") for pair in pairs]
                labels.append(_number(label))
                found = [int(index) for index, _ in split]
                values += [_number(value) for _, value in split]
            except ValueError:
                raise _culprit(path, number, label, pairs) from None
            if len(set(found)) < len(found) or (
                found and not 0 <= min(found) <= max(found) < _LARGEST
            ):
                raise _wrong_index(path, number, found)
            indices += found
            rows += [len(labels) - 1] * len(found)
            places.append(number)
            if n_features is not None and found and max(found) > n_features:
                raise _beyond(path, number, max(found), n_features, 0 if zero_based else 1)
    if not labels:
        raise DataFileError(path, "the file is empty")
    columns = np.array(indices, np.int64)
    if zero_based is None:
        zero_based = bool((columns == 0).any())
    if not zero_based:
        columns -= 1
    width = int(columns.max(initial=-1)) + 1 if n_features is None else n_features
    wrong = np.flatnonzero((columns < 0) | (columns >= width))
    if len(wrong):
        line, index = places[rows[wrong[0]]], indices[wrong[0]]
        if not index:
            raise DataFileError(path, "the index is 0, and zero_based=False", line)
        raise _beyond(path, line, index, width, 0 if zero_based else 1)
    kind = floating(dtype)
    claimed = len(labels) * width * kind.itemsize
    most = max(SMALL, 200 * os.path.getsize(path)) if max_bytes is None else max_bytes
    if claimed > most:
        raise DataFileError(
            path,
            f"{len(labels)} samples of {width} features, zeros among them, would take "
            f"{claimed:,} bytes; if that is meant, give max_bytes={claimed}",
        )
    x = np.zeros((len(labels), width), kind)
    x[rows, columns] = values
    y = np.array(labels)
    whole = np.abs(y).max() < 1 << 53 and (y == np.rint(y)).all()
    return x, y.astype(np.int64) if whole else y.astype(kind)


def _number(text: str) -> float:
    number = float(text)
    if "_" in text or number != number:
        raise ValueError(text)
    return number


def _culprit(path: PathLike, line: int, label: str, pairs: list[str]) -> DataFileError:
    """The error about the first part of a line that is wrong."""
    try:
        _number(label)
    except ValueError:
        several = "; several labels per sample are not read" if "," in label else ""
        return DataFileError(path, f"the label {label!r} is no number{several}", line, 0)
    for place, pair in enumerate(pairs, start=1):
        index, _, value = pair.partition(":")
        if index == "qid":
            return DataFileError(path, "queries (qid:…) are not read; remove them", line, place)
        try:
            int(index), _number(value)
        except ValueError:
            return DataFileError(
                path, f"{pair!r} is not index:value, two numbers with a colon", line, place
            )
    return DataFileError(path, "the line cannot be read", line)


def _wrong_index(path: PathLike, line: int, found: list[int]) -> DataFileError:
    double = next((index for index in found if found.count(index) > 1), None)
    if double is not None:
        return DataFileError(path, f"the index {double} comes twice", line)
    wrong = next(index for index in found if not 0 <= index < _LARGEST)
    return DataFileError(path, f"the index {wrong} is none; they begin with 0 or 1", line)


def _beyond(path: PathLike, line: int, index: int, width: int, first: int) -> DataFileError:
    return DataFileError(
        path, f"the index is {index}, and n_features={width}, counted from {first}", line
    )
