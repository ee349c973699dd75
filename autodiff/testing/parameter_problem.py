"""The parameters of a model, or of any computation without arguments, as a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.graph_problem import GraphProblem, quiet
from autodiff.testing.input_layout import InputLayout
from autodiff.testing.outputs import Outputs
from autodiff.values.value import Value

__all__ = ["ParameterProblem"]

Array = NDArray[np.float64]


class ParameterProblem(GraphProblem):
    """A computation that reads leaves; use inside `in_double_precision`.

    Args:
        closure: computes the result, a `Tensor` or `Value`.
        parameters: the leaves, by name. One that occurs twice is checked once.
        state: other tensors that the computation changes, and that are put back.
        name: of the computation.

    Raises:
        ValueError: there is no parameter that needs a gradient.
    """

    def __init__(
        self,
        closure: Callable[[], Any],
        parameters: Mapping[str, Any],
        state: Sequence[Any] = (),
        name: str = "closure",
    ) -> None:
        super().__init__()
        self.name = name
        self._closure = closure
        unique = {
            id(p): (key, p) for key, p in reversed(list(parameters.items())) if p.requires_grad
        }
        chosen = list(reversed(unique.values()))
        if not chosen:
            raise ValueError(
                f"none of the {len(parameters)} parameters given needs a gradient; "
                "give leaves made with requires_grad=True"
            )
        self._leaves = [p for _, p in chosen]
        self._own = [_data(p) for p in self._leaves]
        self._grads = [p._grad for p in self._leaves]
        self._state = [(tensor, tensor._data, tensor._data.copy()) for tensor in state]
        self.layout: InputLayout = InputLayout(
            [key for key, _ in chosen], [np.asarray(d) for d in self._own]
        )
        self.x: Array = self.layout.join(self.layout.halves(self._own))

    @contextmanager
    def in_double_precision(self) -> Iterator[None]:
        """Inside, the leaves hold what is being tried; afterwards, all is as it was."""
        for leaf in self._leaves:
            leaf._grad = None
        try:
            yield
        finally:
            for leaf, data, gradient in zip(self._leaves, self._own, self._grads, strict=True):
                _set(leaf, data)
                leaf._grad = gradient
            for tensor, data, saved in self._state:
                data[...] = saved
                _set(tensor, data)

    def graph(self, x: Array, *, lower: bool = False) -> tuple[list[Any], Outputs]:
        """See `GraphProblem.graph`."""
        values = self._own if lower else self.layout.inputs(x.copy())
        for leaf, data in zip(self._leaves, values, strict=True):
            _set(leaf, data)
        for tensor, _, saved in self._state:
            _set(tensor, saved.copy())
        with quiet():
            return self._leaves, Outputs(self._closure(), self.name)


def _data(leaf: Any) -> Any:
    return leaf.data if isinstance(leaf, Value) else leaf._data


def _set(leaf: Any, data: Any) -> None:
    if isinstance(leaf, Value):
        leaf.data = float(data)
        return
    # Not through the property: that would keep the leaf's own, perhaps lower, precision, and
    # would make older graphs stale although everything is put back in the end.
    leaf._data = data
