"""A report as sections, and sections as blocks of a few kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from nn.inspect.data import Histogram
from nn.report.data import Fact, Flow, Mistake, Panel, Picture

__all__ = [
    "Bars",
    "Block",
    "Code",
    "Confusion",
    "Distribution",
    "Gallery",
    "Panels",
    "Report",
    "Rows",
    "Scatter",
    "Section",
    "Text",
    "Verdict",
]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Lines as a program prints them."""

    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A table.

    Attributes:
        rows: the cells as text.
        head: names of the columns; none for a table without a head.
        code: whether the first cells are words of a program.
    """

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    code: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Numbers that are not negative, as bars.

    Attributes:
        rows: a name, the number, and how it is printed.
    """

    rows: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class Panels:
    """Learning curves, one panel beside the other."""

    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each true class (row) was taken for each class (column)."""

    counts: tuple[tuple[int, ...], ...]
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gallery:
    """Misclassified samples as images."""

    mistakes: tuple[Mistake, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scatter:
    """Predicted numbers (upwards) over true ones, with the diagonal.

    Attributes:
        title: printed over it.
        true: the true numbers.
        predicted: what was predicted, one for each.
        name: what is predicted.
    """

    title: str
    true: tuple[float, ...]
    predicted: tuple[float, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """A histogram with its ends.

    Attributes:
        title: printed over it.
        bins: the counts.
    """

    title: str
    bins: Histogram


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding: its value printed strongly, and the note."""

    fact: Fact


Block: TypeAlias = (
    Text
    | Code
    | Rows
    | Bars
    | Panels
    | Confusion
    | Gallery
    | Scatter
    | Distribution
    | Verdict
    | Flow
    | Picture
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a heading.

    Attributes:
        key: its address within the page, a word.
        title: the heading.
        blocks: what is in it, in order.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that is on the page.

    Attributes:
        title: of the page.
        summary: one or a few sentences under the title.
        facts: the most important figures.
        sections: what follows.
        versions: name and version of the software used.
    """

    title: str
    summary: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    versions: tuple[tuple[str, str], ...] = ()
