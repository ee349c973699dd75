"""Columns of cells as arrays: what type they have, and which cell does not fit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nn.data.readers.dialects import is_numeric

__all__ = ["Column", "MisfitError"]

Array = np.ndarray[Any, Any]
Cells = Sequence[str]


_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")


class MisfitError(Exception):
    """A cell that its column cannot hold: how many cells before it, and why."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place: int = place


class Column:
    """A column that is filled piece by piece, whole numbers becoming floats where they must.

    Attributes:
        kind: ``"int"``, ``"float"`` or ``"text"`` as far as is known.
        again: whether it turned out to be text after numbers had been taken: it must be filled
            once more.
        missing: how many cells are missing.
        coded: which markers of a missing value are numbers, such as -999.
    """

    def __init__(
        self,
        kind: str | None,
        missing: frozenset[str],
        keep: bool,
        decimal: str,
        known: Sequence[str] | None,
    ) -> None:
        self._fixed, self._markers, self._keep = kind is not None, missing, keep
        self.kind: str = kind or ("text" if known is not None else "int")
        self._decimal, self._known = decimal, known
        self.coded: frozenset[str] = frozenset(
            marker for marker in missing if is_numeric(marker, decimal) and marker.lower() != "nan"
        )
        self._pieces: list[Array] = []
        self._numbers: dict[str, int] = {text: i for i, text in enumerate(known or ())}
        self._filled = self._numeric = self._commas = 0
        self._first_text: tuple[int, str] | None = None
        self.again: bool = False
        self.missing: int = 0

    def add(self, cells: Cells) -> None:
        """Take the next cells.

        Raises:
            MisfitError: a cell is missing, or none of the known categories, or no number although
                the column was said to hold numbers.
        """
        piece = None if self.again else self._piece(cells)
        if piece is None and not self.again:
            # Only the first pass can find that out; the numbers before are needed as texts.
            self.again = bool(self._pieces)
            self._pieces.clear()
            self.kind = "text"
            piece = None if self.again else self._texts(cells)
        if piece is not None:
            self._pieces.append(piece)
        self._filled += len(cells)

    def restart(self) -> None:
        """Begin once more, as text."""
        self._filled = self._numeric = self._commas = self.missing = 0
        self.again = False

    def _piece(self, cells: Cells) -> Array | None:
        """The cells as numbers, or as those of their categories; None if they turn out text."""
        if self.kind == "text":
            return self._texts(cells)
        there = self.coded and not self.coded.isdisjoint(map(str.strip, cells))
        given, cells = cells, self._decoded(cells) if there else cells
        if self._decimal != ".":
            cells = [cell.replace(self._decimal, ".") for cell in cells]
        # Python takes an underscore for a part of a number.
        underscored = "_" in "".join(cells)
        if self.kind == "int" and not underscored:
            try:
                return np.fromiter(map(int, cells), np.int64, len(cells))
            except (ValueError, OverflowError):
                pass
        if self.kind == "int" and self._fixed:
            raise self._culprit(given, _is_whole, "whole number of 64 bits")
        piece = None if underscored else self._floats(cells, given)
        if piece is not None:
            self.kind = "float"
        elif self._fixed:
            raise self._culprit(given, is_numeric, "number")
        return piece

    def _decoded(self, cells: Cells) -> Cells:
        """The cells, with NaN for those that hold a number which marks a missing value."""
        return ["nan" if cell.strip() in self.coded else cell for cell in cells]

    def _floats(self, cells: Cells, given: Cells) -> Array | None:
        try:
            piece = np.fromiter(map(float, cells), np.float64, len(cells))
        except ValueError:
            marked = ["nan" if cell.strip() in self._markers else cell for cell in cells]
            try:
                piece = np.fromiter(map(float, marked), np.float64, len(cells))
            except ValueError:
                return None
        gone = np.flatnonzero(np.isnan(piece))
        if len(gone):
            if not self._keep:
                raise self._missed(int(gone[0]), given[gone[0]].strip())
            self.missing += len(gone)
        return piece

    def _culprit(self, cells: Cells, sound: Callable[[str], bool], what: str) -> MisfitError:
        for i, raw in enumerate(cells):
            cell = raw.strip()
            if cell in self._markers and (not self._keep or self.kind == "int"):
                return self._missed(i, cell)
            if not sound(cell) and cell not in self._markers:
                return MisfitError(self._filled + i, f"{cell!r} is no {what}")
        raise AssertionError("every cell is sound")

    def _missed(self, i: int, cell: str) -> MisfitError:
        shown = f"{cell!r}, which marks a missing value" if cell else "empty"
        return MisfitError(
            self._filled + i,
            f"the cell is {shown}; mend it, or give missing='keep' to have NaN (in text, no "
            "category) there",
        )

    def _texts(self, cells: Cells) -> Array:
        stripped = list(map(str.strip, cells))
        for text in sorted(set(stripped) - self._numbers.keys()):
            if text in self._markers:
                if not self._keep:
                    raise self._missed(stripped.index(text), text)
                self._numbers[text] = -1
            elif self._known is not None:
                some = ", ".join(repr(one) for one in list(self._known)[:8])
                raise MisfitError(
                    self._filled + stripped.index(text),
                    f"{text!r} is none of the categories {some}",
                )
            else:
                self._numbers[text] = len(self._numbers)
        codes = np.fromiter(map(self._numbers.__getitem__, stripped), np.int64, len(stripped))
        self._watch(stripped)
        return codes

    def _watch(self, cells: Cells) -> None:
        """Count numbers in a column of text, and note the first cell that is none."""
        if self._fixed or self._known is not None:
            return
        for cell, times in Counter(cells).items():
            if cell in self._markers:
                continue
            if is_numeric(cell, self._decimal):
                self._numeric += times
            else:
                self._commas += times * is_numeric(cell, ",")
                if self._first_text is None:
                    self._first_text = (self._filled + cells.index(cell), cell)

    def finish(self) -> tuple[Array, tuple[str, ...] | None]:
        """The array, and the categories of a column of text in sorted order.

        Raises:
            MisfitError: most cells of a column of text are numbers.
        """
        pieces = self._pieces or [np.zeros(0)]
        if self.kind != "text":
            return np.concatenate(pieces), None
        codes = np.concatenate(pieces).astype(np.int64)
        self.missing = int((codes < 0).sum())
        if self._first_text is not None and 2 * (self._numeric + self._commas) > self._filled:
            place, cell = self._first_text
            hint = "give decimal=','" if self._commas else "give types={NAME: 'text'}"
            if _THOUSANDS.fullmatch(cell):
                hint = (
                    "take out the comma if it divides thousands; if it is the decimal point, give"
                )
                hint += " decimal=','"
            raise MisfitError(
                place,
                f"{cell!r} is no number, and {self._numeric} of the column's {self._filled} cells "
                f"are; mend it, or {hint}",
            )
        if self._known is not None:
            return codes, tuple(self._known)
        names = sorted(text for text, number in self._numbers.items() if number >= 0)
        order = np.full(len(self._numbers) + 1, -1, np.int64)
        for place, text in enumerate(names):
            order[self._numbers[text]] = place
        return order[codes], tuple(names)


def _is_whole(cell: str) -> bool:
    try:
        return -(1 << 63) <= int(cell) < 1 << 63 and "_" not in cell
    except ValueError:
        return False
