"""Finding parameters, buffers and modules in the attributes of a module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from autodiff import live, scope
from nn.module.parameter import Buffer, Parameter

__all__ = ["ORIGINS", "SLOTS", "Member", "Part", "Slot", "float_type", "search", "tensors", "walk"]

SLOTS = "_slots"
"""Where a module that was put together by a transform keeps, by path, its `Slot`s."""

ORIGINS = "_origins"
"""Where it has weak references to those of which it was made, the next first."""


class Slot:
    """A place in such a module, whatever stands there; one for all places of a shared tensor.

    Args:
        tensor: what stood there at first.

    Attributes:
        kind: `Parameter` or `Buffer`.
        kept: whether it belongs to the ``state_dict``.
        role: that of the parameter, see `Parameter`.
    """

    def __init__(self, tensor: Parameter | Buffer) -> None:
        self.role: str | None = getattr(tensor, "role", None)
        self.kind: type[Parameter | Buffer] = Parameter
        self.kept: bool = True
        if isinstance(tensor, Buffer):
            self.kind, self.kept = Buffer, tensor.persistent


class Member(NamedTuple):
    """A parameter, buffer or module found directly in a module, or in its lists and dicts.

    Attributes:
        path: its name within the module as in a ``state_dict``: ``layers.0``.
        label: the same as one would write it in Python: ``layers[0]``.
        value: what was found.
        slot: where ``value`` stands for a parameter or buffer, the place of that.
    """

    path: str
    label: str
    value: Any
    slot: Slot | None = None

    @property
    def key(self) -> int:
        """The same number for what is shared."""
        return id(self.value if self.slot is None else self.slot)

    @property
    def role(self) -> str | None:
        """The role of the parameter, if it has one."""
        return getattr(self.value if self.slot is None else self.slot, "role", None)

    def is_a(self, kind: type[Parameter | Buffer | Part]) -> bool:
        """Whether it is, or stands for, one of a kind."""
        if self.slot is not None:
            return kind is self.slot.kind
        return isinstance(self.value, kind)


_NONE: Mapping[str, Slot] = {}
_SIMPLE = frozenset({type(None), bool, int, float, str})


class Part:
    """What stands in the tree of a model, as far as walking, printing and saving need it."""

    _scope: scope
    _is_called = True

    def _members(self) -> Iterator[Member]:
        """The parameters, buffers and parts directly in this one."""
        slots = vars(self).get(SLOTS, _NONE)
        for name, value in list(vars(self).items()):
            if value.__class__ in _SIMPLE and name not in slots:
                continue
            if name is not live.COPIED:
                yield from search(name, value, self, slots)

    def _sized_by(self, state: Mapping[str, Any], prefix: str) -> None:
        """Take sizes that are not known yet from a state in which one's names begin like this."""

    def _refuse_parameters(self) -> None:
        """Raise if there are no parameters yet."""

    def extra_repr(self) -> str:
        """What stands between the brackets when the module prints; for subclasses."""
        return ""


P = TypeVar("P", bound=Part)


def search(
    name: str, value: Any, owner: Part, slots: Mapping[str, Slot] = _NONE
) -> Iterator[Member]:
    """Whatever belongs to ``owner`` in one of its attributes, in order of definition.

    Args:
        name: of the attribute.
        value: its value.
        owner: whose it is.
        slots: where something stands for a parameter.

    Raises:
        TypeError, ValueError: something stands under a key that cannot be a name.
    """
    return _search(Member(name, name, value), (), owner, slots)


def _search(
    place: Member, inside: tuple[int, ...], owner: Part, slots: Mapping[str, Slot]
) -> Iterator[Member]:
    value = place.value
    if place.path in slots:
        yield Member(place.path, place.label, value, slots[place.path])
    elif isinstance(value, Parameter | Buffer | Part):
        yield place
    elif isinstance(value, list | tuple | Mapping) and id(value) not in inside:
        inside = (*inside, id(value))
        for key, item in _items(value):
            mark = f"[{key}]" if isinstance(key, int) else f".{key}"
            below = Member(f"{place.path}.{key}", place.label + mark, item)
            for found in _search(below, inside, owner, slots):
                _check_key(key, place, owner)
                yield found


def _items(value: Any) -> Iterable[tuple[Any, Any]]:
    return value.items() if isinstance(value, Mapping) else enumerate(value)


def _check_key(key: Any, place: Member, owner: Part) -> None:
    what = f"{type(owner).__name__}.{place.label} holds a parameter or module under the key {key!r}"
    if not isinstance(key, str | int):
        raise TypeError(f"{what}; keys must be strings or integers to serve as names")
    if isinstance(key, str) and (not key or "." in key):
        raise ValueError(f"{what}; a name must not be empty nor contain a dot, which parts levels")


def walk(module: P, prefix: str, seen: set[int] | None) -> Iterator[tuple[str, P]]:
    """The module and all below it, outer before inner.

    Args:
        module: where to begin.
        prefix: the name of ``module`` itself.
        seen: modules not to visit again; None to visit a shared module under every name.

    Yields:
        Names, joined by dots, and modules.
    """
    yield from _walk(module, prefix, seen, ())


def _walk(
    module: P, prefix: str, seen: set[int] | None, inside: tuple[int, ...]
) -> Iterator[tuple[str, P]]:
    if id(module) in (inside if seen is None else seen):
        return
    if seen is not None:
        seen.add(id(module))
    yield prefix, module
    for member in module._members():
        if member.is_a(Part):
            name = f"{prefix}.{member.path}" if prefix else member.path
            yield from _walk(member.value, name, seen, (*inside, id(module)))


def tensors(
    module: Part, kind: type[Parameter | Buffer], prefix: str, *, once: bool, recurse: bool = True
) -> Iterator[tuple[str, Any]]:
    """Parameters or buffers of a module and of all below it, with their full names.

    Args:
        module: where to begin.
        kind: `Parameter` or `Buffer`.
        prefix: the name of ``module`` itself.
        once: report a shared tensor under its first name only.
        recurse: look into the modules below.

    Yields:
        Names and tensors.
    """
    seen: set[int] = set()
    parts = walk(module, prefix, set() if once else None) if recurse else [(prefix, module)]
    for name, part in parts:
        for member in part._members():
            if member.is_a(kind) and not (once and member.key in seen):
                seen.add(member.key)
                yield (f"{name}.{member.path}" if name else member.path), member.value


def float_type(module: Part) -> np.dtype[Any] | None:
    """The float type of the first parameter of a model, None if there is none yet.

    It is what the model computes in, and what float inputs are brought to. Of lazy modules only
    what they know counts.
    """
    for _, part in walk(module, "", set()):
        for member in part._members():
            if member.is_a(Parameter) and member.value.dtype.kind == "f":
                found: np.dtype[Any] = member.value.dtype
                return found
    return None
