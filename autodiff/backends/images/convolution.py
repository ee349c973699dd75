"""Convolution on arrays, as products of matrices.

The sum T(x, w, g) = Σ x · w · g over all places of the kernel is linear in each of the
input x (N, C, …), the weight w (O, C/groups, …) and the output's cotangent g (N, O, …);
the three functions here are its derivatives. The memory of what they return is ordered
channels first, then samples (the shape is as usual): so windows are copied in long runs, and one
product serves many samples. A block is of a size that stays in the cache, which also saves the
system from handing out fresh memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.images.depthwise import depthwise, depthwise_input, depthwise_weight
from autodiff.backends.images.meeting import Along
from autodiff.backends.images.products import summed_over_places, summed_over_taps
from autodiff.backends.images.scratch import Scratch, promoted
from autodiff.backends.images.unfolding import Problem
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
    added = biases[0] if biases else None
    if p.shifted or not x.size or not w.size:
        y[...] = 0 if added is None else added.reshape(-1, *(1,) * (y.ndim - 1))
        if y.size and x.size:
            depthwise(p, x, w, y)
    else:
        summed_over_taps(x.swapaxes(0, 1), _by_group(w, groups), p.along, y, added)
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
    weight = _by_group(w, groups)
    if set(stride) == {1}:
        # A convolution of the cotangents, with the kernel turned over.
        along = [
            Along(pair[0] - d * (k - 1), 1, d, k, n)
            for pair, d, k, n in zip(padding, dilation, p.kernel, shape, strict=True)
        ]
        turned = np.flip(weight, tuple(range(3, weight.ndim))).swapaxes(1, 2)
        summed_over_taps(g.swapaxes(0, 1), turned, along, x)
        return _finished(x, dtype)
    matrix = weight.reshape(groups, p.features // groups, -1).swapaxes(1, 2)
    work = Scratch.own(g.dtype)
    for samples, parts in p.blocks():
        planes = work.zeros("planes", (channels, samples.stop - samples.start, *p.padded))
        for rows in parts:
            part = g.swapaxes(0, 1)[:, samples, rows]
            columns = part.reshape(groups, p.features // groups, -1)
            block = work.empty("block", (groups, matrix.shape[1], columns.shape[-1]))
            np.matmul(matrix, columns, out=block)
            block = block.reshape(channels, len(p.taps), *part.shape[1:])
            for i, view in enumerate(p.seen(planes, rows)):
                view += block[:, i]
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
    xt, gt = x.swapaxes(0, 1), g.swapaxes(0, 1)
    return summed_over_places(xt, gt, p.along, groups).reshape(weight).astype(dtype, copy=False)


def _by_group(w: Any, groups: int) -> Any:
    return w.reshape(groups, len(w) // groups, *w.shape[1:])


def _finished(y: Any, dtype: np.dtype[Any]) -> Any:
    return y.astype(dtype, copy=False).swapaxes(0, 1)
