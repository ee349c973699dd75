"""Delimited text: what its columns hold is found out, and said."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from nn.data.readers.columns import Column, MisfitError
from nn.data.readers.dialects import find_delimiter, has_header
from nn.data.readers.files import DataFileError, PathLike
from nn.data.readers.numeric import read_numbers
from nn.data.readers.rows import Rows, divided
from nn.data.readers.text import lines_of
from nn.data.table import Table
from nn.module.dtypes import floating

__all__ = ["column_names", "read_csv"]

MISSING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "?")
_LOOK = 20
_TYPES = ("int", "float", "text")


def read_csv(
    path: PathLike,
    *,
    target: str | int | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    decimal: str = ".",
    missing: str = "error",
    missing_values: Iterable[str] = MISSING,
    types: Mapping[str, str] | None = None,
    categories: Mapping[str, Iterable[str]] | None = None,
    encoding: str = "utf-8-sig",
    dtype: Any = None,
) -> Table:
    r"""The columns of a file of delimited text, packed by gzip or not.

    A column is whole numbers (int64), or else floats, or else text, which becomes the numbers
    of its categories in sorted order; ``print`` of the result says what each is. Fields may be
    quoted, and go over several lines then.

    Args:
        path: the file.
        target: name or number (from 0) of the column to be predicted; see `Table.xy`.
        delimiter: what divides fields. If not given it is found out among comma, semicolon,
            tabulator and bar, and asked for when the first lines allow more than one.
        header: whether the first line names the columns. If not given, it does if it holds no
            number and others do. Without, columns are named by their numbers, from ``"0"``.
        decimal: the decimal point.
        missing: ``"error"``, or ``"keep"``: NaN then stands for a missing number, and -1 for a
            missing category.
        missing_values: which cells mean that a value is missing, blanks around them aside.
        types: ``"int"``, ``"float"`` or ``"text"`` for columns by name, instead of what is found.
        categories: those of columns by name, such as ``categories`` of the data that a model was
            trained on, so that the numbers mean the same.
        encoding: the encoding of the text.
        dtype: floating dtype of the columns of floats; `nn.get_default_dtype` if not given.

    Raises:
        DataFileError: lines have different numbers of fields, a value is missing, a column of
            numbers holds something else, a category is new; or the file is empty or not text.
        ValueError: there is no such column, or an argument is none of those above.
        OSError: the file cannot be read.

    Example:
        >>> import tempfile, os, pathlib
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "houses.csv")
        ...     _ = pathlib.Path(path).write_text("rooms,town,price\n3,Bern,1.5\n4,Chur,0.5\n")
        ...     table = read_csv(path, target="price")
        >>> print(table)
        Table of 2 rows
          rooms: int64 from 3 to 4
          town: 2 categories, Bern, Chur
          price: float32 from 0.5 to 1.5 (target)
        >>> x, y = table.xy()
        >>> x.tolist(), y.tolist()
        ([[3.0, 1.0, 0.0], [4.0, 0.0, 1.0]], [1.5, 0.5])
    """
    if missing not in ("error", "keep"):
        raise ValueError(f"missing is 'error' or 'keep', not {missing!r}")
    for name, kind in (types or {}).items():
        if kind not in _TYPES:
            raise ValueError(f"types[{name!r}] is one of {', '.join(_TYPES)}, not {kind!r}")
    if delimiter is not None and len(delimiter) != 1:
        raise ValueError(f"the delimiter must be one character, not {delimiter!r}")
    if isinstance(missing_values, str):
        raise ValueError(
            f"missing_values are several texts; write missing_values=[{missing_values!r}]"
        )
    markers = frozenset(missing_values)
    if delimiter is None or header is None:
        delimiter, header = _dialect(path, delimiter, header, markers, decimal, encoding)
    file = Rows(path, delimiter, encoding, header)
    names = file.names()
    for name in {*(types or {}), *(categories or {})} - set(names):
        raise ValueError(f"there is no column {name!r}; there are {', '.join(names)}")
    columns = {
        name: Column(
            (types or {}).get(name),
            markers,
            missing == "keep",
            decimal,
            None if categories is None or name not in categories else tuple(categories[name]),
        )
        for name in names
    }
    arrays, found = _filled(file, columns, dtype)
    if isinstance(target, int | np.integer):
        target = _numbered(names, int(target))
    return Table(arrays, categories=found, target=target)


def column_names(
    path: PathLike,
    *,
    delimiter: str | None = None,
    header: bool | None = None,
    decimal: str = ".",
    missing_values: Iterable[str] = MISSING,
    encoding: str = "utf-8-sig",
) -> list[str]:
    """The names of the columns of a file, of which no more than the first lines are read.

    Args:
        path: the file.
        delimiter: as of `read_csv`, and so are the others.
        header: likewise.
        decimal: likewise.
        missing_values: likewise.
        encoding: likewise.

    Raises:
        DataFileError: it is empty or not text, or how it is written cannot be told.
        OSError: it cannot be read.
    """
    if delimiter is None or header is None:
        markers = frozenset(missing_values)
        delimiter, header = _dialect(path, delimiter, header, markers, decimal, encoding)
    return Rows(path, delimiter, encoding, header).names()


def _numbered(names: Sequence[str], target: int) -> str:
    if not -len(names) <= target < len(names):
        raise ValueError(f"target={target}, and the columns are numbered 0 to {len(names) - 1}")
    return names[target]


def _filled(
    file: Rows, columns: dict[str, Column], dtype: Any
) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    """The arrays of all columns, and the categories of those of text."""
    kind = floating(dtype)
    todo, arrays, found = dict(columns), {}, {}
    name = ""
    try:
        while todo:
            for number, chunk in enumerate(file.chunks(len(columns))):
                coded = any(column.coded for column in columns.values())
                if number == 1 and len(todo) == len(columns) and not coded:
                    kinds = {name: column.kind for name, column in columns.items()}
                    numbers = read_numbers(file, kinds)
                    if numbers is not None:
                        return {n: _float(array, kind) for n, array in numbers.items()}, {}
                cells = dict(zip(columns, zip(*chunk, strict=True), strict=True))
                for name, column in todo.items():
                    column.add(cells[name])
            todo = {name: column for name, column in todo.items() if column.again}
            for column in todo.values():
                column.restart()
        for name, column in columns.items():
            array, texts = column.finish()
            arrays[name] = _float(array, kind)
            if texts is not None:
                found[name] = texts
    except MisfitError as misfit:
        message = str(misfit).replace("NAME", repr(name))
        raise DataFileError(file.path, message, file.line(misfit.place), name) from None
    return arrays, found


def _float(array: Any, kind: np.dtype[Any]) -> Any:
    return array.astype(kind) if array.dtype.kind == "f" else array


def _dialect(
    path: PathLike,
    delimiter: str | None,
    header: bool | None,
    markers: frozenset[str],
    decimal: str,
    encoding: str,
) -> tuple[str, bool]:
    with lines_of(path, encoding) as lines:
        first = [line for line in islice(lines, _LOOK) if line.strip()]
    if not first:
        raise DataFileError(path, "the file is empty")
    if delimiter is None:
        delimiter = find_delimiter(path, first)
    if header is None:
        try:
            rows = [row for row in divided(first, delimiter) if row]
        except csv.Error as error:
            raise DataFileError(path, f"the first lines cannot be divided: {error}") from None
        header = has_header(path, rows, markers, decimal)
    return delimiter, header
