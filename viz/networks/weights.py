"""Which leaves of a scalar graph are weights, and which are inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from viz.networks.errors import NotANetworkError
from viz.read.roles import role_of

__all__ = ["CONSTANT", "INPUT", "WEIGHT", "leaf_kinds"]

WEIGHT, INPUT, CONSTANT = "weight", "input", "constant"

_KINDS = {"parameter": WEIGHT, "constant": CONSTANT}


def leaf_kinds(order: list[Any], roles: Mapping[Any, str]) -> dict[Any, str]:
    """For each leaf whether it is a weight, an input or a plain number.

    The roles say so (`viz.read.roles.role_of`), and where a leaf has no name, its use does:
    what multiplies a number, an input or a result is a weight; of two that multiply each other
    the one that is used more often is the input.

    Raises:
        NotANetworkError: if that tells nothing of some leaf.
    """
    kinds = {n: _KINDS.get(role_of(n, False, False, roles), INPUT) for n in order if n.is_leaf}
    open_ones = {
        n
        for n in kinds
        if n.requires_grad and n.name is None and n not in roles and kinds[n] == INPUT
    }
    if not open_ones:
        return kinds
    pairs, added = _uses(order)
    uses = Counter(n for pair in pairs for n in pair)
    for one in open_ones:
        if one in added and not uses[one]:
            kinds[one] = WEIGHT
    for first, second in pairs:
        for one, other in ((first, second), (second, first)):
            if one in open_ones and other not in open_ones:
                kinds[one] = INPUT if kinds.get(other) == WEIGHT else WEIGHT
    for first, second in pairs:
        if first in open_ones and second in open_ones and kinds[first] == kinds[second]:
            if uses[first] == uses[second]:
                raise NotANetworkError(
                    f"which of {first.data:g} and {second.data:g}, two leaves without names that "
                    "are multiplied, is the weight? Name them, Value(0.5, name='w1'), or give "
                    "roles={x1: 'input', w1: 'parameter'}"
                )
            weight = first if uses[first] < uses[second] else second
            kinds[weight] = WEIGHT
    return kinds


def _uses(order: list[Any]) -> tuple[list[tuple[Any, Any]], set[Any]]:
    """The pairs that are multiplied, and what is added."""
    pairs: list[tuple[Any, Any]] = []
    added: set[Any] = set()
    for node in order:
        name = "" if node.is_leaf else node.op.name
        if name == "multiply":
            pairs.append(node.parents)
        elif name == "weighted_sum":
            count = len(node.parents) // 2
            pairs += zip(node.parents[:count], node.parents[count:-1], strict=True)
            added.add(node.parents[-1])
        elif name in ("add", "subtract", "total"):
            added.update(node.parents)
    return pairs, added
