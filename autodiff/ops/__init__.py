"""The operation table: every primitive, its value and its derivative, written once."""

from __future__ import annotations

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
