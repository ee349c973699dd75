"""Convolution on arrays: unfolded block by block into matrix products.

The sum T(x, w, g) = Σ x · w · g over all places of the kernel is linear in each of the
input x (N, C, …), the weight w (O, C/groups, …) and the output's cotangent g (N, O, …);
the three functions here are its derivatives. The memory of what they return is ordered
channels first, then samples (the shape is as usual): so the columns of a block are
copied in long runs, and one product serves many samples. A block is of a size that
stays in the cache, which also saves the system from handing out fresh memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.images.depthwise import depthwise, depthwise_input, depthwise_weight
from autodiff.backends.images.unfolding import Problem, Scratch, grouped, promoted
from autodiff.backends.images.windows import Pairs, Shape

__all__ = ["convolution", "convolution_input", "convolution_weight"]


def convolution(
    x: Any, w: Any, *bias: Any, stride: Shape, padding: Pairs, dilation: Shape, groups: int
) -> Any:
    """Cross-correlation of (N, C, …) with (O, C/groups, …).

    Args:
        x: the input.
        w: the weight.
        *bias: at most one array of shape (O,), added to every place of its channel.
        stride: steps between places, one per spatial axis.
        padding: zeros before and after each spatial axis; negative to cut off.
        dilation: steps between the taps of the kernel.
        groups: of channels that do not mix.

    Returns:
        An array of shape (N, O, …).

    Raises:
        ValueError: the shapes do not fit.
    """
    dtype, (x, w, *biases) = promoted(x, w, *bias)
    p = Problem(len(x), x.shape[1], x.shape[2:], w.shape, stride, padding, dilation, groups)
    y = np.empty((p.features, len(x), *p.out), x.dtype)
    column = (slice(None),) + (None,) * (len(stride) + 1)
    start = biases[0][column] if biases else 0
    if p.shifted or not x.size or not w.size:
        y[...] = start
        if y.size and x.size:
            depthwise(p, x, w, y)
        return _finished(y, dtype)
    matrix, work = p.matrix(w), Scratch.own(x.dtype)
    for samples, rows, columns in p.columns(x):
        target = y[:, samples, rows]
        block = work.empty("wide", (*target.shape[:-1], p.met[-1])) if p.wide else target
        np.matmul(matrix, columns, out=grouped(block, groups, p.features // groups))
        # While the block is in the cache.
        if biases:
            np.add(block[..., : p.out[-1]], start, out=target)
        elif p.wide:
            target[...] = block[..., : p.out[-1]]
    return _finished(y, dtype)


def convolution_input(
    g: Any,
    w: Any,
    *,
    shape: Shape,
    stride: Shape,
    padding: Pairs,
    dilation: Shape,
    groups: int,
) -> Any:
    """The derivative of T(x, w, g) by x, of spatial lengths ``shape``."""
    dtype, (g, w) = promoted(g, w)
    channels = w.shape[1] * groups
    p = Problem(len(g), channels, shape, w.shape, stride, padding, dilation, groups)
    p.expect(g)
    x: Any = np.zeros((channels, len(g), *shape), g.dtype)
    if not g.size or not x.size:
        return _finished(x, dtype)
    if p.shifted:
        depthwise_input(p, g, w, x)
        return _finished(x, dtype)
    matrix, work, height = p.matrix(w).swapaxes(-1, -2), Scratch.own(g.dtype), channels // groups
    for samples, parts in p.blocks():
        memory, planes = p.planes(work, samples.stop - samples.start)
        for rows in parts:
            columns = p.part(g, samples, rows, work)
            size = height * len(p.taps), columns.shape[-1]
            block = work.empty("block", size if groups == 1 else (groups, *size))
            np.matmul(matrix, columns, out=block)
            block = block.reshape(channels, len(p.taps), -1)
            for i, view in enumerate(p.seen(memory, planes, rows)):
                view += block[:, i].reshape(view.shape)
        x[:, samples][(..., *p.kept)] = planes[(..., *p.inner)]
    return _finished(x, dtype)


def convolution_weight(
    x: Any,
    g: Any,
    *,
    shape: Shape,
    stride: Shape,
    padding: Pairs,
    dilation: Shape,
    groups: int,
) -> Any:
    """The derivative of T(x, w, g) by w, of spatial lengths ``shape``."""
    dtype, (x, g) = promoted(x, g)
    weight = g.shape[1], x.shape[1] // groups, *shape
    p = Problem(len(x), x.shape[1], x.shape[2:], weight, stride, padding, dilation, groups)
    p.expect(g)
    if not x.size or not g.size:
        return np.zeros(weight, dtype)
    if p.shifted:
        return depthwise_weight(p, x, g).reshape(weight).astype(dtype, copy=False)
    work = Scratch.own(x.dtype)
    total: Any = None
    for samples, rows, columns in p.columns(x):
        # The longer side first: so BLAS is half as fast again.
        part = np.matmul(columns, p.part(g, samples, rows, work).swapaxes(-1, -2))
        total = part if total is None else np.add(total, part, out=total)
    return total.swapaxes(-1, -2).reshape(weight).astype(dtype, copy=False)


def _finished(y: Any, dtype: np.dtype[Any]) -> Any:
    return y.astype(dtype, copy=False).swapaxes(0, 1)
