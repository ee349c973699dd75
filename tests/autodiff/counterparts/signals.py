"""Counterparts of the entries for signals and images: one place after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]


def _counts(sizes: Any, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    room = [
        n + a + b - d * (k - 1) - 1
        for n, k, (a, b), d in zip(sizes, kernel, padding, dilation, strict=True)
    ]
    if min(kernel) < 1 or min(room) < 0:
        raise ValueError("the kernel does not fit")
    return tuple(r // s + 1 for r, s in zip(room, stride, strict=True))


def _meetings(sizes: Any, kernel: Any, s: Any, p: Any, d: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Places of the output, taps of the kernel and places of the input that meet."""
    for out in np.ndindex(*_counts(sizes, kernel, s, p, d)):
        for tap in np.ndindex(*kernel):
            at = tuple(
                o * si + t * di - a for o, t, si, di, (a, _) in zip(out, tap, s, d, p, strict=True)
            )
            if all(0 <= i < n for i, n in zip(at, sizes, strict=True)):
                yield out, tap, at


def _trilinear(x: Any, w: Any, g: Any, by: str, settings: Any) -> Any:
    """The derivative of Σ x · w · g by one of the three, which is given as zeros."""
    groups = settings["groups"]
    if x.shape[1] != w.shape[1] * groups or w.shape[0] % groups:
        raise ValueError("the channels do not fit")
    given = settings["stride"], settings["padding"], settings["dilation"]
    if g.shape[2:] != _counts(x.shape[2:], w.shape[2:], *given):
        raise ValueError("the cotangent does not fit")
    total = {"x": x, "w": w, "g": g}[by]
    a, b = w.shape[1], w.shape[0] // groups
    for out, tap, at in _meetings(x.shape[2:], w.shape[2:], *given):
        for k in range(groups):
            ins, outs = slice(k * a, k * a + a), slice(k * b, k * b + b)
            xs, ws, gs = x[(slice(None), ins, *at)], w[(outs, slice(None), *tap)], None
            gs = g[(slice(None), outs, *out)]
            if by == "g":
                total[(slice(None), outs, *out)] += xs @ ws.T
            elif by == "x":
                total[(slice(None), ins, *at)] += gs @ ws
            else:
                total[(outs, slice(None), *tap)] += gs.T @ xs
    return total


def _convolution(x: Any, w: Any, *bias: Any, **settings: Any) -> Any:
    given = settings["stride"], settings["padding"], settings["dilation"]
    out = _counts(x.shape[2:], w.shape[2:], *given)
    y = _trilinear(x, w, np.zeros((len(x), len(w), *out), x.dtype), "g", settings)
    return y + bias[0].reshape(-1, *[1] * len(out)) if bias else y


def _convolution_input(g: Any, w: Any, shape: Any, **settings: Any) -> Any:
    zeros = np.zeros((len(g), w.shape[1] * settings["groups"], *shape), g.dtype)
    if g.shape[1] != w.shape[0]:
        raise ValueError("the channels do not fit")
    return _trilinear(zeros, w, g, "x", settings)


def _convolution_weight(x: Any, g: Any, shape: Any, **settings: Any) -> Any:
    if len(x) != len(g):
        raise ValueError("the samples do not fit")
    zeros = np.zeros((g.shape[1], x.shape[1] // settings["groups"], *shape), x.dtype)
    return _trilinear(x, zeros, g, "w", settings)


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "convolution": _convolution,
    "convolve": lambda a, v, *, mode: np.convolve(a, v, mode),
    "convolution_input": _convolution_input,
    "convolution_weight": _convolution_weight,
}
