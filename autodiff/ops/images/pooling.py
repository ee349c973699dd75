"""The largest element of every window, and what its derivatives are made of.

Equal largest elements of a window share its gradient: the minimum-norm subgradient.
"""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases

Shape = tuple[int, ...]


def _setting(kernel: Any, stride: Any, dilation: Shape) -> dict[str, Any]:
    return {"kernel": kernel, "stride": stride, "dilation": dilation}


_LINE = _setting((3,), (1,), (1,))
_APART = _setting((2,), (2,), (1,))
_PLANE = _setting((2, 3), (1, 2), (2, 1))
# Along an axis, lengths and beginnings of all windows.
_UNEVEN = _setting((2, (2, 3, 2)), (2, (0, 1, 3)), (1, 1))
_SPACE = _setting((1, 2, 2), (1, 1, 2), (1, 1, 1))


def _nothing(xp: Any, h: Any, y: Any, g: Any, x: Any, **setting: Any) -> Any:
    # Which elements are largest does not change from one point to the next.
    return xp.ones_like(x) * 0.0


max_pool: Structural = structural(
    "max_pool",
    lambda xp, x, *, kernel, stride, dilation: xp.max_pool(x, kernel, stride, dilation),
    [lambda xp, g, y, x, **setting: xp.max_pool_input(g, x, **setting)],
    notation=Notation.function("max_pool"),
    reads=(0,),
    samples=cases(
        ((2, 5), _LINE),
        ((2, 6), _APART),
        ((2, 4, 6), _PLANE),
        ((2, 4, 5), _UNEVEN),
        ((2, 2, 3, 4), _SPACE),
    ),
    factors=[("to the max", "g of each window at its largest element")],
    selects=True,
    ordered=True,
    kinks="Equal largest elements of a window share the gradient equally.",
    doc="The largest element of every window of the last axes; equal ones share the gradient.",
)

max_pool_input: Structural = structural(
    "max_pool_input",
    lambda xp, g, x, *, kernel, stride, dilation: xp.max_pool_input(g, x, kernel, stride, dilation),
    [lambda xp, h, y, g, x, **setting: xp.max_pool_pick(h, x, **setting), _nothing],
    notation=Notation.function("max_pool_input", arity=2),
    reads=(1,),
    samples=cases(
        ([(2, 3), (2, 5)], _LINE),
        ([(2, 3), (2, 6)], _APART),
        ([(2, 2, 2), (2, 4, 6)], _PLANE),
        ([(2, 2, 3), (2, 4, 5)], _UNEVEN),
        ([(2, 2, 2, 2), (2, 2, 3, 4)], _SPACE),
    ),
    factors=[("from the max of {1}", "the mean of g where {1} is largest, for each window"), "0"],
    selects=True,
    ordered=True,
    doc="Numbers, one for each window, brought in equal shares to the largest elements of it.",
)

max_pool_pick: Structural = structural(
    "max_pool_pick",
    lambda xp, h, x, *, kernel, stride, dilation: xp.max_pool_pick(h, x, kernel, stride, dilation),
    [lambda xp, g, y, h, x, **setting: xp.max_pool_input(g, x, **setting), _nothing],
    notation=Notation.function("max_pool_pick", arity=2),
    reads=(1,),
    samples=cases(
        ([(2, 5), (2, 5)], _LINE),
        ([(2, 6), (2, 6)], _APART),
        ([(2, 4, 6), (2, 4, 6)], _PLANE),
        ([(2, 4, 5), (2, 4, 5)], _UNEVEN),
        ([(2, 2, 3, 4), (2, 2, 3, 4)], _SPACE),
    ),
    factors=[
        ("to the max of {1}", "g of each window where {1} is largest, equal ones sharing it"),
        "0",
    ],
    selects=True,
    ordered=True,
    doc="The mean of the first operand where the second is largest, for every window.",
)
