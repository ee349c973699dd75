"""Modules that only hold other modules: in a list, in a dict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import overload

from nn.module.base import Module
from nn.module.entries import checked, name_of
from nn.module.show import mark_parts
from nn.module.tree import Member

__all__ = ["ModuleDict", "ModuleList"]


class ModuleList(Module):
    """A list of modules, for code written for PyTorch; a plain list serves as well.

    Args:
        modules: the modules.

    Raises:
        TypeError: something else than a module was given.

    Example:
        >>> import nn
        >>> len(nn.ModuleList([nn.Linear(2, 2), nn.ReLU()]) + [nn.Tanh()])
        3
    """

    _is_called = False

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        self._parts: list[Module] = []
        self.extend(modules or ())

    def append(self, module: Module) -> ModuleList:
        """Add a module at the end; returns the list."""
        return self.extend([module])

    def extend(self, modules: Iterable[Module]) -> ModuleList:
        """Add modules at the end; returns the list."""
        for module in list(modules):
            self._parts.append(checked(module, self, f"entry {len(self._parts)}"))
        mark_parts(self)
        return self

    def insert(self, index: int, module: Module) -> None:
        """Put a module before the one at an index."""
        self._parts.insert(index, checked(module, self, "the new entry"))
        mark_parts(self)

    def pop(self, key: int = -1) -> Module:
        """Take a module away, and return it."""
        found = self._parts.pop(key)
        mark_parts(self)
        return found

    def _members(self) -> Iterator[Member]:
        return (Member(str(i), f"[{i}]", module) for i, module in enumerate(self._parts))

    def _set_part(self, path: str, module: Module) -> None:
        self[int(path)] = module

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._parts)

    @overload
    def __getitem__(self, index: int) -> Module: ...
    @overload
    def __getitem__(self, index: slice) -> ModuleList: ...
    def __getitem__(self, index: int | slice) -> Module:
        return ModuleList(self._parts[index]) if isinstance(index, slice) else self._parts[index]

    def __setitem__(self, index: int, module: Module) -> None:
        self._parts[index] = checked(module, self, f"entry {index}")
        mark_parts(self)

    def __delitem__(self, index: int | slice) -> None:
        del self._parts[index]
        mark_parts(self)

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList([*self, *other])

    def __iadd__(self, modules: Iterable[Module]) -> ModuleList:
        return self.extend(modules)


class ModuleDict(Module):
    """A dict of modules, for code written for PyTorch; a plain dict serves as well.

    Args:
        modules: modules by name, or pairs of names and modules.

    Raises:
        TypeError: something else than a module was given.
        ValueError: a name is empty or contains a dot.

    Example:
        >>> import nn
        >>> [n for n, _ in nn.ModuleDict({"enc": nn.Linear(2, 1)}).named_parameters()]
        ['enc.weight', 'enc.bias']
    """

    _is_called = False

    def __init__(
        self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] | None = None
    ) -> None:
        super().__init__()
        self._parts: dict[str, Module] = {}
        self.update(modules or {})

    def update(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]]) -> None:
        """Set modules by name, from a dict or from pairs."""
        for key, module in dict(modules).items():
            self[key] = module

    def pop(self, key: str) -> Module:
        """Take a module away, and return it."""
        return self._parts.pop(key)

    def clear(self) -> None:
        """Take all modules away."""
        self._parts.clear()

    def _members(self) -> Iterator[Member]:
        return (Member(key, f".{key}", module) for key, module in self._parts.items())

    def _set_part(self, path: str, module: Module) -> None:
        self[path] = module

    def __setitem__(self, key: str, module: Module) -> None:
        self._parts[name_of(key, "module")] = checked(module, self, f"entry {key!r}")
        mark_parts(self)

    def __getitem__(self, key: str) -> Module:
        return self._parts[key]

    def __delitem__(self, key: str) -> None:
        del self._parts[key]

    def __contains__(self, key: object) -> bool:
        return key in self._parts

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._parts.keys()

    def values(self) -> Iterable[Module]:
        """The modules."""
        return self._parts.values()

    def items(self) -> Iterable[tuple[str, Module]]:
        """Names and modules."""
        return self._parts.items()
