"""Rules of forward mode that follow from a rule of reverse mode without transposing it."""

from __future__ import annotations

from typing import Any

from autodiff.ops.broadcasting import Axis
from autodiff.ops.primitive import Rule

__all__ = ["of_reduction", "of_symmetric"]


def of_symmetric(vjp: Rule) -> Rule:
    """For an entry whose matrix of derivatives is symmetric, forward is backward.

    Args:
        vjp: the rule of its only operand.
    """

    def jvp(xp: Any, tangents: Any, y: Any, x: Any, **params: Any) -> Any:
        return vjp(xp, tangents[0], y, x, **params)

    return jvp


def of_reduction(vjp: Rule, *, selects: bool = False) -> Rule:
    """For an entry that takes each element into one result, as a sum along axes does.

    What the rule sends for the cotangent 1 is the derivative by each element, and the tangent
    is the sum of the elements' tangents times these.

    Args:
        vjp: the rule of its only operand.
        selects: elements that were not chosen stay out, whatever their tangent.
    """

    def jvp(
        xp: Any,
        tangents: Any,
        y: Any,
        x: Any,
        *,
        axis: Axis = None,
        keepdims: bool = False,
        **params: Any,
    ) -> Any:
        slopes = vjp(xp, xp.ones_like(y), y, x, axis=axis, keepdims=keepdims, **params)
        parts = slopes * tangents[0]
        if selects:
            parts = xp.where(xp.equal(slopes, 0), 0.0, parts)
        return xp.sum(parts, axis=axis, keepdims=keepdims)

    return jvp
