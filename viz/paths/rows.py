"""One row for each path: what is written in it, and how high it is."""

from __future__ import annotations

from dataclasses import dataclass

from viz.draw.metrics import text_width
from viz.paths.lines import FONT, LEADING, Piece, broken, width_of
from viz.paths.terms import Local, PathProduct
from viz.paths.written import LISTED, bracketed_factor, shortened
from viz.text.formatting import factor, number, subscript

__all__ = ["REMARK", "Column", "Row"]

NARROWEST, WIDEST = 260.0, 470.0
MIDDLE, LOWEST = 200.0, 92.0
REMARK = 14.0


@dataclass(frozen=True, slots=True)
class Row:
    """What stands beside a miniature.

    Attributes:
        names: the product by names.
        symbols: in symbols; empty where that says nothing more.
        numbers: in numbers.
        remark: what stands behind the names.
        beside: whether symbols and numbers share a line.
    """

    names: list[list[Piece]]
    symbols: list[list[Piece]]
    numbers: list[list[Piece]]
    remark: str = ""
    beside: bool = False

    def height(self, least: float) -> float:
        """How high the row is."""
        lines = len(self.names) + len(self.symbols) + len(self.numbers) - self.beside
        return max(LOWEST, least + 16.0, lines * LEADING + 34.0)


def _pieces(path: PathProduct) -> tuple[list[Piece], list[Piece], list[Piece]]:
    steps = path.briefly(LISTED)
    names = shortened([_head(step) for step in steps], ("…", ""))
    symbols = shortened([(bracketed_factor(step.formula), "") for step in steps], ("…", ""))
    values = [(factor(step.value) if i else number(step.value), "") for i, step in enumerate(steps)]
    numbers = shortened(values, ("…", ""))
    if not steps:
        return [("1 at every step" if path.steps else "1", "")], [("1", "")], [("1", "")]
    return names, symbols, numbers


def _head(step: Local) -> Piece:
    held = "|" if step.held else ""
    use = f"₍{subscript(step.use)}₎" if step.use else ""
    return f"∂{step.node}/∂{step.operand}{use}{held}", ", ".join(step.held)


class Column:
    """How wide the column of the products is, and where in it the numbers begin.

    Args:
        paths: all that stand in it.
    """

    def __init__(self, paths: list[PathProduct]) -> None:
        written = [_pieces(path) for path in paths]
        names, symbols, numbers = (
            max((_length(pieces[i]) for pieces in written), default=0.0) for i in range(3)
        )
        self.numbers_at: float = min(symbols, MIDDLE) + 28
        remarks = [
            _length(_pieces(path)[0]) + 20 + text_width(text, REMARK)
            for path in paths
            if (text := _remark(path))
        ]
        needed = max(NARROWEST, names, symbols, self.numbers_at + numbers, *remarks)
        self.width: float = min(WIDEST, needed)

    def row(self, path: PathProduct) -> Row:
        """What is written of a path."""
        names, symbols, numbers = _pieces(path)
        said = [text.strip("()") for text, _ in symbols] != [text for text, _ in numbers]
        beside = said and _length(symbols) <= MIDDLE
        beside = beside and self.numbers_at + _length(numbers) <= self.width + 1
        return Row(
            broken(names, "·", self.width),
            broken(symbols, "·", self.width, "=") if said else [],
            broken(numbers, "×", self.width, "="),
            _remark(path),
            beside,
        )


def _length(pieces: list[Piece]) -> float:
    """The width of a product in one line, with its sign before each factor."""
    return sum(width_of(piece) + text_width(" × ", FONT) for piece in pieces)


def _remark(path: PathProduct) -> str:
    held = path.steps[0].held if len(path.steps) == 1 else ()
    return f"the direct use, {' and '.join(held)} held fixed" if held else ""
