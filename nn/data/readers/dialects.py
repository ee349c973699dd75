"""How delimited text is written: its delimiter, and whether its first line names columns."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from nn.data.readers.files import DataFileError, PathLike

__all__ = ["find_delimiter", "has_header", "is_numeric"]

_CANDIDATES = ",;\t|"


def find_delimiter(path: PathLike, lines: Sequence[str]) -> str:
    """The delimiter of a file, from its first lines.

    Raises:
        DataFileError: more than one, or none, divides all lines into as many fields.
    """
    there = [mark for mark in _CANDIDATES if any(mark in line for line in lines)]
    if len(there) < 2:
        return there[0] if there else ","
    fitting = []
    for mark in there:
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=mark, strict=True) if row}
        except csv.Error:
            # A quoted field may go on after these lines.
            continue
        if len(widths) == 1 and widths != {1}:
            fitting.append(mark)
    if len(fitting) == 1:
        return fitting[0]
    which = " and ".join(repr(mark) for mark in fitting or there)
    raise DataFileError(
        path,
        f"the delimiter may be {which}; say which: delimiter={(fitting or there)[0]!r}",
    )


def is_numeric(cell: str, decimal: str = ".") -> bool:
    """Whether a cell is one number."""
    try:
        float(cell.replace(decimal, ".") if decimal != "." else cell)
    except ValueError:
        return False
    return "_" not in cell


def has_header(
    path: PathLike, rows: Sequence[Sequence[str]], missing: frozenset[str], decimal: str
) -> bool:
    """Whether the first row names the columns: it holds no number, and the others do.

    Raises:
        DataFileError: there is no number anywhere, so that it cannot be told.
    """
    first, others = rows[0], rows[1:]
    if any(is_numeric(cell, decimal) for cell in first):
        return False
    if any(cell.strip() in missing and cell.strip() for cell in first):
        return False
    numbers = any(is_numeric(cell, decimal) for row in others for cell in row)
    if not numbers:
        raise DataFileError(
            path,
            "the first line may name the columns or be the first sample, since no line holds a "
            "number; say which: header=True or header=False",
        )
    return True
