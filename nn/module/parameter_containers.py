"""Modules that only hold parameters: in a list, in a dict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self, overload

from nn.module.base import Module
from nn.module.entries import name_of
from nn.module.parameter import Parameter
from nn.module.tree import SLOTS, Member

__all__ = ["ParameterDict", "ParameterList"]

Entries = Mapping[str, Any] | Iterable[tuple[str, Any]]


def _made(value: Any) -> Any:
    """What is kept of a value: a parameter;."""
    return value if isinstance(value, Parameter) else Parameter(value)


class ParameterList(Module):
    """A list of parameters, for code written for PyTorch; a plain list serves as well.

    Args:
        values: parameters; of tensors and arrays parameters are made.

    Example:
        >>> import nn
        >>> held = nn.ParameterList([[1.0, 2.0]]).append([3.0])
        >>> held
        ParameterList(
          ([0]): Parameter[2]  # 2
          ([1]): Parameter[1]  # 1
        )  # 3 parameters
    """

    _is_called = False

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        self._parts: list[Any] = []
        self.extend(() if values is None else values)

    def append(self, value: Any) -> ParameterList:
        """Add a parameter at the end; returns the list."""
        return self.extend([value])

    def extend(self, values: Iterable[Any]) -> ParameterList:
        """Add parameters at the end; returns the list."""
        self._parts += [_made(value) for value in values]
        return self

    def _members(self) -> Iterator[Member]:
        slots = vars(self).get(SLOTS, {})
        for i, value in enumerate(self._parts):
            yield Member(str(i), f"[{i}]", value, slots.get(f"_parts.{i}"))

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._parts)

    @overload
    def __getitem__(self, index: int) -> Parameter: ...
    @overload
    def __getitem__(self, index: slice) -> ParameterList: ...
    def __getitem__(self, index: int | slice) -> Any:
        return ParameterList(self._parts[index]) if isinstance(index, slice) else self._parts[index]

    def __setitem__(self, index: int, value: Any) -> None:
        self._parts[index] = _made(value)

    def __iadd__(self, values: Iterable[Any]) -> ParameterList:
        return self.extend(values)


class ParameterDict(Module):
    """A dict of parameters, for code written for PyTorch; a plain dict serves as well.

    Args:
        parameters: parameters by name, or pairs; of tensors and arrays parameters are made.

    Raises:
        ValueError: a name is empty or contains a dot.

    Example:
        >>> import nn
        >>> held = nn.ParameterDict({"gain": [1.0, 2.0]})
        >>> held["shift"] = [0.0]
        >>> list(held), held.state_dict()["gain"].tolist()
        (['gain', 'shift'], [1.0, 2.0])
    """

    _is_called = False

    def __init__(self, parameters: Entries | None = None) -> None:
        super().__init__()
        self._parts: dict[str, Any] = {}
        self.update(parameters or {})

    def update(self, parameters: Entries) -> None:
        """Set parameters by name, from a dict or from pairs."""
        for key, value in dict(parameters).items():
            self[key] = value

    def setdefault(self, key: str, default: Any = None) -> Parameter:
        """The parameter of a name, which is set to a default where there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def get(self, key: str, default: Any = None) -> Any:
        """The parameter of a name, or the default."""
        return self._parts.get(key, default)

    def pop(self, key: str) -> Parameter:
        """Take a parameter away, and return it."""
        found: Parameter = self._parts.pop(key)
        return found

    def popitem(self) -> tuple[str, Parameter]:
        """Take the last parameter away, and return its name and itself."""
        return self._parts.popitem()

    def clear(self) -> None:
        """Take all parameters away."""
        self._parts.clear()

    def copy(self) -> ParameterDict:
        """Another dict with the same parameters."""
        return ParameterDict(self._parts)

    def fromkeys(self, keys: Iterable[str], default: Any = None) -> ParameterDict:
        """Another dict with a default under each of these names."""
        return ParameterDict((key, default) for key in keys)

    def _members(self) -> Iterator[Member]:
        slots = vars(self).get(SLOTS, {})
        for key, value in self._parts.items():
            yield Member(key, f".{key}", value, slots.get(f"_parts.{key}"))

    def __getitem__(self, key: str) -> Parameter:
        found: Parameter = self._parts[key]
        return found

    def __setitem__(self, key: str, value: Any) -> None:
        self._parts[name_of(key, "parameter")] = _made(value)

    def __delitem__(self, key: str) -> None:
        del self._parts[key]

    def __contains__(self, key: object) -> bool:
        return key in self._parts

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._parts)

    def __or__(self, other: ParameterDict) -> ParameterDict:
        if not isinstance(other, ParameterDict):
            return NotImplemented
        return ParameterDict({**self._parts, **other._parts})

    def __ior__(self, other: ParameterDict) -> Self:
        if not isinstance(other, ParameterDict):
            return NotImplemented
        self.update(other._parts)
        return self

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._parts.keys()

    def values(self) -> Iterable[Parameter]:
        """The parameters."""
        return self._parts.values()

    def items(self) -> Iterable[tuple[str, Parameter]]:
        """Names and parameters."""
        return self._parts.items()
