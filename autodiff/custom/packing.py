"""Recording an opaque operation with any number of results as one node of the graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.recorder import RECORDER
from autodiff.functions.shaping import joining
from autodiff.graph.conjugation import conjugated
from autodiff.graph.modes import current_mode, enter, leave, no_grad, strict
from autodiff.graph.node import Node
from autodiff.ops.opaque import opaque
from autodiff.sweeps.higher_order import gradient_nodes
from autodiff.sweeps.walk import walk
from autodiff.tensors.record import constant, record
from autodiff.tensors.tensor import Tensor
from autodiff.tensors.to_values import to_value
from autodiff.values.value import Value

__all__ = ["Push", "Rule", "pulled", "recorded"]

Rule = Callable[[list[Any], list[Any], Sequence[bool], bool], Sequence[Any]]
"""``rule(gs, ys, wanted, graph)``: cotangents of the operands for those of the results."""

Push = Callable[[list[Any], list[Any], bool], Sequence[Any]]
"""``push(tangents, ys, graph)``: tangents of the results for those of the operands."""


def recorded(
    name: str,
    results: Sequence[Any],
    operands: Sequence[Node],
    rule: Rule,
    reads: tuple[int | str, ...] = ("operands", "y"),
    push: Push | None = None,
    again: Callable[..., Any] | None = None,
) -> list[Any]:
    """The results of an opaque operation as nodes behind which its operands stand.

    Args:
        name: what the operation is called.
        results: constant Tensors; those of no floating type are given back as they are.
        operands: the nodes they depend on.
        rule: gives the cotangents of the operands; see `Rule`. It is called with Tensors,
            and with ``graph`` true it has to give Tensors that can be differentiated; the
            results ``ys`` are then nodes. It must not hold on to the nodes made here.
        reads: which numbers the rule needs unchanged.
        push: gives the tangents of the results; see `Push`. Without it the rule is transposed.
        again: computes the results anew for other operands, so that who wrote the rule can be
            told whether it is right by itself.

    Returns:
        A node for each result.
    """
    places = [i for i, y in enumerate(results) if y._data.dtype.kind in "fc"]
    if not places:
        return list(results)
    shapes = [results[i].shape for i in places]
    dtypes = [results[i].dtype for i in places]
    alone = len(places) == 1
    sizes = [math.prod(shape) for shape in shapes]
    starts = np.cumsum([0, *sizes]).tolist()

    def apart(whole: Any) -> list[Any]:
        if alone:
            return [whole]
        return [piece(whole, k) for k in range(len(places))]

    def piece(whole: Any, k: int) -> Any:
        # A step that changes nothing would be one more node in graphs and their pictures.
        part = whole[starts[k] : starts[k + 1]]
        part = part if part.shape == shapes[k] else part.reshape(shapes[k])
        return part if part.dtype == dtypes[k] else part.astype(dtypes[k])

    batches = current_mode().batches
    ages = [x.sequence for x in operands]

    def pull(xp: Any, g: Any, y: Any, values: Any, wanted: Sequence[bool]) -> list[Any]:
        # Within the mappings that the operation was met in, as in the forward pass.
        mode = current_mode()
        token = enter(mode._replace(batches=batches))
        try:
            parts = answered(xp, g, y, wanted)
        finally:
            leave(token)
        if not batches:
            return parts
        over = batches.without(mode.batches)
        return [
            part if part is None else over.sum(part, age)
            for part, age in zip(parts, ages, strict=True)
        ]

    def answered(xp: Any, g: Any, y: Any, wanted: Sequence[bool]) -> list[Any]:
        graph = xp is not arrays
        gs: list[Any] = [None] * len(results)
        ys = list(results)
        if graph:
            for i, part, result in zip(places, apart(g), apart(y), strict=True):
                gs[i], ys[i] = part, result
            with strict(0):
                return list(rule(gs, ys, wanted, True))
        with no_grad():
            for i, part in zip(places, apart(constant(g)), strict=True):
                gs[i] = part
            recorder = RECORDER.get()
            with nullcontext() if recorder is None else recorder.apart():
                return [_plain(part) for part in rule(gs, ys, wanted, False)]

    def pushed(xp: Any, along: Sequence[Any], y: Any) -> Any:
        assert push is not None
        graph = xp is not arrays
        ts = [t if t is None or graph else constant(t) for t in along]
        ys = list(results)
        if graph:
            for i, result in zip(places, apart(y), strict=True):
                ys[i] = result
            with strict(0):
                found = push(ts, ys, True)
        else:
            with no_grad():
                found = push(ts, ys, False)
        parts = [found[i].astype(dtype) for i, dtype in zip(places, dtypes, strict=True)]
        if alone:
            return parts[0] if graph else parts[0]._data
        whole = joining.concatenate([part.reshape(-1) for part in parts])
        return whole if graph else whole._data

    written: Any = pull
    written.again = again
    entry = opaque(name, reads)
    whole = (
        results[places[0]]
        if alone
        else joining.concatenate([results[i].reshape(-1) for i in places])
    )
    params = {"rule": pull} if push is None else {"rule": pull, "push": pushed}
    parts = apart(record(entry, whole._data, tuple(operands), params))
    found = list(results)
    for i, part in zip(places, parts, strict=True):
        found[i] = part
    return found


def _plain(part: Any) -> Any:
    return part._data if isinstance(part, Tensor) else getattr(part, "data", part)


def pulled(
    results: Sequence[Node], gs: Sequence[Any], inputs: Sequence[Node], since: int, graph: bool
) -> list[Any]:
    """The cotangents of inputs for those of results, nodes made before ``since`` as leaves.

    Args:
        results: roots; those that need no gradient are passed over.
        gs: the cotangent of each as a Tensor, or None.
        inputs: the nodes whose cotangents are wanted.
        since: nodes made before this number are not looked into.
        graph: give nodes that can be differentiated in turn.

    Returns:
        For each input a node (a number for a `Value` without ``graph``), or None where
        no result depends on it.
    """
    seeds: dict[Node, Any] = {}
    for root, g in zip(results, gs, strict=True):
        if g is not None and root.requires_grad:
            seeds[root] = seeds[root] + g if root in seeds else g
    if not seeds:
        return [None] * len(inputs)
    if graph:
        given = {root: conjugated(_as_kind(root, g)) for root, g in seeds.items()}
        nodes = dict(gradient_nodes(given, inputs, since))
        return [conjugated(nodes[x]) if x in nodes else None for x in inputs]
    plain = {root: float(g) if isinstance(root, Value) else g._data for root, g in seeds.items()}
    found = dict(walk(plain, inputs=inputs, since=since))
    return [_as_node(x, found[x]) if x in found else None for x in inputs]


def _as_node(x: Node, g: Any) -> Any:
    return g if isinstance(x, Value) else constant(g)


def _as_kind(root: Node, g: Any) -> Any:
    return to_value(g) if isinstance(root, Value) and isinstance(g, Tensor) else g
