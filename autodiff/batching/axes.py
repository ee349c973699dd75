"""Which axis of which argument is mapped over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.trees import tree
from autodiff.trees.containers import kind_of

__all__ = ["Axis", "along", "is_leaf", "of_arguments", "size_of"]

Axis = int | None


def is_leaf(given: Any) -> bool:
    """Whether a container is one array: a list of numbers, however nested.

    Example:
        >>> is_leaf([[1.0, 2.0]]), is_leaf((1.0, 2.0)), is_leaf([])
        (True, False, False)
    """
    return (
        isinstance(given, list)
        and bool(given)
        and all(isinstance(x, (int, float, complex)) or is_leaf(x) for x in given)
    )


def along(axes: Any, structure: tree.Structure, what: str) -> list[Axis]:
    """The axis of each leaf of a tree.

    Args:
        axes: an axis or None for all leaves, or containers of them like those of the tree.
        structure: of the tree.
        what: what is given, for the error.

    Returns:
        One axis, or None, for each leaf.

    Raises:
        ShapeError: the containers are others than those of the tree.

    Example:
        >>> along({"w": None, "b": 0}, tree.structure({"w": [1, 2], "b": 3}), "in_axes")
        [0, None, None]
    """
    if axes is None or (isinstance(axes, (int, np.integer)) and not isinstance(axes, bool)):
        return [axes if axes is None else int(axes)] * structure.count
    kind = kind_of(axes)
    if kind is not structure.kind:
        raise ShapeError(
            f"{what} has {axes!r} where the structure is {structure!r}; give an axis (an integer), "
            "None, or containers of the same kind"
        )
    names, children, _ = kind.open(axes)
    if tuple(names) != structure.names:
        raise ShapeError(
            f"{what} has {len(tuple(names))} part(s), {axes!r}, for {len(structure.names)} of the "
            f"structure {structure!r}; give as many, under the same names"
        )
    found: list[Axis] = []
    for child, inner in zip(children, structure.children, strict=True):
        found += along(child, inner, what)
    return found


def of_arguments(in_axes: Any, args: tuple[Any, ...], structure: tree.Structure) -> list[Axis]:
    """The axis of each leaf of the arguments.

    Raises:
        ShapeError: there are more or fewer entries than arguments, or others.
        TypeError: an entry is no axis.
    """
    if isinstance(in_axes, list):
        in_axes = tuple(in_axes)
    if isinstance(in_axes, tuple) and len(in_axes) != len(args):
        raise ShapeError(
            f"in_axes={in_axes!r} has {len(in_axes)} entries, but the mapped function was called "
            f"with {len(args)} positional argument(s); give one entry for each, None for what "
            "is the same for all examples"
        )
    return along(in_axes, structure, "in_axes")


def size_of(
    leaves: Sequence[Any], axes: Sequence[Axis], paths: Sequence[str], wanted: int | None
) -> int:
    """How many examples there are.

    Args:
        leaves: of the arguments.
        axes: the axis of each to map over.
        paths: where each stands, for the errors.
        wanted: what ``axis_size`` says.

    Raises:
        ShapeError: the lengths differ, an axis does not exist, or there is none.
    """
    sizes: dict[str, int] = {}
    for leaf, axis, path in zip(leaves, axes, paths, strict=True):
        if axis is None:
            continue
        shape = tuple(getattr(leaf, "shape", ()))
        if not -len(shape) <= axis < len(shape):
            given = f"of shape {shape}" if shape else f"{type(leaf).__name__} without axes"
            raise ShapeError(
                f"vmap was to map over axis {axis} of {path}, a {given}; give in_axes=None for "
                "what is the same for all examples"
            )
        sizes[f"{path} (axis {axis})"] = shape[axis]
    if wanted is not None:
        sizes["axis_size"] = wanted
    if not sizes:
        raise ShapeError(
            "vmap has no argument to map over: in_axes is None for all of them; give an axis for "
            "one, or axis_size"
        )
    if len(set(sizes.values())) > 1:
        listed = ", ".join(f"{n} for {what}" for what, n in sizes.items())
        raise ShapeError(f"vmap was given different numbers of examples: {listed}")
    return next(iter(sizes.values()))
