"""Modules called one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, overload

from nn.module.base import Module
from nn.module.entries import checked, index_of, renumbered
from nn.module.show import mark_parts
from nn.module.tree import Member

__all__ = ["Sequential"]


class Sequential(Module):
    """Modules called one after the other, each with the result of the one before.

    It is indexed, sliced and changed like a list; names given by a dict stay with their modules
    until one is inserted or taken away, when all are numbered.

    Args:
        *modules: the modules in order; or one dict of modules, whose keys become the names.

    Raises:
        TypeError: something else than a module was given.

    Example:
        >>> import nn
        >>> net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
        >>> net
        Sequential(
          (0): Linear(2, 16)  # 48
          (1): Tanh()
          (2): Linear(16, 1)  # 17
        )  # 65 parameters
        >>> net([[0.5, -0.5]]).shape
        (1, 1)
        >>> net[:1] + nn.Sequential(nn.ReLU())
        Sequential(
          (0): Linear(2, 16)  # 48
          (1): ReLU()
        )  # 48 parameters
    """

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            named: Iterable[tuple[str, Any]] = modules[0].items()
        else:
            named = ((str(i), module) for i, module in enumerate(modules))
        self._parts: dict[str, Module] = {
            key: checked(value, self, f"entry {key}") for key, value in named
        }

    def forward(self, x: Any) -> Any:
        """The result of the last module."""
        for module in self._parts.values():
            x = module(x)
        return x

    def append(self, module: Module) -> Sequential:
        """Add a module at the end; returns the sequence."""
        return self.insert(len(self), module)

    def extend(self, sequential: Iterable[Module]) -> Sequential:
        """Add modules at the end; returns the sequence."""
        for module in list(sequential):
            self.append(module)
        return self

    def insert(self, index: int, module: Module) -> Sequential:
        """Put a module before the one at an index; returns the sequence.

        Raises:
            IndexError: the index lies outside.
        """
        if not -len(self) <= index <= len(self):
            raise IndexError(f"insert() at {index} of a Sequential of {len(self)} modules")
        checked(module, self, "the new entry")
        at_end = index == len(self) and str(index) not in self._parts
        if at_end:
            self._parts[str(index)] = module
        else:
            modules = list(self)
            modules.insert(index, module)
            self._parts = renumbered(modules)
        mark_parts(self)
        return self

    def pop(self, key: int | slice = -1) -> Module:
        """Take a module away, and return it; of a slice a `Sequential`."""
        found = self[key]
        del self[key]
        return found

    def _members(self) -> Iterator[Member]:
        return (Member(key, key, module) for key, module in self._parts.items())

    def _set_part(self, path: str, module: Module) -> None:
        self._parts[path] = checked(module, self, f"entry {path}")
        mark_parts(self)

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._parts.values())

    @overload
    def __getitem__(self, index: int | str) -> Module: ...
    @overload
    def __getitem__(self, index: slice) -> Sequential: ...
    def __getitem__(self, index: int | str | slice) -> Module:
        if isinstance(index, slice):
            return Sequential(dict(list(self._parts.items())[index]))
        return self._parts[index] if isinstance(index, str) else list(self)[index]

    def __setitem__(self, index: int, module: Module) -> None:
        self._set_part(list(self._parts)[index_of(index, self)], module)

    def __delitem__(self, index: int | slice) -> None:
        modules = list(self)
        del modules[index]
        self._parts = renumbered(modules)
        mark_parts(self)

    def __add__(self, other: Sequential) -> Sequential:
        if not isinstance(other, Sequential):
            return NotImplemented
        return Sequential(*self, *other)

    def __iadd__(self, other: Sequential) -> Sequential:
        if not isinstance(other, Sequential):
            return NotImplemented
        return self.extend(other)

    def __mul__(self, times: int) -> Sequential:
        """The modules several times over: the same ones, which are shared."""
        if not isinstance(times, int) or times < 1:
            raise ValueError(f"a Sequential is multiplied by a positive integer, not {times!r}")
        return Sequential(*(module for _ in range(times) for module in self))

    __rmul__ = __mul__

    def __imul__(self, times: int) -> Sequential:
        self._parts = (self * times)._parts
        return self
