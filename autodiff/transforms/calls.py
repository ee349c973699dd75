"""One call of a function that is being transformed: its variables, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_numeric
from autodiff.dtypes import as_array
from autodiff.errors import NonDifferentiableError, ShapeError
from autodiff.graph.clock import next_sequence
from autodiff.graph.node import Node
from autodiff.tensors.operands import gathered, to_tensor
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.tensors.to_values import to_value
from autodiff.transforms.arguments import Variables, as_given, plain, settled
from autodiff.transforms.nesting import enclosed, recorded, uses_outside, within_transform
from autodiff.trees import tree
from autodiff.values.value import Value, lift

__all__ = ["Call", "fitted"]


class Call:
    """A function's result for variables of its own.

    Attributes:
        arguments: the variables of each argument; None for one that does not vary.
        aux: what the function returned beside the result.
        record: derivatives are to be nodes.
        results: the leaves of the result, with tensors for arrays of nodes.
        shape: the structure of the result.
        since: the number of the clock from which on all belongs to this call.
    """

    __slots__ = ("arguments", "aux", "nodes_given", "record", "results", "shape", "since")

    shape: tree.Structure
    record: bool
    nodes_given: bool

    def __init__(
        self,
        function: Callable[..., Any],
        args: Sequence[Any],
        *,
        has_aux: bool = False,
        fixed: Sequence[bool] | None = None,
        also: Any = None,
        names: Sequence[str] | None = None,
    ) -> None:
        """Call the function.

        Args:
            function: takes trees of nodes.
            args: trees of numbers, arrays and nodes.
            has_aux: the function returns a pair, of which only the first counts.
            fixed: for each argument whether it is handed over as it is.
            also: what else derivatives depend on, such as tangents.
            names: what the arguments are called in messages.
        """
        leaves = tree.leaves((tuple(args), also))
        self.record = recorded(leaves)
        self.nodes_given = any(isinstance(x, Node) for x in leaves)
        self.since: int = next_sequence()
        fixed = fixed or [False] * len(args)
        names = names or [f"argument {i}" for i in range(len(args))]
        with within_transform():
            self.arguments: list[Variables | None] = [
                None if keep else Variables(arg, name, record=self.record)
                for arg, name, keep in zip(args, names, fixed, strict=True)
            ]
            given = [
                arg if one is None else one.tree
                for arg, one in zip(args, self.arguments, strict=True)
            ]
            result = function(*given)
            self.aux: Any = None
            if has_aux:
                result, self.aux = pair(result, function)
            results, self.shape = tree.flatten(result)
            self.results: list[Any] = [gathered(x) for x in results]
        if not self.record and uses_outside(self.results, self.since):
            self.record = self.nodes_given = True

    @property
    def variables(self) -> list[Any]:
        """The nodes of all arguments."""
        return [node for one in self.arguments if one is not None for node in one.nodes]

    def output(self) -> Any:
        """The result as it is handed to the caller: numbers and arrays unless nodes are due."""
        result = tree.unflatten(self.shape, self.results)
        return result if self.record else settled(result, nodes=self.nodes_given)

    def outputs(self, derivative: Callable[..., Any]) -> tuple[Any, ...]:
        """What a transform gives: the result, something that differentiates, and ``aux``."""
        return self.output(), derivative, self.aux_output()

    def aux_output(self) -> Any:
        """What the function returned beside its result, as it is handed to the caller."""
        return self.aux if self.record else settled(self.aux, nodes=self.nodes_given)

    def differentiable(self) -> list[Any]:
        """The nodes among the results that depend on something."""
        return [x for x in self.results if isinstance(x, Node) and x.requires_grad]

    def recorded_with(self, leaves: Sequence[Any]) -> bool:
        """Whether derivatives along what is given now are to be nodes."""
        return recorded(leaves) or (self.record and recorded(self.variables))

    def tangent_output(self, found: Sequence[Any], *, record: bool, along: Sequence[Any]) -> Any:
        """The tangents of all results, None for zero, as they are handed to the caller."""
        nodes_given = self.nodes_given or any(isinstance(t, Node) for t in along)
        keep = record and (enclosed() or nodes_given)
        parts = []
        for result, t in zip(self.results, found, strict=True):
            if t is None:
                t = _no_tangent(result)
            like = result if nodes_given or not isinstance(result, Node) else plain(result)
            parts.append(as_given(t, like, keep=keep) if isinstance(result, Node) else t)
        return tree.unflatten(self.shape, parts)


def pair(result: Any, function: Any) -> tuple[Any, Any]:
    """The result and what comes beside it, of a function said to return both."""
    if isinstance(result, tuple) and len(result) == 2:
        return result
    name = getattr(function, "__name__", "the function")
    raise TypeError(f"has_aux=True, so {name} must return a pair (result, aux), not {result!r}")


def _no_tangent(result: Any) -> Any:
    if isinstance(result, Tensor):
        return np.zeros_like(result._data)
    if isinstance(result, (Value, int, float)):
        return 0.0
    return np.zeros_like(result) if is_numeric(result) else None


def fitted(given: Any, node: Any, what: Callable[[], str], *, record: bool) -> Any:
    """A tangent or a cotangent for a node: an array or a float; a node, if recorded.

    Args:
        given: a number, an array, a node; None stays None.
        node: what it belongs to.
        what: says what it is, for messages.
        record: give a node.

    Raises:
        ShapeError: it does not have the node's shape.
        NonDifferentiableError: it is complex, and the node is real.
    """
    if given is None:
        return None
    if isinstance(node, Value):
        size = np.size(plain(given)) if not isinstance(given, (str, bytes)) else 0
        if size != 1 or np.ndim(plain(given)) != 0 or np.iscomplexobj(plain(given)):
            raise ShapeError(f"{what()} is {given!r}; give one real number")
        if not record:
            return float(plain(given))
        if isinstance(given, Tensor):
            return to_value(given)
        return lift(given)
    dtype = node._data.dtype
    if isinstance(given, Node):
        found: Any = to_tensor(given, np.finfo(dtype).dtype) if isinstance(given, Value) else given
    else:
        # A bare number is as exact as what it belongs to.
        known = hasattr(given, "dtype") or np.iscomplexobj(given)
        found = constant(as_array(given, None if known else dtype, copy=False))
    if found.shape != node.shape:
        raise ShapeError(f"{what()} has shape {found.shape}, expected {node.shape}")
    if found.dtype.kind == "c" and dtype.kind != "c":
        raise NonDifferentiableError(
            f"{what()} is complex ({found.dtype}), but what it belongs to is real ({dtype}); give "
            "real numbers"
        )
    if found.dtype != dtype:
        found = found.astype(dtype)
    return found if record else found._data
