"""How entries of the operation table are written, and where their operands are sampled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

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
    "Place",
    "factor_at",
    "index_text",
    "summed_text",
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
class Place:
    """One operand of one application of an entry.

    Attributes:
        shapes: of all operands, in order.
        result: shape of the result.
        params: the application's parameters.
        position: which operand it is.
    """

    shapes: Sequence[tuple[int, ...]]
    result: tuple[int, ...]
    params: Mapping[str, Any]
    position: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the operand."""
        return self.shapes[self.position]


_BEFORE, _AFTER = ("·", "⊙", "⊗", "⋆", "∗"), ("·", "⊗")


@dataclass(frozen=True, slots=True)
class Factor:
    """What becomes of the cotangent ``g`` of the result on its way to one operand.

    Attributes:
        label: what stands on a drawn wire: what ``g`` is multiplied by, or a word. The result
            is ``{y}`` there.
        rule: what the operand receives: a formula of ``g``, the result ``y``, the operands and
            the parameters, or what the word means. Of factorizations ``gU`` is the part of
            ``g`` that belongs to U. What was broadcast is summed, real operands take real parts.
        fitted: ``fitted(place)``: a label, or a label and its rule, where shapes and parameters
            say more, such as how many elements a mean is of; None where they do not.

    Label and rule are templates as those of `Notation`.
    """

    label: str
    rule: str
    fitted: Callable[[Place], str | tuple[str, str] | None] | None = None

    @classmethod
    def of(cls, given: str | tuple[Any, ...]) -> Factor:
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

    def at(self, place: Place) -> Factor:
        """The factor of one application, as exactly as shapes and parameters tell."""
        given = None if self.fitted is None else self.fitted(place)
        if given is None:
            return self
        label, rule = (given, self.rule) if isinstance(given, str) else given
        return replace(self, label=label, rule=rule)


UNSAID = Factor("Jᵀ ·", "Jᵀ · g, with J the Jacobian of the result by the operand")
"""What stands for the factor of an entry that says nothing, as one of a user's own may."""


def factor_at(factors: Sequence[Factor], place: Place) -> Factor:
    """What one operand of one application receives, of the factors of an entry."""
    if not factors:
        return UNSAID
    return factors[min(place.position, len(factors) - 1)].at(place)


def summed_text(operand: tuple[int, ...], result: tuple[int, ...]) -> str:
    """Over what a cotangent is summed because its operand was broadcast; empty for nothing.

    Example:
        >>> summed_text((4,), (3, 4)), summed_text((), (3, 4)), summed_text((3, 1), (2, 3, 4))
        ('Σ rows', 'Σ', 'Σ axes 0, 2')
    """
    if operand == result:
        return ""
    padded = (1,) * (len(result) - len(operand)) + operand
    axes = [i for i, (a, b) in enumerate(zip(padded, result, strict=True)) if a != b]
    axes = axes or list(range(len(result) - len(operand)))
    if len(axes) == len(result):
        return "Σ"
    if len(result) == 2:
        return "Σ rows" if axes == [0] else "Σ columns"
    return f"Σ axis {axes[0]}" if len(axes) == 1 else f"Σ axes {', '.join(map(str, axes))}"


def index_text(index: Any) -> str:
    """An index as it stands in brackets; arrays in it are called i, j, k, and a mask so.

    Example:
        >>> import numpy as np
        >>> index_text((slice(1, None), -1)), index_text((slice(None), np.array([2, 0])))
        ('1:, −1', ':, i')
    """
    letters = iter("ijklmnop")
    parts = index if isinstance(index, tuple) else (index,)
    return ", ".join(_index_part(part, letters) for part in parts) or "…"


def _index_part(part: Any, letters: Any) -> str:
    if part is None or part is Ellipsis:
        return "new" if part is None else "…"
    if isinstance(part, slice):
        ends = ["" if end is None else _whole(end) for end in (part.start, part.stop)]
        return ":".join(ends if part.step is None else [*ends, _whole(part.step)])
    kind = getattr(getattr(part, "dtype", None), "kind", "")
    if getattr(part, "ndim", 0) or isinstance(part, list):
        return "mask" if kind == "b" else next(letters, "…")
    return _whole(part)


def _whole(number: Any) -> str:
    return str(number).replace("-", "−")


@dataclass(frozen=True, slots=True)
class Domain:
    """An open interval from which one operand may be sampled in tests and pictures."""

    low: float = -2.0
    high: float = 2.0
