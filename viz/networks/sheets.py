"""Layers in a graph of Tensors: matrix products with weights, and what is done to each entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_stand_in
from autodiff.graph.order import topological_order
from autodiff.ops.primitive import Elementwise
from viz.networks.errors import NotANetworkError
from viz.networks.weights import CONSTANT, INPUT, WEIGHT
from viz.read.names import ACTIVATIONS
from viz.read.roles import role_of

__all__ = ["Sheet", "Sheets", "read_sheets"]

Array = np.ndarray[Any, Any]
SIGNAL, PARAMETRIC = "signal", "parametric"
_OF_WEIGHTS = (WEIGHT, PARAMETRIC)
_LEAVES = {"parameter": WEIGHT, "constant": CONSTANT}


@dataclass(eq=False, slots=True)
class Sheet:
    """One layer for all examples.

    Attributes:
        out: the node that it passes on.
        top: what enters its activation; `None` for the inputs.
        columns: whether examples are columns, and features rows.
        single: whether it is one neuron, its entries being examples.
        terms: each source with its matrix, shape (neurons, neurons of the source); `None` for
            the identity.
        bias: of each neuron, or of all; `None` for none.
        depth: how many layers lie at most between it and the inputs.
    """

    out: Any
    top: Any = None
    columns: bool = False
    single: bool = False
    terms: list[tuple[Sheet, Array | None]] = field(default_factory=list)
    bias: Array | None = None
    depth: int = 0

    def rows(self, array: Any) -> Array:
        """An array of this layer as (examples, neurons)."""
        found = np.asarray(array)
        if self.single:
            return found.reshape(-1, 1)
        if self.columns and found.ndim == 2:
            return found.T
        return found.reshape(-1, found.shape[-1]) if found.ndim else found.reshape(1, 1)


@dataclass(eq=False, slots=True)
class Sheets:
    """The layers of a graph, inputs first, those that the loss reads, and what nodes are."""

    order: list[Any]
    sheets: list[Sheet]
    outputs: list[Sheet]
    kinds: dict[Any, str]


def read_sheets(root: Any, roles: Mapping[Any, str]) -> Sheets:
    """The layers of a graph of Tensors.

    Raises:
        NotANetworkError: if there are none, or an operation between them is no part of such a
            network, such as a convolution.
    """
    order: list[Any] = topological_order(root)
    mapped = next((node for node in order if is_stand_in(node.data)), None)
    if mapped is not None:
        raise NotANetworkError(
            f"{mapped.describe()} was computed by a function mapped over examples by vmap; a "
            "network is read from a model that was called on one example or a batch. Draw the "
            "graph with viz.draw"
        )
    reader = _Reader(order, roles)
    tops = reader.next_to(root)
    if not tops:
        raise NotANetworkError(
            f"no layers of neurons were found behind {root.describe()}: nothing in its graph "
            "multiplies a matrix of weights with what comes in. A weight is a Parameter of a "
            "module, or a Tensor named W or without a name that needs a gradient; for others "
            "give roles={'a': 'parameter', 'u': 'input'}"
        )
    outputs = [reader.output(top) for top in tops]
    reader.follow()
    sheets = sorted(reader.sheets.values(), key=lambda sheet: sheet.out.sequence)
    for sheet in sheets:
        if sheet.top is not None:
            sheet.depth = 1 + max((source.depth for source, _ in sheet.terms), default=0)
            if all(matrix is None for _, matrix in sheet.terms):
                sheet.columns = any(source.columns for source, _ in sheet.terms)
                sheet.single = all(source.single for source, _ in sheet.terms)
    return Sheets(reader.order, sheets, outputs, reader.kinds)


class _Reader:
    def __init__(self, order: list[Any], roles: Mapping[Any, str]) -> None:
        self.order = order
        self.sheets: dict[Any, Sheet] = {}
        self.kinds: dict[Any, str] = {}
        self._readers: dict[Any, list[Any]] = {node: [] for node in order}
        self._parts: dict[Any, list[Any]] = {}
        self._biased: set[Any] = set()
        self._waiting: list[Sheet] = []
        self._start = min((n.sequence for n in order if not n.is_leaf), default=0)
        for node in order:
            for parent in node.parents:
                self._readers[parent].append(node)
        for node in order:
            if node.is_leaf:
                self.kinds[node] = self._leaf(node, roles)
            else:
                self._look_at(node)
        absorbed = {part for node, parts in self._parts.items() for part in parts}
        # Tensors compare entry by entry, so that they are looked for in sets and dicts alone.
        self.tops = dict.fromkeys(node for node in self._parts if node not in absorbed)

    def _leaf(self, node: Any, roles: Mapping[Any, str]) -> str:
        kind = _LEAVES.get(role_of(node, False, node.sequence > self._start, roles), INPUT)
        named = node.name is not None or node in roles
        if kind == WEIGHT and not named and getattr(node, "ndim", 0) < 2:
            # A vector without a name that is multiplied by a matrix of weights is no weight.
            products = [r for r in self._readers[node] if r.op.name in ("matmul", "inner")]
            return (
                INPUT
                if any(p.is_leaf for r in products for p in r.parents if p is not node)
                else WEIGHT
            )
        return kind

    def _look_at(self, node: Any) -> None:
        kinds = {self.kinds[parent] for parent in node.parents}
        if self._dense(node) is not None:
            self._parts[node] = []
        elif node.op.name in ("add", "subtract"):
            self._add_up(node)
        if node in self._parts or SIGNAL in kinds:
            self.kinds[node] = SIGNAL
        elif INPUT in kinds:
            self.kinds[node] = SIGNAL if kinds & {*_OF_WEIGHTS} else INPUT
        else:
            self.kinds[node] = PARAMETRIC if kinds & {*_OF_WEIGHTS} else CONSTANT

    def _dense(self, node: Any) -> tuple[Any, Any, bool] | None:
        """What comes in, the matrix (neurons, inputs), and whether examples are columns."""
        if node.op.name not in ("matmul", "inner"):
            return None
        first, second = node.parents
        left, right = (self.kinds[parent] in _OF_WEIGHTS for parent in node.parents)
        known = (INPUT, SIGNAL, CONSTANT)
        if right and second.ndim in (1, 2) and self.kinds[first] in known:
            turned = node.op.name == "inner" or second.ndim == 1
            return first, np.atleast_2d(second.data if turned else second.data.T), False
        plain = node.op.name == "matmul" and second.ndim <= 2
        if plain and left and first.ndim in (1, 2) and self.kinds[second] in known:
            return second, np.atleast_2d(first.data), second.ndim == 2
        return None

    def _add_up(self, node: Any) -> None:
        parts = [p for p in node.parents if p in self._parts and len(self._readers[p]) == 1]
        others = [p for p in node.parents if p not in set(parts)]
        plain = all(self.kinds[p] in _OF_WEIGHTS for p in others)
        whole = node.op.name == "subtract" and node.parents[1] in set(parts)
        if parts and plain and not whole and sum(p in self._biased for p in parts) < 2:
            self._parts[node] = parts
            if others or self._biased.intersection(parts):
                self._biased.add(node)

    def next_to(self, root: Any) -> list[Any]:
        """The whole sums that lie next to the root."""
        found, seen, waiting = [], {root}, [root]
        while waiting:
            node = waiting.pop()
            if node in self.tops:
                found.append(node)
                continue
            fresh = [parent for parent in node.parents if parent not in seen]
            seen.update(fresh)
            waiting += fresh
        return sorted(found, key=lambda node: node.sequence)

    def output(self, top: Any) -> Sheet:
        """The layer of a sum that the loss is next to."""
        readers = self._readers[top]
        active = len(readers) == 1 and readers[0].op.name in ACTIVATIONS
        active = active and isinstance(readers[0].op, Elementwise)
        return self._sheet(readers[0] if active else top, top)

    def follow(self) -> None:
        """Take all layers apart, from the outputs to the inputs."""
        while self._waiting:
            sheet = self._waiting.pop()
            if sheet.terms:
                continue
            parts = [sheet.top]
            if sheet.top not in self.tops:
                for parent in sheet.top.parents:
                    sheet.terms.append((self._source(parent), None))
                continue
            while parts:
                node = parts.pop()
                dense = self._dense(node)
                if dense is not None:
                    source, matrix, sheet.columns = dense
                    rest = source.shape[1:] if sheet.columns else source.shape[:-1]
                    sheet.single = len(matrix) == 1 and node.shape == rest
                    sheet.terms.append((self._source(source, sheet.columns), matrix))
                    continue
                own = self._parts[node]
                parts += own
                for other in node.parents:
                    if other not in set(own):
                        sign = -1.0 if node.op.name == "subtract" else 1.0
                        bias = sign * np.asarray(other.data)
                        sheet.bias = bias if sheet.bias is None else sheet.bias + bias

    def _source(self, node: Any, columns: bool = False) -> Sheet:
        known = self.sheets.get(node)
        if known is not None:
            return known
        if self.kinds[node] in (INPUT, CONSTANT):
            return self.sheets.setdefault(node, Sheet(node, columns=columns))
        if node in self.tops or self._adds(node):
            return self._sheet(node, node)
        top, between = self._behind(node)
        if any(reader not in between for reader in self._readers[top]):
            raise NotANetworkError(
                f"{top.describe()} is read both before and after its activation; a layer of "
                "neurons passes on one of the two"
            )
        return self._sheet(node, top)

    def _sheet(self, out: Any, top: Any) -> Sheet:
        sheet = self.sheets.get(out)
        if sheet is None:
            sheet = self.sheets[out] = Sheet(out, top)
            self._waiting.append(sheet)
        return sheet

    def _adds(self, node: Any) -> bool:
        """Whether a node adds up results of layers, entry by entry."""
        return node.op.name == "add" and all(
            self.kinds[p] in (SIGNAL, INPUT) and p.shape == node.shape for p in node.parents
        )

    def _behind(self, node: Any) -> tuple[Any, set[Any]]:
        """The one sum that a node is computed from entry by entry, and what lies between."""
        between: set[Any] = set()
        front = {node: None}
        while not (len(front) == 1 and self._is_whole(next(iter(front)))):
            latest = max(front, key=lambda one: one.sequence)
            if latest in self.tops or self.kinds[latest] != SIGNAL:
                raise NotANetworkError(
                    f"{node.describe()} depends on {latest.describe()} and on something else; "
                    "neurons are functions of one sum"
                )
            if not isinstance(latest.op, Elementwise) or latest.shape != node.shape:
                raise NotANetworkError(_refused(latest))
            between.add(latest)
            del front[latest]
            front.update((p, None) for p in latest.parents if self.kinds[p] in (SIGNAL, INPUT))
        return next(iter(front)), between

    def _is_whole(self, node: Any) -> bool:
        return node in self.tops or self._adds(node)


def _refused(node: Any) -> str:
    """What is said of an operation that is no layer; a change of shape leads to what it is of."""
    shaping = ("reshape", "transpose", "squeeze", "expand_dims", "moveaxis", "swapaxes")
    while node.op.name in shaping and not node.parents[0].is_leaf:
        node = node.parents[0]
    module = node.scope[-1][1] if node.scope else ""
    where = f" in {module}" if module else ""
    return (
        f"{node.describe()}{where} is no layer of neurons: between matrix products with weights "
        "only functions of each entry can be drawn as such. Draw the graph with viz.draw"
    )
