"""Inverses and determinants of matrices, solutions of linear equations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.linalg.matrices import H, T, conj, matrices, real
from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import Sample

_SQUARE = matrices((3, 3), (2, 2, 2), (1, 1))


def _inv_vjp(xp: Any, g: Any, y: Any, x: Any) -> Any:
    turned = T(xp, y)
    return -xp.matmul(turned, xp.matmul(g, turned))


inv: Structural = structural(
    "inv",
    lambda xp, x: xp.inv(x),
    [_inv_vjp],
    notation=Notation("{0}⁻¹", "{{{0}}}^{{-1}}", 4, (5,)),
    reads=("y",),
    samples=_SQUARE,
    factors=[("−{0}⁻ᵀ · g · {0}⁻ᵀ", "−{0}⁻ᵀ · g · {0}⁻ᵀ")],
    doc="Inverses of square matrices.",
)


def _solve_right(xp: Any, g: Any, y: Any, a: Any, b: Any) -> Any:
    return unbroadcast(xp, xp.solve(T(xp, a), g), b.shape)


def _solve_left(xp: Any, g: Any, y: Any, a: Any, b: Any) -> Any:
    part = xp.matmul(xp.solve(T(xp, a), g), T(xp, y))
    return unbroadcast(xp, -part, a.shape)


def _solve_samples(rng: np.random.Generator) -> Iterator[Sample]:
    for left, right in (((3, 3), (3, 2)), ((2, 2, 2), (2, 1)), ((2, 2), (2, 2, 1))):
        for (a,), _ in matrices(left)(rng):
            yield [a, rng.standard_normal(right)], {}


solve: Structural = structural(
    "solve",
    lambda xp, a, b: xp.solve(a, b),
    [_solve_left, _solve_right],
    notation=Notation("{0}⁻¹ {1}", "{{{0}}}^{{-1}} {1}", 4, (5, 5)),
    reads=(0, "y"),
    samples=_solve_samples,
    factors=[("−{0}⁻ᵀ · g · {y}ᵀ", "−{0}⁻ᵀ · g · yᵀ"), "{0}⁻ᵀ ·"],
    doc="Solutions of linear equations, the right-hand sides being columns.",
)


def _inverse_pull(xp: Any, x: Any, g: Any) -> tuple[Any, Any, Any]:
    """x⁻ᵀ, the inner product of g with it, and x⁻ᵀ gᵀ x⁻ᵀ."""
    n = T(xp, xp.inv(x))
    inner = xp.sum(g * n, axis=(-1, -2), keepdims=True)
    return n, inner, xp.matmul(n, xp.matmul(T(xp, g), n))


def _cofactor_pull_x(xp: Any, h: Any, y: Any, x: Any, g: Any) -> Any:
    # The third derivative of the determinant. With n = x⁻ᵀ the operation itself is
    # det(x) (⟨g, n⟩ n - n gᵀ n); this is the derivative of its product with h.
    n, a, p = _inverse_pull(xp, x, g)
    _, b, q = _inverse_pull(xp, x, h)
    mixed = xp.matmul(p, T(xp, h))
    t = xp.sum(h * p, axis=(-1, -2), keepdims=True)
    both = xp.matmul(mixed, n) + xp.matmul(q, xp.matmul(T(xp, g), n))
    value = xp.expand_dims(xp.det(x), (-1, -2))
    return value * ((a * b - t) * n - b * p - a * q + both)


def two(rng: np.random.Generator) -> Iterator[Sample]:
    """Samples of a square matrix and another of its shape."""
    for (x,), _ in _SQUARE(rng):
        yield [x, rng.standard_normal(x.shape)], {}


cofactor_pull: Structural = structural(
    "cofactor_pull",
    lambda xp, x, g: xp.cofactor_pull(x, g),
    [_cofactor_pull_x, lambda xp, h, y, x, g: xp.cofactor_pull(x, h)],
    notation=Notation.function("cofactor'", arity=2),
    reads=(0, 1),
    samples=two,
    factors=[
        ("det‴({0}, {1}, ·)", "the third derivative of the determinant along {1} and g"),
        ("cofactor′({0}, ·)", "cofactor'({0}, g)"),
    ],
    doc="The second derivative of the determinant, applied to a matrix.",
)

cofactor: Structural = structural(
    "cofactor",
    lambda xp, x: xp.cofactor(x),
    [lambda xp, g, y, x: xp.cofactor_pull(x, g)],
    notation=Notation.function("cofactor"),
    reads=(0,),
    samples=_SQUARE,
    factors=[("cofactor′({0}, ·)", "cofactor'({0}, g)")],
    doc="Matrices of cofactors: of x the derivative of its determinant.",
)

det: Structural = structural(
    "det",
    lambda xp, x: xp.det(x),
    [lambda xp, g, y, x: xp.expand_dims(g, (-1, -2)) * xp.cofactor(x)],
    notation=Notation.function("det", r"\det"),
    reads=(0,),
    samples=_SQUARE,
    factors=[("· cofactor({0})", "g · cofactor({0})")],
    doc="Determinants of square matrices.",
)


def _slogdet_vjp(xp: Any, g: Any, y: Any, x: Any) -> Any:
    # Of a small change of x, d = tr(x⁻¹ dx), the real part is added to the logarithm, and
    # with i times the imaginary part the sign is multiplied.
    factor = real(xp, g[..., 1])
    if x.dtype.kind == "c":
        turned = g[..., 0] * xp.slogdet(x)[..., 0]
        factor = factor + 1j * xp.imag(turned)
    return xp.expand_dims(factor, (-1, -2)) * T(xp, xp.inv(x))


slogdet: Structural = structural(
    "slogdet",
    lambda xp, x: xp.slogdet(x),
    [_slogdet_vjp],
    notation=Notation.function("slogdet"),
    reads=(0,),
    samples=_SQUARE,
    factors=[("· {0}⁻ᵀ", "glog · {0}⁻ᵀ, glog of the logarithm; a complex sign turns it")],
    doc="Sign and logarithm of the absolute value of determinants, along a last axis.",
)


def _pinv_vjp(xp: Any, g: Any, y: Any, x: Any, *, rcond: float | None = None) -> Any:
    # Golub and Pereyra, The differentiation of pseudo-inverses (1973), eq. 4.12. Besides
    # the term of an inverse there are those of the spaces that x and its adjoint miss.
    g = conj(xp, g)
    p, q = y, H(xp, y)
    found = -xp.matmul(q, xp.matmul(g, q))
    outer = xp.matmul(H(xp, g), p)
    found = found + xp.matmul(outer - xp.matmul(x, xp.matmul(p, outer)), q)
    outer = xp.matmul(p, H(xp, g))
    return conj(xp, found + xp.matmul(q, outer - xp.matmul(outer, xp.matmul(p, x))))


pinv: Structural = structural(
    "pinv",
    lambda xp, x, *, rcond=None: xp.pinv(x, rcond=rcond),
    [_pinv_vjp],
    notation=Notation("{0}⁺", "{{{0}}}^+", 4, (5,)),
    reads=(0, "y"),
    samples=matrices((3, 3), (4, 2), (2, 2, 3)),
    factors=[
        (
            "−{y}ᵀ · g · {y}ᵀ + …",
            "−yᵀ · g · yᵀ + (I − {0} · y) · gᵀ · y · yᵀ + yᵀ · y · gᵀ · (I − y · {0})",
        )
    ],
    doc="Moore-Penrose inverses of matrices.",
)


def derivative_pull(xp: Any, derivative: Any, h: Any, x: Any, e: Any) -> Any:
    """The cotangent of ``x`` for the cotangent ``h`` of a function's derivative along ``e``."""
    # The function of m = [[x, e], [0, x]] has this derivative in its corner (Van Loan 1978),
    # so it is the derivative of that function that is transposed.
    # The result is linear in e, which is brought to the size of x: beside one much larger
    # the other would be lost.
    n = x.shape[-1]
    if not n:
        return 0 * x
    own, other = _magnitude(xp, x), _magnitude(xp, e)
    e = e / other * own
    none = np.zeros(x.shape, x.dtype)
    top = xp.concatenate([T(xp, x), none], axis=-1)
    bottom = xp.concatenate([T(xp, e), T(xp, x)], axis=-1)
    turned = xp.concatenate([top, bottom], axis=-2)
    corner = xp.concatenate([none, h], axis=-1)
    corner = xp.concatenate([corner, np.zeros(corner.shape, corner.dtype)], axis=-2)
    found = derivative(turned, corner)
    return (found[..., :n, :n] + found[..., n:, n:]) / own * other


