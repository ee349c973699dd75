"""The result of a function under test: one node or several, seen as one vector."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.functions.elementwise.complex_numbers import imag, real
from autodiff.functions.shaping.joining import stack
from autodiff.graph.node import Node
from autodiff.graph.order import topological_order
from autodiff.sweeps.backward import backward
from autodiff.tensors.operands import gathered
from autodiff.testing.problem import double, flat
from autodiff.values.value import Value

__all__ = ["Outputs"]

Array = NDArray[np.float64]


class Outputs:
    """The result of a function: one node, or several in a tuple or list.

    Complex numbers have their real and imaginary parts along a further, last axis.

    Args:
        result: what the function returned.
        name: of the function, for messages.

    Raises:
        TypeError: there is no node or number in it.
    """

    def __init__(self, result: Any, name: str) -> None:
        parts = list(result) if isinstance(result, tuple | list) else [result]
        self.single: bool = not isinstance(result, tuple | list)
        self.parts: list[Any] = []
        self.arrays: list[Any] = []
        halved = False
        for part in map(gathered, parts):
            data = part.data if isinstance(part, Node) else part  # type: ignore[attr-defined]
            try:
                array = double(data)
            except (TypeError, ValueError):
                raise TypeError(
                    f"{name} returned {type(part).__name__}, which is no Tensor, Value or number; "
                    "a function to check returns a Tensor or a Value (or a tuple of them)"
                ) from None
            halved = array.dtype.kind == "c"
            if halved:
                part = stack([real(part), imag(part)], axis=-1)
                array = np.asarray(part.data, np.float64)
            self.parts.append(part)
            self.arrays.append(array)
        self.halves = self.single and halved

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape, if the result is a single node; else that of all entries in a row."""
        return self.arrays[0].shape if self.single else (sum(a.size for a in self.arrays),)

    @property
    def vector(self) -> Array:
        """All numbers of the result."""
        return flat(np.concatenate([array.ravel() for array in self.arrays]))

    def roots(self) -> list[tuple[Node, slice]]:
        """The nodes that gradients flow from, with their place in the vector."""
        found = []
        start = 0
        for part, array in zip(self.parts, self.arrays, strict=True):
            if isinstance(part, Node) and part.requires_grad:
                found.append((part, slice(start, start + array.size)))
            start += array.size
        return found

    def backward(self, cotangent: Array, **how: Any) -> None:
        """One backward pass from all results, keeping the graph."""
        roots, seeds = [], []
        for node, place in self.roots():
            part = cotangent[place]
            shape = () if isinstance(node, Value) else node.shape  # type: ignore[attr-defined]
            roots.append(node)
            seeds.append(float(part[0]) if isinstance(node, Value) else part.reshape(shape))
        if len(roots) == 1:
            roots[0].backward(seeds[0], retain_graph=True, **how)
        elif roots:
            # Pass after pass, rounding would depend on the order of the passes.
            backward(roots, seeds, retain_graph=True, **how)

    def leaves(self) -> list[Any]:
        """The leaves that a backward pass may write gradients to."""
        roots = [node for node, _ in self.roots()]
        return [n for n in topological_order(*roots) if n.op is None and n.requires_grad]

    def depth(self) -> int:
        """The number of operations on the longest way from a leaf to a result."""
        depths: dict[Any, int] = {}
        for node in topological_order(*(node for node, _ in self.roots())):
            below = [depths[parent] for parent in node.parents]
            depths[node] = 1 + max(below) if below else 0
        return max(depths.values(), default=0)
