"""What containers take: modules, indices, names."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import Any

from nn.module.base import Module

__all__ = ["checked", "index_of", "name_of", "renumbered"]


def checked(value: Any, owner: Module, place: str) -> Module:
    """A module that is put into a container.

    Raises:
        TypeError: it is something else; the message says what to write.
    """
    if isinstance(value, Module):
        return value
    what = f"{type(owner).__name__} takes modules, and {place} is"
    if isinstance(value, type) and issubclass(value, Module):
        raise TypeError(
            f"{what} the class {value.__name__}; make a module of it: {value.__name__}()"
        )
    if callable(value):
        name = getattr(value, "__name__", repr(value))
        raise TypeError(
            f"{what} the function {name}; use the module of that name, such as nn.Tanh() for "
            "tanh, or write a Module whose forward calls it"
        )
    hint = "; give the modules one by one: (*modules)" if isinstance(value, list | tuple) else ""
    raise TypeError(f"{what} a {type(value).__name__}{hint}")


def index_of(index: int, container: Sized) -> int:
    """An index counted from the start.

    Raises:
        IndexError: it lies outside.
    """
    if not -len(container) <= index < len(container):
        raise IndexError(f"index {index} of a {type(container).__name__} of {len(container)}")
    return index % len(container)


def name_of(key: Any, what: str) -> str:
    """A key as the name of a part.

    Raises:
        ValueError: it is empty, has a dot, or is no text.
    """
    if not isinstance(key, str) or not key or "." in key:
        raise ValueError(f"{key!r} cannot name a {what}: give text without a dot")
    return key


def renumbered(modules: Iterable[Module]) -> dict[str, Module]:
    """Modules under their positions."""
    return {str(i): module for i, module in enumerate(modules)}
