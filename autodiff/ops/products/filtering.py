"""Convolution of two rows, as NumPy computes it."""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import MULTIPLICATIVE, Notation, Structural, structural
from autodiff.ops.sample_operands import cases


def _pulled(xp: Any, g: Any, length: int, other: Any, mode: str) -> Any:
    """The cotangent of the row of a length that is convolved with another."""
    m = other.shape[0]
    if mode == "valid":
        if length < m:
            return xp.flip(xp.convolve(other, xp.flip(g), mode="valid"))
        return xp.convolve(g, xp.flip(other), mode="full")
    before = (min(length, m) - 1) // 2 if mode == "same" else 0
    after = length + m - 1 - before - g.shape[0]
    full = xp.pad(g, ((before, after),)) if before or after else g
    return xp.convolve(full, xp.flip(other), mode="valid")


_ROWS: list[tuple[list[tuple[int, ...]], dict[str, Any]]] = [
    ([(n,), (m,)], {"mode": mode})
    for mode in ("full", "same", "valid")
    for n, m in ((5, 3), (3, 6), (4, 4), (1, 2))
]

convolve: Structural = structural(
    "convolve",
    lambda xp, a, v, *, mode="full": xp.convolve(a, v, mode=mode),
    [
        lambda xp, g, y, a, v, *, mode="full": _pulled(xp, g, a.shape[0], v, mode),
        lambda xp, g, y, a, v, *, mode="full": _pulled(xp, g, v.shape[0], a, mode),
    ],
    notation=Notation("{0} ∗ {1}", "{0} * {1}", MULTIPLICATIVE, (MULTIPLICATIVE,) * 2),
    reads=(0, 1),
    samples=cases(*_ROWS),
    factors=[
        ("∗ flip({1})", "g ∗ flip({1}), as much of it as {0} is long"),
        ("∗ flip({0})", "g ∗ flip({0}), as much of it as {1} is long"),
    ],
    doc="Sums of products of one row and another reversed, at every offset.",
)
