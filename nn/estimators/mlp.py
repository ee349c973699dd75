"""The network that an estimator trains where no other is given."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff import random as library
from nn import layers as families
from nn.module.base import Module
from nn.module.parameter import Buffer
from nn.module.sequential import Sequential

__all__ = ["TabularMLP", "centre_and_scale"]

Array = np.ndarray[Any, Any]


def centre_and_scale(x: Array, weight: Array | None = None) -> tuple[Array, Array]:
    """Mean and standard deviation of each column, the latter 1 where a column is constant.

    Args:
        x: numbers of shape (N, D).
        weight: of the samples, of shape (N,); None for equal ones.

    Example:
        >>> centre_and_scale(np.array([[1.0, 5.0], [3.0, 5.0]]))
        (array([2., 5.]), array([1., 1.]))
    """
    wide = x.astype(np.float64, copy=False)
    mean = np.average(wide, axis=0, weights=weight)
    scale = np.sqrt(np.average((wide - mean) ** 2, axis=0, weights=weight))
    # What is left of a constant by rounding is no spread.
    constant = scale <= 10 * np.finfo(x.dtype).eps * np.abs(mean)
    return mean, np.where(constant | (scale == 0), 1.0, scale)


class TabularMLP(Module):
    """Standardises its inputs, and passes them through fully connected layers.

    ``W_L f(… f(W_1 (x − μ)/σ + b_1) …) + b_L`` with the activation f.

    Args:
        n_features: how many inputs there are.
        n_outputs: how many outputs there are.
        rng: a generator or a seed, for the first weights and the dropout.
        hidden: how many neurons each hidden layer has; one number for a single layer, () for
            none.
        activation: the name of a layer without required arguments, such as ``"ReLU"``.
        dropout: probability with which each hidden neuron is set aside while training.
        standardize: whether μ and σ are taken from the training data; else they are 0 and 1.

    Raises:
        ValueError: there is no such activation.

    Example:
        >>> model = TabularMLP(4, 3, 0, hidden=(16, 8), activation="Tanh")
        >>> model(np.zeros((5, 4))).shape
        (5, 3)
    """

    def __init__(
        self,
        n_features: int,
        n_outputs: int,
        rng: np.random.Generator | int | None = None,
        hidden: int | tuple[int, ...] = (100,),
        activation: str = "ReLU",
        dropout: float = 0.0,
        standardize: bool = True,
    ) -> None:
        super().__init__()
        kind = getattr(families, activation, None) if isinstance(activation, str) else None
        if not isinstance(kind, type):
            raise ValueError(
                f"activation must be the name of a layer, such as 'ReLU' or 'Tanh', not "
                f"{activation!r}"
            )
        rng = library.generator(rng)
        sizes = [n_features, *([hidden] if isinstance(hidden, int | np.integer) else hidden)]
        layers: list[Module] = []
        for size, following in pairwise(sizes):
            layers += [families.Linear(size, following, rng=rng), kind()]
            if dropout:
                layers.append(families.Dropout(dropout, rng=rng))
        self.standardize: bool = standardize
        self.layers: Sequential = Sequential(
            *layers, families.Linear(sizes[-1], n_outputs, rng=rng)
        )
        dtype = next(self.parameters()).dtype
        self.mean: Buffer = Buffer(np.zeros(n_features, dtype))
        self.scale: Buffer = Buffer(np.ones(n_features, dtype))

    def adapt(self, x: Array, weight: Array | None = None) -> None:
        """Take mean and spread from training data (N, D), whose samples may have weights."""
        if self.standardize:
            mean, scale = centre_and_scale(x, weight)
            self.mean = Buffer(mean.astype(self.mean.dtype))
            self.scale = Buffer(scale.astype(self.scale.dtype))

    def forward(self, input: Any) -> Tensor:
        """Logits or predictions (N, n_outputs) of inputs (N, n_features)."""
        outputs: Tensor = self.layers((input - self.mean) / self.scale)
        return outputs
