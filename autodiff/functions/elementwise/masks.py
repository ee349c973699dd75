"""Conditions: booleans, or integers that stand for them."""

from __future__ import annotations

from typing import Any

from autodiff.diagnosis.operand_errors import condition_refused
from autodiff.operands import as_operand

__all__: list[str] = []


def mask_of(given: Any, function: str) -> Any:
    """A condition as a tensor of booleans.

    Args:
        given: what was given as one.
        function: to what, for the message.

    Raises:
        TypeError: it holds floating-point or complex numbers: more likely values, weights or a
            mask that was multiplied into something than a condition.

    Example:
        >>> mask_of([1, 0], "compress").tolist()
        [True, False]
    """
    mask = as_operand(given)
    if mask.dtype.kind in "fc":
        raise condition_refused(mask.dtype, function)
    return mask if mask.dtype.kind == "b" else mask.astype(bool)
