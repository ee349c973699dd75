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
    "Factor",
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


_BEFORE, _AFTER = ("·", "⊙", "⋆", "∗"), ("·",)


@dataclass(frozen=True, slots=True)
class Factor:
    """What becomes of the cotangent ``g`` of the result on its way to one operand.

    Attributes:
        label: what stands on a drawn wire: what ``g`` is multiplied by, or a word.
        rule: what the operand receives: a formula of ``g``, the result ``y``, the operands and
            the parameters, or what the word means. Of factorizations ``gU`` is the part of
            ``g`` that belongs to U. What was broadcast is summed, real operands take real parts.

    Both are templates as those of `Notation`.
    """

    label: str
    rule: str

    @classmethod
    def of(cls, given: str | tuple[str, str]) -> Factor:
        """A label and its rule; or a label alone that is a formula in which ``g`` is missing.

        Example:
            >>> Factor.of("· {1}ᵀ").rule, Factor.of("{0}ᵀ ·").rule, Factor.of("1").rule
            ('g · {1}ᵀ', '{0}ᵀ · g', 'g')
        """
        if not isinstance(given, str):
            return cls(*given)
        if given.startswith(_BEFORE):
            return cls(given, f"g {given}")
        if given.endswith(_AFTER):
            return cls(given, f"{given} g")
        return cls(given, "g" if given == "1" else given)


@dataclass(frozen=True, slots=True)
class Domain:
    """An open interval from which one operand may be sampled in tests and pictures."""

    low: float = -2.0
    high: float = 2.0
