"""Modules as trees: their parameters are the leaves, all else belongs to the structure.

A module with other leaves is a copy: of the same classes, with the same settings, in the same
mode, and with something else in the place of parameters. Everything but these places is shared
with the original, the buffers included.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from autodiff import live, tree
from autodiff.extending import constant
from nn.module.parameter import Buffer, Parameter
from nn.module.tree import ORIGINS, SLOTS, Member, Part, Slot, walk

__all__ = ["give_up", "is_leaf", "leaves", "make_tree", "places", "put_together"]

P = TypeVar("P", bound=Part)


def places(module: Part) -> dict[str, Member]:
    """Every parameter and buffer of a module and of all below it, under each of its names."""
    return {
        f"{name}.{member.path}" if name else member.path: member
        for name, part in walk(module, "", None)
        for member in part._members()
        if not member.is_a(Part)
    }


def is_leaf(member: Member) -> bool:
    """Whether it is trained: a parameter that is not frozen, or what stands for one."""
    if member.slot is not None:
        return member.slot.kind is Parameter
    return isinstance(member.value, Parameter) and member.value.requires_grad


def leaves(module: Part) -> dict[str, Member]:
    """The leaves of a module as a tree, by name; a shared one once, under its first name."""
    found: dict[str, Member] = {}
    seen: set[int] = set()
    for _, part in walk(module, "", set()):
        part._refuse_parameters()
    for name, member in places(module).items():
        if is_leaf(member) and member.key not in seen:
            seen.add(member.key)
            found[name] = member
    return found


def give_up(slots: dict[str, Slot], name: str) -> None:
    """Forget the places within an attribute, which gets another value."""
    for path in [p for p in slots if p == name or p.startswith(f"{name}.")]:
        del slots[path]


def make_tree(cls: type[Part]) -> None:
    """Make the modules of a class and of its subclasses known to `autodiff.tree`."""
    tree.register(cls, _opened, _built, subclasses=True)


def _opened(module: Part) -> tuple[Mapping[str, Any], Any]:
    found = leaves(module)
    values = {name: member.value for name, member in found.items()}
    return values, (module, [member.key for member in found.values()])


def _built(rest: Any, children: list[Any]) -> Part:
    module: Part = rest[0]
    keys: list[int] = rest[1]
    return put_together(module, dict(zip(keys, children, strict=True)))


def put_together(module: P, found: Mapping[int, Any]) -> P:
    """A copy of a module with other things in some of its places.

    Args:
        module: the original, which stays as it is.
        found: what to put there, by `Member.key`. Arrays become constant tensors.
    """
    return _Copy(found).of(module)


class _Copy:
    """One copying: what is shared within the original is shared within the copy."""

    def __init__(self, found: Mapping[int, Any]) -> None:
        self._found = {key: _held(value) for key, value in found.items()}
        self._made: dict[int, Any] = {}
        self._slots: dict[int, Slot] = {}

    def of(self, part: P) -> P:
        """The copy of a module."""
        known: P | None = self._made.get(id(part))
        if known is not None:
            return known
        made: P = object.__new__(type(part))
        self._made[id(part)] = made
        old, slots = vars(part), dict[str, Slot]()
        given: Mapping[str, Slot] = old.get(SLOTS, {})
        for name, value in old.items():
            if name not in (SLOTS, ORIGINS, live.COPIED):
                vars(made)[name] = self._value(value, name, (given, slots))
        vars(made)[SLOTS] = slots
        vars(made)[ORIGINS] = (weakref.ref(part), *old.get(ORIGINS, ()))
        if live.RECORDER.get() is not None:
            vars(made)[live.COPIED] = old.get(live.COPIED, old)
        return made

    def _value(self, value: Any, path: str, slots: tuple[Mapping[str, Slot], Any]) -> Any:
        given, into = slots
        slot = given.get(path)
        key = id(value if slot is None else slot)
        if slot is not None or isinstance(value, Parameter | Buffer):
            if slot is None and key in self._found:
                slot = self._slots.setdefault(key, Slot(value))
            if slot is not None:
                into[path] = slot
            return self._found.get(key, value)
        if isinstance(value, Part):
            return self.of(value)
        if isinstance(value, list | tuple):
            return _like(value, [self._value(v, f"{path}.{i}", slots) for i, v in enumerate(value)])
        if isinstance(value, dict):
            items = {k: self._value(v, f"{path}.{k}", slots) for k, v in value.items()}
            if all(items[k] is v for k, v in value.items()):
                return value
            return items
        return value


def _like(value: Any, items: Iterable[Any]) -> Any:
    """A list or tuple of the same kind; the same one where nothing in it is another."""
    items = list(items)
    if all(new is old for new, old in zip(items, value, strict=True)):
        return value
    if isinstance(value, list):
        return items
    return type(value)(*items) if hasattr(value, "_fields") else tuple(items)


def _held(value: Any) -> Any:
    return constant(value.view(np.ndarray)) if isinstance(value, np.ndarray) else value
