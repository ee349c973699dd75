"""Entries of things outside a step that it takes for granted, and whether they are as they were."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import attrgetter, eq, is_not, itemgetter
from typing import Any, NamedTuple

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.writers.build import build

__all__ = ["UNREADABLE", "Guard", "SettingGuard", "all_the_same", "same"]

_NUMBERS = (int, float, complex, str, np.generic)
_EQUAL = (bytes, frozenset)
_SAMPLE = 1 << 16
_FEW = 64
_cell_contents = attrgetter("cell_contents")
Read = Callable[[], tuple[Any, ...]]
UNREADABLE = (AttributeError, KeyError, ValueError)
"""What reading an entry that is gone raises."""


def same(a: Any, b: Any) -> bool:
    """Whether two plain values are interchangeable; other objects must be identical."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, _EQUAL):
        return bool(eq(a, b))
    return isinstance(a, _NUMBERS) and repr(a) == repr(b)


class SettingGuard(NamedTuple):
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


class Guard:
    """Some entries of one thing, and what they were.

    Args:
        labels: what the entries are called in messages.
        read: gives the entries; an exception counts as a change.
        owner: the thing, if others may look at its entries too.
        keys: of the entries in the owner, where they can be read one by one.
    """

    __slots__ = ("held", "keys", "labels", "owner", "read", "slots")

    def __init__(self, labels: list[str], read: Read, owner: Any = None, keys: Any = ()) -> None:
        self.labels: list[str] = labels
        self.read: Read = read
        self.owner: Any = owner
        self.keys: list[Any] = list(keys)
        self.slots: list[tuple[Any, str]] = []
        self.held: tuple[Any, ...] = read()

    @classmethod
    def of_mapping(cls, mapping: Mapping[Any, Any], keys: Iterable[Any], labels: Any) -> Guard:
        """Guard entries of a mapping."""
        keys = list(keys)
        # With one key alone a getter gives no tuple.
        read = partial(itemgetter(*keys, keys[0]), mapping)
        return cls(list(labels), read, mapping, keys)

    @classmethod
    def of_slots(cls, owner: Any, names: Iterable[str], label: str) -> Guard:
        """Guard attributes of an object that are in no mapping."""
        names = list(names)
        read = partial(attrgetter(*names, names[0]), owner)
        made = cls([f"{label}.{name}" for name in names], read)
        made.slots = [(owner, name) for name in names]
        return made

    @classmethod
    def of_absence(cls, mapping: Mapping[Any, Any], keys: Iterable[Any], label: str) -> Guard:
        """Guard that keys do not come to be in a mapping."""
        keys = list(keys)
        return cls(
            [f"{label}.{key}" for key in keys], lambda: tuple(map(mapping.__contains__, keys))
        )

    @classmethod
    def of_cells(cls, cells: Iterable[Any], labels: Iterable[str]) -> Guard:
        """Guard variables of a closure."""
        cells = list(cells)
        made = cls(list(labels), lambda: tuple(map(_cell_contents, cells)))
        made.slots = [(cell, "cell_contents") for cell in cells]
        return made

    @classmethod
    def of_entries(cls, container: Any, label: str) -> Guard:
        """Guard everything in a list or set, and the keys of a dict."""
        if isinstance(container, dict):
            labels = [f"the keys of {label}"] * (len(container) + 1)
            return cls(labels, lambda: (len(container), *container))
        if isinstance(container, (set, frozenset)):
            return cls([label], lambda: (frozenset(container),))
        labels = [f"an entry of {label}"] * len(container)
        if len(container) <= _FEW:
            labels = [f"{label}[{i}]" for i in range(len(container))]
        labels = [f"the length of {label}", *labels]
        return cls(labels, lambda: (len(container), *container))

    @classmethod
    def of_length(cls, container: Any, label: str) -> Guard:
        """Guard how many entries a container has."""
        return cls([f"the length of {label}"] * 2, lambda: (len(container),))

    @classmethod
    def of_array(cls, array: Any, label: str) -> Guard:
        """Guard the numbers of an array; of a large one a sample."""
        return cls([f"the numbers of {label}"] * 2, partial(_numbers, array), array)

    @classmethod
    def of_count(cls, mask: Any) -> Guard:
        """Guard how many elements an array of booleans chooses."""
        return cls(["the number of True in a mask"] * 2, lambda: (np.count_nonzero(mask),))

    def terms(self, name: Callable[[Any], str]) -> list[str]:
        """Python that tells of every entry whether it is the very same object.

        Args:
            name: gives an object a name in that code.
        """
        held = map(name, self.held)
        if self.slots:
            pairs = zip(self.slots, held, strict=False)
            return [f"{name(owner)}.{slot} is {h}" for (owner, slot), h in pairs]
        if self.keys:
            owner = name(self.owner)
            return [f"{owner}[{name(key)}] is {h}" for key, h in zip(self.keys, held, strict=False)]
        return [f"not any(map(is_not, {name(self.read)}(), {name(self.held)}))"]

    def holds(self) -> bool:
        """Whether the entries are what they were."""
        try:
            now = self.read()
        except UNREADABLE:
            return False
        if len(now) != len(self.held):
            return False
        return not any(map(is_not, now, self.held)) or all(map(same, now, self.held))

    def changed(self) -> list[str]:
        """The labels of the entries that are others than they were."""
        try:
            now = self.read()
        except UNREADABLE:
            return self.labels[:1]
        pairs = zip(self.labels, now, self.held, strict=False)
        found = [label for label, new, old in pairs if not same(new, old)]
        return found or self.labels[: len(now) != len(self.held)]

    def without(self, known: Callable[[Any, Any], bool]) -> Guard | None:
        """The same without entries that are looked at in another way; None if none is left."""
        if not self.keys:
            return None if is_array(self.owner) and known(self.owner, None) else self
        kept = [i for i, key in enumerate(self.keys) if not known(self.owner, key)]
        return self if len(kept) == len(self.keys) else self._with(kept)

    def anew(self) -> Guard:
        """The same with the entries as they are now."""
        return Guard(self.labels, self.read, self.owner, self.keys)

    def steady(self) -> Guard | None:
        """The same without entries that have changed; None if none is left."""
        if self.holds():
            return self
        entries = enumerate(zip(self.keys, self.held, strict=False))
        return self._with([i for i, (k, old) in entries if same(self.owner.get(k), old)])

    def _with(self, kept: list[int]) -> Guard | None:
        keys, labels = [self.keys[i] for i in kept], [self.labels[i] for i in kept]
        if not keys:
            return None
        made = Guard.of_mapping(self.owner, keys, labels)
        made.held = tuple(self.held[i] for i in [*kept, kept[0]])
        return made


