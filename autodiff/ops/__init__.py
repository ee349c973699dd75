"""The operation table: every primitive, its value and its derivative, written once."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from autodiff.ops import (
    activations,
    arithmetic,
    comparison,
    crossing,
    exponential,
    fusions,
    hyperbolic,
    indexing,
    joining,
    linear,
    products,
    reductions,
    selection,
    shape,
    softmax,
    trigonometric,
)
from autodiff.ops.primitive import TABLE, Elementwise, Fused, Notation, Primitive, Structural

__all__ = [
    "TABLE",
    "Elementwise",
    "Fused",
    "Notation",
    "Primitive",
    "Structural",
    "activations",
    "arithmetic",
    "comparison",
    "crossing",
    "every_primitive",
    "exponential",
    "fusions",
    "hyperbolic",
    "indexing",
    "joining",
    "linear",
    "products",
    "reductions",
    "selection",
    "shape",
    "softmax",
    "trigonometric",
]


def every_primitive() -> dict[str, Primitive]:
    """The whole table by name, families that are loaded only when used included.

    Example:
        >>> every_primitive()["tanh"]
        <elementwise primitive 'tanh'>
    """
    for module in iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
    return TABLE
