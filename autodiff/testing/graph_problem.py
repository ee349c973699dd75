"""Problems whose gradient comes from the backward pass of a graph."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.dtypes import default_dtype, keep_precision
from autodiff.graph.modes import enable_grad, no_grad
from autodiff.random import generator
from autodiff.testing.outputs import Outputs
from autodiff.testing.problem import LowPrecision, Problem, same

__all__ = ["GraphProblem", "collect", "quiet", "untouched"]

Array = NDArray[np.float64]


@contextmanager
def quiet() -> Iterator[None]:
    """Double precision, no warnings of NumPy, and random numbers put back afterwards."""
    random = generator().bit_generator
    state = random.state
    try:
        with default_dtype(np.float64), keep_precision(), np.errstate(all="ignore"):
            yield
    finally:
        random.state = state


class GraphProblem(Problem):
    """A function of nodes; a subclass says how the nodes are made."""

    shape: tuple[int, ...]
    halves: bool

    @abstractmethod
    def graph(self, x: Array, *, lower: bool = False) -> tuple[list[Any], Outputs]:
        """Leaves that hold ``x``, and the result computed from them.

        Args:
            x: all entries of the inputs.
            lower: in the inputs' own precision instead of float64.
        """

    def value(self, x: Array) -> Array:
        """See `Problem.value`."""
        with no_grad():
            _, result = self.graph(x)
        self.shape, self.halves = result.shape, result.halves
        return result.vector

    def recorded(self, x: Array, *, lower: bool = False) -> tuple[list[Any], Outputs]:
        """What `graph` gives, with gradients recorded in any case."""
        with enable_grad():
            return self.graph(x, lower=lower)

    def fresh_value(self) -> Array:
        """See `Problem.fresh_value`."""
        return self.recorded(self.x)[1].vector

    def pull(self, x: Array, cotangents: Iterable[Array]) -> list[list[Any]]:
        """See `Problem.pull`."""
        nodes, result = self.recorded(x)
        found = []
        with untouched(result, nodes), quiet():
            for cotangent in cotangents:
                given = cotangent.copy()
                result.backward(given)
                if not same(given, cotangent):
                    self.changed.add("the cotangent")
                found.append(self.layout.halves(collect(nodes)))
        for name, array, node in zip(self.layout.names, self.layout.inputs(x), nodes, strict=True):
            if not same(np.asarray(node.data), array):
                self.changed.add(f"the input {name!r}")
        return found

    def pull_twice(self, cotangent: Array) -> list[Any] | None:
        """See `Problem.pull_twice`."""
        nodes, result = self.recorded(self.x)
        with untouched(result, nodes), quiet():
            result.backward(cotangent)
            result.backward(cotangent)
            return self.layout.halves(collect(nodes))

    def low_precision(self, cotangent: Array) -> LowPrecision | None:
        """See `Problem.low_precision`."""
        if all(argument.dtype.itemsize >= 8 for argument in self.layout.arguments):
            return None
        nodes, result = self.recorded(self.x, lower=True)
        with untouched(result, nodes), quiet():
            result.backward(cotangent)
            return LowPrecision(self.layout.halves(collect(nodes)), result.depth())


@contextmanager
def untouched(result: Outputs, nodes: Sequence[Any]) -> Iterator[None]:
    """Leave the gradients of leaves other than ``nodes`` (a model's parameters, say) as found."""
    mine = {id(node) for node in nodes}
    others = [leaf for leaf in result.leaves() if id(leaf) not in mine]
    before = [leaf._grad for leaf in others]
    try:
        yield
    finally:
        for leaf, gradient in zip(others, before, strict=True):
            leaf._grad = gradient


def collect(nodes: Sequence[Any]) -> list[Any]:
    """Take the gradients off leaves, which then have none."""
    found = [node._grad for node in nodes]
    for node in nodes:
        node._grad = None
    return found
