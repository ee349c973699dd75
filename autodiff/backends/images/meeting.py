"""Which elements of an input the taps of a kernel meet, and these laid out side by side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from autodiff.backends.images.scratch import Scratch

__all__ = ["Along", "blocks", "unfolded"]


class Along(NamedTuple):
    """Along one axis: tap t at place i meets element ``origin + step · i + apart · t``."""

    origin: int
    step: int
    apart: int
    taps: int
    places: int

    @property
    def span(self) -> int:
        """How many elements lie from the first that is met to the last."""
        return (self.places - 1) * self.step + (self.taps - 1) * self.apart + 1

    @property
    def runs(self) -> tuple[int, int]:
        """How many elements of each remainder by ``step`` are met, and of how many remainders.

        Laid out remainder by remainder, they are met by every tap in one run.
        """
        return (self.span - 1) // self.step + 1, 1 if self.taps == 1 else self.step

    def start(self, tap: int) -> int:
        """Where the run of a tap begins."""
        length, _ = self.runs
        after, remainder = divmod(tap * self.apart, self.step)
        return remainder * length + after

    def part(self, places: slice) -> Along:
        """The same for some of the places."""
        origin = self.origin + places.start * self.step
        return self._replace(origin=origin, places=places.stop - places.start)


def blocks(
    along: list[Along], samples: int, channels: int, size: int
) -> Iterator[tuple[slice, list[slice], list[Along]]]:
    """Samples and places that are worked at together: whose windows have so many elements."""
    first, second = along[:2]
    row = channels
    for a in along[1:]:
        row *= a.taps * a.places
    together = min(max(size // (row * first.span), 1), samples)
    rows, columns = first.places, second.places
    if row * first.span > size:
        rows = max((size // row - first.apart * (first.taps - 1)) // first.step, 1)
    if row > size:
        columns = max(columns * size // row, 1)
    walk = _parts(samples, together), _parts(first.places, rows), _parts(second.places, columns)
    for n, r, c in product(*walk):
        places = [r, c, *(slice(0, a.places) for a in along[2:])]
        yield n, places, [a.part(p) for a, p in zip(along, places, strict=True)]


def _parts(count: int, size: int) -> list[slice]:
    return [slice(a, min(a + size, count)) for a in range(0, count, size)]


def _met(origin: int, step: int, count: int, size: int) -> tuple[slice, slice]:
    """Which of the elements ``origin + step · i`` exist, and where."""
    a = min(count, max(0, -(origin // step)))
    b = max(a, min(count, (size - 1 - origin) // step + 1))
    start = origin + a * step
    return slice(a, b), slice(start, start + (b - a - 1) * step + 1, step) if b > a else slice(0)


def unfolded(x: Any, along: list[Along], groups: int, work: Scratch, *, rows_first: bool) -> Any:
    """An input laid out so that products with windows are products of matrices.

    Along the last axis its windows are copied; along the others elements are laid out once, as
    windows overlap there, and zeros for what lies outside: along the first axis those that are
    ``apart`` from each other, along one between as `Along.runs` says.

    Args:
        x: of shape (C, N, …), with two axes or three behind.
        along: for each of these.
        groups: of channels.
        work: where the memory comes from.
        rows_first: whether the elements of the first axis come before channels and taps.

    Returns:
        An array of shape (groups, rows, C / groups, taps, …, N, places), or one of shape (groups,
        C / groups, taps, rows, …, N, places); taps and places are those of the last axis.
    """
    rows, *between, last = along
    samples, width = x.shape[1], len(x) // groups
    height = (rows.span - 1) // rows.apart + 1
    lead = (height, width, last.taps) if rows_first else (width, last.taps, height)
    runs = [a.runs for a in between]
    spans = [length * remainders for length, remainders in runs]
    block = work.empty("block", (groups, *lead, *spans, samples, last.places))
    target = block if rows_first else block.transpose(0, 3, 1, 2, *range(4, block.ndim))
    source = x.reshape(groups, width, *x.shape[1:])
    # Both with the axes groups, rows, channels, taps (the target), …, samples, places.
    source = source.transpose(0, 3, 1, *range(4, source.ndim - 1), 2, source.ndim - 1)
    met = _met(rows.origin, rows.apart, height, source.shape[1])
    target, source = _cut(target, source, (slice(None),), (), met)
    parts = [(target, source)]
    for a, (length, remainders) in zip(between, runs, strict=True):
        parts = []
        for r in range(remainders):
            part = target[..., r * length : (r + 1) * length, :, :]
            met = _met(a.origin + r, a.step, length, source.shape[-3])
            parts.append(_cut(part, source, (...,), (slice(None),) * 2, met))
    for tap in range(last.taps):
        met = _met(last.origin + tap * last.apart, last.step, last.places, source.shape[-1])
        for part, seen in parts:
            to, of = _cut(part[:, :, :, tap], seen, (...,), (), met)
            to[...] = of
    return block


def _cut(target: Any, source: Any, before: Any, after: Any, met: tuple[slice, slice]) -> Any:
    """What is met along an axis, in both; the rest of the target is zero."""
    to, of = met
    if to.start:
        target[(*before, slice(0, to.start), *after)] = 0
    target[(*before, slice(to.stop, None), *after)] = 0
    return target[(*before, to, *after)], source[(*before, of, *after)]
