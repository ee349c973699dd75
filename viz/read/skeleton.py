"""The bare structure of a live graph: who reads whom, and who stands in which module.

Roll-ups are planned on this, so that the costly part of a picture (names, derivatives,
histograms) is made only for what will be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff.batching import whole
from autodiff.graph.order import topological_order
from viz.read.called import called
from viz.read.roles import role_of
from viz.text.formatting import clean, number
from viz.text.formulas import Operand

__all__ = ["Path", "Skeleton", "is_plain_number", "plain_number", "skeleton"]

Path = tuple[str, ...]


@dataclass(slots=True)
class Skeleton:
    """A graph by numbers. Operands come before what is computed from them.

    Attributes:
        nodes: the engine's nodes.
        operands: for each node its operands' numbers, in order; -1 for a number that is
            written into the formula and has no card.
        readers: for each node the numbers of the nodes that read it, once per use.
        paths: for each node the keys of the modules around it, outermost first.
        titles: for each path of a module its name and description.
        roles: for each node its role.
        through: by reader and operand's position, the transpose of a leaf that the reader
            takes there; it has no card, and the operand is the leaf.
        called: for each node what the user's program calls it, where that is sure.
        places: for nodes of a scalar network the numbers of layer and neuron, each 0 where there
            is but one.
    """

    nodes: list[Any]
    operands: list[list[int]]
    readers: list[list[int]]
    paths: list[Path]
    titles: dict[Path, tuple[str, str]]
    roles: list[str]
    through: dict[tuple[int, int], Any]
    called: list[str | None]
    places: dict[int, tuple[int, int]] = field(default_factory=dict)

    def links(self) -> Iterable[tuple[int, int]]:
        """Every (operand, reader) pair, once per use."""
        for target, operands in enumerate(self.operands):
            for source in operands:
                if source >= 0:
                    yield source, target


def skeleton(
    root: Any,
    roles: Mapping[Any, str],
    constants: bool,
    fold: bool = True,
    focus: Any = None,
) -> Skeleton:
    """The structure of everything that a node was computed from.

    Args:
        root: a `Value` or a `Tensor`.
        roles: roles that the caller sets, by node or by name.
        constants: whether plain numbers get cards of their own.
        fold: whether transposes of leaves go without cards.
        focus: a node that keeps its card in any case.

    Raises:
        FreedGraphError: if `backward` has released the graph.
    """
    order = topological_order(root)
    pinned = [root, focus, *roles]
    hidden = {
        node
        for node in order
        if fold and _is_plain_transpose(node) and not any(node is kept for kept in pinned)
    }
    kept = [
        node
        for node in order
        if node is root or (node not in hidden and (constants or not is_plain_number(node)))
    ]
    number = {node: index for index, node in enumerate(kept)}
    operands: list[list[int]] = []
    through: dict[tuple[int, int], Any] = {}
    for target, node in enumerate(kept):
        operands.append([])
        for position, parent in enumerate(node.parents):
            if parent in hidden:
                through[target, position] = parent
            shown = parent.parents[0] if parent in hidden else parent
            operands[-1].append(number.get(shown, -1))
    readers: list[list[int]] = [[] for _ in kept]
    for target, sources in enumerate(operands):
        for source in sources:
            if source >= 0:
                readers[source].append(target)
    titles: dict[Path, tuple[str, str]] = {}
    start = min((node.sequence for node in kept if not node.is_leaf), default=0)
    names = called(kept)
    found = [
        role_of(node, node is root, node.sequence > start, roles, name)
        for node, name in zip(kept, names, strict=True)
    ]
    paths = [_path(node, titles) for node in kept]
    for index, role in enumerate(found):
        if role in ("parameter", "constant") and kept[index].is_leaf:
            paths[index] = common_path([paths[reader] for reader in readers[index]])
    return Skeleton(kept, operands, readers, paths, titles, found, through, names)


def is_plain_number(node: Any) -> bool:
    """Whether a node is only a number, to be written where it is used."""
    if not node.is_leaf or node.requires_grad or node.name is not None:
        return False
    # Within a mapping a number has one value for each example.
    return getattr(node, "size", 1) == 1 == getattr(whole(node.data), "size", 1)


def plain_number(node: Any) -> Operand:
    """The number that a node holds, as an operand; a complex one as text.

    Example:
        >>> import autodiff as ad
        >>> plain_number(ad.Tensor(0.5)), plain_number(ad.Tensor(1j))
        (0.5, 'i')
    """
    value = np.asarray(whole(node.data)).reshape(-1)[0]
    if value.dtype.kind != "c" or not value.imag:
        return float(value.real)
    text = number(value)
    return text if text == "i" else f"({text})"


def _is_plain_transpose(node: Any) -> bool:
    """Whether a node is Wᵀ of a matrix that was not computed from anything."""
    if node.is_leaf or node.name is not None or node.op.name != "transpose":
        return False
    leaf = node.parents[0]
    return bool(
        leaf.is_leaf
        and getattr(leaf, "ndim", 0) == 2
        and not is_plain_number(leaf)
        and node.params.get("axes") is None
    )


def _path(node: Any, titles: dict[Path, tuple[str, str]]) -> Path:
    path: Path = ()
    for name, description in node.scope:
        name, description = clean(name, 80), clean(description, 120)
        path = (*path, f"{name} {description}".strip())
        titles.setdefault(path, _title(name, description))
    return path


def _title(name: str, description: str) -> tuple[str, str]:
    """The bold and the plain part of a frame's title, without saying a thing twice."""
    if description.startswith(name):
        rest = description.removeprefix(name) if name else ""
        return name or description, "" if rest == "()" else rest
    return (f"[{name}]" if name.isdecimal() else name), description


def common_path(paths: list[Path]) -> Path:
    if not paths:
        return ()
    shortest = min(paths, key=len)
    for index, key in enumerate(shortest):
        if any(path[index] != key for path in paths):
            return shortest[:index]
    return shortest
