"""Crossings between an array and the examples of a batch within it.

What a function is mapped over enters as a batch and leaves as an array; what it meets
besides, the same for all examples, is shared by them. ``batch`` says which mapping it is:
it has ``enter``, ``leave``, ``share``, ``stand_in`` and ``total``, functions of arrays. The
derivative of each crossing is another one.
"""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Notation, Structural, structural

__all__ = ["enter_batch", "leave_batch", "share_in_batch", "spread_in_batch", "sum_of_batch"]

enter_batch: Structural = structural(
    "enter_batch",
    lambda xp, x, *, batch, axis: batch.enter(x, axis),
    [lambda xp, g, y, x, *, batch, axis: xp.leave_batch(g, batch=batch, axis=axis)],
    notation=Notation.function("examples of"),
    linear=True,
    factors=[("1", "the gradients of all examples along the axis")],
    doc="The examples along an axis, each for itself.",
)

leave_batch: Structural = structural(
    "leave_batch",
    lambda xp, x, *, batch, axis: batch.leave(x, axis),
    [lambda xp, g, y, x, *, batch, axis: xp.enter_batch(g, batch=batch, axis=axis)],
    notation=Notation.function("batch of"),
    linear=True,
    factors=[("1", "for each example its part of g")],
    doc="The results for all examples along a new axis; without one that which all have.",
)


def _shared_vjp(xp: Any, g: Any, y: Any, x: Any, *, batch: Any) -> Any:
    # Within the mapped function a gradient is that of one example.
    return xp.positive(g) if batch.under_way() else xp.sum_of_batch(g, batch=batch)


share_in_batch: Structural = structural(
    "share_in_batch",
    lambda xp, x, *, batch: batch.share(x),
    [_shared_vjp],
    notation=Notation.function("for each example"),
    linear=True,
    factors=[("Σ examples", "g summed over all examples")],
    doc="The same operand for every example.",
)

spread_in_batch: Structural = structural(
    "spread_in_batch",
    lambda xp, x, *, batch: batch.stand_in(x),
    [lambda xp, g, y, x, *, batch: xp.positive(g)],
    notation=Notation.function("for each example"),
    linear=True,
    factors=["1"],
    doc="An operand that each example has for itself.",
)


def _sum_vjp(xp: Any, g: Any, y: Any, x: Any, *, batch: Any) -> Any:
    return xp.share_in_batch(g, batch=batch)


sum_of_batch: Structural = structural(
    "sum_of_batch",
    lambda xp, x, *, batch: batch.total(x),
    [_sum_vjp],
    notation=Notation("Σ {0}", r"\sum {0}", 2, (3,)),
    linear=True,
    factors=[("1 each", "g for every example")],
    doc="The sum over all examples.",
)