def _magnitude(xp: Any, x: Any) -> Any:
    """The power of two below the largest element of each matrix, 1 for one of zeros."""
    largest = xp.max(xp.absolute(x), axis=(-1, -2), keepdims=True)
    return xp.exp2(xp.floor(xp.log2(xp.where(xp.equal(largest, 0), 1.0, largest))))


expm_derivative: Structural = structural(
    "expm_derivative",
    lambda xp, x, e: xp.expm_derivative(x, e),
    [
        lambda xp, h, y, x, e: derivative_pull(xp, xp.expm_derivative, h, x, e),
        lambda xp, h, y, x, e: xp.expm_derivative(T(xp, x), h),
    ],
    notation=Notation.function("exp'", r"\exp'", 2),
    reads=(0, 1),
    samples=two,
    factors=[
        ("exp″({0}ᵀ)", "the derivative of exp'({0}ᵀ, g) along {1}ᵀ"),
        ("exp′({0}ᵀ, ·)", "exp'({0}ᵀ, g)"),
    ],
    doc="The derivative of the exponential of matrices along others.",
)

expm: Structural = structural(
    "expm",
    lambda xp, x: xp.expm(x),
    [lambda xp, g, y, x: xp.expm_derivative(T(xp, x), g)],
    notation=Notation.function("expm", r"\exp"),
    reads=(0,),
    samples=matrices((3, 3), (2, 2, 2), (1, 1)),
    factors=[("exp′({0}ᵀ, ·)", "exp'({0}ᵀ, g), the derivative along g")],
    doc="Exponentials of square matrices.",
)
