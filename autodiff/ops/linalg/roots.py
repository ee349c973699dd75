"""Square roots of matrices."""

from __future__ import annotations

from autodiff.ops.linalg.inverses import derivative_pull, two
from autodiff.ops.linalg.matrices import T, matrices
from autodiff.ops.primitive import Notation, Structural, structural

sqrtm_derivative: Structural = structural(
    "sqrtm_derivative",
    lambda xp, x, e: xp.sqrtm_derivative(x, e),
    [
        lambda xp, h, y, x, e: derivative_pull(xp, xp.sqrtm_derivative, h, x, e),
        lambda xp, h, y, x, e: xp.sqrtm_derivative(T(xp, x), h),
    ],
    notation=Notation.function("sqrtm'", r"\operatorname{{sqrtm}}'", 2),
    reads=(0, 1),
    samples=two,
    factors=[
        ("sqrtm″({0}ᵀ)", "the derivative of sqrtm'({0}ᵀ, g) along {1}ᵀ"),
        ("sqrtm′({0}ᵀ, ·)", "sqrtm'({0}ᵀ, g)"),
    ],
    doc="The derivative of the square root of matrices along others.",
)

sqrtm: Structural = structural(
    "sqrtm",
    lambda xp, x: xp.sqrtm(x),
    [lambda xp, g, y, x: xp.sqrtm_derivative(T(xp, x), g)],
    notation=Notation("{0}^½", "{{{0}}}^{{1/2}}", 4, (5,)),
    reads=(0,),
    samples=matrices((3, 3), (2, 2, 2), (1, 1)),
    factors=[("sqrtm′({0}ᵀ, ·)", "sqrtm'({0}ᵀ, g), the derivative along g")],
    doc="Principal square roots of square matrices.",
)
