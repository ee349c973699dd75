"""How a convolution is cut into blocks, and the input of a block unfolded into a matrix."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.backends.images.windows import Pairs, Shape, output_sizes

__all__ = ["Problem", "Scratch", "grouped", "promoted"]

_BLOCK = 1 << 19
_FEW = 4


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
        share = 1 if self.shifted else len(self.taps)
        per_sample = max(channels * share * math.prod(self.out), 1)
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

    def places(self, tap: Shape, rows: slice) -> tuple[slice, ...]:
        """Where the padded input meets one tap of the kernel, for some rows of the output."""
        found = []
        for i, (t, s, d, n) in enumerate(
            zip(tap, self.stride, self.dilation, self.out, strict=True)
        ):
            a, b = (rows.start, rows.stop) if i == 0 else (0, n)
            found.append(slice(t * d + a * s, t * d + (b - 1) * s + 1, s))
        return slice(None), slice(None), *found

    def sources(self, x: Any) -> Iterator[tuple[slice, slice, Any]]:
        """Blocks of the input, channels first, with its padding."""
        xt = x.swapaxes(0, 1)
        buffer: Any = None
        if not self.plain:
            buffer = np.zeros((self.channels, self.count, *self.padded), x.dtype)
        for samples, parts in self.blocks():
            source = xt[:, samples]
            if buffer is not None:
                target = buffer[:, : source.shape[1]]
                target[(..., *self.inner)] = source[(..., *self.kept)]
                source = target
            for rows in parts:
                yield samples, rows, source

    def columns(self, x: Any) -> Iterator[tuple[slice, slice, Any]]:
        """Blocks of the unfolded input: (groups, C/groups · taps, places)."""
        rest = math.prod(self.out[1:])
        size = self.channels * len(self.taps) * self.count * self.rows * rest
        memory = np.empty(size, x.dtype) if len(self.taps) > 1 else None
        for samples, rows, source in self.sources(x):
            if memory is None:
                block = source[self.places(self.taps[0], rows)]
            else:
                met = source.shape[1], rows.stop - rows.start, *self.out[1:]
                shape = self.channels, len(self.taps), *met
                block = memory[: math.prod(shape)].reshape(shape)
                for i, tap in enumerate(self.taps):
                    block[:, i] = source[self.places(tap, rows)]
            height = self.channels // self.groups * len(self.taps)
            yield samples, rows, grouped(block, self.groups, height)

    def matrix(self, w: Any) -> Any:
        """The weight as a matrix for each group."""
        return grouped(w, self.groups, self.features // self.groups)

    def part(self, g: Any, samples: slice, rows: slice) -> Any:
        """A block of the output, channels first, as a matrix for each group."""
        block = g.swapaxes(0, 1)[:, samples, rows]
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

    def empty(self, name: str, shape: Shape) -> Any:
        """An array of any content; that of the same name before is lost."""
        size = math.prod(shape)
        held = self._held.get(name)
        if held is None or held.size < size:
            held = self._held[name] = np.empty(size, self._dtype)
        return held[:size].reshape(shape)

    def zeros(self, name: str, shape: Shape) -> Any:
        """The same, filled with zeros."""
        array = self.empty(name, shape)
        array.fill(0)
        return array
