"""One forward and backward pass, copied: what is left of it when the graph is gone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autodiff.batching import whole
from autodiff.graph.cuts import cut_of
from autodiff.graph.node import Node
from autodiff.sweeps.gradients import gradients as sweep
from autodiff.sweeps.released import ReleasedNode, released_graph
from viz.read.gradients import picture_gradients
from viz.read.names import name_all
from viz.read.skeleton import Skeleton, is_plain_number, plain_number, skeleton
from viz.text.formatting import clean
from viz.text.formulas import Operand, formula

__all__ = ["Pass", "PassNode", "snapshot"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class PassNode:
    """One node of a pass.

    Attributes:
        name: what pictures call it.
        called: the name that the user or a module gave it; empty for none.
        dotted: of a module's parameter its path, such as ``hidden1.weight``; else empty.
        op: name of the operation; empty for a leaf.
        params: the operation's parameters, as text by which they can be compared.
        operands: numbers of its operands.
        role: its part, as in `viz.model.ROLES`.
        shape: of its value.
        dtype: of its value, such as ``float32``.
        needs_gradient: whether gradients flow to it.
        value: a copy of its value; `None` where it is not known.
        gradient: the derivative of the result by it; `None` where none flows or is known.
        formula: how it was computed from its operands, such as ``x · W₁``; empty for a leaf.
        origin: file and line of the user's code that made it; `None` for a leaf.
        path: names of the modules around it, outermost first.
        cut: of a constant that was cut off from its history: how, such as ``detach``.
        cut_at: file and line of that.
    """

    name: str
    called: str
    dotted: str
    op: str
    params: str
    operands: tuple[int, ...]
    role: str
    shape: tuple[int, ...]
    dtype: str
    needs_gradient: bool
    value: Array | None
    gradient: Array | None
    formula: str = ""
    origin: tuple[str, int] | None = None
    path: tuple[str, ...] = ()
    cut: str = ""
    cut_at: tuple[str, int] | None = None

    @property
    def is_leaf(self) -> bool:
        """Whether no operation made it."""
        return not self.op

    @property
    def line(self) -> str:
        """Where it was made or cut off, such as ``net.py:12``; empty for other leaves."""
        place = self.origin or self.cut_at
        return "" if place is None else f"{Path(place[0]).name}:{place[1]}"


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """All nodes of a pass, operands before results; the last one is the result.

    Attributes:
        nodes: the nodes.
        label: what the pass is called.
        partial: whether numbers that are not there are unknown, rather than none.
    """

    nodes: tuple[PassNode, ...]
    label: str = ""
    partial: bool = False

    def __iter__(self) -> Iterator[PassNode]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __repr__(self) -> str:
        label = f" {self.label!r}" if self.label else ""
        return f"<Pass{label} of {len(self.nodes)} nodes to {self.nodes[-1].name}>"

    def readers(self) -> list[list[int]]:
        """For each node the numbers of those that read it, once per use."""
        found: list[list[int]] = [[] for _ in self.nodes]
        for number, node in enumerate(self.nodes):
            for operand in node.operands:
                found[operand].append(number)
        return found


def snapshot(root: Any, label: str = "", *, gradient: Any = None) -> Pass:
    """Copy a pass: the graph behind a node, its values, and the gradients of all its nodes.

    The gradients come from a sweep of its own, which changes no ``grad`` and releases nothing.
    What is copied stays as it is when parameters are updated, and does not hold the graph.

    Args:
        root: a `Value` or a `Tensor`, before `backward` has released its graph.
        label: what the pass is called in `diff`.
        gradient: the cotangent of the root to begin with; 1 by default, and needed for a
            `Tensor` of several entries.

    Returns:
        The pass. After an ordinary ``backward()`` it knows the structure, and the numbers of
        the leaves alone.

    Raises:
        TypeError: if ``root`` is no node.
        FreedGraphError: if `backward` has released the graph and nothing is known of it.
        NonScalarBackwardError: if the root has several entries and no ``gradient`` is given.

    Example:
        >>> import autodiff as ad
        >>> import viz
        >>> w = ad.Value(2.0, name="w")
        >>> before = viz.snapshot(w * w, "before")
        >>> before
        <Pass 'before' of 2 nodes to L>
        >>> before.nodes[0].gradient.item()
        4.0
    """
    if not isinstance(root, Node):
        raise TypeError(
            f"snapshot() was given {type(root).__name__!r}; give a Value or a Tensor that was "
            "computed from others, such as the loss"
        )
    graph = skeleton(released_graph(root), {}, constants=True, fold=False)
    nodes = graph.nodes
    gradients = _gradients(nodes, gradient)
    names = name_all(graph)
    number = {node: index for index, node in enumerate(nodes)}
    return Pass(
        tuple(
            PassNode(
                name=names[index],
                called=clean(node.name or ""),
                dotted=_dotted(graph, index),
                op="" if node.is_leaf else str(node.op.name),
                params="" if node.is_leaf else _params(node),
                operands=tuple(number[parent] for parent in node.parents),
                role=graph.roles[index],
                shape=tuple(getattr(node, "shape", ())),
                dtype=str(getattr(node, "dtype", "float64")),
                needs_gradient=bool(node.requires_grad),
                value=_copy(node.data),
                gradient=_copy(gradients.get(node)),
                formula=""
                if node.is_leaf
                else _formula(node, [names[number[p]] for p in node.parents]),
                origin=node.origin,
                path=graph.paths[index],
                **_cut(node),
            )
            for index, node in enumerate(nodes)
        ),
        label,
        partial=isinstance(nodes[-1], ReleasedNode),
    )


def _dotted(graph: Skeleton, index: int) -> str:
    """The path by which a module finds its parameter: the module's own name is not part of it."""
    node = graph.nodes[index]
    if not node.is_leaf or not node.name or not graph.paths[index]:
        return ""
    scopes = [graph.nodes[reader].scope for reader in graph.readers[index]]
    inside = [name for name, _ in scopes[0][1 : len(graph.paths[index])]] if scopes else []
    return clean(".".join([*inside, node.name]))


