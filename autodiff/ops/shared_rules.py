"""Rules of single operands out of one for all of them, where these share work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["each"]


def each(together: Callable[..., Any], index: int) -> Callable[..., Any]:
    """The rule of one operand, for ``vjp`` beside ``together``.

    Args:
        together: the rule of all operands, told which are ``wanted``.
        index: of the operand.
    """

    def rule(xp: Any, g: Any, y: Any, *operands: Any, **params: Any) -> Any:
        wanted = [i == index for i in range(len(operands))]
        return together(xp, g, y, *operands, wanted=wanted, **params)[index]

    return rule
