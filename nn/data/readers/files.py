"""What readers of files share: one error that says where, packed files, and limits."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from autodiff.errors import GlassgradError

__all__ = ["DataFileError"]

_GZIP = b"\x1f\x8b"
PathLike: TypeAlias = str | os.PathLike[str]

SMALL = 1 << 28
"""Bytes that a file may become without being asked why."""
USUAL = 32
"""So many times its size a packed file may become."""
DENSEST = 1032
"""No more bytes than this come out of one byte that deflate wrote."""


class DataFileError(GlassgradError, ValueError):
    """A file of data is malformed, was cut short, or is of another kind than was asked for.

    The message names the file and the place in it, what was found there and what was expected.

    Attributes:
        path: the file.
        row: the line (of text, from 1), or the record (from 0), if there is one to blame.
        column: the name or number of the column, likewise.
    """

    path: str
    row: int | None
    column: str | int | None

    def __init__(
        self,
        path: PathLike,
        message: str,
        row: int | None = None,
        column: str | int | None = None,
        unit: str = "line",
    ) -> None:
        self.path, self.row, self.column = os.fspath(path), row, column
        where = self.path
        if row is not None:
            where += f", {unit} {row}"
        if column is not None:
            where += f", column {column!r}"
        # What was found in a damaged file may be of any length.
        cut = f"{message[:600]} …" if len(message) > 600 else message
        super().__init__(f"{where}: {cut}")


def allowed(path: PathLike) -> int:
    """How many bytes a file may become when it is unpacked."""
    return max(SMALL, USUAL * os.path.getsize(path))


def check_claim(path: PathLike, claimed: int, limit: int | None, what: str) -> None:
    """See that what a file says of its size is no more than is wanted.

    Raises:
        DataFileError: it claims more.
    """
    most = allowed(path) if limit is None else limit
    if claimed > most:
        raise DataFileError(
            path,
            f"{what} would take {claimed:,} bytes, from a file of {os.path.getsize(path):,}; if "
            f"that is meant, give max_bytes={claimed}",
        )


def is_packed(path: PathLike) -> bool:
    """Whether it is a gzip file."""
    with open(path, "rb") as file:
        return file.read(2) == _GZIP


@contextmanager
def opened(path: PathLike) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked if it is a gzip file.

    Raises:
        DataFileError: the gzip file is damaged or cut short.
        OSError: it cannot be read.
    """
    with open(path, "rb") as plain:
        packed = plain.read(2) == _GZIP
        plain.seek(0)
        if not packed:
            yield plain
            return
        try:
            with gzip.GzipFile(fileobj=plain) as unpacked:
                yield io.BufferedReader(unpacked)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataFileError(path, f"the gzip file is damaged or cut short: {error}") from None


def size_of(path: PathLike, file: BinaryIO) -> int | None:
    """How many bytes an opened file has; None if it is packed and nobody knows."""
    return os.path.getsize(path) if isinstance(file, io.BufferedReader) and _plain(file) else None


def _plain(file: io.BufferedReader) -> bool:
    return not isinstance(file.raw, gzip.GzipFile)


def whole(path: PathLike, file: BinaryIO, limit: int | None = None) -> bytes:
    """All bytes of an opened file, unless it becomes much more than it is.

    Raises:
        DataFileError: it does.
    """
    most = allowed(path) if limit is None else limit
    pieces, count = [], 0
    while piece := file.read(1 << 20):
        count += len(piece)
        if count > most:
            raise DataFileError(
                path,
                f"it becomes more than {most:,} bytes when it is unpacked; if that is meant, "
                "unpack it first",
            )
        pieces.append(piece)
    return b"".join(pieces)


def suffix_of(path: PathLike) -> str:
    """The ending of a file's name in small letters."""
    return Path(path).suffix.lower()