def _gradients(nodes: list[Any], gradient: Any) -> dict[Any, Any]:
    root = nodes[-1]
    if isinstance(root, ReleasedNode):
        return picture_gradients(root, nodes, wanted=None)
    if not root.requires_grad:
        return {}
    return dict(sweep(root, gradient))


def _cut(node: Any) -> dict[str, Any]:
    found = cut_of(node) if node.is_leaf else None
    return {} if found is None else {"cut": found.kind, "cut_at": found.origin}


def _formula(node: Any, names: list[str]) -> str:
    """Numbers that have no name of their own are written out."""
    operands: list[Operand] = [
        plain_number(parent) if is_plain_number(parent) else name
        for parent, name in zip(node.parents, names, strict=True)
    ]
    return formula(node.op, operands, node.params)


def _copy(data: Any) -> Array | None:
    if data is None:
        return None
    data = getattr(data, "data", data) if isinstance(data, Node) else data
    return np.array(whole(data))


def _params(node: Any) -> str:
    """Settings of an operation as text: equal settings give equal text, in any run."""
    return ", ".join(f"{key}={_told(entry)}" for key, entry in sorted(node.params.items()))


def _told(entry: Any) -> str:
    if isinstance(entry, np.ndarray):
        return f"array({entry.dtype}, {entry.shape}, {np.ascontiguousarray(entry).tobytes().hex()})"
    if isinstance(entry, tuple | list):
        return f"({', '.join(map(_told, entry))})"
    if isinstance(entry, dict):
        return f"{{{', '.join(f'{key}: {_told(entry[key])}' for key in sorted(entry))}}}"
    if isinstance(entry, float) and math.isnan(entry):
        return "nan"
    if callable(entry) and hasattr(entry, "__qualname__"):
        return str(entry.__qualname__)
    plain = (
        str,
        int,
        float,
        complex,
        bool,
        slice,
        np.generic,
        type(None),
        type(Ellipsis),
        np.dtype,
    )
    return repr(entry) if isinstance(entry, plain) else type(entry).__name__
