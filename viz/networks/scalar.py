"""A network of Values read from its graph: which nodes are neurons, and what is wired to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autodiff.graph.order import topological_order
from autodiff.ops.primitive import Elementwise
from autodiff.sweeps.gradients import gradients as sweep
from viz.networks.errors import NotANetworkError
from viz.networks.sums import ADDITIVE, Sums, Term, Terms
from viz.networks.weights import CONSTANT, INPUT
from viz.read.names import ACTIVATIONS

__all__ = ["Cell", "Cells", "read_cells"]


@dataclass(eq=False, slots=True)
class Cell:
    """One neuron, or one input, of a graph.

    Attributes:
        out: the node that it passes on.
        top: the node that enters its activation; the same where there is none, `None` for an
            input.
        terms: what that adds up: each a cell, what it is multiplied by, and the node of that,
            `None` for a plain number.
        bias: what is added to it.
        slope: ∂out/∂top.
        depth: how many neurons lie at most between it and the inputs.
        slot: of an input that is a plain number, which of its neuron's inputs it is.
    """

    out: Any
    top: Any = None
    terms: list[tuple[Cell, float, Any]] = field(default_factory=list)
    bias: float | None = None
    slope: float = 1.0
    depth: int = 0
    slot: int = -1


@dataclass(eq=False, slots=True)
class Cells:
    """The neurons of a graph.

    Attributes:
        root: the node that was read.
        sums: what its nodes are.
        cells: inputs and neurons, ordered by their making.
        outputs: those that the loss reads.
    """

    root: Any
    sums: Sums
    cells: list[Cell]
    outputs: list[Cell]


def read_cells(root: Any, roles: Mapping[Any, str]) -> Cells:
    """The neurons of a graph of Values.

    Raises:
        NotANetworkError: if there are none, or if something between them is no neuron.
    """
    sums = Sums(topological_order(root), roles)
    reader = _Reader(sums)
    tops = _reached(root, sums)
    if not tops:
        raise NotANetworkError(
            f"no neurons were found behind {root.describe()}: nothing in its graph adds up "
            "weights times inputs. A weight is a leaf named w or b, with or without an index, or "
            "a parameter of a module; for others give roles={'a': 'parameter', 'u': 'input'}"
        )
    outputs = [reader.output(top) for top in tops]
    reader.follow()
    ordered = sorted(reader.cells.values(), key=lambda cell: (cell.out.sequence, cell.slot))
    for cell in ordered:
        if cell.top is not None:
            cell.depth = 1 + max((source.depth for source, _, _ in cell.terms), default=0)
    return Cells(root, sums, ordered, outputs)


def _reached(root: Any, sums: Sums) -> list[Any]:
    """The whole sums that lie next to the root."""
    found, seen, waiting = [], {root}, [root]
    while waiting:
        node = waiting.pop()
        if node in sums.tops:
            found.append(node)
            continue
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return sorted(found, key=lambda node: node.sequence)


class _Reader:
    def __init__(self, sums: Sums) -> None:
        self.sums = sums
        self.cells: dict[Any, Cell] = {}
        self._waiting: list[Cell] = []

    def output(self, top: Any) -> Cell:
        """The neuron of a sum that the loss is next to."""
        readers = self.sums.readers[top]
        active = len(readers) == 1 and readers[0].op.name in ACTIVATIONS
        return self._neuron(readers[0] if active else top, top)

    def follow(self) -> None:
        """Take all neurons apart, from the outputs to the inputs."""
        while self._waiting:
            cell = self._waiting.pop()
            if cell.terms:
                continue
            terms = self._terms(cell)
            cell.bias = terms.bias
            slot = 0
            for term in terms.products:
                if self.sums.kinds[term.source] == CONSTANT:
                    source = self._number(term.source, slot)
                    slot += 1
                else:
                    source = self._source(term.source)
                cell.terms.append((source, term.weight, term.node))

    def _terms(self, cell: Cell) -> Terms:
        one = cell.top is not cell.out and cell.top in self.cells
        return Terms([Term(cell.top, 1.0)]) if one else self.sums.terms(cell.top)

    def _number(self, node: Any, slot: int) -> Cell:
        """An input that is a plain number; equal ones are one node of the graph."""
        return self.cells.setdefault((slot, node), Cell(node, slot=slot))

    def _source(self, node: Any) -> Cell:
        known = self.cells.get(node)
        if known is not None:
            return known
        if self.sums.kinds[node] == INPUT:
            return self.cells.setdefault(node, Cell(node))
        if node in self.sums.tops or self._adds(node):
            return self._neuron(node, node)
        top, between = self._behind(node)
        if any(reader not in between for reader in self.sums.readers[top]):
            # The sum is read elsewhere, too: it is a neuron of its own.
            self._neuron(top, top)
        return self._neuron(node, top)

    def _neuron(self, out: Any, top: Any) -> Cell:
        cell = self.cells.get(out)
        if cell is None:
            cell = self.cells[out] = Cell(out, top, slope=_slope(out, top))
            self._waiting.append(cell)
        return cell

    def _adds(self, node: Any) -> bool:
        """Whether a node adds up results, or scales one, without weights."""
        name, kinds = node.op.name, self.sums.kinds
        if name in (*ADDITIVE, "negative", "weighted_sum"):
            return True
        plain = [kinds[parent] == CONSTANT for parent in node.parents]
        return (name == "multiply" and any(plain)) or (name == "divide" and plain[1])

    def _behind(self, node: Any) -> tuple[Any, set[Any]]:
        """The one sum that a node is a function of, and what lies between."""
        between, front = {node}, dict.fromkeys(self._signals(node))
        while True:
            first = next(iter(front))
            if len(front) == 1 and self._is_whole(first):
                return first, between
            latest = max(front, key=lambda one: one.sequence)
            if latest in self.sums.tops or self.sums.kinds[latest] == INPUT:
                raise NotANetworkError(_MIXED.format(node=node.describe(), what=latest.describe()))
            between.add(latest)
            del front[latest]
            front.update(dict.fromkeys(self._signals(latest)))

    def _is_whole(self, node: Any) -> bool:
        """Whether a node is a sum of several results, or one with weights."""
        several = len(self._signals(node)) > 1
        return node in self.sums.tops or (several and self._adds(node))

    def _signals(self, node: Any) -> list[Any]:
        kinds = self.sums.kinds
        signals = (p for p in node.parents if kinds[p] == INPUT or kinds[p] == "signal")
        return list(dict.fromkeys(signals))


_MIXED = (
    "{node} is no neuron: it depends on {what} and on something else in another way than by a "
    "weighted sum. A network of neurons has sums Σ w x + b, and functions of one sum"
)


def _slope(out: Any, top: Any) -> float:
    """∂out/∂top, from what the engine has kept."""
    if out is top:
        return 1.0
    if isinstance(out.op, Elementwise) and len(out.parents) == 1 and out.parents[0] is top:
        return float(sum(partial for _, partial in out.local_gradients()))
    return float(sweep(out, inputs=[top])[0]) if out.requires_grad else float("nan")
