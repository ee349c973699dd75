"""Parameters that are updated together, and the numbers that they share."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff.extending import raw
from nn.optim.formulas.variant import Variant
from nn.optim.rates import Sources

__all__ = ["Bucket", "Cohort", "Entry"]


class Cohort:
    """Parameters that were always updated together, so that they have one count of steps.

    The counts are arrays like any other state, and no Python number follows them, so that a
    recorded step counts on when it is replayed.

    Args:
        counts: the numbers that they share, by name.

    Attributes:
        size: how many parameters they are.
        begun: whether a step was made.
    """

    def __init__(self, counts: dict[str, Any]) -> None:
        self.counts: dict[str, Tensor] = {
            n: Tensor(np.array(v, np.float64), name=n) for n, v in counts.items()
        }
        self.size = 0
        self.begun = False

    def apart(self) -> Cohort:
        """One with counts of its own, of the same numbers."""
        made = Cohort({})
        made.counts = {n: Tensor(np.positive(raw(t)), name=n) for n, t in self.counts.items()}
        made.begun = self.begun
        return made


class Bucket:
    """What a step does at once: a cohort, by one variant of the rule."""

    __slots__ = ("cohort", "variant")

    def __init__(self, cohort: Cohort, variant: Variant) -> None:
        self.cohort: Cohort = cohort
        self.variant: Variant = variant

    def numbers(self, sources: Sources, dtypes: Any) -> dict[Any, list[Any]]:
        """Bring the counts up to date, and give what updates share, for each float type."""
        variant = self.variant
        computed: Any = ()
        if variant.numbers is not None:
            tensors = [self.cohort.counts[name] for name in variant.counts]
            counts = [raw(t) for t in tensors]
            given = [sources.number(setting, np.float64) for setting in variant.computed]
            computed = variant.numbers(*counts, *given)
            for tensor, count in zip(tensors, counts, strict=True):
                tensor.data = count
        return {
            dtype: [
                *[sources.number(setting, dtype) for setting in variant.plain],
                *(computed if dtype == np.float64 else [c.astype(dtype) for c in computed]),
            ]
            for dtype in dtypes
        }


class Entry:
    """What is known of a parameter.

    Attributes:
        bucket: with whom it is updated, and how.
        tensors: its state, as far as it is arrays.
        changed: the positions of those that a step gives new numbers.
        scratch: temporaries in its shape.
        mark: of the settings for which this holds.
        dtype: of the parameter.
    """

    __slots__ = ("_memory", "bucket", "changed", "dtype", "mark", "scratch", "tensors")

    def __init__(
        self, bucket: Bucket, tensors: list[Tensor], scratch: list[Tensor], mark: Any, dtype: Any
    ) -> None:
        self.bucket: Bucket = bucket
        self.tensors: list[Tensor] = tensors
        self.scratch: list[Tensor] = scratch
        self._memory: list[Any] | None = None
        self.mark: Any = mark
        self.dtype: Any = dtype
        names = bucket.variant.arrays
        self.changed: list[int] = [names.index(name) for name in bucket.variant.changed]

    def memory(self, recorded: bool) -> list[Any]:
        """The arrays of the temporaries; in a recording, what stands for them."""
        if recorded:
            return [raw(tensor) for tensor in self.scratch]
        if self._memory is None:
            # Nobody else has them, so they stay the same.
            self._memory = [raw(tensor) for tensor in self.scratch]
        return self._memory
