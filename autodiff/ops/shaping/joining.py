"""Joining arrays: concatenation and stacking."""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases


def _concatenate_vjp(xp: Any, g: Any, y: Any, *operands: Any, axis: int = 0, index: int) -> Any:
    place = axis % len(y.shape)
    start = sum(operand.shape[place] for operand in operands[:index])
    stop = start + operands[index].shape[place]
    return g[(slice(None),) * place + (slice(start, stop),)]


concatenate: Structural = structural(
    "concatenate",
    lambda xp, *operands, axis=0: xp.concatenate(operands, axis=axis),
    _concatenate_vjp,
    notation=Notation("concat", r"\operatorname{{concat}}"),
    linear=True,
    samples=cases(
        ([(2, 3), (1, 3)], {}), ([(2, 3), (2, 1), (2, 2)], {"axis": -1}), ([(2,), (3,)], {})
    ),
    factors=[("its part", "the part of g where the operand lies")],
    doc="Operands one after the other along an axis.",
)


def _stack_vjp(xp: Any, g: Any, y: Any, *operands: Any, axis: int = 0, index: int) -> Any:
    return g[(slice(None),) * (axis % len(y.shape)) + (index,)]


stack: Structural = structural(
    "stack",
    lambda xp, *operands, axis=0: xp.stack(operands, axis=axis),
    _stack_vjp,
    notation=Notation("stack", r"\operatorname{{stack}}"),
    linear=True,
    samples=cases(([(2, 3), (2, 3)], {}), ([(2,), (2,), (2,)], {"axis": -1}), ([(), ()], {})),
    factors=[("its slice", "the slice of g where the operand lies")],
    doc="Operands of one shape side by side along a new axis.",
)
