"""The lengths of a convolution, and how it is cut into blocks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.backends.images.meeting import Along
from autodiff.backends.images.windows import Pairs, Shape, output_sizes

__all__ = ["Problem"]

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
        # Negative padding cuts the input off.
        self.inner: tuple[slice, ...] = tuple(
            slice(max(a, 0), n + a + min(b, 0)) for (a, b), n in pairs
        )
        self.kept: tuple[slice, ...] = tuple(
            slice(max(-a, 0), n + min(b, 0)) for (a, b), n in pairs
        )
        each = zip(padding, stride, dilation, self.kernel, self.out, strict=True)
        self.along: list[Along] = [Along(-pair[0], *rest) for pair, *rest in each]
        per_sample = max(channels * len(self.taps) * math.prod(self.out), 1)
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

    def seen(self, planes: Any, rows: slice) -> Iterator[Any]:
        """Views of what each tap of the kernel meets, for some rows of the output."""
        for tap in self.taps:
            each = zip(tap, self.stride, self.dilation, self.out, strict=True)
            found = [slice(t * d, t * d + (n - 1) * s + 1, s) for t, s, d, n in each]
            t, s, d = tap[0], self.stride[0], self.dilation[0]
            found[0] = slice(t * d + rows.start * s, t * d + (rows.stop - 1) * s + 1, s)
            yield planes[(..., *found)]
