"""What a step's own code takes for granted: the things it refers to by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import is_not
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from autodiff.errors import TracingError

__all__ = ["Surroundings", "same"]

_MISSING = object()
_STEADY = (ModuleType, FunctionType, BuiltinFunctionType, type, np.ufunc)
_NUMBERS = (int, float, complex, str, bytes, np.generic)


def same(a: Any, b: Any) -> bool:
    """Whether two plain values are interchangeable; other objects must be identical."""
    if a is b:
        return True
    return type(a) is type(b) and isinstance(a, _NUMBERS) and repr(a) == repr(b)


class Guard(NamedTuple):
    """A setting that decided the course of a step.

    Attributes:
        owner: the mapping it is kept in.
        key: its key there.
        exact: whether the value counts, or only its truth.
        held: what it was.
    """

    owner: Mapping[str, Any]
    key: str
    exact: bool
    held: Any

    def holds(self) -> bool:
        """Whether it is as it was."""
        now = self.owner[self.key]
        return same(now, self.held) if self.exact else bool(now) is self.held


class Surroundings:
    """The globals, closure variables and own attributes that a function refers to.

    Args:
        function: the step. Nothing is known about callable objects of other kinds.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._cells: list[tuple[str, Any]] = []
        self._mappings: list[tuple[dict[str, Any], str]] = []
        owner = getattr(function, "__self__", None)
        plain = getattr(function, "__func__", function)
        if not isinstance(plain, FunctionType):
            return
        names = set(_names_in(plain.__code__))
        cells = zip(plain.__code__.co_freevars, plain.__closure__ or (), strict=True)
        self._cells = list(cells)
        self._mappings = [(plain.__globals__, n) for n in names if n in plain.__globals__]
        attributes = getattr(owner, "__dict__", {})
        self._mappings += [(attributes, n) for n in names if n in attributes]

    def snapshot(self) -> list[Any]:
        """What the names stand for at the moment."""
        held = [_content(cell) for _, cell in self._cells]
        return held + [mapping.get(name, _MISSING) for mapping, name in self._mappings]

    def hold(self, before: list[Any]) -> bool:
        """Whether the names stand for what they stood for in a snapshot."""
        return not any(map(is_not, self.snapshot(), before)) or self.changed(before) is None

    def narrow(self, before: list[Any]) -> None:
        """Leave out modules, functions and classes, which do not change.

        Args:
            before: a snapshot.
        """
        kept = [not isinstance(value, _STEADY) for value in before]
        cells, mappings = kept[: len(self._cells)], kept[len(self._cells) :]
        self._cells = [c for c, k in zip(self._cells, cells, strict=True) if k]
        self._mappings = [m for m, k in zip(self._mappings, mappings, strict=True) if k]

    def changed(self, before: list[Any]) -> str | None:
        """The first name that stands for something else than in a snapshot; None if none does."""
        names = [name for name, _ in self._cells] + [name for _, name in self._mappings]
        now = self.snapshot()
        for name, old, new in zip(names, before, now, strict=True):
            if old is not new and not same(old, new):
                return name
        return None


def refuse_changes(surroundings: Surroundings, before: list[Any]) -> None:
    """Raise if the step gave one of its own names a new meaning while it was recorded.

    Raises:
        TracingError: names what was changed.
    """
    name = surroundings.changed(before)
    if name is not None:
        raise TracingError(
            f"a compiled step assigns {name!r}, which lives outside of it; later calls would not "
            "do so again. Count and collect outside the step, or keep numbers in the data of a "
            "Tensor"
        )


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return _MISSING


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)
