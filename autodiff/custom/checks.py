"""What a rule of the user's own has returned, held against what it had to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.errors import ShapeError
from autodiff.functions.nodes import nodes
from autodiff.ops.broadcasting import unbroadcast
from autodiff.tensors.operands import as_operand

__all__ = ["checked_cotangents", "checked_tangent", "shape_fitted"]


def checked_cotangents(name: str, answer: Any, arguments: int, places: Sequence[int]) -> list[Any]:
    """The cotangents of the operands among those a vjp rule gave for all arguments.

    Raises:
        TypeError: their number is not that of the positional arguments.
    """
    given = list(answer) if isinstance(answer, (tuple, list)) else [answer]
    if len(given) != arguments:
        raise TypeError(
            f"the vjp rule of {name!r} returned {len(given)} cotangent(s), but the function was "
            f"called with {arguments} positional argument(s); return one for each, None for an "
            "argument that has none"
        )
    return [given[i] for i in places]


def checked_tangent(name: str, tangents: Sequence[Any], results: Sequence[Any]) -> None:
    """Refuse tangents that are not of their results' shapes.

    Raises:
        ShapeError: names both shapes.
        TypeError: a tangent is missing.
    """
    if len(tangents) != len(results) or any(t is None for t in tangents):
        raise TypeError(
            f"the jvp rule of {name!r} must return a tangent for each of its {len(results)} "
            f"result(s), but returned {tangents!r}"
        )
    for tangent, result in zip(tangents, results, strict=True):
        shape = as_operand(tangent).shape
        if shape != result.shape:
            raise ShapeError(
                f"the jvp rule of {name!r} returned a tangent of shape {shape} for a result of "
                f"shape {result.shape}; a tangent has the shape of its result"
            )


def shape_fitted(name: str, place: int, part: Any, operand: Any) -> Any:
    """A cotangent in its operand's shape and dtype, broadcasting undone.

    Raises:
        ShapeError: it cannot be a cotangent of that operand.
    """
    if part is None:
        return None
    part = as_operand(part, operand)
    shape, wanted = part.shape, operand.shape
    if shape != wanted:
        extra = len(shape) - len(wanted)
        tail = shape[extra:] if extra >= 0 else ()
        if extra < 0 or any(m not in (1, n) for m, n in zip(wanted, tail, strict=True)):
            raise ShapeError(
                f"the vjp rule of {name!r} returned a cotangent of shape {shape} for argument "
                f"{place} of shape {wanted}; return one of that shape (or one that "
                "broadcasting made larger)"
            )
        part = unbroadcast(nodes, part, wanted)
    if part.dtype != operand.dtype:
        part = nodes.astype_like(part, operand)
    return part
