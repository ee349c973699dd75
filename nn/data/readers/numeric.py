"""The fast way through large files that hold numbers only: NumPy's own reader."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.data.readers.files import is_packed
from nn.data.readers.rows import Rows
from nn.data.readers.text import text_of

__all__ = ["read_numbers"]

_TYPES = {"int": "i8", "float": "f8"}


def read_numbers(file: Rows, kinds: Mapping[str, str]) -> dict[str, Any] | None:
    """All columns of a file at once, if they hold what their first rows promise.

    Args:
        file: the file.
        kinds: what the columns seem to hold.

    Returns:
        The columns; None if there is text, or a missing value, or anything else that only the
        careful way can read or complain of.
    """
    # What a packed file becomes is bounded by the careful way alone.
    if not set(kinds.values()) <= set(_TYPES) or is_packed(file.path):
        return None
    names = [f"f{number}" for number in range(len(kinds))]
    fields = [(field, _TYPES[kind]) for field, kind in zip(names, kinds.values(), strict=True)]
    try:
        with text_of(file.path, file.encoding) as text, warnings.catch_warnings():
            # Older versions take 1.5 for a whole number, and only warn.
            warnings.simplefilter("error")
            rows = np.loadtxt(
                text,
                dtype=fields,
                delimiter=None if file.delimiter == " " else file.delimiter,
                comments=None,
                quotechar='"',
                skiprows=file.head,
                ndmin=1,
            )
    except (ValueError, OverflowError, Warning):
        return None
    if any(bool(np.isnan(rows[name]).any()) for name in names):
        return None
    return {name: rows[field].copy() for name, field in zip(kinds, names, strict=True)}
