"""Windows along one axis, and what is done at all their places, for one tap after the other."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Axis", "Tiled", "choose"]


class Axis:
    """Windows along an axis, each tap of which is met at all places at once.

    Args:
        axis: counted from behind.
        index: for each tap, what it meets.
        apart: whether no element is in two windows.
    """

    def __init__(self, axis: int, index: list[Any], apart: bool) -> None:
        behind = (slice(None),) * (-1 - axis)
        self.axis: int = axis
        self.taps: int = len(index)
        self.apart: bool = apart
        self.index: list[Any] = [(..., one, *behind) for one in index]

    def largest(self, x: Any) -> Any:
        """The largest element of every window."""
        first, *rest = (x[index] for index in self.index)
        if not rest:
            return first
        y = np.maximum(first, rest[0])
        for part in rest[1:]:
            np.maximum(y, part, out=y)
        return y

    def equal(self, x: Any, y: Any) -> Any:
        """For each tap, where it meets the largest element."""
        return [x[index] == y for index in self.index]

    def clear(self, hits: Any, y: Any) -> bool:
        """Whether every window has one largest element."""
        return sum(map(np.count_nonzero, hits)) == y.size and not (y != y).any()

    def counted(self, hits: Any, count: Any, kind: Any) -> Any:
        """The sum of ``count``, one for each element, over the largest of every window."""
        total: Any = None
        for hit, index in zip(hits, self.index, strict=True):
            met = hit.view(np.uint8)
            if count is not None:
                met = np.multiply(met, count[index], dtype=kind)
            total = met.astype(kind) if total is None else np.add(total, met, out=total)
        return total

    def spread(self, hits: Any, g: Any, shape: Any) -> Any:
        """Each number brought to the largest elements of its window, what meets added up."""
        y = np.zeros(shape, g.dtype)
        chosen = None if self.apart else np.empty(g.shape, g.dtype)
        for hit, index in zip(hits, self.index, strict=True):
            if chosen is None:
                choose(hit, g, y[index])
            else:
                choose(hit, g, chosen)
                y[index] += chosen
        return y

    def gathered(self, hits: Any, h: Any) -> Any:
        """The sum of ``h`` over the largest elements of every window."""
        total: Any = 0
        for hit, index in zip(hits, self.index, strict=True):
            total = total + np.where(hit, h[index], np.zeros((), h.dtype))
        return total

    def numbers(self, size: int) -> Any:
        """Which element is at each of so many places that are indexed."""
        return np.arange(size)

    def first(self, x: Any, y: Any, place: Any, before: int, size: int, step: int) -> Any:
        """Where the first largest element of every window is.

        Args:
            x: the elements.
            y: the largest of every window.
            place: for each element the place along the axes behind.
            before: how many elements at the beginning are added ones.
            size: how many there are without those that are added.
            step: how many elements lie along the axes behind.

        Returns:
            The place along this axis and those behind, counted in C order.
        """
        found = np.zeros(y.shape, np.int64)
        unclear = y.dtype.kind == "f" and np.isnan(np.add.reduce(y, None)) and np.isnan(y).any()
        numbers = self.numbers(x.shape[self.axis]) - before
        numbers = numbers.reshape(-1, *(1,) * (-1 - self.axis))
        taken: Any = None
        for index in self.index:
            met, at = x[index], numbers[index]
            hit = met == y
            if unclear:
                hit |= met != met
            if at.min(initial=0) < 0 or at.max(initial=0) >= size:
                # What is added may be as small as all that is in a window.
                hit &= (at >= 0) & (at < size)
            # Where no tap before has hit; a product is much faster than a choice.
            alone = hit if taken is None else hit > taken
            taken = hit if taken is None else np.bitwise_or(taken, hit, out=taken)
            found += alone.view(np.int8) * (at if place is None else place[index] + at * step)
        return found


class Tiled(Axis):
    """Windows one after the other along the last axis, as an axis of their own.

    Args:
        kernel: how long they are.
        count: how many there are.
    """

    def __init__(self, kernel: int, count: int) -> None:
        end = kernel * (count - 1) + 1
        super().__init__(-1, [slice(t, t + end, kernel) for t in range(kernel)], True)
        self.shape: tuple[int, int] = (count, kernel)

    def _tiles(self, x: Any) -> Any:
        count, kernel = self.shape
        return x[..., : count * kernel].reshape(*x.shape[:-1], count, kernel)

    def largest(self, x: Any) -> Any:
        """The largest element of every window."""
        return np.maximum.reduce(self._tiles(x), -1)

    def equal(self, x: Any, y: Any) -> Any:
        """Which elements of each window are largest."""
        return self._tiles(x) == y[..., None]

    def clear(self, hits: Any, y: Any) -> bool:
        """Whether every window has one largest element."""
        return bool(np.count_nonzero(hits) == y.size and not (y != y).any())

    def counted(self, hits: Any, count: Any, kind: Any) -> Any:
        """The sum of ``count``, one for each element, over the largest of every window."""
        if count is not None:
            hits = np.multiply(hits, self._tiles(count), dtype=kind)
        return np.add.reduce(hits, -1, kind)

    def spread(self, hits: Any, g: Any, shape: Any) -> Any:
        """Each number brought to the largest elements of its window."""
        y = np.zeros(shape, g.dtype)
        choose(hits, g[..., None], self._tiles(y))
        return y

    def gathered(self, hits: Any, h: Any) -> Any:
        """The sum of ``h`` over the largest elements of every window."""
        return np.where(hits, self._tiles(h), np.zeros((), h.dtype)).sum(-1)


def choose(condition: Any, numbers: Any, out: Any) -> None:
    """Write numbers where a condition holds, and zeros elsewhere.

    That is done on their bits as integers, which is much faster than a choice, and unlike a
    product of floats right for infinities.
    """
    whole = _BITS.get(numbers.dtype.str[1:])
    if whole is None:
        out[...] = np.where(condition, numbers, np.zeros((), numbers.dtype))
    else:
        np.multiply(numbers.view(whole), condition.view(np.int8), out=out.view(whole))


_BITS: dict[str, Any] = {"f2": np.int16, "f4": np.int32, "f8": np.int64}
