"""Windows of several lengths along one axis, as those that leave a given number of places."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.images.taps import Axis, choose

__all__ = ["Few", "Uneven", "uneven_places"]

_SHORT = 128
"""Up to so many elements sums are a product with a matrix, which has the square of that."""

_PLAIN = (np.float32, np.float64)


def uneven_places(lengths: tuple[int, ...], starts: tuple[int, ...]) -> Any:
    """Elements of windows of several lengths, tap by tap; short ones repeat their last element."""
    taps = np.arange(max(lengths))[:, None]
    return (np.array(starts) + np.minimum(taps, np.array(lengths) - 1)).reshape(-1)


class Uneven(Axis):
    """Windows of several lengths at any places: laid out tap by tap.

    Args:
        axis: counted from behind.
        size: how many elements there are.
        lengths: of the windows.
        starts: where they begin.
    """

    def __init__(
        self, axis: int, size: int, lengths: tuple[int, ...], starts: tuple[int, ...]
    ) -> None:
        count, taps = len(lengths), max(lengths)
        super().__init__(axis, [slice(t * count, (t + 1) * count) for t in range(taps)], True)
        self.met: Any = uneven_places(lengths, starts)
        inside = np.arange(taps)[:, None] < np.array(lengths)
        self.inside: Any = inside.reshape(taps, count, *(1,) * (-1 - axis))
        self.back: Any = None
        if size <= _SHORT:
            self.back = np.zeros((size, taps * count), np.float32)
            self.back[self.met, np.arange(taps * count)] = inside.reshape(-1)

    def _laid(self, x: Any) -> Any:
        return np.take(x, self.met, self.axis)

    def numbers(self, size: int) -> Any:
        """Which element is at each of so many places that are indexed."""
        return self.met

    def largest(self, x: Any) -> Any:
        """The largest element of every window."""
        return super().largest(self._laid(x))

    def equal(self, x: Any, y: Any) -> Any:
        """For each tap, where it meets the largest element."""
        hits = super().equal(self._laid(x), y)
        for hit, inside in zip(hits, self.inside, strict=True):
            hit &= inside
        return hits

    def counted(self, hits: Any, count: Any, kind: Any) -> Any:
        """The sum of ``count``, one for each element, over the largest of every window."""
        return super().counted(hits, None if count is None else self._laid(count), kind)

    def gathered(self, hits: Any, h: Any) -> Any:
        """The sum of ``h`` over the largest elements of every window."""
        return super().gathered(hits, self._laid(h))

    def first(self, x: Any, y: Any, place: Any, before: int, size: int, step: int) -> Any:
        """Where the first largest element of every window is."""
        place = None if place is None else self._laid(place)
        return super().first(self._laid(x), y, place, before, size, step)

    def spread(self, hits: Any, g: Any, shape: Any) -> Any:
        """Each number brought to the largest elements of its window, what meets added up."""
        at = len(shape) + self.axis
        laid = super().spread(hits, g, (*shape[:at], len(self.met), *shape[at + 1 :]))
        # A product with zeros in it is right only where all is finite.
        if self.back is not None and g.dtype in _PLAIN and np.isfinite(g).all():
            back = self.back.astype(g.dtype, copy=False)
            if self.axis == -1:
                return np.matmul(laid, back.T)
            rows = laid.reshape(math.prod(shape[:at]), len(self.met), math.prod(shape[at + 1 :]))
            return np.matmul(back, rows).reshape(shape)
        y = np.zeros(shape, g.dtype)
        np.add.at(np.moveaxis(y, at, 0), self.met, np.moveaxis(laid, at, 0))
        return y


class Few(Uneven):
    """A few long windows of several lengths, one after the other."""

    def __init__(
        self, axis: int, size: int, lengths: tuple[int, ...], starts: tuple[int, ...]
    ) -> None:
        super().__init__(axis, size, lengths, starts)
        behind = (slice(None),) * (-1 - axis)
        each = enumerate(zip(starts, lengths, strict=True))
        # Of each window its elements, and its place.
        self.parts: list[Any] = [
            ((..., slice(s, s + n), *behind), (..., slice(i, i + 1), *behind)) for i, (s, n) in each
        ]

    def _reduced(self, ufunc: Any, parts: list[Any], kind: Any) -> Any:
        each = [ufunc.reduce(part, self.axis, kind, keepdims=True) for part in parts]
        return np.concatenate(each, self.axis)

    def largest(self, x: Any) -> Any:
        """The largest element of every window."""
        return self._reduced(np.maximum, [x[of] for of, _ in self.parts], x.dtype)

    def equal(self, x: Any, y: Any) -> Any:
        """For each window, which of its elements are largest."""
        return [x[of] == y[to] for of, to in self.parts]

    def counted(self, hits: Any, count: Any, kind: Any) -> Any:
        """The sum of ``count``, one for each element, over the largest of every window."""
        if count is not None:
            each = zip(hits, self.parts, strict=True)
            hits = [np.multiply(hit, count[of], dtype=kind) for hit, (of, _) in each]
        return self._reduced(np.add, hits, kind)

    def spread(self, hits: Any, g: Any, shape: Any) -> Any:
        """Each number brought to the largest elements of its window, what meets added up."""
        y = np.zeros(shape, g.dtype)
        for hit, (of, to) in zip(hits, self.parts, strict=True):
            chosen = np.empty(hit.shape, g.dtype)
            choose(hit, g[to], chosen)
            y[of] += chosen
        return y

    def gathered(self, hits: Any, h: Any) -> Any:
        """The sum of ``h`` over the largest elements of every window."""
        each = zip(hits, self.parts, strict=True)
        nothing = np.zeros((), h.dtype)
        return self._reduced(
            np.add, [np.where(hit, h[of], nothing) for hit, (of, _) in each], h.dtype
        )
