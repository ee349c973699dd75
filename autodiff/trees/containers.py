"""The kinds of container that trees are made of: how each is opened and built again."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from autodiff.graph.node import Node

__all__ = ["LEAF", "Kind", "kind_of", "register"]

Opened = tuple[Sequence[Any], Iterable[Any], Any]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of container.

    Attributes:
        name: of the type.
        open: gives the children's names, the children, and what else is needed to build.
        build: makes the container of names, children and that rest.
        step: how a child is addressed in Python.
    """

    name: str
    open: Callable[[Any], Opened]
    build: Callable[[tuple[Any, ...], list[Any], Any], Any]
    step: Callable[[Any], str] = "[{!r}]".format

    @property
    def described(self) -> str:
        """The kind as a phrase."""
        return self.name if self in (LEAF, NONE) else f"a {self.name}"


def _nothing(given: Any) -> Opened:
    return (), (), None


LEAF = Kind("a leaf", _nothing, lambda names, children, extra: None)
NONE = Kind("None", _nothing, lambda names, children, extra: None)


def _sorted(keys: Iterable[Any]) -> list[Any]:
    try:
        return sorted(keys)
    except TypeError:
        return sorted(keys, key=lambda key: (type(key).__name__, repr(key)))


def _open_dict(given: Any) -> Opened:
    keys = _sorted(given)
    rest = (tuple(given), getattr(given, "default_factory", None))
    return keys, [given[key] for key in keys], rest


def _ordered(names: tuple[Any, ...], children: list[Any], extra: Any) -> dict[Any, Any]:
    found = dict(zip(names, children, strict=True))
    return {key: found[key] for key in extra[0]}


def _open_ordered_dict(given: Any) -> Opened:
    # Here the order is part of what it is.
    return tuple(given), given.values(), None


def _open_sequence(given: Any) -> Opened:
    return range(len(given)), given, None


_BASES: dict[type, Callable[[type], Kind]] = {}
"""How the kinds of the subclasses of a class are made."""

_KINDS: dict[type, Kind] = {
    type(None): NONE,
    dict: Kind("dict", _open_dict, _ordered),
    defaultdict: Kind(
        "defaultdict",
        _open_dict,
        lambda names, children, extra: defaultdict(extra[1], _ordered(names, children, extra)),
    ),
    OrderedDict: Kind(
        "OrderedDict",
        _open_ordered_dict,
        lambda names, children, extra: OrderedDict(zip(names, children, strict=True)),
    ),
    list: Kind("list", _open_sequence, lambda names, children, extra: children),
    tuple: Kind("tuple", _open_sequence, lambda names, children, extra: tuple(children)),
}


def kind_of(given: Any) -> Kind:
    """What kind of container something is; `LEAF` for what is none."""
    cls = type(given)
    found = _KINDS.get(cls)
    if found is not None:
        return found
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        found = _KINDS[cls] = _named_tuple(cls)
    elif dataclasses.is_dataclass(cls) and not issubclass(cls, Node):
        found = _KINDS[cls] = _dataclass(cls)
    elif made := next((_BASES[base] for base in cls.__mro__ if base in _BASES), None):
        found = _KINDS[cls] = made(cls)
    return LEAF if found is None else found


def _attribute(name: Any) -> str:
    return f".{name}"


def _named_tuple(cls: Any) -> Kind:
    return Kind(
        cls.__name__,
        lambda given: (cls._fields, given, None),
        lambda names, children, extra: cls(*children),
        _attribute,
    )


def _dataclass(cls: Any) -> Kind:
    fields = dataclasses.fields(cls)
    names = tuple(f.name for f in fields if not f.metadata.get("static"))
    static = tuple(f.name for f in fields if f.metadata.get("static"))

    def opened(given: Any) -> Opened:
        rest = tuple((name, getattr(given, name)) for name in static)
        return names, [getattr(given, name) for name in names], rest

    def build(_: tuple[Any, ...], children: list[Any], extra: Any) -> Any:
        # The constructor is passed over: it may compute what the children already hold, or
        # refuse what stands in for a number.
        made = object.__new__(cls)
        for name, child in (*zip(names, children, strict=True), *extra):
            object.__setattr__(made, name, child)
        return made

    return Kind(cls.__name__, opened, build, _attribute)


def register(
    cls: type,
    opened: Callable[[Any], tuple[Iterable[Any], Any]],
    build: Callable[[Any, list[Any]], Any],
    *,
    subclasses: bool = False,
) -> None:
    """Take objects of a class as containers.

    Args:
        cls: the class.
        opened: takes an object, gives its children and whatever else it holds. The children may
            be a mapping, whose keys then are names that objects of one structure share.
        build: takes that rest and as many children, gives an object.
        subclasses: whether objects of subclasses are meant as well, each class a kind of its own.

    Raises:
        TypeError: ``cls`` is no class, or one of nodes.
        ValueError: the class is a container already.

    Example:
        >>> from autodiff import tree
        >>> class Pair:
        ...     def __init__(self, left, right):
        ...         self.left, self.right = left, right
        >>> tree.register(Pair, lambda p: ((p.left, p.right), None), lambda _, both: Pair(*both))
        >>> tree.leaves({"p": Pair(1.0, [2.0])})
        [1.0, 2.0]
    """
    if not isinstance(cls, type) or issubclass(cls, Node):
        raise TypeError(
            f"tree.register() was given {cls!r}; give a class of containers (Tensors and Values "
            "are leaves)"
        )
    if cls in _KINDS or cls in _BASES:
        raise ValueError(f"{cls.__name__} is a container already")

    def open_registered(given: Any) -> Opened:
        children, rest = opened(given)
        if isinstance(children, Mapping):
            return tuple(children), tuple(children.values()), rest
        found = tuple(children)
        return range(len(found)), found, rest

    def kind(cls: type) -> Kind:
        return Kind(
            cls.__name__, open_registered, lambda _, children, rest: build(rest, children), _step
        )

    if subclasses:
        _BASES[cls] = kind
    else:
        _KINDS[cls] = kind(cls)


def _step(name: Any) -> str:
    return f".{name}" if isinstance(name, str) else f"[{name!r}]"
