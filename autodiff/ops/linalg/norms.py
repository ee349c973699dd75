"""Norms of vectors."""

from __future__ import annotations

from typing import Any

from autodiff.ops.broadcasting import Axis, expand_reduced
from autodiff.ops.linalg.matrices import conj
from autodiff.ops.notation import Place
from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases
from autodiff.ops.tangents import of_reduction


def _vector_norm_vjp(
    xp: Any,
    g: Any,
    y: Any,
    x: Any,
    *,
    ord: float = 2,
    axis: Axis = None,
    keepdims: bool = False,
) -> Any:
    g = expand_reduced(xp, g, x.shape, axis, keepdims)
    y = expand_reduced(xp, y, x.shape, axis, keepdims)
    zero = xp.equal(y, 0)
    ratio = conj(xp, x) / xp.where(zero, 1.0, y)
    if ord == 2:
        # Of all the slopes at 0, which are those of length at most 1, the smallest is taken.
        return xp.where(zero, 0.0, g * ratio)
    # Elements that are 0 have the slope 0, also where that of |x|ᵖ is infinite (p < 1).
    still = xp.logical_or(xp.equal(x, 0), zero)
    size = xp.where(still, 1.0, xp.absolute(ratio))
    if x.dtype.kind == "c":
        return xp.where(still, 0.0, g * ratio * xp.power(size, ord - 2.0))
    return xp.where(still, 0.0, g * xp.sign(x) * xp.power(size, ord - 1.0))


def _of_order(place: Place) -> tuple[str, str] | None:
    order = place.params.get("ord", 2)
    if order == 2:
        return "⊙ {0}/{y}", "g ⊙ {0} / y"
    if order == 1:
        return "⊙ sign({0})", "g ⊙ sign({0})"
    power = f"{order - 1:g}".replace("-", "−")
    return (
        f"⊙ sign({{0}}) (|{{0}}|/{{y}})^{power}",
        f"g ⊙ sign({{0}}) ⊙ (|{{0}}| / y)^({power})",
    )


vector_norm: Structural = structural(
    "vector_norm",
    lambda xp, x, *, ord=2, axis=None, keepdims=False: xp.vector_norm(
        x, ord=ord, axis=axis, keepdims=keepdims
    ),
    [_vector_norm_vjp],
    jvp=of_reduction(_vector_norm_vjp),
    notation=Notation("‖{0}‖", r"\left\|{0}\right\|"),
    reads=(0, "y"),
    samples=cases(
        ((3, 4), {}),
        ((3, 4), {"axis": 0}),
        ((3, 4), {"axis": -1, "keepdims": True, "ord": 3}),
        ((2, 3, 4), {"axis": (0, 2)}),
        ((5,), {"axis": 0, "ord": 3.5}),
        ((5,), {"axis": 0, "ord": -2}),
    ),
    sums=True,
    factors=[
        ("⊙ sign({0}) (|{0}|/{y})^(ord − 1)", "g ⊙ sign({0}) ⊙ (|{0}| / y)^(ord − 1)", _of_order)
    ],
    kinks="Where the norm is 0 the gradient is 0, and so it is for elements that are 0.",
    doc="The p-norm along axes, for p neither 0 nor infinite.",
)
