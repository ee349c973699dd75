"""Joining arrays: concatenation and stacking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.ops.notation import Place, index_text
from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases


def _part(shapes: Sequence[tuple[int, ...]], axis: int, index: int) -> tuple[slice, ...]:
    """Where one operand lies in the result."""
    axis = axis % len(shapes[0])
    start = sum(shape[axis] for shape in shapes[:index])
    return (slice(None),) * axis + (slice(start, start + shapes[index][axis]),)


def _concatenate_vjp(xp: Any, g: Any, y: Any, *operands: Any, axis: int = 0, index: int) -> Any:
    return g[_part([operand.shape for operand in operands], axis, index)]


def _part_of(place: Place) -> str:
    part = _part(place.shapes, place.params.get("axis", 0), place.position)
    return f"g[{index_text(part)}]"


concatenate: Structural = structural(
    "concatenate",
    lambda xp, *operands, axis=0: xp.concatenate(operands, axis=axis),
    _concatenate_vjp,
    notation=Notation("concat", r"\operatorname{{concat}}"),
    linear=True,
    samples=cases(
        ([(2, 3), (1, 3)], {}), ([(2, 3), (2, 1), (2, 2)], {"axis": -1}), ([(2,), (3,)], {})
    ),
    factors=[("its part", "the part of g where the operand lies", _part_of)],
    doc="Operands one after the other along an axis.",
)


def _stack_vjp(xp: Any, g: Any, y: Any, *operands: Any, axis: int = 0, index: int) -> Any:
    return g[(slice(None),) * (axis % len(y.shape)) + (index,)]


def _slice_of(place: Place) -> str:
    axis = place.params.get("axis", 0) % len(place.result)
    return f"g[{index_text((slice(None),) * axis + (place.position,))}]"


stack: Structural = structural(
    "stack",
    lambda xp, *operands, axis=0: xp.stack(operands, axis=axis),
    _stack_vjp,
    notation=Notation("stack", r"\operatorname{{stack}}"),
    linear=True,
    samples=cases(([(2, 3), (2, 3)], {}), ([(2,), (2,), (2,)], {"axis": -1}), ([(), ()], {})),
    factors=[("its slice", "the slice of g where the operand lies", _slice_of)],
    doc="Operands of one shape side by side along a new axis.",
)
