"""How delimited text is written: its delimiter, and whether its first line names columns."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from contextlib import suppress

from nn.data.readers.files import DataFileError, PathLike

__all__ = ["find_delimiter", "has_header", "is_numeric"]

_CANDIDATES = ",;\t|"


def find_delimiter(path: PathLike, lines: Sequence[str]) -> str:
    """The delimiter of a file, from its first lines.

    Raises:
        DataFileError: more than one, or none, divides all lines into as many fields.
    """
    there = [mark for mark in _CANDIDATES if any(mark in line for line in lines)]
    if not there and sum(map(is_numeric, lines[-1].split())) > 1:
        raise DataFileError(path, "its fields seem to be divided by blanks: give delimiter=' '")
    if len(there) < 2:
        return there[0] if there else ","
    fitting = []
    for mark in there:
        widths = set[int]()
        with suppress(csv.Error):
            # A quoted field may go on after these lines; what comes before it tells.
            for row in csv.reader(lines, delimiter=mark, strict=True):
                widths |= {len(row)} - {0}
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
    if not others:
        raise DataFileError(path, "it has one line only; if that names the columns, none follows")
    cells = [cell for row in others for cell in row]
    if not any(is_numeric(cell, decimal) for cell in cells):
        if decimal != "," and any(is_numeric(cell, ",") for cell in cells):
            raise DataFileError(
                path,
                "no line holds a number, unless the decimal point is a comma: give decimal=','",
            )
        raise DataFileError(
            path,
            "the first line may name the columns or be the first sample, since no line holds a "
            "number; say which: header=True or header=False",
        )
    return True
