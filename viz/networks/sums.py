"""Weighted sums in a graph of Values: what enters a neuron's activation.

However Σ w x + b was written: in any order, with `sum`, from single operations or as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from viz.networks.weights import CONSTANT, INPUT, WEIGHT, leaf_kinds
from viz.read.names import ACTIVATIONS

__all__ = ["ADDITIVE", "Sums", "Term", "Terms"]

SIGNAL, PARAMETRIC = "signal", "parametric"
ADDITIVE = ("add", "subtract", "total")
_OF_WEIGHTS = (WEIGHT, PARAMETRIC)
SOFT, HARD = 1, 2


@dataclass(frozen=True, slots=True)
class Term:
    """One product of a weighted sum: what comes in, and by what it is multiplied.

    ``node`` is the weight's own, `None` where it is a plain number.
    """

    source: Any
    weight: float
    node: Any = None


@dataclass(slots=True)
class Terms:
    """A weighted sum taken apart.

    Attributes:
        products: its products.
        bias: what is added; `None` for nothing.
    """

    products: list[Term] = field(default_factory=list)
    bias: float | None = None


class Sums:
    """What the nodes of a scalar graph are to a network.

    Args:
        order: the nodes, operands first.
        roles: what the caller says of leaves.

    Attributes:
        kinds: of each node ``weight``, ``input`` or ``constant`` for leaves, ``parametric`` for
            what depends on weights alone, else ``signal``; what depends on inputs alone is an
            input.
        readers: for each node what reads it, once per use.
        tops: the nodes that are a neuron's whole sum, ordered.

    Raises:
        NotANetworkError: if weights cannot be told from inputs.
    """

    def __init__(self, order: list[Any], roles: Mapping[Any, str]) -> None:
        self.kinds: dict[Any, str] = leaf_kinds(order, roles)
        self.readers: dict[Any, list[Any]] = {node: [] for node in order}
        for node in order:
            for parent in node.parents:
                self.readers[parent].append(node)
        self._grade: dict[Any, int] = {}
        self._parts: dict[Any, list[Any]] = {}
        self._products: dict[Any, int] = {}
        self._biased: set[Any] = set()
        for node in order:
            if not node.is_leaf:
                self._look_at(node)
        self._absorbed: set[Any] = set()
        self.tops: dict[Any, None] = {}
        for node in reversed(order):
            self._settle(node)
        self.tops = dict.fromkeys(reversed(self.tops))

    def _look_at(self, node: Any) -> None:
        kinds = {self.kinds[parent] for parent in node.parents}
        self._weigh(node)
        if self._grade.get(node) or SIGNAL in kinds or {INPUT, *_OF_WEIGHTS} & kinds > {INPUT}:
            self.kinds[node] = SIGNAL
        elif kinds & {*_OF_WEIGHTS}:
            self.kinds[node] = PARAMETRIC
        else:
            self.kinds[node] = INPUT if INPUT in kinds else CONSTANT

    def _weigh(self, node: Any) -> None:
        """Whether a node adds up weights times what comes in, and from which operands."""
        name = node.op.name
        if name == "multiply":
            if self._weight_of(*node.parents) is not None:
                self._note(node, HARD, [], products=1)
        elif name == "weighted_sum":
            *factors, bias = node.parents
            count = len(factors) // 2
            pairs = zip(factors[:count], factors[count:], strict=True)
            if any(self._weight_of(*pair) is not None for pair in pairs):
                self._note(node, HARD, [], products=count + 1)
                if self.kinds[bias] in _OF_WEIGHTS:
                    self._biased.add(node)
        elif name == "negative" and self._grade.get(node.parents[0]):
            self._note(node, SOFT, list(node.parents), self._products[node.parents[0]])
        elif name in ADDITIVE:
            self._add_up(node, name)

    def _add_up(self, node: Any, name: str) -> None:
        parts = [p for p in node.parents if self._grade.get(p) and len(self.readers[p]) == 1]
        # Values compare by their numbers, so that they are looked for in sets and dicts alone.
        inside = set(parts)
        others = [p for p in node.parents if p not in inside]
        if not parts or sum(p in self._biased for p in parts) > 1:
            return
        if name == "subtract":
            first, second = node.parents
            plain = self.kinds[first] not in _OF_WEIGHTS and first not in inside
            if second in inside and (plain or self._products[second] > 1):
                return
        known = [self.kinds[p] in _OF_WEIGHTS or _is_zero(p, self.kinds) for p in others]
        self._note(node, HARD if all(known) else SOFT, parts, sum(self._products[p] for p in parts))
        if any(self.kinds[p] in _OF_WEIGHTS for p in others) or self._biased.intersection(parts):
            self._biased.add(node)

    def _note(self, node: Any, grade: int, parts: list[Any], products: int) -> None:
        self._grade[node] = grade
        self._parts[node] = parts
        self._products[node] = products

    def _weight_of(self, first: Any, second: Any) -> Any:
        """Which of two factors is the weight of the other; `None` if neither is."""
        kinds = self.kinds
        for one, other in ((first, second), (second, first)):
            whole = kinds[other] in (INPUT, SIGNAL)
            if kinds[one] in _OF_WEIGHTS and (
                whole or (kinds[one] == WEIGHT and kinds[other] == CONSTANT)
            ):
                return one
        return None

    def _settle(self, node: Any) -> None:
        """A sum that no larger one takes in is whole; results are settled before operands."""
        grade = self._grade.get(node)
        if not grade:
            return
        whole = node not in self._absorbed
        if whole and grade == SOFT and not self._enters_activation(node):
            return
        if whole:
            self.tops[node] = None
        self._absorbed.update(self._parts[node])

    def _enters_activation(self, node: Any) -> bool:
        """Whether a sum to which a plain number is added is that of a neuron."""
        readers = self.readers[node]
        inside = set(self._parts[node])
        others = [p for p in node.parents if p not in inside]
        return (
            node.op.name in ADDITIVE
            and len(readers) == 1
            and readers[0].op.name in ACTIVATIONS
            and all(self.kinds[p] in (CONSTANT, *_OF_WEIGHTS) for p in others)
            and all(self._grade[p] == HARD for p in self._parts[node])
        )

    def terms(self, top: Any) -> Terms:
        """Take a whole sum apart; also one without weights, such as h₁ + h₂."""
        found = Terms()
        waiting: list[tuple[Any, float]] = [(top, 1.0)]
        while waiting:
            node, sign = waiting.pop()
            if node is top or node in self._absorbed:
                waiting += reversed(self._step(node, sign, found))
            elif self.kinds[node] in (CONSTANT, *_OF_WEIGHTS):
                if not _is_zero(node, self.kinds):
                    found.bias = (found.bias or 0.0) + sign * node.data
            else:
                found.products.append(Term(node, sign))
        return found

    def _step(self, node: Any, sign: float, found: Terms) -> list[tuple[Any, float]]:
        name, parents = node.op.name, node.parents
        if name == "multiply":
            self._product(parents[0], parents[1], sign, found)
            return []
        if name == "divide":
            found.products.append(Term(parents[0], sign / parents[1].data))
            return []
        if name == "weighted_sum":
            count = len(parents) // 2
            for one, other in zip(parents[:count], parents[count:-1], strict=True):
                self._product(one, other, sign, found)
            return [(parents[-1], sign)]
        signs = {"negative": (-sign,), "subtract": (sign, -sign)}.get(name, (sign,) * len(parents))
        return list(zip(parents, signs, strict=True))

    def _product(self, first: Any, second: Any, sign: float, found: Terms) -> None:
        weight = self._weight_of(first, second)
        by = weight
        if by is None:
            by = first if self.kinds[first] in (CONSTANT, *_OF_WEIGHTS) else second
        source = second if by is first else first
        if weight is None and self.kinds[source] in (CONSTANT, *_OF_WEIGHTS):
            found.bias = (found.bias or 0.0) + sign * first.data * second.data
            return
        found.products.append(Term(source, sign * by.data, weight))


def _is_zero(node: Any, kinds: dict[Any, str]) -> bool:
    return kinds[node] == CONSTANT and node.data == 0.0
