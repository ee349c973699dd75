"""What the explanation of a tensor's gradient consists of."""

from __future__ import annotations

from dataclasses import dataclass

from autodiff.writers.rules import Formula, formula_latex, formula_text

__all__ = ["Step", "Term"]


@dataclass(frozen=True, slots=True)
class Step:
    """δ of one node: what its readers send, added up.

    Attributes:
        node: its name.
        shape: of the node, and so of δ.
        terms: one formula for each use that is told, in terms of δ of the readers.
        untold: how many further uses there are.
        rms: the size of δ, as root mean square.
        where: file and line of the user's code that made the node.
    """

    node: str
    shape: tuple[int, ...]
    terms: tuple[Formula, ...]
    untold: int
    rms: float
    where: str = ""

    @property
    def formula(self) -> str:
        """The sum as text."""
        more = [f"({self.untold} more)"] if self.untold else []
        return " + ".join([*map(formula_text, self.terms), *more]) or "1"

    @property
    def latex(self) -> str:
        """The same as LaTeX."""
        more = [rf"\text{{({self.untold} more)}}"] if self.untold else []
        return " + ".join([*map(formula_latex, self.terms), *more]) or "1"


@dataclass(frozen=True, slots=True)
class Term:
    """What one use of a tensor adds to its gradient.

    Attributes:
        reader: name of the node that uses it.
        formula: what the use contributes, down to the result where that is short.
        latex: the same as LaTeX.
        short: the same in terms of δ of the reader.
        value: how far it goes along the gradient: the parts add up to the gradient's norm; of a
            single element what is added to that.
        rms: its size as an array.
        where: file and line of the user's code that made the reader.
    """

    reader: str
    formula: str
    latex: str
    short: Formula
    value: float
    rms: float
    where: str = ""
