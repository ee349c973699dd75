"""The operation table: every primitive, its value and its derivative, written once.

The entries live in families, one folder each; beside the folders stands what an entry is
(`primitive`, `notation`, `parameters`, `opaque`) and what rules are made of. In comes nothing, out
go entries, whose rules compute with whatever namespace ``xp`` they are given.

Imports no other room: nothing here knows of arrays, nodes or interpreters.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from autodiff.ops.elementwise import (  # noqa: F401 - entries that every program uses
    activations,
    arithmetic,
    comparison,
    exponential,
    hyperbolic,
    selection,
    trigonometric,
)
from autodiff.ops.engine import fusions, value_conversion  # noqa: F401
from autodiff.ops.indexing import indexing  # noqa: F401
from autodiff.ops.networks import softmax  # noqa: F401
from autodiff.ops.primitive import TABLE, Elementwise, Fused, Notation, Primitive, Structural
from autodiff.ops.products import linear  # noqa: F401
from autodiff.ops.reductions import products, reductions  # noqa: F401
from autodiff.ops.shaping import joining, shape  # noqa: F401

__all__ = [
    "TABLE",
    "Elementwise",
    "Fused",
    "Notation",
    "Primitive",
    "Structural",
    "every_primitive",
]


def every_primitive() -> dict[str, Primitive]:
    """The whole table by name, families that are loaded only when used included.

    Example:
        >>> every_primitive()["tanh"]
        <elementwise primitive 'tanh'>
    """
    for module in walk_packages(__path__, f"{__name__}."):
        import_module(module.name)
    return TABLE
