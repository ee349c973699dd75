"""Arrays as rows or columns that are normalised, block by block, for kernels in few passes.

Sums are products with ones, which BLAS takes in one pass; what is done with a block is done
while it lies in the cache, in memory at hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from autodiff.ops.broadcasting import Axis, normalize_axes

__all__ = [
    "Block",
    "Layout",
    "centre",
    "layout_for",
    "layout_of",
    "less_means",
    "moments",
    "ones",
    "pieces",
]

_BLOCK = 1 << 16
_ALIGNED = 64
# NumPy copies what is repeated along rows into a buffer, unless a row is longer than that.
_LONG, _SMALL_BUFFER = 192, 64
_FEW = 1 << 12


class Layout(NamedTuple):
    """An array as (before, outer, period, channels, space), all but ``outer · period`` summed.

    The factors of one that is scaled too are of shape (period, channels).

    Attributes:
        before: how often the rows come again; more than once, they are columns.
        outer: how often the factors come again along what is kept.
        period: how many rows have factors of their own.
        channels: how many factors there are along a row.
        space: how many elements of a row share a factor.
    """

    before: int
    outer: int
    period: int
    channels: int
    space: int

    @property
    def kept(self) -> int:
        """How many means there are."""
        return self.outer * self.period

    @property
    def length(self) -> int:
        """Of a row."""
        return self.channels * self.space

    @property
    def summed(self) -> int:
        """How many elements each mean is of."""
        return self.before * self.length

    @property
    def factors(self) -> int:
        """How many factors there are."""
        return self.period * self.channels


@lru_cache(maxsize=512)
def layout_of(
    shape: tuple[int, ...], axis: Axis, factors: tuple[int, ...] | None = None
) -> Layout | None:
    """How an array lies that is normalised along axes, with factors that are repeated to it.

    Returns:
        The layout, or None where the axes lie otherwise than in one of these.

    Example:
        >>> layout_of((8, 6, 5), (0, 2), (6, 1))
        Layout(before=8, outer=1, period=6, channels=1, space=5)
        >>> layout_of((8, 6, 5), (2,), (5,))
        Layout(before=1, outer=48, period=1, channels=5, space=1)
    """
    given = (1,) * len(shape) if factors is None else (1,) * (len(shape) - len(factors)) + factors
    summed = normalize_axes(axis, len(shape))
    found = [1] * 5
    at = 0
    # Runs of axes: summed, kept without and with factors, summed with and without factors.
    runs = [(True, False), (False, False), (False, True), (True, True), (True, False)]
    for i, (n, m) in enumerate(zip(shape, given, strict=True)):
        if n == 1:
            continue
        kind = (i in summed, m != 1)
        while at < 5 and runs[at] != kind:
            at += 1
        if at == 5:
            return None
        found[at] *= n
    layout = Layout(*found)
    # All is summed, without factors: one long row.
    if layout.outer == layout.period == 1 and layout.channels == 1 and layout.space == 1:
        layout = Layout(1, 1, 1, 1, layout.before)
    apart = layout.before > 1 and (layout.channels > 1 or (layout.outer > 1 and layout.period > 1))
    return None if apart else layout


class Block:
    """Some rows of an array, or some of its columns, as a matrix.

    Attributes:
        means: which of the means are theirs.
        factors: which of the factors, as a slice of the period.
        columns: whether they are columns.
        space: how many neighbours of one row share their mean, in columns.
        shape: of the matrix.
    """

    __slots__ = ("_part", "_whole", "columns", "factors", "means", "shape", "space")

    def __init__(self, layout: Layout, means: slice, factors: slice) -> None:
        rows = means.stop - means.start
        self.columns: bool = layout.before > 1
        self.means: slice = means
        self.factors: slice = factors
        self.space: int = layout.space
        self.shape: tuple[int, int] = rows, layout.length
        self._whole: tuple[int, int] = layout.kept, layout.length
        self._part: Any = means
        if self.columns:
            self.shape = layout.before, rows * layout.space
            self._whole = layout.before, layout.kept * layout.space
            self._part = slice(None), slice(means.start * self.space, means.stop * self.space)

    def of(self, x: Any) -> Any:
        """The matrix out of an array, in its memory."""
        return x.reshape(self._whole)[self._part]

    def repeated(self, v: Any) -> Any:
        """A number for every mean, beside the matrix."""
        if self.columns:
            return np.repeat(v, self.space) if self.space > 1 else v
        return v[:, None]

    def sums(self, x: Any) -> Any:
        """Of all that each mean is of."""
        if self.columns:
            sums = ones(len(x), x.dtype) @ x
            return sums.reshape(-1, self.space).sum(1) if self.space > 1 else sums
        return x @ ones(x.shape[1], x.dtype)

    def dots(self, x: Any, y: Any, work: Any) -> Any:
        """Sums of products; ``work`` may be written into."""
        return self.sums(np.multiply(x, y, out=work)) if self.columns else np.vecdot(x, y)


@lru_cache(maxsize=256)
def blocks(layout: Layout) -> tuple[Block, ...]:
    """All of an array, as much at a time as stays in the cache; the first is the largest."""
    return tuple(_blocks(layout))


def _blocks(layout: Layout) -> Iterator[Block]:
    before, outer, period, _, _ = layout
    length = layout.length
    if before > 1:
        step = max(_BLOCK // (before * length), -(-_LONG // length), 1)
        for start in range(0, layout.kept, step):
            part = slice(start, min(start + step, layout.kept))
            yield Block(layout, part, slice(0, 1) if outer > 1 else part)
    elif period * length <= _BLOCK:
        step = max(_BLOCK // (period * length), 1)
        for start in range(0, outer, step):
            rows = slice(start * period, min(start + step, outer) * period)
            yield Block(layout, rows, slice(0, period))
    else:
        step = max(_BLOCK // length, 1)
        for first in range(0, layout.kept, period):
            for start in range(0, period, step):
                stop = min(start + step, period)
                yield Block(layout, slice(first + start, first + stop), slice(start, stop))


def pieces(layout: Layout, dtype: Any, number: int) -> Iterator[tuple[Any, ...]]:
    """Each block with so many matrices to work in, whose memory is the next one's too."""
    every = blocks(layout)
    if len(every) == 1:
        yield every[0], *np.empty((number, *every[0].shape), dtype)
        return
    # Each begins where a line of the cache does, which takes half the time.
    size = math.prod(every[0].shape)
    lines = size + -size % (_ALIGNED // dtype.itemsize)
    memory = np.empty(number * lines * dtype.itemsize + _ALIGNED, np.uint8)
    start = -memory.__array_interface__["data"][0] % _ALIGNED
    rows = memory[start : start + number * lines * dtype.itemsize].view(dtype)
    parts = rows.reshape(number, lines)
    before = None
    if every[0].shape[1] >= _LONG:
        before = np.setbufsize(_SMALL_BUFFER)
    try:
        for block in every:
            yield block, *parts[:, : math.prod(block.shape)].reshape(number, *block.shape)
    finally:
        if before is not None:
            np.setbufsize(before)


def ones(n: int, dtype: Any) -> Any:
    """So many ones, to be read only."""
    return _few_ones(n, dtype) if n <= _FEW else np.ones(n, dtype)


@lru_cache(maxsize=256)
def _few_ones(n: int, dtype: Any) -> Any:
    return np.ones(n, dtype)


def layout_for(x: Any, axis: Axis, *others: Any) -> Layout | None:
    """How an array lies; None if it does not, or if factors are none that this is done for."""
    if x.dtype.char not in "fd" or not x.size or not x.flags.c_contiguous:
        return None
    if not others:
        return layout_of(x.shape, axis)
    for other in others:
        if other.dtype != x.dtype or other.shape != others[0].shape or other.ndim > x.ndim:
            return None
    return layout_of(x.shape, axis, others[0].shape)


def moments(block: Block, x: Any, t: Any, layout: Layout) -> tuple[Any, Any]:
    """The means and variances of some rows; t becomes the rows less their means."""
    given, count = block.of(x), layout.summed
    mean = block.sums(given) / count
    np.subtract(given, block.repeated(mean), out=t)
    return mean, (block.sums(t * t) if block.columns else np.vecdot(t, t)) / count


def centre(block: Block, x: Any, t: Any, layout: Layout, eps: float) -> tuple[Any, Any]:
    """The means, and 1 / √(var + eps); t becomes some rows less their means."""
    mean, variance = moments(block, x, t, layout)
    return mean, 1 / np.sqrt(variance + eps)


def less_means(
    block: Block,
    t: Any,
    scaled: Any,
    scale: Any,
    plain: Any,
    along: Any,
    layout: Layout,
    found: Any,
) -> None:
    """A scaled cotangent less what changes mean or variance alone; t is written into."""
    share = scale / layout.summed
    np.multiply(t, block.repeated(along * scale * share), out=t)
    np.add(t, block.repeated(plain * share), out=t)
    np.subtract(scaled, t, out=block.of(found))
