"""The rows of a file of delimited text, and the lines on which they stand."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

from nn.data.readers.files import DataFileError, PathLike
from nn.data.readers.text import lines_of

__all__ = ["Rows", "divided"]


def divided(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Any:
    """A reader of rows; a blank stands for any number of blanks and tabulators."""
    if delimiter == " ":
        lines = (f"{' '.join(line.split())}\n" for line in lines)
    return csv.reader(lines, delimiter=delimiter, strict=strict)


CHUNK = 2000
"""More rows at a time are slower: what was read falls out of the processor's cache."""


class Rows:
    """The rows of a file, read again and again."""

    def __init__(self, path: PathLike, delimiter: str, encoding: str, header: bool) -> None:
        self.path: PathLike = path
        self.delimiter: str = delimiter
        self.encoding: str = encoding
        self.header: bool = header
        self.head: int = 0

    @contextmanager
    def _reader(self) -> Iterator[Any]:
        with lines_of(self.path, self.encoding) as lines:
            reader = divided(lines, self.delimiter, strict=True)
            try:
                yield reader
            except csv.Error as error:
                raise DataFileError(
                    self.path,
                    f'{error}; a quoted field begins and ends with ", and a " within it is ""',
                    self._bad(),
                ) from None

    def _bad(self) -> int:
        """The line where the first row begins that cannot be read."""
        good = 0
        with lines_of(self.path, self.encoding) as lines, suppress(csv.Error):
            reader = divided(lines, self.delimiter, strict=True)
            for _ in reader:
                good = reader.line_num
        return good + 1

    def names(self) -> list[str]:
        """The columns' names; and `head` is known then, the lines that the header takes."""
        with self._reader() as reader:
            first: list[str] | None = next((row for row in reader if row), None)
            line = reader.line_num
        self.head = line if self.header else 0
        if first is None:
            raise DataFileError(self.path, "the file is empty")
        if not self.header:
            return [str(number) for number in range(len(first))]
        names = [cell.strip() or str(number) for number, cell in enumerate(first)]
        if len(set(names)) < len(names):
            double = next(name for name in names if names.count(name) > 1)
            raise DataFileError(self.path, "two columns have this name", line, double)
        return names

    def chunks(self, width: int) -> Iterator[list[list[str]]]:
        """The rows after the header, by the thousands.

        Raises:
            DataFileError: a row has more or fewer fields than the first.
        """
        with self._reader() as reader:
            count, skip = 0, self.header
            while rows := list(islice(reader, CHUNK)):
                if [] in rows:
                    rows = [row for row in rows if row]
                if set(map(len, rows)) - {width}:
                    odd = next(i for i, row in enumerate(rows) if len(row) != width)
                    raise DataFileError(
                        self.path,
                        f"{len(rows[odd])} fields, where the first line has {width}",
                        self.line(count + odd - self.header),
                    )
                count += len(rows)
                if skip and rows:
                    del rows[0]
                    skip = False
                if rows:
                    yield rows
            if count == int(self.header):
                raise DataFileError(self.path, "there is no line after the names of the columns")

    def line(self, number: int) -> int:
        """On which line a row of data ends; blank lines and the header do not count as rows."""
        with self._reader() as reader:
            next(islice(filter(None, reader), number + self.header, None))
            return int(reader.line_num)
