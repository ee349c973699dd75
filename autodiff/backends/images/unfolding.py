"""How a convolution is cut into blocks, and the input of a block unfolded into a matrix."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.backends.images.windows import Pairs, Shape, output_sizes

__all__ = ["Problem", "Scratch", "grouped", "promoted"]

_BLOCK = 1 << 19
_KEPT = 1 << 20
_FEW = 4
_SPARE = 400
"""So many products for each element of the columns take as long as to begin a row of them."""


class Problem:
    """The lengths of one convolution, and its walk over blocks of samples and rows."""

    samples: int
    channels: int
    sizes: Shape
    kernel: Shape
    stride: Shape
    dilation: Shape
    groups: int
    features: int

    def __init__(
        self,
        samples: int,
        channels: int,
        sizes: Shape,
        weight: Shape,
        stride: Shape,
        padding: Pairs,
        dilation: Shape,
        groups: int,
    ) -> None:
        self.samples, self.channels, self.sizes = samples, channels, sizes
        self.kernel, self.stride, self.dilation = weight[2:], stride, dilation
        if channels != weight[1] * groups or weight[0] % groups:
            raise ValueError(
                f"the input has {channels} channels in {groups} groups, and the weight of shape "
                f"{weight} serves {weight[1]} channels in each; the weight's second length must "
                "be channels / groups, and its first a multiple of groups"
            )
        self.out: Shape = output_sizes(sizes, self.kernel, stride, padding, dilation)
        self.groups, self.features = groups, weight[0]
        self.taps: list[tuple[int, ...]] = list(np.ndindex(*self.kernel))
        self.shifted: bool = weight[1] == 1 and weight[0] <= _FEW * groups
        pairs = list(zip(padding, sizes, strict=True))
        self.padded: tuple[int, ...] = tuple(n + a + b for (a, b), n in pairs)
        self.plain: bool = all(pair == (0, 0) for pair in padding)
        # Negative padding cuts the input off.
        self.inner: tuple[slice, ...] = tuple(
            slice(max(a, 0), n + a + min(b, 0)) for (a, b), n in pairs
        )
        self.kept: tuple[slice, ...] = tuple(
            slice(max(-a, 0), n + min(b, 0)) for (a, b), n in pairs
        )
        beyond = self.padded[-1] - self.out[-1]
        self.wide: bool = (
            stride[-2:] == (1, 1)
            and not self.shifted
            and 0 < beyond * (self.features // groups) < _SPARE
        )
        self.met: Shape = (*self.out[:-1], self.padded[-1]) if self.wide else self.out
        share = 1 if self.shifted else len(self.taps)
        per_sample = max(channels * share * math.prod(self.met), 1)
        self.count: int = max(1, min(samples, _BLOCK // per_sample))
        first = self.out[0]
        self.rows: int = first if per_sample <= _BLOCK else max(1, _BLOCK * first // per_sample)

    def expect(self, g: Any) -> None:
        """Refuse a cotangent that is not of the output's shape."""
        expected = (self.samples, self.features, *self.out)
        if g.shape != expected:
            raise ValueError(f"the output has shape {expected}, not {g.shape}")

    def blocks(self) -> Iterator[tuple[slice, list[slice]]]:
        """Samples and, for these, rows of the output along its first axis."""
        rows = [slice(r, min(r + self.rows, self.out[0])) for r in range(0, self.out[0], self.rows)]
        for n in range(0, self.samples, self.count):
            yield slice(n, min(n + self.count, self.samples)), rows

    def planes(self, work: Scratch, count: int) -> tuple[Any, Any]:
        """Zeros for the padded input of some samples, channels first, and the memory of it.

        That goes on a little: runs over rows of the last plane end behind it.
        """
        shape = self.channels, count, *self.padded
        spare = self.dilation[-1] * (self.kernel[-1] - 1) if self.wide else 0
        memory = work.zeros("planes", (math.prod(shape) + spare,))
        return memory, memory[: math.prod(shape)].reshape(shape)

    def seen(self, memory: Any, planes: Any, rows: slice) -> Iterator[Any]:
        """Views of what each tap of the kernel meets, for some rows of the output."""
        if not self.wide:
            first = slice(rows.start, rows.stop)
            for tap in self.taps:
                each = zip(tap, self.stride, self.dilation, self.out, strict=True)
                found = [slice(t * d, t * d + (n - 1) * s + 1, s) for t, s, d, n in each]
                t, s, d = tap[0], self.stride[0], self.dilation[0]
                found[0] = slice(t * d + first.start * s, t * d + (first.stop - 1) * s + 1, s)
                yield planes[(..., *found)]
            return
        # The last two axes as one run, over rows of the padded input.
        steps = planes.strides
        out = rows.stop - rows.start, *self.out[1:]
        shape = *planes.shape[:2], *out[:-2], out[-2] * self.padded[-1]
        leading = zip(steps[2:-2], self.stride, strict=False)
        strides = *steps[:2], *(step * s for step, s in leading), steps[-1]
        start = rows.start * self.stride[0] * steps[2]
        for tap in self.taps:
            moves = zip(tap, self.dilation, steps[2:], strict=True)
            offset = start + sum(t * d * step for t, d, step in moves)
            yield np.ndarray(shape, memory.dtype, memory, offset, strides)

    def columns(self, x: Any) -> Iterator[tuple[slice, slice, Any]]:
        """Blocks of the unfolded input: (groups, C/groups · taps, places).

        Where `wide` says so the places are those of rows as long as the padded input's: so
        whole planes are copied in one run, and what is behind the ends of rows is left out.
        """
        work, xt = Scratch.own(x.dtype), x.swapaxes(0, 1)
        memory, planes = (
            (None, None) if self.plain and not self.wide else self.planes(work, self.count)
        )
        height = self.channels // self.groups * len(self.taps)
        for samples, parts in self.blocks():
            source = xt[:, samples]
            if planes is not None:
                planes = planes[:, : source.shape[1]]
                planes[(..., *self.inner)] = source[(..., *self.kept)]
                source = planes
            for rows in parts:
                views = self.seen(memory, source, rows)
                if len(self.taps) == 1:
                    block = next(views)
                else:
                    met = source.shape[1], rows.stop - rows.start, *self.met[1:]
                    block = work.empty("block", (self.channels, len(self.taps), *met))
                    for i, view in enumerate(views):
                        block[:, i].reshape(view.shape)[...] = view
                yield samples, rows, grouped(block, self.groups, height)

    def matrix(self, w: Any) -> Any:
        """The weight as a matrix for each group."""
        return grouped(w, self.groups, self.features // self.groups)

    def part(self, g: Any, samples: slice, rows: slice, work: Scratch) -> Any:
        """A block of the output, channels first, as a matrix for each group.

        Where rows are as long as the padded input's, zeros are at their ends.
        """
        block = g.swapaxes(0, 1)[:, samples, rows]
        if self.wide:
            spread = work.empty("spread", (*block.shape[:-1], self.met[-1]))
            spread[..., : self.out[-1]] = block
            spread[..., self.out[-1] :] = 0
            block = spread
        return grouped(block, self.groups, self.features // self.groups)


def grouped(x: Any, groups: int, height: int) -> Any:
    """A matrix of ``height`` rows, or one for each of several groups."""
    size = x.size // max(groups * height, 1)
    return x.reshape((height, size) if groups == 1 else (groups, height, size))


def promoted(*arrays: Any) -> tuple[np.dtype[Any], list[Any]]:
    """The dtype of the result, and the operands in that of the work."""
    result = np.result_type(*arrays)
    if result.kind not in "fc":
        return result, [a.astype(result, copy=False) for a in arrays]
    # Half precision has no fast product, and would lose digits in the sums.
    work = np.dtype(np.float32) if result == np.float16 else result
    return result, [a.astype(work, copy=False) for a in arrays]


class Scratch:
    """Memory for intermediate results, used again from block to block."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._held: dict[str, Any] = {}

    @classmethod
    def own(cls, dtype: np.dtype[Any]) -> Scratch:
        """That of this thread, which stays: the system would hand out fresh pages in every call.

        Nothing of it may be returned; a block is not larger than what stays in a cache.
        """
        found: Scratch | None = vars(_OWN).get(dtype.str)
        if found is None:
            found = vars(_OWN)[dtype.str] = cls(dtype)
        return found

    def empty(self, name: str, shape: Shape) -> Any:
        """An array of any content; that of the same name before is lost."""
        size = math.prod(shape)
        held = self._held.get(name)
        if held is None or held.size < size:
            held = np.empty(size, self._dtype)
            if size <= _KEPT:
                self._held[name] = held
        return held[:size].reshape(shape)

    def zeros(self, name: str, shape: Shape) -> Any:
        """The same, filled with zeros."""
        array = self.empty(name, shape)
        array.fill(0)
        return array


_OWN = threading.local()
