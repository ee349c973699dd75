"""Windows of arrays laid out, added up and summed.

Nothing here loops over places: the work is done for one tap of the window after the
other, at all places at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.images.windows import Shape, output_sizes

__all__ = [
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
