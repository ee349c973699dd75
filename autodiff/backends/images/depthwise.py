"""Convolution where each output channel sees one input channel: sums of shifted runs.

The padded input of a few channels is laid out with its rows one after the other; so every
tap of the kernel meets all places in one long run, at a distance of its own. At the ends
of rows a run meets places that do not exist; they are computed and left out. With a stride
the input is dealt out to as many planes as there are remainders, each with stride 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from autodiff.backends.images.scratch import Scratch
from autodiff.backends.images.unfolding import Problem
from autodiff.backends.images.windows import Shape

__all__ = ["depthwise", "depthwise_input", "depthwise_weight"]

_BLOCK = 1 << 17
_RUN = 1 << 15
"""Elements that are laid out at a time, and that are added up at a time: those fit the cache."""


class _Layout:
    """Where the taps of a kernel meet the planes of one convolution."""

    def __init__(self, p: Problem, dtype: np.dtype[Any]) -> None:
        self.p, self.work = p, Scratch(dtype)
        self.each = p.features // p.groups
        self.lengths = tuple(-(-n // s) for n, s in zip(p.padded, p.stride, strict=True))
        self.plane = math.prod(self.lengths)
        self.phases: list[Shape] = list(product(*(range(s) for s in p.stride)))
        # Of each tap: the plane it meets, and how far it is shifted there.
        self.taps: list[tuple[int, int]] = []
        for tap in p.taps:
            phase, shift = 0, 0
            for t, d, s, n in zip(tap, p.dilation, p.stride, self.lengths, strict=True):
                phase, shift = phase * s + t * d % s, shift * n + t * d // s
            self.taps.append((phase, shift))
        self.reach = max(shift for _, shift in self.taps)

    def blocks(self) -> Iterator[tuple[slice, slice]]:
        """Channels and samples."""
        p, size = self.p, self.plane * len(self.phases)
        samples = max(1, min(p.samples, _BLOCK // size))
        channels = max(1, min(p.channels, _BLOCK // (size * samples)))
        for c, n in product(range(0, p.channels, channels), range(0, p.samples, samples)):
            yield slice(c, min(c + channels, p.channels)), slice(n, min(n + samples, p.samples))

    def dealt(self, name: str, shape: tuple[int, ...], spare: int) -> tuple[Any, Any]:
        """Memory for the planes, as runs and as planes; ``spare`` elements after each run."""
        run = shape[-1] * self.plane
        memory = self.work.zeros(name, (*shape[:-1], run + spare))
        return memory, memory[..., :run].reshape(*shape, *self.lengths)

    def input(self, x: Any) -> Any:
        """The runs of some channels and samples, (channels, phases, run and reach)."""
        memory, planes = self.dealt("input", (len(x), len(self.phases), x.shape[1]), self.reach)
        for i, (to, of) in enumerate(self._parts()):
            planes[(slice(None), i, slice(None), *to)] = x[(..., *of)]
        return memory

    def collect(self, planes: Any, into: Any) -> None:
        """Put what was computed for the planes where the input has it."""
        for i, (of, to) in enumerate(self._parts()):
            into[(..., *to)] = planes[(slice(None), i, slice(None), *of)]

    def _parts(self) -> Iterator[tuple[tuple[slice, ...], tuple[slice, ...]]]:
        """For each phase the part of its plane that the input fills, and that of the input."""
        for phase in self.phases:
            inside, outside = [], []
            for f, s, inner, kept in zip(
                phase, self.p.stride, self.p.inner, self.p.kept, strict=True
            ):
                first = -(-(inner.start - f) // s)
                count = max(0, -(-(inner.stop - f) // s) - first)
                inside.append(slice(first, first + count))
                start = kept.start + first * s + f - inner.start
                outside.append(slice(start, start + (count - 1) * s + 1 if count else start, s))
            yield tuple(inside), tuple(outside)

    def summed(self, into: Any, terms: list[tuple[Any, int, Any]]) -> None:
        """Σ factor · source over terms; runs of ``into`` and of the sources after a shift."""
        length = into.shape[-1]
        for a in range(0, length, _RUN):
            target = into[:, a : a + _RUN]
            if not terms:
                target[...] = 0
                continue
            scratch = self.work.empty("product", target.shape)
            for i, (source, shift, factor) in enumerate(terms):
                seen = source[:, a + shift : a + shift + target.shape[-1]]
                if i == 0:
                    np.multiply(seen, factor, out=target)
                else:
                    np.add(target, np.multiply(seen, factor, out=scratch), out=target)


def depthwise(p: Problem, x: Any, w: Any, y: Any) -> None:
    """Add the convolution of x (N, C, …) to y (O, N, …), channels first."""
    layout = _Layout(p, x.dtype)
    kernel = w.reshape(p.groups, layout.each, -1, 1)
    y = y.reshape(p.groups, layout.each, *y.shape[1:])
    places = tuple(slice(n) for n in p.out)
    with np.errstate(over="ignore", invalid="ignore"):
        for channels, samples in layout.blocks():
            source = layout.input(x.swapaxes(0, 1)[channels, samples])
            count = samples.stop - samples.start
            sums = layout.work.empty("sums", (len(source), count * layout.plane))
            for j in range(layout.each):
                factors = kernel[channels, j]
                terms = [
                    (source[:, phase], shift, factors[:, i])
                    for i, (phase, shift) in enumerate(layout.taps)
                ]
                layout.summed(sums, terms)
                found = sums.reshape(len(source), count, *layout.lengths)
                y[channels, j, samples] += found[(..., *places)]


def depthwise_input(p: Problem, g: Any, w: Any, x: Any) -> None:
    """Write the derivative by the input to x (C, N, …), channels first, of g (N, O, …)."""
    layout = _Layout(p, g.dtype)
    kernel = w.reshape(p.groups, layout.each, -1, 1)
    with np.errstate(over="ignore", invalid="ignore"):
        for channels, samples in layout.blocks():
            source = _cotangents(layout, g, channels, samples)
            count = samples.stop - samples.start
            shape = len(source), len(layout.phases), count * layout.plane
            sums = layout.work.empty("sums", shape)
            for phase in range(len(layout.phases)):
                terms = [
                    (source[:, j], layout.reach - shift, kernel[channels, j, i])
                    for i, (own, shift) in enumerate(layout.taps)
                    if own == phase
                    for j in range(layout.each)
                ]
                layout.summed(sums[:, phase], terms)
            layout.collect(sums.reshape(*shape[:2], count, *layout.lengths), x[channels, samples])


def depthwise_weight(p: Problem, x: Any, g: Any) -> Any:
    """The derivative by the weight, (groups, features of each, taps)."""
    layout = _Layout(p, x.dtype)
    total = np.zeros((p.groups, layout.each, len(p.taps)), x.dtype)
    for channels, samples in layout.blocks():
        source = layout.input(x.swapaxes(0, 1)[channels, samples])
        cotangents = _cotangents(layout, g, channels, samples)[..., layout.reach :]
        run = cotangents.shape[-1]
        for i, (phase, shift) in enumerate(layout.taps):
            seen = source[:, phase, shift : shift + run, None]
            total[channels, :, i] += np.matmul(cotangents, seen)[..., 0]
    return total


def _cotangents(layout: _Layout, g: Any, channels: slice, samples: slice) -> Any:
    """Those of some channels as runs after ``reach`` zeros, with zeros at the ends of rows."""
    p = layout.p
    part = g[samples].reshape(samples.stop - samples.start, p.groups, layout.each, *p.out)
    part = np.moveaxis(part[:, channels], 0, 2)
    shape = part.shape[:3]
    run = shape[2] * layout.plane
    memory = layout.work.zeros("cotangents", (*shape[:2], layout.reach + run))
    planes = memory[..., layout.reach :].reshape(*shape, *layout.lengths)
    planes[(..., *(slice(n) for n in p.out))] = part
    return memory
