"""Opening trees up into their leaves, and putting them together again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from autodiff.errors import ShapeError
from autodiff.trees.containers import LEAF, Kind, kind_of

__all__ = [
    "Structure",
    "flatten",
    "leaves",
    "map",
    "paths",
    "structure",
    "unflatten",
]

IsLeaf = Callable[[Any], bool] | None


@dataclass(frozen=True, slots=True, repr=False)
class Structure:
    """A tree without its leaves: which containers stand where.

    Two structures are equal when the containers are of the same kinds, and hold equally
    much under equal names.

    Attributes:
        kind: how the container is opened and built.
        names: what the children are called: keys, positions or attributes.
        children: their structures.
        extra: what else the container needs to be built again.
        count: number of leaves.
    """

    kind: Kind
    names: tuple[Any, ...]
    children: tuple[Structure, ...]
    extra: Any = field(compare=False)
    count: int

    def __repr__(self) -> str:
        if self.kind is LEAF:
            return "*"
        parts = zip(self.names, self.children, strict=True)
        inner = ", ".join(f"{name!r}: {child!r}" for name, child in parts)
        return f"{self.kind.name}({inner})"


_LEAF = Structure(LEAF, (), (), None, 1)


def flatten(tree: Any, is_leaf: IsLeaf = None) -> tuple[list[Any], Structure]:
    """The leaves of a tree, and its structure.

    The leaves of a dict come in the order of its sorted keys, so that equal dicts give equal
    lists.

    Args:
        tree: nested containers, or a single leaf.
        is_leaf: takes a container, and says whether to take it as a leaf.

    Returns:
        The leaves in order, and what `unflatten` needs to build the tree again.

    Example:
        >>> found, shape = flatten({"w": [1.0, 2.0], "b": None})
        >>> found, shape
        ([1.0, 2.0], dict('b': None(), 'w': list(0: *, 1: *)))
        >>> unflatten(shape, [3.0, 4.0])
        {'w': [3.0, 4.0], 'b': None}
    """
    into: list[Any] = []
    return into, _open(tree, into, is_leaf)


def _open(tree: Any, into: list[Any], is_leaf: IsLeaf) -> Structure:
    kind = LEAF if is_leaf is not None and is_leaf(tree) else kind_of(tree)
    if kind is LEAF:
        into.append(tree)
        return _LEAF
    names, children, extra = kind.open(tree)
    before = len(into)
    inner = tuple(_open(child, into, is_leaf) for child in children)
    return Structure(kind, tuple(names), inner, extra, len(into) - before)


def unflatten(structure: Structure, leaves: Iterable[Any]) -> Any:
    """A tree of the given structure with the given leaves.

    Args:
        structure: from `flatten` or `structure`.
        leaves: one for each leaf of the structure, in order.

    Returns:
        The tree.

    Raises:
        ShapeError: there are more or fewer leaves than the structure has.

    Example:
        >>> unflatten(structure((0, [0])), [1.5, 2.5])
        (1.5, [2.5])
    """
    given = list(leaves)
    if len(given) != structure.count:
        raise ShapeError(
            f"unflatten() was given {len(given)} leaves for a structure with {structure.count}: "
            f"{structure!r}"
        )
    return _build(structure, iter(given))


def _build(structure: Structure, given: Iterator[Any]) -> Any:
    if structure.kind is LEAF:
        return next(given)
    children = [_build(child, given) for child in structure.children]
    return structure.kind.build(structure.names, children, structure.extra)


def leaves(tree: Any, is_leaf: IsLeaf = None) -> list[Any]:
    """The leaves of a tree in order; see `flatten`.

    Example:
        >>> leaves({"b": 1, "a": (2, [3])})
        [2, 3, 1]
    """
    return flatten(tree, is_leaf)[0]


def structure(tree: Any, is_leaf: IsLeaf = None) -> Structure:
    """The structure of a tree; see `flatten`.

    Example:
        >>> structure([1, 2]) == structure([3, 4]), structure([1, 2]) == structure((1, 2))
        (True, False)
    """
    return flatten(tree, is_leaf)[1]


def map(function: Callable[..., Any], tree: Any, *others: Any, is_leaf: IsLeaf = None) -> Any:
    """The tree whose leaves are a function of the leaves of one or several trees.

    Args:
        function: takes one leaf of each tree.
        tree: gives the result its structure.
        *others: trees of that structure; in the place of a leaf they may have a subtree.
        is_leaf: takes a container, and says whether to take it as a leaf.

    Returns:
        A tree of the same structure.

    Raises:
        ShapeError: another tree has a container of another kind, or with other keys; the
            message says where.

    Example:
        >>> map(lambda p, g: p - 0.5 * g, {"w": 1.0, "b": 2.0}, {"w": 2.0, "b": 0.0})
        {'w': 0.0, 'b': 2.0}
    """
    first, shape = flatten(tree, is_leaf)
    columns = [_matched(shape, other, position) for position, other in enumerate(others, 1)]
    return unflatten(shape, [function(*row) for row in zip(first, *columns, strict=True)])


def matched(shape: Structure, tree: Any, what: str) -> list[Any]:
    """What a tree has in the places of a structure's leaves.

    Raises:
        ShapeError: the tree does not have the structure; the message begins with ``what``.
    """
    into: list[Any] = []
    _match(shape, tree, into, "", what)
    return into


def _matched(shape: Structure, tree: Any, position: int) -> list[Any]:
    return matched(shape, tree, f"tree {position} of map()")


def _match(shape: Structure, tree: Any, into: list[Any], path: str, what: str) -> None:
    if shape.kind is LEAF:
        into.append(tree)
        return
    kind = kind_of(tree)
    where = f"at {path}" if path else "at its root"
    if kind is not shape.kind:
        raise ShapeError(f"{what} has {kind.described} {where}, expected {shape.kind.described}")
    names, children, _ = kind.open(tree)
    if tuple(names) != shape.names:
        raise ShapeError(
            f"{what} has {kind.described} {where} with {_listed(names)}, "
            f"expected one with {_listed(shape.names)}"
        )
    for name, child, inner in zip(names, children, shape.children, strict=True):
        _match(inner, child, into, path + kind.step(name), what)


def _listed(names: Iterable[Any]) -> str:
    found = list(names)
    if found == list(range(len(found))):
        return f"{len(found)} element(s)"
    return "the names " + ", ".join(repr(name) for name in found)


def paths(tree: Any, is_leaf: IsLeaf = None) -> list[str]:
    """Where each leaf stands, as one would write it in Python.

    Example:
        >>> paths({"layers": [(1, 2)], "bias": 3})
        ["['bias']", "['layers'][0][0]", "['layers'][0][1]"]
    """
    into: list[str] = []
    _walk(structure(tree, is_leaf), "", into)
    return into


def _walk(shape: Structure, path: str, into: list[str]) -> None:
    if shape.kind is LEAF:
        into.append(path)
    for name, child in zip(shape.names, shape.children, strict=True):
        _walk(child, path + shape.kind.step(name), into)
