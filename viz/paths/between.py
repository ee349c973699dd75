"""What lies between a result and a node that it was computed from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

from autodiff.ops.primitive import Elementwise, Fused
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
        scalar: whether all of it are Values made of Values, so that slopes are numbers.
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
        return Between([], [], isinstance(root, Value))
    nodes: list[Any] = [node for node in order if node in depending]
    number = {node: index for index, node in enumerate(nodes)}
    scalar = isinstance(wrt, Value)
    uses: list[list[Use]] = [[]]
    for node in nodes[1:]:
        plain = isinstance(node, Value) and isinstance(node.op, Elementwise | Fused)
        scalar = scalar and plain
        needed = [i for i, parent in enumerate(node.parents) if parent.requires_grad]
        slopes = (
            [slope for _, slope in node.local_gradients()] if plain else [math.nan] * len(needed)
        )
        uses.append(
            [
                Use(number[node.parents[position]], position, slope)
                for position, slope in zip(needed, slopes, strict=True)
                if node.parents[position] in number
            ]
        )
    return Between(nodes, uses, scalar)
