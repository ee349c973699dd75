"""Lists in messages, cut short."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["few"]


def few(things: Iterable[Any], most: int = 4) -> str:
    """Some of many things, and how many more there are.

    Args:
        things: what is listed, as text.
        most: how many are written out.

    Example:
        >>> few(["a", "b", "c"]), few(range(9), 2)
        ('a, b, c', '0, 1 and 7 more')
    """
    said = [str(thing) for thing in things]
    more = len(said) - most
    return ", ".join(said[:most]) + (f" and {more} more" if more > 0 else "")
