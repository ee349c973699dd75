"""Crossings between scalars and arrays: Values stacked into a Tensor, and taken out."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.ops.notation import Place, index_text
from autodiff.ops.primitive import Notation, Structural, structural


def _element_of(place: Place) -> str:
    index = np.unravel_index(place.position, place.result)
    return f"g[{index_text(tuple(map(int, index)))}]" if index else "1"


def _into(place: Place) -> str:
    index = place.params["index"]
    return f"into [{index_text(index)}]" if index != () else "1"


from_values: Structural = structural(
    "from_values",
    lambda xp, *operands, shape: xp.reshape(xp.stack(operands), shape),
    lambda xp, g, y, *operands, shape, index: xp.reshape(g, (-1,))[index],
    notation=Notation("stack", r"\operatorname{{stack}}"),
    linear=True,
    factors=[("its element", "the element of g where the operand lies", _element_of)],
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
    factors=[("into its place", "g at the element, else 0", _into)],
    doc="One element of an array as a scalar.",
)
