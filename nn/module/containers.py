"""Modules made of other modules: one after the other, in a list, in a dict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, overload

from nn.module.base import Module
from nn.module.tree import Member

__all__ = ["ModuleDict", "ModuleList", "Sequential"]


def _checked(value: Any, owner: Module, place: str) -> Module:
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


class Sequential(Module):
    """Modules called one after the other, each with the result of the one before.

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
    """

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            named: Iterable[tuple[str, Any]] = modules[0].items()
        else:
            named = ((str(i), module) for i, module in enumerate(modules))
        self._parts = {key: _checked(value, self, f"entry {key}") for key, value in named}

    def forward(self, x: Any) -> Any:
        """The result of the last module."""
        for module in self._parts.values():
            x = module(x)
        return x

    def append(self, module: Module) -> Sequential:
        """Add a module at the end; returns the sequence."""
        self._parts[str(len(self._parts))] = _checked(module, self, "the new entry")
        return self

    def _members(self) -> Iterator[Member]:
        return (Member(key, key, module) for key, module in self._parts.items())

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


class ModuleList(Module):
    """A list of modules, for code written for PyTorch; a plain list serves as well.

    Args:
        modules: the modules.

    Raises:
        TypeError: something else than a module was given.

    Example:
        >>> import nn
        >>> len(nn.ModuleList([nn.Linear(2, 2), nn.ReLU()]))
        2
    """

    _is_called = False

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        super().__init__()
        self._parts: list[Module] = []
        self.extend(modules)

    def append(self, module: Module) -> ModuleList:
        """Add a module at the end; returns the list."""
        return self.extend([module])

    def extend(self, modules: Iterable[Module]) -> ModuleList:
        """Add modules at the end; returns the list."""
        for module in modules:
            self._parts.append(_checked(module, self, f"entry {len(self._parts)}"))
        return self

    def insert(self, index: int, module: Module) -> None:
        """Put a module before the one at an index."""
        self._parts.insert(index, _checked(module, self, "the new entry"))

    def _members(self) -> Iterator[Member]:
        return (Member(str(i), f"[{i}]", module) for i, module in enumerate(self._parts))

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
        self._parts[index] = _checked(module, self, f"entry {index}")


class ModuleDict(Module):
    """A dict of modules, for code written for PyTorch; a plain dict serves as well.

    Args:
        modules: modules by name.

    Raises:
        TypeError: something else than a module was given.
        ValueError: a name is empty or contains a dot.

    Example:
        >>> import nn
        >>> [n for n, _ in nn.ModuleDict({"enc": nn.Linear(2, 1)}).named_parameters()]
        ['enc.weight', 'enc.bias']
    """

    _is_called = False

    def __init__(self, modules: Mapping[str, Module] | None = None) -> None:
        super().__init__()
        self._parts: dict[str, Module] = {}
        for key, module in (modules or {}).items():
            self[key] = module

    def _members(self) -> Iterator[Member]:
        return (Member(key, f".{key}", module) for key, module in self._parts.items())

    def __setitem__(self, key: str, module: Module) -> None:
        if not isinstance(key, str) or not key or "." in key:
            raise ValueError(f"{key!r} cannot name a module: give text without a dot")
        self._parts[key] = _checked(module, self, f"entry {key!r}")

    def __getitem__(self, key: str) -> Module:
        return self._parts[key]

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
