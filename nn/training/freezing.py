"""Parts of a model that a training leaves as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from nn.module.base import Module

__all__ = ["Parts", "as_parts", "freezing"]

Parts = Module | Iterable[Module]


def as_parts(frozen: Parts, model: Module) -> tuple[Module, ...]:
    """The modules as a tuple; one may be given by itself.

    Raises:
        TypeError: something is no module.
        ValueError: a module is no part of the model, so that nothing of it would be frozen.
    """
    parts: tuple[Any, ...] = (frozen,)
    if isinstance(frozen, Iterable) and not isinstance(frozen, Module):
        parts = tuple(frozen)
    known = {id(part) for part in model.modules()}
    for part in parts:
        if not isinstance(part, Module):
            raise TypeError(f"frozen takes modules of the model, not {part!r}")
        if id(part) not in known:
            raise ValueError(
                f"frozen was given a {type(part).__name__} that is no part of the model; give "
                "modules out of it, such as model[0]"
            )
    return parts


@contextmanager
def freezing(parts: Iterable[Module]) -> Iterator[None]:
    """Parameters of modules need no gradient inside the block; afterwards all is as it was."""
    held = [p for part in parts for p in part.parameters() if p.requires_grad]
    for p in held:
        p.requires_grad_(False)
    try:
        yield
    finally:
        for p in held:
            p.requires_grad_(True)
