"""Windows of arrays laid out, added up, summed and searched for their largest element.

Nothing here loops over places: the work is done for one tap of the window after the
other, at all places at once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.images.windows import Shape, output_sizes

__all__ = [
    "max_pool",
    "max_pool_input",
    "max_pool_pick",
    "max_pool_places",
    "overlap_add",
    "window_spread",
    "window_sum",
    "windows",
]


def _sizes(sizes: Shape, kernel: Shape, stride: Shape, dilation: Shape) -> Shape:
    if len(sizes) != len(kernel):
        raise ValueError(
            f"a window with {len(kernel)} axes needs as many axes to move along, not {len(sizes)}"
        )
    return output_sizes(sizes, kernel, stride, ((0, 0),) * len(kernel), dilation)


def _along(n: int, tap: int, stride: int, dilation: int) -> slice:
    """Where one tap of the window is met, at all n places along an axis."""
    return slice(tap * dilation, tap * dilation + (n - 1) * stride + 1, stride)


def _places(tap: Shape, out: Shape, stride: Shape, dilation: Shape) -> Any:
    each = zip(out, tap, stride, dilation, strict=True)
    return (..., *(_along(n, t, s, d) for n, t, s, d in each))


def windows(x: Any, kernel: Shape, stride: Shape, dilation: Shape) -> Any:
    """All windows over the last axes: (…, *kernel, *places)."""
    n = len(kernel)
    lead, sizes, steps = x.shape[: x.ndim - n], x.shape[x.ndim - n :], x.strides[x.ndim - n :]
    out = _sizes(sizes, kernel, stride, dilation)
    strides = (
        *x.strides[: x.ndim - n],
        *(d * step for d, step in zip(dilation, steps, strict=True)),
        *(s * step for s, step in zip(stride, steps, strict=True)),
    )
    view = np.lib.stride_tricks.as_strided(x, (*lead, *kernel, *out), strides, writeable=False)
    return np.array(view, order="C")


def overlap_add(v: Any, shape: Shape, kernel: Shape, stride: Shape, dilation: Shape) -> Any:
    """Windows put back to their places in zeros, what meets added up."""
    out = _sizes(shape, kernel, stride, dilation)
    lead = v.shape[: v.ndim - 2 * len(kernel)]
    if v.shape != (*lead, *kernel, *out):
        raise ValueError(f"windows over {shape} have the last lengths {(*kernel, *out)}")
    y = np.zeros((*lead, *shape), v.dtype)
    for tap in np.ndindex(*kernel):
        y[_places(tap, out, stride, dilation)] += v[(..., *tap, *(slice(None),) * len(out))]
    return y


def _axis(ndim: int, n: int, i: int, along: Any) -> Any:
    return (..., along, *(slice(None),) * (n - 1 - i))


def _reduce(ufunc: Any, x: Any, kernel: Shape, stride: Shape, dilation: Shape) -> Any:
    """A commutative operation over every window, one axis after the other."""
    n = len(kernel)
    out = _sizes(x.shape[x.ndim - n :], kernel, stride, dilation)
    y = x
    for i, (k, s, d) in enumerate(zip(kernel, stride, dilation, strict=True)):
        parts = [y[_axis(x.ndim, n, i, _along(out[i], t, s, d))] for t in range(k)]
        y = ufunc(parts[0], parts[1]) if k > 1 else parts[0]
        for part in parts[2:]:
            ufunc(y, part, out=y)
    return y.copy() if y is x or y.base is not None else y


def window_sum(x: Any, kernel: Shape, stride: Shape, dilation: Shape) -> Any:
    """The sum over every window of the last axes."""
    # Half precision would lose digits in the sums.
    work = x.astype(np.float32) if x.dtype == np.float16 else x
    return _reduce(np.add, work, kernel, stride, dilation).astype(x.dtype, copy=False)


def window_spread(v: Any, shape: Shape, kernel: Shape, stride: Shape, dilation: Shape) -> Any:
    """Zeros of a shape, with each number added at all elements of its window."""
    n = len(kernel)
    out = _sizes(shape, kernel, stride, dilation)
    if v.shape[v.ndim - n :] != out:
        raise ValueError(f"windows over {shape} have {out} places")
    y = v.astype(np.float32) if v.dtype == np.float16 else v
    for i in reversed(range(n)):
        lengths = list(y.shape)
        lengths[v.ndim - n + i] = shape[i]
        wide = np.zeros(lengths, y.dtype)
        for t in range(kernel[i]):
            wide[_axis(v.ndim, n, i, _along(out[i], t, stride[i], dilation[i]))] += y
        y = wide
    return y.astype(v.dtype, copy=False)


def max_pool(x: Any, kernel: Shape, stride: Shape, dilation: Shape) -> Any:
    """The largest element of every window of the last axes."""
    return _reduce(np.maximum, x, kernel, stride, dilation)


def _hits(x: Any, kernel: Shape, stride: Shape, dilation: Shape) -> tuple[list[Any], Any]:
    """For every tap where it is met and whether it is largest, and the number of ties."""
    y = max_pool(x, kernel, stride, dilation)
    out = y.shape[y.ndim - len(kernel) :]
    # In single bytes where they suffice: these arrays are read once for every tap.
    count = np.zeros(y.shape, np.uint8 if math.prod(kernel) < 256 else np.int32)
    found = []
    for tap in np.ndindex(*kernel):
        places = _places(tap, out, stride, dilation)
        hit = x[places] == y
        count += hit
        found.append((places, hit))
    return found, count


def _share(g: Any, count: Any) -> Any:
    if g.dtype.kind not in "fc":
        g = g.astype(np.float64)
    if count.max(initial=1) == 1:
        return g
    # Numbers of float16 end at 65504, and counts need not.
    wide = np.float32 if g.dtype == np.float16 else g.dtype
    return (g / np.maximum(count, 1).astype(wide)).astype(g.dtype, copy=False)


def max_pool_input(g: Any, x: Any, kernel: Shape, stride: Shape, dilation: Shape) -> Any:
    """Each number brought to the largest elements of its window, in equal shares."""
    found, count = _hits(x, kernel, stride, dilation)
    share = _share(g, count)
    y = np.zeros(x.shape, share.dtype)
    apart = all(s > d * (k - 1) for k, s, d in zip(kernel, stride, dilation, strict=True))
    chosen = _Chosen(share)
    for places, hit in found:
        if apart:
            np.copyto(y[places], share, where=hit)
        else:
            y[places] += chosen.where(hit)
    return y


class _Chosen:
    """Numbers where a condition holds and zeros elsewhere, each time in the same memory.

    That is done on their bits as integers, which is much faster than a choice, and unlike a
    product of floats right for infinities.
    """

    def __init__(self, numbers: Any) -> None:
        self._numbers = np.ascontiguousarray(numbers)
        self._result = np.empty_like(self._numbers)
        self._whole = _BITS.get(self._numbers.dtype.str[1:])

    def where(self, condition: Any) -> Any:
        if self._whole is None:
            return np.where(condition, self._numbers, np.zeros((), self._numbers.dtype))
        bits = self._numbers.view(self._whole), condition.view(np.int8)
        np.multiply(*bits, out=self._result.view(self._whole))
        return self._result


_BITS: dict[str, Any] = {"f2": np.int16, "f4": np.int32, "f8": np.int64}


def max_pool_pick(h: Any, x: Any, kernel: Shape, stride: Shape, dilation: Shape) -> Any:
    """The mean of ``h`` over the places of the largest elements of every window of ``x``."""
    found, count = _hits(x, kernel, stride, dilation)
    y = np.zeros(count.shape, h.dtype)
    for places, hit in found:
        y += np.where(hit, h[places], np.zeros((), h.dtype))
    return _share(y, count)


def max_pool_places(
    x: Any, kernel: Shape, stride: Shape, dilation: Shape, padding: Shape, sizes: Shape
) -> Any:
    """Where the first largest element of every window stands.

    Args:
        x: the padded array.
        kernel: lengths of the window.
        stride: steps between its places.
        dilation: steps between its elements.
        padding: what was added before each of the last axes.
        sizes: the lengths of these axes without padding.

    Returns:
        Numbers that count the elements of the last axes without padding in C order.
    """
    y = max_pool(x, kernel, stride, dilation)
    out = y.shape[y.ndim - len(kernel) :]
    starts = np.indices(out, sparse=True)
    taps = list(np.ndindex(*kernel))
    unclear = np.isnan(np.add.reduce(y, None)) and np.isnan(y).any()
    chosen = np.zeros(y.shape, np.uint8 if len(taps) < 256 else np.intp)
    flat: Any = np.zeros((), np.intp)
    steps = [math.prod(sizes[i + 1 :]) for i in range(len(sizes))]
    for start, s, p, step in zip(starts, stride, padding, steps, strict=True):
        flat = flat + (start * s - p) * step
    moves = [sum(t * d * k for t, d, k in zip(tap, dilation, steps, strict=True)) for tap in taps]
    # The last tap first, so that of equal ones the first remains.
    for i in reversed(range(len(taps))):
        met = x[_places(taps[i], out, stride, dilation)]
        hit = met == y
        if unclear:
            hit |= met != met
        if any(padding):
            # The padding may be as small as all that is in a window.
            for start, t, s, d, p, n in zip(
                starts, taps[i], stride, dilation, padding, sizes, strict=True
            ):
                at = start * s + t * d - p
                hit &= (at >= 0) & (at < n)
        np.copyto(chosen, i, where=hit)
    return flat + np.take(moves, chosen)
