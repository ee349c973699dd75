"""What a rule finds: the kind of cause, the sentence, and the place in the user's code."""

from __future__ import annotations

from dataclasses import dataclass
from linecache import getline
from pathlib import Path
from typing import Any

from viz.text.formatting import clean

__all__ = ["KINDS", "Finding", "at_line", "place_of", "source_of"]

KINDS = {
    "healthy": "nothing is wrong",
    "frozen": "the node needs no gradient",
    "not used": "the root was not computed from the node",
    "detached": "the numbers went on without their history: detach(), .data, a copy",
    "not recorded": "the operation ran inside no_grad()",
    "no derivative": "a comparison, or a conversion to whole numbers",
    "to number": "the numbers went on as numbers of Python's or NumPy's",
    "dead": "a rectifier is off, so that its slope is 0",
    "saturated": "the flat end of a function that levels off",
    "clipped": "outside of the bounds within which the numbers pass",
    "not selected": "another operand, or another entry, was chosen",
    "zero factor": "multiplied by zeros",
    "masked": "multiplied by a mask that is 0 there",
    "flat": "a function of steps, whose derivative is 0 everywhere",
    "stationary": "the derivative is 0 just there",
    "cancellation": "what arrives adds up to nothing",
    "underflow": "products too small for the float type",
    "custom": "a rule of one's own",
    "vanishing": "factors below 1, again and again",
    "exploding": "factors above 1, again and again",
    "small factor": "one factor that is far below 1",
    "large factor": "one factor that is far above 1",
    "steep": "a function with a very large derivative there",
    "not finite": "NaN or an infinity",
    "symmetry": "units that start alike stay alike",
    "cleared": "the gradient was there, and was forgotten",
    "changed": "the gradient that is stored is not that of this root",
    "unknown": "the numbers that would tell were released",
}
"""The kinds of causes, each with what it means."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found.

    Attributes:
        kind: one of `KINDS`.
        verdict: one sentence.
        node: the result of the operation that answers for it; None where none does.
        line: file and line in the user's code; None where there is none.
        operation: its name; empty where there is none.
        operand: which operand of the operation the gradient does not reach as it should.
        share: of the entries that are blocked there; None where that has no meaning.
        trail: where there is no way to the node: what cut it off, and what it cut off, each with
            its line.
    """

    kind: str
    verdict: str
    node: Any = None
    line: tuple[str, int] | None = None
    operation: str = ""
    operand: int | None = None
    share: float | None = None
    trail: tuple[tuple[str, tuple[str, int] | None], ...] = ()


def place_of(line: tuple[str, int] | None) -> str:
    """``train.py:12``; empty if the line is not known."""
    return "" if line is None else f"{Path(line[0]).name}:{line[1]}"


def source_of(line: tuple[str, int] | None) -> str:
    """The text of a line of code, if it can be read."""
    return "" if line is None else clean(getline(*line), 200)


def at_line(line: tuple[str, int] | None) -> str:
    """`` at train.py:12 (h = relu(z))``, as it stands in a sentence."""
    if line is None:
        return ""
    source = clean(source_of(line), 72)
    return f" at {place_of(line)}" + (f" ({source})" if source else "")
