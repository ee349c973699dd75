"""Lines of text files, packed or not, with bounds on what they take."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from nn.data.readers.files import DataFileError, PathLike, allowed, opened

__all__ = ["lines_of", "text_of"]

_BLOCK = 1 << 20
_LONGEST = 1 << 24


@contextmanager
def lines_of(path: PathLike, encoding: str) -> Iterator[Iterator[str]]:
    """The lines of a text file, with their ends.

    Raises:
        DataFileError: it is not text in that encoding, has a line of millions of characters,
            is a damaged gzip file, or becomes much more than it is.
    """
    with text_of(path, encoding) as text:
        yield chain.from_iterable(_pieces(path, text))


@contextmanager
def text_of(path: PathLike, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The text of a file, of any length.

    Raises:
        DataFileError: it is not text in that encoding.
    """
    with opened(path) as file:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            yield text
        except UnicodeDecodeError as error:
            raise _not_text(path, encoding, error) from None
        finally:
            text.detach()


def _pieces(path: PathLike, text: io.TextIOWrapper) -> Iterator[io.StringIO]:
    rest, count, most = "", 0, allowed(path)
    while block := text.read(_BLOCK):
        count += len(block)
        if count > most:
            raise DataFileError(
                path,
                f"it becomes more than {most:,} characters when it is unpacked; if that is meant, "
                "unpack it first",
            )
        cut = block.rfind("\n") + 1
        if not cut:
            rest += block
            if len(rest) > _LONGEST:
                raise DataFileError(path, f"it has a line of more than {_LONGEST:,} characters")
            continue
        yield io.StringIO(rest + block[:cut], newline="\n")
        rest = block[cut:]
    yield io.StringIO(rest, newline="\n")


def _not_text(path: PathLike, encoding: str, error: UnicodeDecodeError) -> DataFileError:
    """The error that names the line."""
    found = f"byte {error.object[error.start]:#04x}"
    row = None
    with opened(path) as file:
        if error.object[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return DataFileError(path, "this is text in UTF-16; give encoding='utf-16'")
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST), b""), start=1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as within:
                row, found = number, f"byte {within.object[within.start]:#04x}"
                break
    return DataFileError(
        path, f"{found} is no text in {encoding}; give the encoding, perhaps 'latin-1'", row
    )