def _numbers(array: Any) -> tuple[Any, ...]:
    flat = array
    if array.size > _SAMPLE:
        flat = (array.ravel("K") if array.flags.forc else array.flat)[:: array.size // _SAMPLE]
    return f"{array.dtype.str}{array.shape}", zlib.crc32(np.ascontiguousarray(flat).tobytes())


def all_the_same(guards: Iterable[Guard]) -> Callable[[], bool]:
    """One function that tells whether every entry of all guards is the very same object.

    It is what every call of a compiled step begins with, so it is written out as code.

    Example:
        >>> settings = {"rate": 0.5}
        >>> unchanged = all_the_same([Guard.of_mapping(settings, ["rate"], ["rate"])])
        >>> before = unchanged()
        >>> settings["rate"] = 0.25
        >>> before, unchanged()
        (True, False)
    """
    names: dict[str, Any] = {}

    def name(thing: Any) -> str:
        names[f"_{len(names)}"] = thing
        return f"_{len(names) - 1}"

    terms = [term for guard in guards for term in guard.terms(name)]
    # As defaults they are local variables, the fastest to read.
    given = ", ".join(f"{n}={n}" for n in names)
    answer = "\n        and ".join(terms) or "True"
    source = f"def unchanged({given}):\n    return (\n        {answer}\n    )\n"
    namespace = {**names, "is_not": is_not}
    return build(source, "unchanged", "what a compiled step takes for granted", namespace)
