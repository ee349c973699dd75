"""A graph of Values as a program for the browser."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from autodiff.errors import GlassgradError
from autodiff.graph.order import topological_order
from autodiff.ops.primitive import Elementwise, Fused
from autodiff.values.value import Value
from autodiff.writers.javascript import UnwritableError, javascript
from autodiff.writers.javascript_library import source
from viz.alive.scripts import part

__all__ = ["MOST", "LiveError", "Program", "program"]

MOST = 5_000
"""So many numbers at most are computed in a page."""


class LiveError(GlassgradError, ValueError):
    """A graph cannot compute itself in a page; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Program:
    """What the browser runs.

    Attributes:
        nodes: the engine's nodes, operands first; the last is the result.
        operands: for each node the places of its operands.
        functions: the table's rules as JavaScript, one for each kind of operation.
        calls: for each node which of them it is; -1 for a leaf.
        values: the number of each node.
        helpers: names of functions that the rules call.
    """

    nodes: tuple[Any, ...]
    operands: tuple[tuple[int, ...], ...]
    functions: tuple[str, ...]
    calls: tuple[int, ...]
    values: tuple[float, ...]
    helpers: frozenset[str]

    def script(self) -> str:
        """Statements that define ``graph``, ``forward(graph, leaves)`` and ``backward``."""
        data = {
            "operands": self.operands,
            "calls": self.calls,
            "leaves": [None if call >= 0 else _shown(v) for call, v in self._leaves()],
        }
        return (
            f"{source(self.helpers)}{part('engine.js')}"
            f"const graph = {json.dumps(data, separators=(',', ':'))};\n"
            f"graph.functions = [{','.join(self.functions)}];\n"
            "graph.leaves = graph.leaves.map(Number);\n"
        )

    def _leaves(self) -> Iterable[tuple[int, float]]:
        return zip(self.calls, self.values, strict=True)


def _shown(value: float) -> float | str:
    """A number as JSON has it, or as text that JavaScript reads."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def program(root: Any) -> Program:
    """Take a graph apart.

    Args:
        root: a `Value`.

    Raises:
        LiveError: there are other nodes than Values in it, an operation that JavaScript lacks,
            or too many numbers.
    """
    nodes: list[Any] = list(topological_order(root))
    if len(nodes) > MOST:
        raise LiveError(
            f"the graph has {len(nodes)} numbers, more than the {MOST} that a page computes; give "
            "the graph of fewer samples, or a node nearer to the leaves"
        )
    place = {node: i for i, node in enumerate(nodes)}
    known: dict[Any, int] = {}
    functions: list[str] = []
    calls: list[int] = []
    helpers: set[str] = set()
    for node in nodes:
        _check(node)
        if node.is_leaf:
            calls.append(-1)
            continue
        key = (node.op.name, len(node.parents), tuple(sorted(node.params.items())))
        if key not in known:
            written = _written(node)
            known[key] = len(functions)
            functions.append(written[0])
            helpers |= written[1]
        calls.append(known[key])
    return Program(
        tuple(nodes),
        tuple(tuple(place[parent] for parent in node.parents) for node in nodes),
        tuple(functions),
        tuple(calls),
        tuple(float(node.data) for node in nodes),
        frozenset(helpers),
    )


def _check(node: Any) -> None:
    if not isinstance(node, Value):
        raise LiveError(
            f"{node.describe()} is no Value, and a live page computes with single numbers"
        )


def _written(node: Any) -> tuple[str, frozenset[str]]:
    entry = node.op
    if not isinstance(entry, Elementwise | Fused):
        raise LiveError(f"{entry.name} is no operation on single numbers: it cannot be live")
    try:
        rules = javascript(entry, node.params, len(node.parents))
    except UnwritableError as error:
        raise LiveError(f"{error}; draw the graph instead: viz.draw") from None
    sends = ",".join(condition or "null" for condition in rules.sends)
    return f"{{f:{rules.value},d:[{','.join(rules.partials)}],s:[{sends}]}}", rules.helpers
