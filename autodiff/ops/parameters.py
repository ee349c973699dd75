"""Which parameters a primitive takes beside its operands."""

from __future__ import annotations

import inspect
from typing import Any

from autodiff.ops.primitive import Elementwise, Primitive, Structural

__all__ = ["OPERAND", "RESULT", "keyword_parameters", "signature_of"]

OPERAND, RESULT = "Tensor | Value | ArrayLike", "Tensor | Value"
"""What elementwise functions take and give, as their signatures say it."""


def keyword_parameters(entry: Primitive) -> dict[str, Any]:
    """Names and defaults of a primitive's parameters that are not operands."""
    if isinstance(entry, Structural):
        kinds = (inspect.Parameter.KEYWORD_ONLY,)
        found = inspect.signature(entry.forward).parameters.values()
        return {p.name: p.default for p in found if p.kind in kinds}
    if isinstance(entry, Elementwise) and entry.ufunc is None:
        named = list(inspect.signature(entry.forward).parameters.values())
        return {p.name: p.default for p in named[1 + entry.arity :]}
    return {}


def signature_of(entry: Elementwise) -> inspect.Signature:
    """What an elementwise function takes, as editors show it: operands, then parameters."""
    names = ("x",) if entry.arity == 1 else ("a", "b", "c")[: entry.arity]
    kind = inspect.Parameter
    operands = [kind(name, kind.POSITIONAL_ONLY, annotation=OPERAND) for name in names]
    rest = [
        kind(name, kind.POSITIONAL_OR_KEYWORD, default=default, annotation="float")
        for name, default in keyword_parameters(entry).items()
    ]
    return inspect.Signature([*operands, *rest], return_annotation=RESULT)
