"""Where a graph is the cross-entropy of a softmax, whose gradient is known by one formula."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autodiff.batching import whole
from viz.read.skeleton import Skeleton

__all__ = ["CrossEntropy", "cross_entropy"]


class CrossEntropy(NamedTuple):
    """A mean or a sum of cross-entropies, as a graph computes it.

    Attributes:
        loss: number of the node that it ends in.
        targets: number of the node with the targets; -1 where they are labels.
        rows: what it is divided by; 0 for a sum.
    """

    loss: int
    targets: int
    rows: int


def cross_entropy(graph: Skeleton, index: int) -> CrossEntropy | None:
    """The loss that begins at a node, if the gradient of what it reads is (p − y)/n.

    So it is for the mean over rows of the cross-entropy of a softmax, however it was written:
    by the function of that name, or by a logarithm of the softmax of which entries are taken.

    Args:
        graph: the structure of the live graph.
        index: number of a node that reads the logits.
    """
    node, targets = graph.nodes[index], -1
    name = "" if node.is_leaf else node.op.name
    if name == "softmax_cross_entropy":
        targets = graph.operands[index][1]
        given = _array(node.parents[1])
        if given is None or not _is_distribution(given, node.params.get("axis", -1)):
            return None
        rows, at, sign = int(np.prod(node.shape)), index, 1.0
    elif name == "label_cross_entropy" and _all_count(node):
        rows, at, sign = int(np.prod(node.shape)), index, 1.0
    elif name == "log_softmax" and len(graph.readers[index]) == 1:
        at = graph.readers[index][0]
        taken = graph.nodes[at]
        if _takes_labels(taken, node):
            sign = -1.0
        elif taken.op.name == "label_loss" and _all_count(taken) and _subtracts(taken, node):
            sign = 1.0
        else:
            return None
        rows = int(np.prod(taken.shape))
    else:
        return None
    return _averaged(graph, at, targets, rows, sign)


def _averaged(
    graph: Skeleton, at: int, targets: int, rows: int, scale: float
) -> CrossEntropy | None:
    """Follow what becomes of the rows as far as it is one number and a mean or sum of them."""
    single = False
    while True:
        if single and (scale == 1.0 or abs(scale * rows - 1.0) < 1e-6):
            divided = scale != 1.0
            if divided or rows == 1 or not _goes_on(graph, at):
                return CrossEntropy(at, targets, rows if divided else 0)
        following = _step(graph, at)
        if following is None:
            return None
        at, factor, reduces = following
        scale *= factor
        single = single or reduces


def _goes_on(graph: Skeleton, at: int) -> bool:
    following = _step(graph, at)
    return following is not None and following[1] != 1.0


def _step(graph: Skeleton, at: int) -> tuple[int, float, bool] | None:
    """The only reader, by which it multiplies, and whether it adds all elements up."""
    if len(graph.readers[at]) != 1:
        return None
    reader = graph.readers[at][0]
    node, before = graph.nodes[reader], graph.nodes[at]
    name = node.op.name
    if name == "negative":
        return reader, -1.0, False
    if name in ("sum", "mean") and not node.shape:
        size = int(np.prod(before.shape))
        return reader, 1.0 if name == "sum" else 1.0 / max(size, 1), True
    if name in ("multiply", "divide") and len(node.parents) == 2:
        place = graph.operands[reader].index(at)
        other = _array(node.parents[1 - place])
        if other is not None and other.size == 1 and not node.parents[1 - place].requires_grad:
            number = float(other.reshape(-1)[0])
            if name == "multiply":
                return reader, number, False
            if place == 0 and number:
                return reader, 1.0 / number, False
    return None


def _array(node: Any) -> Any:
    data = node.data
    return None if data is None else np.asarray(whole(data))


def _is_distribution(given: Any, axis: int) -> bool:
    return bool(np.allclose(given.sum(axis=axis), 1.0, atol=1e-6))


def _all_count(node: Any) -> bool:
    ignored = node.params.get("ignored")
    return ignored is None or not (np.asarray(node.params["labels"]) == ignored).any()


def _subtracts(taken: Any, scores: Any) -> bool:
    """Whether the node takes the scores of the labels away from a constant."""
    return taken.parents[1] is scores and not taken.parents[0].requires_grad


def _takes_labels(taken: Any, scores: Any) -> bool:
    """Whether a node takes one entry of each row of a matrix, in the order of the rows."""
    index = taken.params.get("index") if taken.op.name == "getitem" else None
    if not (isinstance(index, tuple) and len(index) == 2 and len(scores.shape) == 2):
        return False
    if scores.params.get("axis", -1) not in (1, -1):
        return False
    if any(isinstance(part, slice) or part is None or part is Ellipsis for part in index):
        return False
    rows, columns = map(np.asarray, index)
    return (
        rows.shape == columns.shape == scores.shape[:1]
        and columns.dtype.kind in "iu"
        and bool((rows == np.arange(len(rows))).all())
    )
