"""The largest elements of windows: found, and what is sent to them and fetched from them.

All is done for one axis after the other: the largest of a window is the largest of the largest of
its rows, and what belongs to it passes back through these. So a window of 3 × 3 × 3 is 9 steps
and not 27, each on all windows at once, and the later ones on few numbers.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from autodiff.backends.images.taps import Axis, Tiled
from autodiff.backends.images.uneven import Few, Uneven
from autodiff.backends.images.windows import output_sizes

__all__ = ["max_pool", "max_pool_input", "max_pool_pick", "max_pool_places"]

_LONG = 32
"""From so many elements on it pays to take the elements of a window together."""

Window = tuple[Any, ...]


def _axes_of(shape: Any, kernel: Any, stride: Any, dilation: Any) -> list[Axis]:
    """The last axes of an array of that shape, with the windows on them.

    Raises:
        ValueError: there are too few axes, or a window does not fit.
    """
    n = len(kernel)
    sizes = shape[len(shape) - n :] if len(shape) >= n else ()
    if len(sizes) != n:
        raise ValueError(
            f"a window with {n} axes needs as many axes to move along, not {len(shape)}"
        )
    each = zip(range(-n, 0), sizes, kernel, stride, dilation, strict=True)
    return [_axis(*settings) for settings in each]


@lru_cache(maxsize=512)
def _axis(axis: int, size: int, kernel: Any, stride: Any, dilation: int) -> Axis:
    if isinstance(kernel, tuple):
        few = max(kernel) >= _LONG and max(kernel) > len(kernel)
        return (Few if few else Uneven)(axis, size, kernel, stride)
    (count,) = output_sizes((size,), (kernel,), (stride,), ((0, 0),), (dilation,))
    if axis == -1 and kernel >= _LONG and (stride == kernel or count == 1) and dilation == 1:
        return Tiled(kernel, count)
    index = [
        slice(t * dilation, t * dilation + (count - 1) * stride + 1, stride) for t in range(kernel)
    ]
    apart = stride > dilation * (kernel - 1) or (stride == 1 and dilation >= count)
    return Axis(axis, index, apart or count == 1)


def max_pool(x: Any, kernel: Window, stride: Window, dilation: Window) -> Any:
    """The largest element of every window of the last axes."""
    x, *window, ones = _merged(x, kernel, stride, dilation)
    y = x
    for axis in _axes_of(x.shape, *window):
        y = axis.largest(y)
    y = y.copy() if y is x or y.base is not None else y
    return y.reshape(*y.shape, *ones)


def _merged(x: Any, kernel: Window, stride: Window, dilation: Window) -> Any:
    """The same with the last axes as one, where a window covers them; and ones for the others."""
    whole = 0
    for k, d, n in zip(reversed(kernel), reversed(dilation), reversed(x.shape), strict=False):
        if k != n or d != 1:
            break
        whole += 1
    if whole < 2:
        return x, kernel, stride, dilation, ()
    flat = x.reshape(*x.shape[: x.ndim - whole], math.prod(kernel[-whole:]))
    kept = 1 - whole
    window = *kernel[: kept - 1], flat.shape[-1]
    return flat, window, stride[:kept], dilation[:kept], (1,) * (whole - 1)


class _Found:
    """The largest elements, by axes: which they are, and how many are equal."""

    def __init__(self, x: Any, kernel: Window, stride: Window, dilation: Window) -> None:
        flat, *window, ones = _merged(x, kernel, stride, dilation)
        self.shape, self.added = x.shape, len(ones)
        self.axes = _axes_of(flat.shape, *window)
        self.levels = [flat]
        for axis in self.axes:
            self.levels.append(axis.largest(self.levels[-1]))
        self.hits = [
            axis.equal(wide, few)
            for axis, (wide, few) in zip(self.axes, pairwise(self.levels), strict=True)
        ]

    def spread(self, g: Any) -> Any:
        """Numbers, one for each window, brought to its largest elements in equal shares."""
        y = self._share(g.reshape(g.shape[: g.ndim - self.added]))
        for axis, hits, level in zip(
            reversed(self.axes), reversed(self.hits), self.levels[-2::-1], strict=True
        ):
            y = axis.spread(hits, y, level.shape)
        return y.reshape(self.shape)

    def gathered(self, h: Any) -> Any:
        """The mean of numbers, one for each element, over the largest of every window."""
        y = h.reshape(self.levels[0].shape)
        for axis, hits in zip(self.axes, self.hits, strict=True):
            y = axis.gathered(hits, y)
        y = self._share(y)
        return y.reshape(*y.shape, *(1,) * self.added)

    def _share(self, g: Any) -> Any:
        """Numbers divided by how many elements of each window are equally large."""
        if g.dtype.kind not in "fc":
            g = g.astype(np.float64)
        each = list(zip(self.axes, self.hits, self.levels[1:], strict=True))
        if all(axis.clear(hits, y) for axis, hits, y in each):
            return g
        # In single bytes where they suffice.
        kind = np.uint8 if math.prod(axis.taps for axis in self.axes) < 256 else np.int32
        count: Any = None
        for axis, hits, _ in each:
            count = axis.counted(hits, count, kind)
        # Numbers of float16 end at 65504, and counts need not.
        wide = np.float32 if g.dtype == np.float16 else g.dtype
        return (g / np.maximum(count, 1).astype(wide)).astype(g.dtype, copy=False)


def max_pool_input(g: Any, x: Any, kernel: Window, stride: Window, dilation: Window) -> Any:
    """Each number brought to the largest elements of its window, in equal shares."""
    return _Found(x, kernel, stride, dilation).spread(g)


def max_pool_pick(h: Any, x: Any, kernel: Window, stride: Window, dilation: Window) -> Any:
    """The mean of ``h`` over the places of the largest elements of every window of ``x``."""
    return _Found(x, kernel, stride, dilation).gathered(h)


def max_pool_places(
    x: Any, kernel: Window, stride: Window, dilation: Window, padding: Any, sizes: Any
) -> Any:
    """Where the first largest element of every window stands.

    Args:
        x: the padded array.
        kernel: lengths of the window, as for `max_pool`.
        stride: steps between its places.
        dilation: steps between its elements.
        padding: what was added before each of the last axes.
        sizes: the lengths of these axes without padding.

    Returns:
        Numbers that count the elements of the last axes without padding in C order.
    """
    place, step = None, 1
    axes = _axes_of(x.shape, kernel, stride, dilation)
    # The last axis first: of equal rows the first one counts.
    for axis, before, size in reversed(list(zip(axes, padding, sizes, strict=True))):
        y = axis.largest(x)
        place, x = axis.first(x, y, place, before, size, step), y
        step *= size
    return place
