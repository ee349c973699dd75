"""Extrema at an index: the larger or smaller of an element and all that is put to its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.indexing.indexing import index_add
from autodiff.ops.primitive import Notation, Structural, structural


def _share(xp: Any, g: Any, y: Any, x: Any, v: Any, index: Any) -> Any:
    # Ties share the cotangent equally: the minimum-norm subgradient.
    met = xp.astype_like(xp.equal(x, y), g)
    return g / xp.maximum(
        xp.index_add(met, index, xp.astype_like(xp.equal(v, xp.getitem(y, index)), g)), 1.0
    )


def _target_vjp(xp: Any, g: Any, y: Any, x: Any, v: Any, *, index: Any) -> Any:
    return xp.where(xp.equal(x, y), _share(xp, g, y, x, v, index), 0.0)


def _value_vjp(xp: Any, g: Any, y: Any, x: Any, v: Any, *, index: Any) -> Any:
    share = xp.getitem(_share(xp, g, y, x, v, index), index)
    return unbroadcast(xp, xp.where(xp.equal(v, xp.getitem(y, index)), share, 0.0), v.shape)


def _extremum(name: str, forward: Callable[..., Any], which: str) -> Structural:
    return structural(
        name,
        forward,
        [_target_vjp, _value_vjp],
        notation=Notation.function(name, arity=2),
        reads=(0, 1, "y"),
        keeps=["index"],
        samples=index_add.samples,
        factors=[
            (f"to the {which}", "g where {0} is the result"),
            (f"to the {which}", "g at the index where {1} is the result"),
        ],
        selects=True,
        sums=True,
        kinks="Equal elements share the gradient equally, the old one among them.",
        doc=f"A copy with the {which} of the old and the new elements at an index.",
    )


index_max: Structural = _extremum(
    "index_max", lambda xp, x, v, *, index: xp.index_max(x, index, v), "largest"
)
index_min: Structural = _extremum(
    "index_min", lambda xp, x, v, *, index: xp.index_min(x, index, v), "smallest"
)
