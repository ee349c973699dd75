"""Crossings between scalars and arrays: Values stacked into a Tensor, and taken out."""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Notation, Structural, structural

from_values: Structural = structural(
    "from_values",
    lambda xp, *operands, shape: xp.reshape(xp.stack(operands), shape),
    lambda xp, g, y, *operands, shape, index: xp.reshape(g, (-1,))[index],
    notation=Notation("stack", r"\operatorname{{stack}}"),
    linear=True,
    factors=[("", "the element of g where the operand lies")],
    doc="Scalars as the elements of an array.",
)


def _element_vjp(xp: Any, g: Any, y: Any, x: Any, *, index: Any) -> Any:
    return xp.scatter(g, index, x.shape)


to_value: Structural = structural(
    "to_value",
    lambda xp, x, *, index: x[index],
    [_element_vjp],
    notation=Notation("{0}[…]", r"{0}[\ldots]", 5, (5,)),
    linear=True,
    factors=[("", "g at the element, else 0")],
    doc="One element of an array as a scalar.",
)
