"""The two makers of tensors: the result of an operation, and a constant.

Recording is the hot path of eager work, so it is written for few Python steps: one new node
with its slots filled.
"""

from __future__ import annotations

from collections.abc import Callable
from sys import _getframe
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_stand_in
from autodiff.backends.recorder import RECORDER
from autodiff.graph.clock import next_sequence
from autodiff.graph.cuts import CUT, cut_in_passing, note_cut
from autodiff.graph.finiteness import check_result
from autodiff.graph.modes import ORDINARY, current_mode
from autodiff.graph.node import Node
from autodiff.graph.origin import is_library, user_frame
from autodiff.graph.saved_parameters import saved_parameters
from autodiff.graph.staleness import viewed_leaf
from autodiff.graph.switches import switches
from autodiff.ops.primitive import Primitive
from autodiff.ops.shaping import shape
from autodiff.tensors.operand_errors import complex_refused, parameter_refused
from autodiff.tensors.tensor import Tensor

__all__ = ["answer", "constant", "record"]

_ndarray = np.ndarray
_new: Callable[..., Any] = Tensor.__new__


def record(entry: Primitive, data: Any, operands: tuple[Any, ...], params: Any = None) -> Any:
    """A node for a computed result, linked to its operands if gradients are wanted.

    Args:
        entry: what was computed.
        data: the result.
        operands: the nodes it was computed from.
        params: the operation's keyword parameters.

    Returns:
        The node; a constant where no operand needs a gradient.

    Raises:
        NonDifferentiableError: the operation compares numbers, and these are complex.
    """
    if data.__class__ is not _ndarray:
        if isinstance(data, (np.generic, float, int)):
            data = np.asarray(data)
        elif isinstance(data, Node):
            raise parameter_refused(entry, params)
        elif (recorder := RECORDER.get()) is not None:
            # A step is being recorded: it is told whose calls the latest ones were.
            recorder.operation(entry)
    node = _new(Tensor)
    node._data = data
    node._grad = None
    node.sequence = next_sequence()
    cut = None
    for operand in operands:
        if operand.requires_grad:
            mode = current_mode()
            # Most code runs in the ordinary mode: then one look says all of it.
            altered = mode is not ORDINARY
            if altered and (block := mode.block) is not None:
                # Of the block alone: who switches recording off wants speed.
                cut = block, operand.sequence, entry, operand.op
                break
            if not entry.differentiable:
                cut = cut_in_passing(entry, operand)
                break
            if data.dtype.kind != "f":
                if data.dtype.kind != "c":
                    cut = cut_in_passing(entry, operand)
                    break
                if entry.ordered:
                    raise complex_refused(entry)
                if entry.of_one_kind:
                    operands = _of_one_kind(operands)
                    node.sequence = next_sequence()
            if altered:
                if mode.scope:
                    node._extras = {"scope": mode.scope}
                if mode.batches:
                    operands = mode.batches.share(operands, entry)
                    node.sequence = next_sequence()
            node.op = entry
            node.parents = operands
            node.requires_grad = True
            if params is not None:
                node._params = saved_parameters(params, entry.keeps) if entry.keeps else params
            frame = _getframe(2)
            if is_library(frame.f_code.co_filename, True):
                frame = user_frame(2)
            node._code = frame.f_code
            node._instruction = frame.f_lasti
            if altered and mode.anomaly:
                check_result(entry, node, operands)
            return node
        if operand.parents is CUT:
            cut = operand._cut
    if data.base is not None:
        # A view: written into, it would change its operand unnoticed, and it changes with it.
        data.flags.writeable = False
        node._extras = {"viewed": viewed_leaf(operands[0])}
    node.op = None
    node._result_of = entry
    if cut is None:
        node.parents = ()
    else:
        node._cut = cut
        node.parents = CUT
    node.requires_grad = False
    if switches.anomaly and current_mode().anomaly:
        check_result(entry, node, operands)
    return node


def _of_one_kind(operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """Real operands beside complex ones, made complex as nodes of their own."""
    dtype = np.result_type(*(x._data.dtype for x in operands))
    entry, params = shape.astype, {"dtype": dtype}
    return tuple(
        x
        if x._data.dtype.kind == "c"
        else record(entry, entry.forward(arrays, x._data, **params), (x,), params)
        for x in operands
    )


def constant(array: Any) -> Tensor:
    """A tensor outside the graph around an array that nobody else changes."""
    node = _new(Tensor)
    node._data = array
    node._grad = None
    node.op = None
    node.parents = ()
    node.requires_grad = False
    node.sequence = next_sequence()
    return node  # type: ignore[no-any-return]


def answer(result: Any, source: Any = None, operation: str = "") -> Tensor:
    """A constant around what NumPy gave: an array, a number, or a stand-in for one.

    Args:
        result: what it gave.
        source: the node of which it tells something that has no derivative.
        operation: the name of what was asked.

    Example:
        >>> answer(np.int64(3)).item()
        3
    """
    node = constant(result if is_stand_in(result) else np.asarray(result))
    if source is not None:
        note_cut(node, source, "no derivative", operation)
    return node
