"""Products of a kernel with an input at all its places, summed: as products of matrices.

The input is unfolded along all axes but the first. There the windows of successive rows overlap in
memory, so that the matrix of every row of places is a mere view: for a kernel of 5 × 5 a fifth is
copied of what would be otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.backends.images.meeting import Along, blocks, unfolded
from autodiff.backends.images.scratch import Scratch

__all__ = ["summed_over_places", "summed_over_taps"]

_BLOCK = 1 << 20
"""Elements that are laid out at a time."""

_ONE = Along(0, 1, 1, 1, 1)


def summed_over_taps(x: Any, w: Any, along: list[Along], y: Any, bias: Any = None) -> None:
    """Write Σ w · x over channels and taps to y, for every place.

    Args:
        x: of shape (C, N, …).
        w: of shape (groups, O / groups, C / groups, …), the taps along each axis.
        along: for each axis which elements the taps meet.
        y: of shape (O, N, …), contiguous, where the sums go.
        bias: of shape (O,), to be added, or None.
    """
    groups, height = w.shape[:2]
    if _single(along, x.shape[2:]):
        flat = y.reshape(groups, height, -1)
        np.matmul(w.reshape(groups, height, -1), x.reshape(groups, w.shape[2], -1), out=flat)
        if bias is not None:
            flat += bias.reshape(groups, height, 1)
        return
    y = y.reshape(groups, height, *y.shape[1:])
    if len(along) == 1:
        x, w, y, along = x[:, :, None], w[:, :, :, None], y[:, :, :, None], [_ONE, *along]
    if bias is not None:
        bias = bias.reshape(groups, height, *(1,) * (y.ndim - 2))
    work = Scratch.own(x.dtype)
    # One for each tap of the axis between. Windows are laid out in the order of the first axis,
    # channels, the last axis.
    matrices = [
        m.transpose(0, 1, 3, 2, 4).reshape(groups, 1, height, -1)
        for m in (np.moveaxis(w, -2, 0) if w.ndim == 6 else [w])
    ]
    for own, rows in _straightened(along[0]):
        for samples, places, parts in blocks([rows, *along[1:]], x.shape[1], len(x), _BLOCK):
            block = unfolded(x[:, samples], parts, groups, work, rows_first=True)
            count = samples.stop - samples.start
            shape = *(a.places for a in parts[1:-1]), count, parts[-1].places
            found = work.empty("found", (groups, parts[0].places, height, *shape))
            for i, matrix in enumerate(matrices):
                start = parts[1].start(i) * count * shape[-1] if len(shape) == 3 else 0
                windows = _windows(block, parts[0], shape, start)
                into = found if i == 0 else work.empty("term", found.shape)
                np.matmul(matrix, windows, out=into.reshape(*found.shape[:3], -1))
                if i:
                    found += into
            moved = np.moveaxis(found, (-2, 1), (2, 3))
            target = y[:, :, samples, own][:, :, :, *places]
            # While the block is in the cache.
            if bias is None:
                target[...] = moved
            else:
                np.add(moved, bias, out=target)


def summed_over_places(x: Any, g: Any, along: list[Along], groups: int) -> Any:
    """Σ x · g over samples and places, for every tap.

    Args:
        x: of shape (C, N, …).
        g: of shape (O, N, …), a number for every place.
        along: for each axis which elements the taps meet.
        groups: of channels that do not mix.

    Returns:
        An array of shape (groups, O / groups, C / groups, …), the taps along each axis.
    """
    axes = len(along)
    if _single(along, x.shape[2:]):
        flat = (a.reshape(groups, len(a) // groups, -1) for a in (g, x))
        found = np.matmul(next(flat), next(flat).swapaxes(1, 2))
        return found.reshape(*found.shape, *(1,) * axes)
    g = g.reshape(groups, len(g) // groups, *g.shape[1:])
    if axes == 1:
        x, g, along = x[:, :, None], g[:, :, :, None], [_ONE, *along]
    taps = [a.taps for a in along]
    channels = len(x) // groups
    total: Any = np.zeros(
        (taps[0], *(taps[1:-1] or [1]), groups, channels * taps[-1], g.shape[1]), x.dtype
    )
    for samples, places, parts in blocks(along, x.shape[1], len(x), _BLOCK):
        _add_block(total, x[:, samples], g[:, :, samples, *places], parts)
    total = total.reshape(*total.shape[:3], channels, taps[-1], -1).transpose(2, 5, 3, 0, 1, 4)
    # Axes that were put in have one tap.
    added: tuple[Any, ...] = ((0, 0), (slice(None), 0), ())[axes - 1]
    return total[(slice(None), slice(None), slice(None), *added)]


def _add_block(total: Any, x: Any, g: Any, along: list[Along]) -> None:
    """Add what some samples and places give, for all taps; see `summed_over_places`."""
    work, (rows, *rest) = Scratch.own(x.dtype), along
    groups, width = total.shape[2:4]
    order = (0, 1, 3, 2, 4) if len(rest) == 1 else (0, 3, 1, 4, 2, 5)
    cotangents = work.empty("found", tuple(g.shape[i] for i in order))
    cotangents[...] = g.transpose(order)
    # A product runs over all that comes behind the channels: rows too, if there is no axis between.
    batches = 1 if len(rest) == 1 else rows.places
    cotangents = cotangents.reshape(groups, batches, g.shape[1], -1).swapaxes(-1, -2)
    dense, unit = rows.step == 1, x.shape[1] * rest[-1].places
    if dense:
        reach = Along(rows.origin, 1, 1, 1, rows.span)
        block = unfolded(x, [reach, *rest], groups, work, rows_first=False)
        block = block.reshape(groups, width, rows.span, -1)
    for i in range(rows.taps):
        start = i * rows.apart
        if dense:
            seen = block[:, :, start : start + rows.places]
        else:
            # Of the rows in between nothing is wanted.
            few = Along(rows.origin + start, rows.step, rows.step, 1, rows.places)
            seen = unfolded(x, [few, *rest], groups, work, rows_first=False)
        # The longer side first: so BLAS is half as fast again.
        if len(rest) == 1:
            part = seen.reshape(groups, 1, width, -1)
            total[i, 0] += np.matmul(part, cotangents)[:, 0]
            continue
        seen = seen.reshape(groups, width, rows.places, -1).swapaxes(1, 2)
        for j in range(rest[0].taps):
            first = rest[0].start(j) * unit
            part = seen[..., first : first + rest[0].places * unit]
            total[i, j] += np.matmul(part, cotangents).sum(axis=1)


def _single(along: list[Along], shape: tuple[int, ...]) -> bool:
    """Whether every place meets its own element alone."""
    return all((*a[:2], *a[3:]) == (0, 1, 1, n) for a, n in zip(along, shape, strict=True))


def _straightened(rows: Along) -> Iterator[tuple[slice, Along]]:
    """The places along an axis in parts, such that the taps of a part meet neighbours."""
    if rows.taps == 1:
        yield slice(None), rows._replace(apart=rows.step)
        return
    every = rows.apart // math.gcd(rows.step, rows.apart)
    for first in range(min(every, rows.places)):
        count, origin = -(-(rows.places - first) // every), rows.origin + first * rows.step
        part = rows._replace(origin=origin, step=rows.step * every, places=count)
        yield slice(first, None, every), part


def _windows(block: Any, rows: Along, shape: tuple[int, ...], start: int) -> Any:
    """The matrix of every row of places, all views of one memory.

    Args:
        block: elements as `unfolded` gives them, rows first.
        rows: of the first axis.
        shape: places and samples, which are the columns of a matrix.
        start: where they begin.
    """
    groups, height, width, taps = block.shape[:4]
    item, columns = block.itemsize, math.prod(shape)
    line = block.size // (groups * height * width * taps) * item
    row = width * taps * line
    strides = height * row, rows.step // rows.apart * row, line, item
    sizes = groups, rows.places, rows.taps * width * taps, columns
    return np.ndarray(sizes, block.dtype, block, start * item, strides)
