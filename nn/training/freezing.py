"""Parts of a model that a training leaves as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from nn.module.base import Module

__all__ = ["Parts", "as_parts", "freezing"]

Parts = Module | Iterable[Module]


def as_parts(frozen: Parts) -> tuple[Module, ...]:
    """The modules as a tuple; one may be given by itself."""
    return (frozen,) if isinstance(frozen, Module) else tuple(frozen)


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
