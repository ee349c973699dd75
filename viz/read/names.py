"""Names for every card: the user's own where there is one, else a letter that tells."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.batching import whole
from viz.read.placed_names import placed
from viz.read.skeleton import Skeleton
from viz.text.formatting import clean, pretty, subscript, transposed_name

__all__ = ["ACTIVATIONS", "name_all", "path_of"]

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
_OF_NORMS = {"weight": "γ", "bias": "β"}
_LEAVES = {"input": "x", "variable": "x", "parameter": "w", "constant": "c"}


def name_all(graph: Skeleton) -> list[str]:
    """A name for each node, and no name twice.

    The user's names are kept, an index in them set as a subscript; a node without one is called
    by the variable of the user's program that holds it. A module's ``weight`` and ``bias`` are
    called W and b, those of a normalisation γ and β, and outside every frame by their path. The
    rest get a letter by what they are: products p, sums s, matrix products m, what enters an
    activation z and what leaves it a, the result L, and a constant that drops entries mask.
    What several nodes are called is numbered in order of creation.
    """
    given = [_given(graph, index) for index in range(len(graph.nodes))]
    names: list[str | None] = [None] * len(given)
    taken: set[str] = set()
    _give(graph, names, taken, given)
    called = [
        pretty(name) if name and given[i] is None else None for i, name in enumerate(graph.called)
    ]
    others = taken.union(name for name in called if name is not None)
    for name, members in _groups(called):
        # A variable that was assigned anew is numbered, unless that gives another one's name.
        numbered = [_numbered(name, count) for count in range(1, len(members) + 1)]
        if not (others.isdisjoint(numbered) if len(members) > 1 else name not in taken):
            for index in members:
                called[index] = None
    _give(graph, names, taken, called)
    letters = [
        _letter(graph, index) if names[index] is None else None for index in range(len(names))
    ]
    _give(graph, names, taken, letters)
    return [name or "" for name in _transposed(graph, names)]


def _give(
    graph: Skeleton, names: list[str | None], taken: set[str], wanted: list[str | None]
) -> None:
    """Give every node the name wanted for it, with an index where several want the same.

    Nodes of a network have those of their layer and neuron then: w₁ is w⁽²⁾₃₁ in the third
    neuron of the second layer.
    """
    for index, name in placed(wanted, graph.places).items():
        if name not in taken:
            names[index] = name
            taken.add(name)
    rest = [name if names[index] is None else None for index, name in enumerate(wanted)]
    for name, members in _groups(rest):
        _number(names, taken, name, members)


def _groups(names: list[str | None]) -> list[tuple[str, list[int]]]:
    """Each name with the numbers of the nodes that have it."""
    found: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name is not None:
            found.setdefault(name, []).append(index)
    return list(found.items())


def _number(names: list[str | None], taken: set[str], name: str, members: list[int]) -> None:
    """Give a name to all its members, with an index where there are several."""
    if len(members) == 1 and name not in taken:
        names[members[0]] = name
        taken.add(name)
        return
    count = 1
    for index in members:
        while _numbered(name, count) in taken:
            count += 1
        names[index] = _numbered(name, count)
        taken.add(_numbered(name, count))


def _numbered(name: str, count: int) -> str:
    return f"{name} ({count})" if name[-1:].isdigit() else name + subscript(count)


def _given(graph: Skeleton, index: int) -> str | None:
    node, role = graph.nodes[index], graph.roles[index]
    name: str | None = node.name
    if name is None or not pretty(name):
        return None
    if role == "parameter" and name in _SHORT and hasattr(node, "role"):
        return (
            None
            if graph.paths[index] or "." not in path_of(graph, index)
            else (path_of(graph, index))
        )
    return pretty(name)


def path_of(graph: Skeleton, index: int) -> str:
    """What a module's parameter is called in its model, such as ``hidden1.weight``.

    The outermost module is the model. Empty for what is no parameter of a module.
    """
    node = graph.nodes[index]
    if not hasattr(node, "role") or node.name is None:
        return ""
    for reader in graph.readers[index]:
        if graph.nodes[reader].scope:
            return clean(
                ".".join([*(name for name, _ in graph.nodes[reader].scope[1:]), node.name])
            )
    return clean(node.name)


def _normalises(graph: Skeleton, index: int) -> bool:
    """Whether a parameter is that of a normalisation."""
    scopes = [graph.nodes[reader].scope for reader in graph.readers[index]]
    return any("Norm" in text for scope in scopes if scope for text in scope[-1])


def _letter(graph: Skeleton, index: int) -> str:
    node = graph.nodes[index]
    if node.name in _SHORT:
        letters = _OF_NORMS if _normalises(graph, index) else _SHORT
        return letters[node.name]
    readers = {graph.nodes[reader].op.name for reader in graph.readers[index]}
    if node.is_leaf:
        single = getattr(node, "ndim", 0) < 2
        data = node.data if graph.roles[index] == "constant" else None
        if data is not None and _drops(np.asarray(whole(data))):
            return "mask"
        if readers == {"softmax_cross_entropy"} and not node.requires_grad:
            return "y"
        letter = _LEAVES.get(graph.roles[index], "x")
        if letter == "w" and readers and readers <= {"add", "total"}:
            letter = "b"
        return letter if single else letter.upper()
    if graph.roles[index] == "output":
        return "L"
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
