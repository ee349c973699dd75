"""Which leaves of a scalar graph are weights, and which are inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from viz.networks.errors import NotANetworkError
from viz.read.roles import role_of, tells

__all__ = ["CONSTANT", "INPUT", "WEIGHT", "leaf_kinds"]

WEIGHT, INPUT, CONSTANT = "weight", "input", "constant"

_KINDS = {"parameter": WEIGHT, "constant": CONSTANT}


def leaf_kinds(order: list[Any], roles: Mapping[Any, str]) -> dict[Any, str]:
    """For each leaf whether it is a weight, an input or a plain number.

    The roles say so (`viz.read.roles.role_of`), and where the name of a leaf tells nothing, its
    use does.
    What is added is a bias, what is subtracted a target, and what multiplies a number, an input
    or a result is a weight. Of two leaves that multiply each other, the weight is the one whose
    sums all have one bias in common: a weight belongs to one neuron, an input to many. Without
    biases, the one that is used more often is the input.

    Raises:
        NotANetworkError: if that tells nothing of some leaf.
    """
    kinds = {n: _KINDS.get(role_of(n, False, False, roles), INPUT) for n in order if n.is_leaf}
    unknown = {
        n
        for n in kinds
        if n.requires_grad and not tells(n.name) and _open(n, roles) and kinds[n] == INPUT
    }
    if unknown:
        _by_use(order, kinds, unknown)
    return kinds


def _open(n: Any, roles: Mapping[Any, str]) -> bool:
    return n not in roles and (n.name is None or n.name not in roles)


def _by_use(order: list[Any], kinds: dict[Any, str], unknown: set[Any]) -> None:
    pairs = _products(order)  # squares of weights, as in a penalty, tell nothing
    pairs = [pair for pair in pairs if pair[1] is not pair[2]]
    factors = {n for _, first, second in pairs for n in (first, second)}
    for node in order:
        name = "" if node.is_leaf else node.op.name
        added = node.parents if name in ("add", "total") else ()
        added = node.parents[-1:] if name == "weighted_sum" else added
        for leaf in unknown.intersection(added) - factors:
            kinds[leaf] = WEIGHT
    unsettled: list[tuple[Any, Any]] = []
    for _, first, second in pairs:
        if first in unknown and second in unknown:
            unsettled.append((first, second))
        for one, other in ((first, second), (second, first)):
            if one in unknown and other not in unknown:
                kinds[one] = INPUT if kinds.get(other) == WEIGHT else WEIGHT
    if unsettled:
        _between(unsettled, order, kinds, pairs)


def _products(order: list[Any]) -> list[tuple[Any, Any, Any]]:
    """What is multiplied by what, and the node in which that happens."""
    found: list[tuple[Any, Any, Any]] = []
    for node in order:
        name = "" if node.is_leaf else node.op.name
        if name == "multiply":
            found.append((node, *node.parents))
        elif name == "weighted_sum":
            *factors, _ = node.parents
            count = len(factors) // 2
            pairs = zip(factors[:count], factors[count:], strict=True)
            found += [(node, first, second) for first, second in pairs]
    return found


def _between(
    unsettled: list[tuple[Any, Any]],
    order: list[Any],
    kinds: dict[Any, str],
    pairs: list[tuple[Any, Any, Any]],
) -> None:
    """Settle the pairs of leaves without names that multiply each other."""
    biases = _biases(order)
    shared: dict[Any, set[Any]] = {}
    uses: Counter[Any] = Counter()
    for node, *both in pairs:
        for leaf in both:
            uses[leaf] += 1
            shared[leaf] = shared[leaf] & biases[node] if leaf in shared else biases[node]
    for first, second in unsettled:
        fit = bool(shared[first]), bool(shared[second])
        if fit[0] != fit[1]:
            weight = first if fit[0] else second
        elif uses[first] != uses[second]:
            # A single neuron meets each input once, and its weights with every example.
            often = first if uses[first] > uses[second] else second
            seldom = second if often is first else first
            weight = often if all(fit) else seldom
        elif kinds[first] != kinds[second] or first.name is not None is not second.name:
            continue
        else:
            raise NotANetworkError(
                f"which of {first.data:g} and {second.data:g}, two leaves without names that "
                "are multiplied, is the weight? Name them, Value(0.5, name='w1'), or give "
                "roles={x1: 'input', w1: 'parameter'}"
            )
        kinds[weight] = WEIGHT
        kinds[second if weight is first else first] = INPUT


def _biases(order: list[Any]) -> dict[Any, set[Any]]:
    """For each node the leaves that are added in the sum to which it belongs."""
    readers: dict[Any, list[Any]] = {}
    for node in order:
        for parent in node.parents:
            readers.setdefault(parent, []).append(node)
    top: dict[Any, Any] = {}
    added: dict[Any, set[Any]] = {}
    for node in reversed(order):
        if node.is_leaf:
            continue
        reading = readers.get(node, [])
        inside = len(reading) == 1 and reading[0].op.name in ("add", "total", "weighted_sum")
        top[node] = top[reading[0]] if inside else node
        leaves = added.setdefault(top[node], set())
        name = node.op.name
        if name in ("add", "total"):
            leaves.update(p for p in node.parents if p.is_leaf and p.requires_grad)
        elif name == "weighted_sum" and node.parents[-1].requires_grad:
            leaves.add(node.parents[-1])
    return {node: added[top[node]] for node in top}
