"""The rules of vmap by family; each module enters its own in the table when it is imported."""

from __future__ import annotations

from autodiff.batching.rules import (
    convolution,
    elementwise,
    indexing,
    joining,
    kernels,
    linear,
    loops,
    ordering,
    reductions,
    shapes_and_types,
    shaping,
    stacks,
    ufuncs,
)

__all__ = [
    "convolution",
    "elementwise",
    "indexing",
    "joining",
    "kernels",
    "linear",
    "loops",
    "ordering",
    "reductions",
    "shapes_and_types",
    "shaping",
    "stacks",
    "ufuncs",
]
