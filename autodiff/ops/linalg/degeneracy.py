"""Refusals where a factorization is not determined, as operations that pass what is."""

from __future__ import annotations

from autodiff.ops.primitive import Notation, Structural, structural

complement: Structural = structural(
    "complement",
    lambda xp, q: xp.complement(q),
    [lambda xp, g, y, q: xp.undetermined(g, q)],
    notation=Notation.function("complement"),
    factors=[("0", "0, and an error if g is not 0")],
    doc="Orthonormal columns orthogonal to given ones; no gradient passes.",
)

determined: Structural = structural(
    "determined",
    lambda xp, x, wrong, *, of: xp.determined(x, wrong, of=of),
    [lambda xp, g, y, x, wrong, *, of: g, lambda xp, g, y, x, wrong, *, of: 0 * g],
    notation=Notation.function("determined", arity=2),
    factors=["1", "0"],
    doc="The first operand, if nothing in the second is true; else an error.",
)

independent: Structural = structural(
    "independent",
    lambda xp, v: xp.independent(v),
    [lambda xp, g, y, v: g],
    notation=Notation.function("independent"),
    factors=["1"],
    doc="The operand, if its columns are linearly independent; else an error.",
)

undetermined: Structural = structural(
    "undetermined",
    lambda xp, g, like: xp.undetermined(g, like),
    [lambda xp, h, y, g, like: 0 * g, lambda xp, h, y, g, like: 0 * like],
    notation=Notation.function("undetermined", arity=2),
    factors=["0", "0"],
    doc="Zeros like the second operand, if the first is nothing but zeros; else an error.",
)
