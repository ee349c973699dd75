"""How delimited text is written, where that cannot be found out; and complaints in its flags."""

from __future__ import annotations

import codecs
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nn.data import DataFileError
from nn.jobs.materials.material import MaterialError

__all__ = ["MARKS", "Manner", "decimal", "delimiter", "encoding", "spoken"]

MARKS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "bar": "|"}
"""Marks that a shell does not take easily, by name."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How delimited text is written; None of what is to be found out.

    Attributes:
        delimiter: what divides fields.
        decimal: the decimal point.
        encoding: of the text.
        header: whether the first line names the columns.
        gaps: cells that mean that a value is missing.
        text: columns that are text, though they look like numbers.
    """

    delimiter: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    header: bool | None = None
    gaps: tuple[str, ...] = ()
    text: tuple[str, ...] = ()

    def settings(self) -> dict[str, Any]:
        """Arguments of `nn.data.read_csv`, but those of single columns."""
        found: dict[str, Any] = {"delimiter": self.delimiter, "header": self.header}
        for name, value in (("decimal", self.decimal), ("encoding", self.encoding)):
            found |= {} if value is None else {name: value}
        # Numbers keep their digits until they are scaled.
        found |= {"missing": "keep", "dtype": "float64"}
        return found | ({"missing_values": ("", *self.gaps)} if self.gaps else {})

    def words(self) -> list[str]:
        """The words of the command line that say the same."""
        names = {mark: name for name, mark in MARKS.items()}
        found = []
        for flag, value in (
            ("--delimiter", names.get(self.delimiter or "", self.delimiter)),
            ("--decimal", self.decimal),
            ("--encoding", self.encoding),
        ):
            found += [] if value is None else [flag, value]
        found += [] if self.header is None else ["--header" if self.header else "--no-header"]
        found += ["--missing-values", *self.gaps] if self.gaps else []
        return [*found, *(["--text", *self.text] if self.text else [])]

    def noted(self) -> dict[str, Any]:
        """For a file."""
        return {
            "delimiter": self.delimiter,
            "decimal": self.decimal,
            "encoding": self.encoding,
            "header": self.header,
            "gaps": list(self.gaps),
        }

    def after(self, noted: Mapping[str, Any]) -> Manner:
        """This one, and what is not said as it was noted.

        Raises:
            ValueError: the note is none.
        """
        if not isinstance(noted, dict) or not isinstance(noted.get("gaps", []), list):
            raise ValueError("it does not say how text is written")
        header = noted.get("header") if self.header is None else self.header
        return Manner(
            self.delimiter or _taken(noted.get("delimiter"), delimiter),
            self.decimal or _taken(noted.get("decimal"), decimal),
            self.encoding or _taken(noted.get("encoding"), encoding),
            None if header is None else bool(header),
            self.gaps or tuple(map(str, noted.get("gaps", ()))),
        )


def delimiter(text: str) -> str:
    """What divides fields, which may be given by its name.

    Raises:
        ValueError: it cannot.
    """
    mark = MARKS.get(text.lower(), "\t" if text == "\\t" else text)
    if len(mark) != 1 or mark in '\r\n"':
        raise ValueError(f"expected one character, or one of {', '.join(MARKS)}, not {text!r}")
    return mark


def decimal(text: str) -> str:
    """A decimal point.

    Raises:
        ValueError: it is none.
    """
    found = {"comma": ",", "point": "."}.get(text.lower(), text)
    if found not in (",", "."):
        raise ValueError(f"expected , or . and not {text!r}")
    return found


def encoding(text: str) -> str:
    """The name of an encoding of text.

    Raises:
        ValueError: there is none.
    """
    try:
        name = codecs.lookup(text).name
        "".encode(text)
    except (LookupError, ValueError):
        raise ValueError(
            f"there is no encoding {text!r}; such are utf-8, utf-16, latin-1 and cp1252"
        ) from None
    # With or without the mark at its beginning.
    return "utf-8-sig" if name == "utf-8" else text


def _taken(value: Any, reader: Callable[[str], str]) -> str | None:
    if not isinstance(value, str | None):
        raise ValueError(f"expected a text, not {value!r}")
    return None if value is None else reader(value)


def _mark(found: re.Match[str]) -> str:
    names = {repr(mark)[1:-1]: name for name, mark in MARKS.items()}
    return f"--delimiter {names.get(found[1], shlex.quote(found[1]))}"


def _misfit(found: re.Match[str]) -> str:
    cell, name = shlex.quote(found[3]), shlex.quote(found[6])
    return (
        f"{found[1]}{found[3]!r} is no number{found[4]}--text {name} if the column is text, or "
        f"--missing-values {cell} if that means that it is missing"
    )


_FLAGS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"delimiter='(.+?)'", _mark),
    (r"header=True or header=False", "--header or --no-header"),
    (r"encoding='(.+?)'", r"--encoding \1"),
    (r"give the encoding, perhaps '(.+?)'", r"give --encoding, perhaps \1"),
    (r"decimal='(.)'", r"--decimal \1"),
    (r"(.*: )(['\"])(.*)\2 is no number(.*)types=\{(['\"])(.*)\5: 'text'\}", _misfit),
    (r"resize=\(height, width\)", "--size HEIGHT WIDTH"),
    (r"; if that is meant, give max_bytes=\d+", ", which is refused"),
    (r"n_features=", "the model knows "),
)


@contextmanager
def spoken() -> Iterator[None]:
    """Inside, complaints of readers, which speak to those who write programs, name flags.

    Raises:
        MaterialError: instead of their `DataFileError`.
    """
    try:
        yield
    except DataFileError as error:
        said = str(error)
        for pattern, flag in _FLAGS:
            said = re.sub(pattern, flag, said)
        raise MaterialError(said) from error
