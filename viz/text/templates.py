"""Texts of formulas that differ in names alone are written once and filled in many times."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

__all__ = ["Filled", "filled_once"]

_FIRST_SLOT = 0x100000
"""Stands for a name in a text that is kept: a character that means nothing."""

Filled = Callable[[Any, int, list[str | float], str, dict[str, Any]], str]
"""Takes an entry, a position, operands, the name of a result, and parameters."""


def filled_once(write: Filled) -> Filled:
    """A function that writes a formula only once for all names of its operands.

    Args:
        write: what writes it; it treats all names alike. Names that are equal stay equal.

    Example:
        >>> calls = []
        >>> def write(op, position, operands, result, params):
        ...     calls.append(operands)
        ...     return f"{result} = {operands[0]} + {operands[1]}"
        >>> quick = filled_once(write)
        >>> quick(None, 0, ["a", "b"], "y", {}), quick(None, 0, ["u", "v"], "z", {}), len(calls)
        ('y = a + b', 'z = u + v', 1)
    """

    @lru_cache(maxsize=4096)
    def template(op: Any, position: int, slots: tuple[Any, ...], result: str, known: Any) -> str:
        return write(op, position, list(slots), result, dict(known))

    def fill(
        op: Any, position: int, operands: list[str | float], result: str, params: dict[str, Any]
    ) -> str:
        slots: dict[str, str] = {}
        for name in (*operands, result):
            if isinstance(name, str) and name not in slots:
                slots[name] = chr(_FIRST_SLOT + len(slots))
        given = tuple(slots[o] if isinstance(o, str) else o for o in operands)
        try:
            text = template(op, position, given, slots[result], tuple(params.items()))
        except TypeError:
            # A parameter that cannot be looked up, such as an array.
            return write(op, position, operands, result, params)
        return text.translate({ord(slot): name or "·" for name, slot in slots.items()})

    return fill
