"""What a custom function computes with beside its arguments: its rule cannot answer for that."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autodiff.custom.outside import used_from_before
from autodiff.errors import NonDifferentiableError
from autodiff.graph.node import Node

__all__ = ["check_nothing_closed_over"]

_DEPTH = 8
"""So far down in objects a node is looked for."""


def check_nothing_closed_over(
    function: Callable[..., Any], name: str, results: Sequence[Any], since: int
) -> None:
    """Refuse results that depend on more than the function was given by position.

    Args:
        function: the custom function.
        name: what it is called.
        results: what it gave for constants in the place of its arguments.
        since: the number that nodes made by it exceed.

    Raises:
        NonDifferentiableError: names the nodes.
    """
    used = used_from_before(results, since)
    if not used:
        return
    known = _surroundings(function)
    named = ", ".join(_called(node, known) for node in used[:3])
    more = f" and {len(used) - 3} more" if len(used) > 3 else ""
    raise NonDifferentiableError(
        f"the custom function {name!r} computes with {named}{more}, for which a gradient is wanted "
        "but which it was not given by position: its rules have no cotangent for that, so the "
        "gradient would be lost. Hand it over as an argument of its own, f(x, a) instead of f(x), "
        "and let the rule answer for it; or take it as a constant: autodiff.stop_gradient(a)"
    )


def _surroundings(function: Callable[..., Any]) -> dict[str, Any]:
    """What a function may mean by the names in it, the nearest first."""
    plain = inspect.unwrap(function)
    owner = {"self": getattr(plain, "__self__", plain)}
    try:
        found = inspect.getclosurevars(plain)
    except (TypeError, ValueError):
        return owner
    return {**found.nonlocals, **found.globals, **owner}


def _called(node: Node, known: Mapping[str, Any]) -> str:
    for name, value in known.items():
        if value is node:
            return f"{name!r} ({node.describe()})"
        if any(inner is node for inner in _within(value, _DEPTH, set())):
            return f"{node.describe()} of {name!r}"
    return node.describe()


def _within(value: Any, depth: int, seen: set[int]) -> Iterator[Any]:
    if isinstance(value, Node):
        yield value
    if depth == 0 or id(value) in seen or isinstance(value, (Node, type)):
        return
    seen.add(id(value))
    inner: Any = ()
    if isinstance(value, Mapping):
        inner = value.values()
    elif isinstance(value, (list, tuple, set)):
        inner = value
    elif not inspect.ismodule(value):
        inner = getattr(value, "__dict__", {}).values()
    for part in inner:
        yield from _within(part, depth - 1, seen)
