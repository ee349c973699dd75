"""Functions of Tensors and Values as problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.dtypes import as_array, default_dtype
from autodiff.errors import NonDifferentiableError
from autodiff.graph.node import Node
from autodiff.tensors.tensor import Tensor
from autodiff.testing.graph_problem import GraphProblem, quiet
from autodiff.testing.input_layout import InputLayout
from autodiff.testing.outputs import Outputs
from autodiff.testing.problem import name_of, names_of
from autodiff.values.value import Value

__all__ = ["FunctionProblem"]

Array = NDArray[np.float64]


class FunctionProblem(GraphProblem):
    """A function of nodes, at the given inputs.

    Args:
        function: takes one node for each input, returns a `Tensor` or `Value`.
        inputs: Tensors, Values, arrays, numbers. Floating and complex ones are differentiated for;
            if some nodes among them need a gradient, only those and bare arrays are.
        names: of the inputs.

    Raises:
        NonDifferentiableError: no input is of a floating or complex type.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        inputs: Sequence[Any],
        names: Sequence[str] | None = None,
    ) -> None:
        super().__init__()
        self.name: str = name_of(function)
        self.function = function
        every = names_of(function, inputs, names)
        selective = any(isinstance(x, Node) and x.requires_grad for x in inputs)
        self._template = [_given(x, selective) for x in inputs]
        self._moving = [i for i, (_, kind) in enumerate(self._template) if kind is not None]
        if not self._moving:
            raise NonDifferentiableError(
                f"none of the {len(inputs)} inputs of {self.name} is a floating-point or "
                "complex number, array or Tensor; give at least one to differentiate for"
            )
        arrays = [self._template[i][0] for i in self._moving]
        self.layout: InputLayout = InputLayout([every[i] for i in self._moving], arrays)
        self.x: Array = self.layout.join(self.layout.halves(arrays))

    def graph(self, x: Array, *, lower: bool = False) -> tuple[list[Any], Outputs]:
        """See `GraphProblem.graph`."""
        nodes = self._leaves(x, lower)
        inputs = [given for given, _ in self._template]
        for position, node in zip(self._moving, nodes, strict=True):
            inputs[position] = node
        with quiet():
            return nodes, Outputs(self.function(*inputs), self.name)

    def _leaves(self, x: Array, lower: bool) -> list[Any]:
        made: list[Any] = []
        layout = self.layout
        for name, array, position in zip(layout.names, layout.inputs(x), self._moving, strict=True):
            given, kind = self._template[position]
            if kind is Value:
                made.append(Value(float(array), name=name))
            else:
                dtype = given.dtype if lower else array.dtype
                made.append(Tensor(array, dtype, requires_grad=True, name=name))
        return made


def _given(x: Any, selective: bool) -> tuple[Any, Any]:
    """An input's array (or the input itself), and the kind of node it becomes, if any."""
    if isinstance(x, Value):
        return (np.asarray(x.data), Value) if x.requires_grad or not selective else (x, None)
    if isinstance(x, Tensor):
        moves = x.dtype.kind in "fc" and (x.requires_grad or not selective)
        return (x.numpy(), Tensor) if moves else (x, None)
    if isinstance(x, bool):
        return x, None
    if isinstance(x, int | float):
        return np.asarray(float(x)), Value
    with default_dtype(np.float64):
        array = as_array(x)
    return (array, Tensor) if array.dtype.kind in "fc" else (x, None)
