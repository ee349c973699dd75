"""How entries of the operation table are written, and where their operands are sampled."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ADDITIVE",
    "ATOM",
    "COMPARISON",
    "MULTIPLICATIVE",
    "NEGATION",
    "POWER",
    "Domain",
    "Notation",
]

COMPARISON, ADDITIVE, MULTIPLICATIVE, NEGATION, POWER, ATOM = range(6)


@dataclass(frozen=True, slots=True)
class Notation:
    """How an application of a primitive is written.

    ``text`` and ``latex`` are templates whose ``{0}``, ``{1}`` … are the operands; a
    parameter is addressed by its name. ``level`` is the precedence of the result and
    ``operand_levels`` the weakest precedence each operand may have without brackets
    (``None``: the operand stands inside delimiters and never needs any).
    """

    text: str
    latex: str
    level: int = ATOM
    operand_levels: tuple[int | None, ...] = (None,)

    @classmethod
    def function(cls, text: str, latex: str | None = None, arity: int = 1) -> Notation:
        """Notation of a function call such as ``tanh(x)``."""
        slots = ", ".join(f"{{{i}}}" for i in range(arity))
        plain = text.replace("_", r"\_")
        head = latex if latex is not None else rf"\operatorname{{{{{plain}}}}}"
        return cls(f"{text}({slots})", rf"{head}\left({slots}\right)", ATOM, (None,) * arity)


@dataclass(frozen=True, slots=True)
class Domain:
    """An open interval from which one operand may be sampled in tests and pictures."""

    low: float = -2.0
    high: float = 2.0
