"""Names for every card: the user's own where there is one, else a letter that tells."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.batching import whole
from viz.read.skeleton import Skeleton
from viz.text.formatting import pretty, subscript, transposed_name

__all__ = ["ACTIVATIONS", "name_all"]

ACTIVATIONS = frozenset(
    "tanh sigmoid relu leaky_relu elu selu gelu silu mish softplus softmax log_softmax".split()
)

_LETTERS = {
    "multiply": "p",
    "add": "s",
    "total": "s",
    "sum": "s",
    "subtract": "d",
    "divide": "q",
    "matmul": "m",
    "inner": "m",
    "weighted_sum": "z",
    "largest": "m",
    "mean": "μ",
    "exp": "e",
    "log": "ℓ",
    "log_softmax": "ℓ",
    "softmax": "p",
    "square": "q",
    "power": "q",
    "sqrt": "r",
}
_SHORT = {"weight": "W", "bias": "b"}
_LEAVES = {"input": "x", "parameter": "w", "constant": "c"}


def name_all(graph: Skeleton) -> list[str]:
    """A name for each node.

    The user's names are kept, an index in them set as a subscript. A module's ``weight``
    and ``bias`` are called W and b. The rest get a letter by what they are: products p,
    sums s, matrix products m, what enters an activation z and what leaves it a, the
    result L, and a constant that drops entries mask; numbered in order of creation where
    there are several.
    """
    names: list[str | None] = [_given(node, graph.roles[i]) for i, node in enumerate(graph.nodes)]
    taken = {name for name in names if name is not None}
    wanted: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name is None:
            wanted.setdefault(_letter(graph, index), []).append(index)
    for letter, members in wanted.items():
        if len(members) == 1 and letter not in taken:
            names[members[0]] = letter
            taken.add(letter)
            continue
        count = 1
        for index in members:
            while letter + subscript(count) in taken:
                count += 1
            names[index] = letter + subscript(count)
            taken.add(letter + subscript(count))
    return [name or "" for name in _transposed(graph, names)]


def _given(node: Any, role: str) -> str | None:
    name: str | None = node.name
    if name is None or not pretty(name):
        return None
    if role == "parameter" and name in _SHORT and hasattr(node, "role"):
        return None
    return pretty(name)


def _letter(graph: Skeleton, index: int) -> str:
    node = graph.nodes[index]
    if node.name in _SHORT:
        return _SHORT[node.name]
    if node.is_leaf:
        single = getattr(node, "ndim", 0) < 2
        data = node.data if graph.roles[index] == "constant" else None
        if data is not None and _drops(np.asarray(whole(data))):
            return "mask"
        letter = _LEAVES.get(graph.roles[index], "x")
        return letter if single else letter.upper()
    if graph.roles[index] == "output":
        return "L"
    readers = {graph.nodes[reader].op.name for reader in graph.readers[index]}
    if node.op.name in ACTIVATIONS - {"softmax", "log_softmax"}:
        return "a"
    if readers and readers <= ACTIVATIONS:
        return "z"
    return _LETTERS.get(node.op.name, "v")


def _drops(data: np.ndarray[Any, Any]) -> bool:
    """Whether an array holds nothing but yes and no, or 0 and one number larger than 1."""
    if data.size < 2 or data.dtype.kind == "b":
        return data.size > 1
    if data.dtype.kind != "f":
        return False
    largest = data.max()
    return bool(largest > 1 and data.min() == 0 and ((data == 0) | (data == largest)).all())


def _transposed(graph: Skeleton, names: list[str | None]) -> list[str | None]:
    """A transpose without a name of its own is written as one: Wᵀ."""
    for index, node in enumerate(graph.nodes):
        if node.is_leaf or node.name is not None or graph.roles[index] != "op":
            continue
        operand = graph.operands[index][0] if graph.operands[index] else -1
        plain = node.op.name == "transpose" and node.params.get("axes") is None
        name = names[operand] or ""
        if plain and operand >= 0 and len(name) <= 4:
            names[index] = transposed_name(name)
    return names
