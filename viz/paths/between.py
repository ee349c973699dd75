"""What lies between a result and a node that it was computed from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from autodiff.backends.kinds import is_stand_in
from autodiff.graph.staleness import check_stale
from autodiff.ops.primitive import Elementwise, Fused
from autodiff.sweeps.pullbacks import Sweep, pull
from autodiff.sweeps.walk import leading_to, reached
from autodiff.values.value import Value

__all__ = ["Between", "Use", "between"]


class Use(NamedTuple):
    """One operand of one node, and the derivative of the node by it.

    Attributes:
        operand: number of the operand.
        position: which operand of the node it is, from 0.
        slope: the local derivative.
    """

    operand: int
    position: int
    slope: float


@dataclass(slots=True)
class Between:
    """The nodes on the paths from a result back to a node, by numbers.

    Attributes:
        nodes: operands before results: the node that is differentiated by comes first, the
            result last. Empty if no gradient of the result reaches that node.
        uses: for each node those of its operands that are among the nodes. ``x * x`` uses x twice.
            Of tensors there are no slopes: they are NaN.
        scalar: whether all of it are numbers made of numbers, so that slopes are numbers.
    """

    nodes: list[Any]
    uses: list[list[Use]]
    scalar: bool

    def __len__(self) -> int:
        return len(self.nodes)


def between(root: Any, wrt: Any) -> Between:
    """The part of a graph through which the gradient of ``root`` reaches ``wrt``.

    Args:
        root: a `Value` or a `Tensor`.
        wrt: a node that it was computed from, or any other node.

    Raises:
        FreedGraphError: if `backward` has released the graph.

    Example:
        >>> import autodiff as ad
        >>> x, y = ad.Value(3.0), ad.Value(4.0)
        >>> part = between((x + y) * x, x)
        >>> [use for uses in part.uses for use in uses]  # doctest: +NORMALIZE_WHITESPACE
        [Use(operand=0, position=0, slope=1.0), Use(operand=1, position=0, slope=3.0),
         Use(operand=0, position=1, slope=7.0)]
    """
    order = reached([root], wrt.sequence)
    depending = leading_to([wrt], order)
    if root not in depending:
        return Between([], [], _single(root) and _single(wrt))
    nodes: list[Any] = [node for node in order if node in depending]
    number = {node: index for index, node in enumerate(nodes)}
    scalar = _single(wrt)
    uses: list[list[Use]] = [[]]
    for node in nodes[1:]:
        slopes = _slopes(node)
        scalar = scalar and slopes is not None
        uses.append(
            [
                Use(number[parent], position, math.nan if slopes is None else slopes[position])
                for position, parent in enumerate(node.parents)
                if parent in number
            ]
        )
    return Between(nodes, uses, scalar)


def _slopes(node: Any) -> list[float] | None:
    """The derivatives of a number by its operands; None if arrays take part."""
    if isinstance(node, Value):
        if not isinstance(node.op, Elementwise | Fused):
            return None
        found = iter(node.local_gradients())
        return [next(found)[1] if parent.requires_grad else 0.0 for parent in node.parents]
    if not isinstance(node.op, Elementwise) or not all(map(_single, (node, *node.parents))):
        return None
    check_stale(node)
    shares = pull(node, np.ones(()), Sweep())
    return [0.0 if share is None else float(share) for share in shares]


def _single(node: Any) -> bool:
    """Whether a node is one number in double precision, as a `Value` is."""
    if isinstance(node, Value):
        return True
    # Within a mapping it has one for each example.
    return node.shape == () and node.dtype == np.float64 and not is_stand_in(node.data)
