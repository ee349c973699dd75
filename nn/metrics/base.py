"""What all metrics have in common: sums that grow batch by batch, and a figure of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from nn.metrics.labels import as_array

__all__ = ["Metric"]

Array = np.ndarray[Any, Any]
Sums = dict[str, Array]


class Metric:
    """A figure over any number of batches, of which only sums are kept.

    The sums are int64 or float64, and do not grow with the number of samples, unless a metric
    says that it does. Calling a metric measures what it is given alone, and leaves the sums.

    A subclass gives the sums of a batch in `measure`, as arrays by name, and the figure of them
    in `figure`; it takes its settings as attributes.

    Example:
        >>> import nn
        >>> metric = nn.metrics.Accuracy()
        >>> metric.update([[0.1, 0.9], [0.8, 0.2]], [1, 1])
        >>> metric.update([[0.3, 0.7]], [1])
        >>> round(metric.compute(), 3)
        0.667
    """

    name: ClassVar[str] = ""
    collected: ClassVar[tuple[str, ...]] = ()
    """Sums that are no sums, but what all batches gave, one after the other."""

    _sums: Sums | None = None

    def measure(self, predictions: Any, targets: Any) -> Sums:
        """The sums of one batch."""
        raise NotImplementedError(f"{type(self).__name__} does not define measure")

    def figure(self, sums: Sums) -> Any:
        """The figure that belongs to sums."""
        raise NotImplementedError(f"{type(self).__name__} does not define figure")

    def joined(self, first: Sums, second: Sums) -> Sums:
        """The sums of two parts of the data together."""
        return {
            name: np.concatenate([one, second[name]])
            if name in self.collected
            else _added(one, second[name])
            for name, one in first.items()
        }

    def update(self, predictions: Any, targets: Any) -> None:
        """Take a batch into account."""
        found = self.measure(predictions, targets)
        self._sums = found if self._sums is None else self.joined(self._sums, found)

    def compute(self) -> Any:
        """The figure over all batches so far.

        Raises:
            ValueError: there was none.
        """
        if self._sums is None:
            raise ValueError(
                f"{type(self).__name__} has nothing to measure yet; give it batches by "
                "update(predictions, targets)"
            )
        return self.figure(self._sums)

    def reset(self) -> None:
        """Forget all batches."""
        self._sums = None

    def merge(self, other: Metric) -> None:
        """Take into account what another metric of the same kind has seen.

        Raises:
            ValueError: it is of another kind, or set otherwise.
        """
        if type(other) is not type(self) or _settings(other) != _settings(self):
            raise ValueError(
                f"{self!r} cannot take over what {other!r} has seen; merge metrics of the same "
                "class and settings"
            )
        if other._sums is not None:
            theirs = {name: array.copy() for name, array in other._sums.items()}
            self._sums = theirs if self._sums is None else self.joined(self._sums, theirs)

    def state_dict(self) -> dict[str, Array]:
        """The sums, copied; empty if there was no batch."""
        return {name: array.copy() for name, array in (self._sums or {}).items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` returned."""
        self._sums = {name: np.array(array) for name, array in state.items()} or None

    def fresh(self) -> Self:
        """A metric of the same settings that has seen nothing."""
        other = type(self).__new__(type(self))
        vars(other).update(_settings(self))
        return other

    def __call__(self, predictions: Any, targets: Any) -> Any:
        """The figure of this batch alone."""
        return self.figure(self.measure(as_array(predictions), as_array(targets)))

    def __repr__(self) -> str:
        settings = ", ".join(f"{k}={v!r}" for k, v in _settings(self).items())
        return f"{type(self).__name__}({settings})"


def _settings(metric: Metric) -> dict[str, Any]:
    return {name: value for name, value in vars(metric).items() if name != "_sums"}


def _added(a: Array, b: Array) -> Array:
    """Sums of two arrays; of classes that only one of them has seen, that one's."""
    if a.shape == b.shape:
        return np.asarray(a + b)
    total = np.zeros(np.maximum(a.shape, b.shape), np.result_type(a, b))
    for part in (a, b):
        total[tuple(map(slice, part.shape))] += part
    return total
