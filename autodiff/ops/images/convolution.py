"""Convolution (cross-correlation) over any number of axes.

The sum Σ x · w · g over all places of the kernel is linear in the input x, the weight w
and the output's cotangent g. The three primitives are its derivatives by g, x and w, so
the derivative of each is in the family again.
"""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases

Shape = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]


def _setting(
    stride: Shape, padding: Pairs, dilation: Shape, groups: int, **more: Any
) -> dict[str, Any]:
    return {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, **more}


_ONE = _setting((1,), ((0, 0),), (1,), 1)
_STRIDED = _setting((2,), ((1, 2),), (2,), 2)
_CUT = _setting((1,), ((2, -1),), (1,), 1)
_PLANE = _setting((2, 1), ((1, 1), (0, 1)), (1, 2), 1)
_DEEP = _setting((1, 1), ((1, 1), (1, 1)), (1, 1), 3)
_SPACE = _setting((1, 1, 2), ((0, 0), (0, 0), (1, 0)), (1, 1, 1), 1)


def _convolution_vjp(
    xp: Any, g: Any, y: Any, x: Any, w: Any, *bias: Any, index: int, **params: Any
) -> Any:
    if index == 0:
        return xp.convolution_input(g, w, shape=x.shape[2:], **params)
    if index == 1:
        return xp.convolution_weight(x, g, shape=w.shape[2:], **params)
    return xp.sum(g, axis=(0, *range(2, len(y.shape))))


def _convolution_jvp(
    xp: Any, tangents: Any, y: Any, x: Any, w: Any, *bias: Any, **params: Any
) -> Any:
    along_x, along_w, *along_bias = tangents
    parts = []
    if along_x is not None:
        parts.append(xp.convolution(along_x, w, **params))
    if along_w is not None:
        parts.append(xp.convolution(x, along_w, **params))
    for t in along_bias:
        if t is not None:
            column = xp.reshape(t, (*t.shape, *(1,) * (len(y.shape) - 2)))
            parts.append(xp.broadcast_to(column, y.shape))
    return sum(parts[1:], parts[0])


convolution: Structural = structural(
    "convolution",
    lambda xp, x, w, *bias, stride, padding, dilation, groups: xp.convolution(
        x, w, *bias, stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
    _convolution_vjp,
    notation=Notation("{0} ⋆ {1}", r"{0} \star {1}", 2, (2, 3)),
    jvp=_convolution_jvp,
    reads=("operands",),
    samples=cases(
        ([(2, 3, 5), (5, 3, 3)], _ONE),
        ([(2, 4, 7), (6, 2, 2), (6,)], _STRIDED),
        ([(2, 2, 6), (3, 2, 2)], _CUT),
        ([(2, 2, 4, 5), (3, 2, 2, 3)], _PLANE),
        ([(2, 3, 3, 4), (6, 1, 2, 2), (6,)], _DEEP),
        ([(1, 1, 2, 3, 4), (5, 1, 2, 1, 2)], _SPACE),
    ),
    factors=[
        ("⋆ᵀ {1}", "g ⋆ᵀ {1}, each g spread over its window with the weights"),
        ("⋆ᵂ {0}", "{0} ⋆ᵂ g, each window times its g, added up"),
        ("Σ all but channels", "g summed over all but the channels"),
    ],
    doc="Sums of products of a kernel with the input at all its places, and a bias.",
)

convolution_input: Structural = structural(
    "convolution_input",
    lambda xp, g, w, *, shape, stride, padding, dilation, groups: xp.convolution_input(
        g, w, shape=shape, stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
    [
        lambda xp, h, y, g, w, *, shape, **params: xp.convolution(h, w, **params),
        lambda xp, h, y, g, w, *, shape, **params: xp.convolution_weight(
            h, g, shape=w.shape[2:], **params
        ),
    ],
    notation=Notation("{0} ⋆ᵀ {1}", r"{0} \star^T {1}", 2, (2, 3)),
    multilinear=True,
    reads=(0, 1),
    samples=cases(
        ([(2, 5, 3), (5, 3, 3)], {**_ONE, "shape": (5,)}),
        ([(2, 6, 4), (6, 2, 2)], {**_STRIDED, "shape": (7,)}),
        ([(2, 3, 6), (3, 2, 2)], {**_CUT, "shape": (6,)}),
        ([(2, 3, 3, 2), (3, 2, 2, 3)], {**_PLANE, "shape": (4, 5)}),
        ([(2, 6, 4, 5), (6, 1, 2, 2)], {**_DEEP, "shape": (3, 4)}),
        ([(1, 5, 1, 3, 2), (5, 1, 2, 1, 2)], {**_SPACE, "shape": (2, 3, 4)}),
    ),
    factors=[("⋆ {1}", "g ⋆ {1}"), ("⋆ᵂ {0}", "g ⋆ᵂ {0}")],
    doc="The transpose of a convolution with respect to its input.",
)

convolution_weight: Structural = structural(
    "convolution_weight",
    lambda xp, x, g, *, shape, stride, padding, dilation, groups: xp.convolution_weight(
        x, g, shape=shape, stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
    [
        lambda xp, h, y, x, g, *, shape, **params: xp.convolution_input(
            g, h, shape=x.shape[2:], **params
        ),
        lambda xp, h, y, x, g, *, shape, **params: xp.convolution(x, h, **params),
    ],
    notation=Notation("{0} ⋆ᵂ {1}", r"{0} \star^W {1}", 2, (2, 3)),
    multilinear=True,
    reads=(0, 1),
    samples=cases(
        ([(2, 3, 5), (2, 5, 3)], {**_ONE, "shape": (3,)}),
        ([(2, 4, 7), (2, 6, 4)], {**_STRIDED, "shape": (2,)}),
        ([(2, 2, 6), (2, 3, 6)], {**_CUT, "shape": (2,)}),
        ([(2, 2, 4, 5), (2, 3, 3, 2)], {**_PLANE, "shape": (2, 3)}),
        ([(2, 3, 3, 4), (2, 6, 4, 5)], {**_DEEP, "shape": (2, 2)}),
        ([(1, 1, 2, 3, 4), (1, 5, 1, 3, 2)], {**_SPACE, "shape": (2, 1, 2)}),
    ),
    factors=[("⋆ᵀ {1}", "{1} ⋆ᵀ g"), ("⋆ {0}", "{0} ⋆ g")],
    doc="The transpose of a convolution with respect to its weight.",
)
