"""The work: seeded data and sizes, free of any engine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def two_moons(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Two interleaved half circles with normal noise.

    Args:
        samples: How many points, over both moons.
        noise: Standard deviation of the noise.
        rng: Where the noise and the order come from.

    Returns:
        The points, float64 of shape (samples, 2), and their labels, −1 or +1.
    """
    outer = samples // 2
    angles = np.concatenate([np.linspace(0, np.pi, outer), np.linspace(0, np.pi, samples - outer)])
    labels = np.repeat([-1.0, 1.0], [outer, samples - outer])
    upper = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    lower = np.stack([1 - np.cos(angles), 0.5 - np.sin(angles)], axis=1)
    points = np.where(labels[:, None] < 0, upper, lower) + rng.normal(0, noise, (samples, 2))
    order = rng.permutation(samples)
    return points[order], labels[order]


@dataclass(frozen=True)
class Moons:
    """One training step of micrograd's demo: max-margin loss, L2 penalty, plain SGD."""

    samples: int = 100
    sizes: tuple[int, ...] = (2, 16, 16, 1)
    rate: float = 0.1
    decay: float = 1e-4

    @cached_property
    def data(self) -> tuple[Array, Array]:
        """Points (samples, 2) and labels ±1, float64."""
        return two_moons(self.samples, 0.1, np.random.default_rng(1337))

    @cached_property
    def parameters(self) -> list[Array]:
        """Weight (out, in) and bias (out,) of each layer in turn, float64."""
        rng = np.random.default_rng(7)
        layers = zip(self.sizes, self.sizes[1:], strict=False)
        return [p for i, o in layers for p in (rng.uniform(-1, 1, (o, i)), np.zeros(o))]


@dataclass(frozen=True)
class Chain:
    """A chain of scalars, `y = y * w + b` over and over: one long path of nodes."""

    operations: int = 100_000

    @property
    def turns(self) -> int:
        """How often `y * w + b` is applied."""
        return self.operations // 2

    @property
    def parameters(self) -> list[Array]:
        """The start `y`, then `w` and `b`, as 0-d float64 arrays."""
        return [np.array(1.0), np.array(0.9999), np.array(0.01)]


@dataclass(frozen=True)
class Wide:
    """A wide graph of scalars: products of leaves, added up pairwise, and their mean."""

    operations: int = 100_000
    leaves: int = 100

    @property
    def products(self) -> int:
        """How many products; with the additions and the last division they are all operations."""
        return self.operations // 2

    @cached_property
    def pairs(self) -> tuple[list[int], list[int]]:
        """Which leaf of the left and which of the right list each product takes."""
        rng = np.random.default_rng(3)
        left, right = rng.integers(0, self.leaves, (2, self.products)).tolist()
        return left, right

    @cached_property
    def parameters(self) -> list[Array]:
        """The left and the right leaves, float64 of shape (leaves,)."""
        rng = np.random.default_rng(4)
        return [rng.uniform(0.5, 1.5, self.leaves), rng.uniform(0.5, 1.5, self.leaves)]


@dataclass(frozen=True)
class Small:
    """`tanh(x * y + x).sum()` and its backward on little float32 arrays: call overhead."""

    shape: tuple[int, ...]

    @cached_property
    def parameters(self) -> list[Array]:
        """The operands `x` and `y`, float32."""
        rng = np.random.default_rng(5)
        return [rng.standard_normal(self.shape).astype(np.float32) for _ in range(2)]


@dataclass(frozen=True)
class MLP:
    """One training step of a ReLU classifier with softmax cross-entropy, in float32."""

    batch: int
    optimizer: str = "sgd"
    sizes: tuple[int, ...] = (784, 256, 128, 10)

    @property
    def rate(self) -> float:
        """Learning rate; momentum is 0.9, Adam's betas are 0.9 and 0.999, its eps 1e-8."""
        return 0.01 if self.optimizer == "sgd" else 1e-3

    @cached_property
    def data(self) -> tuple[Array, NDArray[np.int64]]:
        """Inputs (batch, features) and class indices (batch,)."""
        rng = np.random.default_rng(6)
        inputs = rng.standard_normal((self.batch, self.sizes[0])).astype(np.float32)
        return inputs, rng.integers(0, self.sizes[-1], self.batch)

    @cached_property
    def parameters(self) -> list[Array]:
        """Weight (out, in), He-normal, and bias (out,), zero, of each layer in turn."""
        rng = np.random.default_rng(8)
        result: list[Array] = []
        for i, o in zip(self.sizes, self.sizes[1:], strict=False):
            weight = rng.standard_normal((o, i)) * np.sqrt(2 / i)
            result += [weight.astype(np.float32), np.zeros(o, np.float32)]
        return result


Problem = Moons | Chain | Wide | Small | MLP

WORKLOADS: dict[str, Problem] = {
    "moons": Moons(),
    "chain": Chain(),
    "wide": Wide(),
    "small-8": Small((8,)),
    "small-64": Small((64, 64)),
    "mlp-64": MLP(64),
    "mlp-64-adam": MLP(64, "adam"),
    "mlp-256": MLP(256),
    "mlp-256-adam": MLP(256, "adam"),
}

TITLES = {
    "moons": "micrograd's moons demo in scalars: 100 samples, MLP 2-16-16-1, one training step",
    "chain": "a chain of 100 000 scalar operations, forward and backward",
    "wide": "a wide graph of 100 000 scalar operations, forward and backward",
    "small-8": "tanh(x*y+x).sum() and backward, shape (8,), float32",
    "small-64": "tanh(x*y+x).sum() and backward, shape (64, 64), float32",
    "mlp-64": "MLP 784-256-128-10, batch 64, training step with SGD momentum, float32",
    "mlp-64-adam": "MLP 784-256-128-10, batch 64, training step with Adam, float32",
    "mlp-256": "MLP 784-256-128-10, batch 256, training step with SGD momentum, float32",
    "mlp-256-adam": "MLP 784-256-128-10, batch 256, training step with Adam, float32",
}
