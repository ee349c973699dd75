"""Windows that move over the last axes: laid out, and summed; with the transposes of both."""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases

Shape = tuple[int, ...]


def _setting(kernel: Shape, stride: Shape, dilation: Shape, **more: Any) -> dict[str, Any]:
    return {"kernel": kernel, "stride": stride, "dilation": dilation, **more}


_LINE = ((3,), (1,), (1,))
_APART = ((2,), (3,), (1,))
_WIDE = ((2,), (1,), (2,))
_PLANE = ((2, 3), (1, 2), (2, 1))
_SPACE = ((1, 2, 2), (1, 1, 2), (1, 1, 1))

_OVER = cases(
    ((2, 5), _setting(*_LINE)),
    ((2, 7), _setting(*_APART)),
    ((4,), _setting(*_WIDE)),
    ((2, 4, 6), _setting(*_PLANE)),
    ((2, 2, 3, 4), _setting(*_SPACE)),
)


windows: Structural = structural(
    "windows",
    lambda xp, x, *, kernel, stride, dilation: xp.windows(x, kernel, stride, dilation),
    [
        lambda xp, g, y, x, *, kernel, stride, dilation: xp.overlap_add(
            g,
            shape=x.shape[len(x.shape) - len(kernel) :],
            kernel=kernel,
            stride=stride,
            dilation=dilation,
        )
    ],
    notation=Notation.function("windows"),
    linear=True,
    samples=_OVER,
    factors=[
        ("overlap-add", "the windows of g put back to their places, what meets there added up")
    ],
    doc="All windows over the last axes, the axes of the window before those of its places.",
)

overlap_add: Structural = structural(
    "overlap_add",
    lambda xp, v, *, shape, kernel, stride, dilation: xp.overlap_add(
        v, shape, kernel, stride, dilation
    ),
    [lambda xp, g, y, v, *, shape, **setting: xp.windows(g, **setting)],
    notation=Notation.function("overlap_add"),
    linear=True,
    samples=cases(
        ((2, 3, 3), _setting(*_LINE, shape=(5,))),
        ((2, 2, 2), _setting(*_APART, shape=(7,))),
        ((2, 2), _setting(*_WIDE, shape=(4,))),
        ((2, 2, 3, 2, 2), _setting(*_PLANE, shape=(4, 6))),
        ((2, 1, 2, 2, 2, 2, 2), _setting(*_SPACE, shape=(2, 3, 4))),
    ),
    factors=[("windows", "the windows of g")],
    doc="Windows put back to their places, what meets there added up.",
)

window_sum: Structural = structural(
    "window_sum",
    lambda xp, x, *, kernel, stride, dilation: xp.window_sum(x, kernel, stride, dilation),
    [
        lambda xp, g, y, x, *, kernel, stride, dilation: xp.window_spread(
            g,
            shape=x.shape[len(x.shape) - len(kernel) :],
            kernel=kernel,
            stride=stride,
            dilation=dilation,
        )
    ],
    notation=Notation.function("window_sum"),
    linear=True,
    samples=_OVER,
    factors=[("spread", "the sum of g over all windows that an element lies in")],
    doc="The sum over every window of the last axes.",
)

window_spread: Structural = structural(
    "window_spread",
    lambda xp, v, *, shape, kernel, stride, dilation: xp.window_spread(
        v, shape, kernel, stride, dilation
    ),
    [lambda xp, g, y, v, *, shape, **setting: xp.window_sum(g, **setting)],
    notation=Notation.function("window_spread"),
    linear=True,
    samples=cases(
        ((2, 3), _setting(*_LINE, shape=(5,))),
        ((2, 2), _setting(*_APART, shape=(7,))),
        ((2,), _setting(*_WIDE, shape=(4,))),
        ((2, 2, 2), _setting(*_PLANE, shape=(4, 6))),
        ((2, 2, 2, 2), _setting(*_SPACE, shape=(2, 3, 4))),
    ),
    factors=[("window sum", "the sum of g over every window")],
    doc="Zeros with each number added at all elements of its window.",
)
