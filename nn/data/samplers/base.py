"""What all samplers are: an order that follows from a generator, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nn.module.shown import Shown

__all__ = ["Sampler"]


class Sampler(Shown):
    """Base class of samplers: the numbers of an epoch's samples in their order.

    A subclass gives `order`, which draws from the generator it is handed and remembers
    nothing: so a `DataLoader` can find the order of an interrupted epoch again. It may as
    well give ``__iter__`` alone, as in PyTorch; then the loader keeps the order itself.

    Attributes:
        rng: where a random order comes from; None if the order is not random.
        batches: whether `order` gives batches, lists of numbers, and not single numbers.
    """

    rng: np.random.Generator | None = None
    batches: bool = False

    def order(self, rng: np.random.Generator | None) -> Sequence[Any]:
        """The numbers of the samples, or of the samples of each batch.

        Args:
            rng: where the order is drawn from; `rng` of the sampler, or one in a state that it
                once had.
        """
        raise NotImplementedError(f"{type(self).__name__} lacks order, or __iter__")

    def __len__(self) -> int:
        """How many numbers, or batches, there are in an epoch."""
        raise NotImplementedError(f"{type(self).__name__} lacks __len__, the length of an epoch")

    def __iter__(self) -> Iterator[Any]:
        """The numbers of a new epoch."""
        order = self.order(self.rng)
        if self.batches:
            return (np.asarray(batch).tolist() for batch in order)
        return iter(order.tolist() if isinstance(order, np.ndarray) else order)


def follows(source: Any) -> bool:
    """Whether a sampler's order follows from a generator alone."""
    inner = getattr(source, "sampler", None)
    ours = isinstance(source, Sampler) and type(source).order is not Sampler.order
    return ours and (inner is None or isinstance(inner, range) or follows(inner))
