"""`vmap`: a function of one example as a function of many, carried out on all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array, is_plain
from autodiff.batching.array import BatchedArray, batched_parts
from autodiff.batching.axes import Axis, along, is_leaf, of_arguments, size_of
from autodiff.batching.batch import Batch
from autodiff.batching.shared_operands import Batches
from autodiff.dtypes import as_array
from autodiff.errors import BatchingError
from autodiff.graph.clock import next_sequence
from autodiff.graph.modes import current_mode, enter, leave
from autodiff.graph.node import Node
from autodiff.ops.engine import batching
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.trees import tree

__all__ = ["for_each", "vmap"]


def vmap(
    function: Callable[..., Any],
    in_axes: Any = 0,
    out_axes: Any = 0,
    axis_size: int | None = None,
) -> Callable[..., Any]:
    """A function of one example, mapped over the examples of a batch.

    The function runs once. What it is given stands for one example and has its shape; each
    operation is carried out on all examples together, without a loop in Python. It may be
    differentiated inside (gradients of every example) and outside, and mapped again.

    Args:
        function: takes and returns arrays, numbers, or trees of them (`autodiff.tree`).
        in_axes: which axis of the arguments the examples lie along: an integer for all
            arguments; or a tuple with an entry for each, an integer, None for what is the
            same for all examples, or a tree like the argument's. Keyword arguments are the
            same for all.
        out_axes: where the examples lie in the results: an integer, or a tree like that of the
            results. None: a result that is the same for all is given once.
        axis_size: the number of examples, needed only if no argument is mapped over.

    Returns:
        A function of the same arguments with the examples' axis. It gives tensors; arrays, if
        it was given arrays only and no gradient flows through the result.

    Raises:
        ShapeError: ``in_axes`` or ``out_axes`` do not fit what is given; the arguments hold
            different numbers of examples; there is none to map over.
        BatchingError: the function branched on a number of an example, drew random numbers,
            or did something else whose course or shape may differ between examples.

    Example:
        >>> import autodiff as ad
        >>> vmap(ad.dot)(np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([1., 4.])
        >>> loss = lambda w, x, y: ad.square(ad.dot(w, x) - y)
        >>> w, x, y = np.array([1.0, 2.0]), np.array([[1.0, 0.0], [1.0, 1.0]]), np.zeros(2)
        >>> vmap(ad.grad(loss), in_axes=(None, 0, 0))(w, x, y)
        array([[2., 0.],
               [6., 6.]])
    """

    @wraps(function)
    def mapped(*args: Any, **kwargs: Any) -> Any:
        leaves, structure = tree.flatten(args, is_leaf)
        axes = of_arguments(in_axes, args, structure)
        paths = [f"argument {path[1:].replace(']', '', 1)}" for path in tree.paths(args, is_leaf)]
        leaves = [
            as_array(x) if axis is not None and isinstance(x, list) else x
            for x, axis in zip(leaves, axes, strict=True)
        ]
        size = size_of(leaves, axes, paths, axis_size)
        batch = Batch(size, next_sequence())
        given = [_given(x, batch, axis) for x, axis in zip(leaves, axes, strict=True)]
        mode = current_mode()
        batches = Batches((*mode.batches, batch))
        token = enter(mode._replace(batches=batches))
        try:
            result = function(*tree.unflatten(structure, given), **kwargs)
            found, shape = tree.flatten(result)
            nodes = batches.share(tuple(map(_node, found)))
        finally:
            leave(token)
        result_axes = along(out_axes, shape, "out_axes")
        arrays_only = not any(isinstance(x, Node) for x in leaves)
        return tree.unflatten(shape, _results(nodes, result_axes, batch, arrays_only))

    return mapped


def _given(x: Any, batch: Batch, axis: Axis) -> Any:
    if axis is not None:
        return apply(batching.enter_batch, x, batch=batch, axis=axis)
    return as_operand(x) if is_array(x) and x.dtype.kind in "biufc" else x


def _node(x: Any) -> Tensor:
    found = constant(x) if isinstance(x, BatchedArray) else as_operand(x)
    return found


def _results(
    nodes: Sequence[Any], result_axes: Sequence[Axis], batch: Batch, arrays_only: bool
) -> list[Any]:
    found = []
    taken: set[int] = set()
    for node, axis in zip(nodes, result_axes, strict=True):
        if axis is None and any(part.interpreter is batch for part in batched_parts(node._data)):
            raise BatchingError(
                f"out_axes is None for a result of shape {node.shape} that is not the same for all "
                "examples; give the axis they shall lie along"
            )
        if not _leads_outside(node, batch):
            node = constant(node._data)
        y = apply(batching.leave_batch, node, batch=batch, axis=axis)
        plain = arrays_only and not y.requires_grad and is_array(y._data)
        found.append(_array(node._data, y._data, axis, taken) if plain else y)
    return found


def _array(batched: Any, result: Any, axis: Any, taken: set[int]) -> Any:
    """A result as an array of its own: not copied where nothing else refers to its memory."""
    value: Any = batched.value if isinstance(batched, BatchedArray) else None
    if not is_plain(value) or value.base is not None or id(value) in taken:
        return np.array(result)
    taken.add(id(value))
    return np.moveaxis(value, 0, axis)


def _leads_outside(root: Any, batch: Batch) -> bool:
    """Whether a gradient of the result reaches anything that is not of this call alone."""
    if not root.requires_grad:
        return False
    found, seen = [root], {root}
    for node in found:
        if node.sequence < batch.start:
            return True
        for parent in node.parents:
            if parent.requires_grad and parent not in seen:
                seen.add(parent)
                found.append(parent)
    return False


def for_each(function: Callable[[Any], Sequence[Any]], stack: Any) -> list[list[Any]]:
    """What a function of one array gives for each of a stack, carried out on all at once.

    Args:
        function: takes an array and returns several, or what is the same for all.
        stack: arrays along axis 0.

    Returns:
        A list of results for each.

    Example:
        >>> for_each(lambda x: [x + 1, 3.0], np.array([1.0, 2.0]))
        [[np.float64(2.0), 3.0], [np.float64(3.0), 3.0]]
    """
    batch = Batch(len(stack), next_sequence())
    mode = current_mode()
    token = enter(mode._replace(batches=Batches((*mode.batches, batch))))
    try:
        parts = function(batch.wrap(stack))
    finally:
        leave(token)
    columns = (p.value if isinstance(p, BatchedArray) else [p] * len(stack) for p in parts)
    return [list(row) for row in zip(*columns, strict=True)]
