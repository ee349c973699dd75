"""All that a training step changes, as it was at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff.extending import raw
from nn.training.generators import generator_states, restore_generators

__all__ = ["Moment"]


class Moment:
    """Copies of tensors with their gradients, of an optimizer's state, and of generators' states.

    Args:
        tensors: parameters and buffers.
        optimizer: an optimizer of `nn.optim`.
        generators: by name.
    """

    def __init__(
        self, tensors: list[Tensor], optimizer: Any, generators: Mapping[str, np.random.Generator]
    ) -> None:
        self._optimizer = optimizer
        self._generators = generators
        self._tensors = [(t, raw(t), np.array(raw(t))) for t in tensors]
        self._gradients = [(t, _copied(t.grad)) for t in tensors]
        self._state = optimizer.state_dict()
        self._states = generator_states(generators)

    def restore(self) -> None:
        """Put everything back."""
        for tensor, array, copy in self._tensors:
            np.copyto(array, copy)
            tensor.data = array
        for tensor, gradient in self._gradients:
            tensor.grad = _copied(gradient)
        self._optimizer.load_state_dict(self._state)
        restore_generators(self._generators, self._states)


def _copied(gradient: Any) -> Any:
    if gradient is None or isinstance(gradient, Tensor):
        return gradient
    return np.array(gradient)
