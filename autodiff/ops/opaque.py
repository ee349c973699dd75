"""Operations whose backward rule is a Python function instead of an entry of the table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from autodiff.ops.notation import Factor
from autodiff.ops.primitive import Notation, Rule, Structural

__all__ = ["Opaque", "opaque"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Opaque(Structural):
    """One operation for the graph, whatever is computed inside.

    Its parameter ``rule`` belongs to one call: ``rule(xp, g, y, operands, wanted)`` returns
    the cotangents of all operands at once, None for those that are not wanted. So does
    ``push``, where there is one: ``push(xp, along, y)`` returns the tangent of the result for
    those of the operands, None where an operand has none.
    """


def _vjp(
    xp: Any, g: Any, y: Any, *operands: Any, index: int, rule: Rule, push: Rule | None = None
) -> Any:
    wanted = tuple(i == index for i in range(len(operands)))
    return rule(xp, g, y, operands, wanted)[index]


def _forward(xp: Any, *operands: Any, rule: Rule, push: Rule | None = None) -> Any:
    raise NotImplementedError("an opaque operation computes its value outside the table")


_SHORT = 12


def _jacobian(name: str) -> Factor:
    """What all operands receive, by a rule of which nothing else is known."""
    name = name.replace("{", "{{").replace("}", "}}")
    letter = f"J_{name}" if len(name) <= _SHORT and name.isidentifier() else "J"
    rule = f"{letter}ᵀ · g, with {letter} the Jacobian of {name}, as the rule given for it computes"
    return Factor(f"{letter}ᵀ ·", rule)


@cache
def opaque(name: str, reads: tuple[int | str, ...] = ("operands", "y")) -> Opaque:
    """An entry for one kind of opaque operation; it does not stand in the table.

    Args:
        name: what it is called in messages and drawings.
        reads: see `Structural`.

    Returns:
        The entry.
    """
    return Opaque(
        name=name,
        forward=_forward,
        notation=Notation.function(name),
        vjp=_vjp,
        reads=reads,
        factors=(_jacobian(name),),
        doc="An operation with a backward rule of its own.",
    )
