"""Arguments and results as flat lists: tuples, lists and dicts opened up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["flatten", "map_leaves"]


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """The same nesting of tuples, lists and dicts with each leaf replaced.

    Example:
        >>> map_leaves(str, {"a": (1, [2])})
        {'a': ('1', ['2'])}
    """
    if isinstance(tree, dict):
        return {k: map_leaves(function, v) for k, v in tree.items()}
    if isinstance(tree, list):
        return [map_leaves(function, v) for v in tree]
    if isinstance(tree, tuple):
        inner = [map_leaves(function, v) for v in tree]
        return type(tree)(*inner) if hasattr(tree, "_fields") else tuple(inner)
    return function(tree)


def flatten(tree: Any) -> list[Any]:
    """All leaves, in order.

    Example:
        >>> flatten({"a": (1, [2])})
        [1, 2]
    """
    found: list[Any] = []
    map_leaves(found.append, tree)
    return found
