"""What the rules of the matrix functions share. Matrices are the last two axes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autodiff.ops.sample_operands import Sample, Sampler

__all__ = [
    "H",
    "T",
    "conj",
    "matrices",
    "negligible",
    "only",
    "quotient",
    "real",
    "without_phases",
    "without_slopes",
]


def T(xp: Any, x: Any) -> Any:  # noqa: N802 - its sign in formulas
    """Transposed matrices."""
    return xp.swapaxes(x, -1, -2)


def conj(xp: Any, x: Any) -> Any:
    """Complex conjugates; real numbers as they are."""
    return xp.conjugate(x) if x.dtype.kind == "c" else x


def real(xp: Any, x: Any) -> Any:
    """Real parts; real numbers as they are."""
    return xp.real(x) if x.dtype.kind == "c" else x


def H(xp: Any, x: Any) -> Any:  # noqa: N802 - its sign in formulas
    """Adjoint matrices: transposed and conjugated."""
    return conj(xp, T(xp, x))


def only(xp: Any, part: str, x: Any, k: int = 0) -> Any:
    """The lower or upper triangle of matrices, the rest 0.

    Args:
        xp: the namespace of ``x``.
        part: ``"lower"`` or ``"upper"``.
        x: matrices.
        k: the diagonal that bounds the triangle, 0 for the main one, above it positive.
    """
    rows, columns = x.shape[-2:]
    mask = np.tri(rows, columns, k if part == "lower" else k - 1, dtype=bool)
    return xp.where(mask if part == "lower" else ~mask, x, 0.0)


def quotient(xp: Any, numerator: Any, gap: Any, unit: Any, scale: Any, of: str) -> Any:
    """``numerator / gap``, but 0 where both are nothing but rounding.

    Equal eigenvalues have eigenvectors that are not determined. A loss that does not
    depend on which were taken has a numerator of 0 there, and gets a finite gradient; one
    that does depend has no gradient, and is refused.

    Args:
        xp: the namespace of the operands.
        numerator: a stack of matrices.
        gap: the differences, of the same shape.
        unit: the largest eigenvalue of each matrix, by which gaps are measured.
        scale: matrices whose rounding errors are those of the numerator.
        of: whose choice is not determined, for the message.
    """
    rounding = _rounding(gap)
    equal = negligible(xp, gap, unit)
    scale = xp.max(xp.absolute(scale), axis=(-1, -2), keepdims=True)
    size = xp.absolute(numerator)
    silent = xp.logical_and(equal, xp.less_equal(size, scale * (32 * rounding)))
    wrong = xp.logical_and(equal, xp.greater(size, scale * (32 * rounding)))
    numerator = xp.determined(numerator, wrong, of=of)
    return xp.where(silent, 0.0, numerator) / xp.where(silent, 1.0, gap)


def apart(xp: Any, gap: Any, unit: Any) -> Any:
    """Differences of eigenvalues, that of each to itself replaced by the largest eigenvalue.

    A fixed number there would be taken for a gap or for rounding by the scale of the matrix.
    """
    eye = np.eye(gap.shape[-1], dtype=bool)
    return xp.where(eye, xp.where(xp.equal(unit, 0), 1.0, unit), gap)


def _rounding(gap: Any) -> float:
    return float(max(*gap.shape[-2:], 4) * np.finfo(gap.dtype).eps)


def negligible(xp: Any, gap: Any, unit: Any) -> Any:
    """Which differences are nothing but rounding, measured by the largest eigenvalue."""
    return xp.less_equal(xp.absolute(gap), unit * (4 * _rounding(gap)))


def without_slopes(xp: Any, x: Any, values: Any, vectors: Any, gap: Any, unit: Any) -> Any:
    """``x``, unless a loss depends both on equal eigenvalues and on their eigenvectors.

    Of a function v f(w) vᵀ the gradient contains differences f(w_i) - f(w_j) over w_i - w_j,
    which in the end are a derivative that neither of the two cotangents shows.

    Args:
        xp: the namespace of the operands.
        x: a stack of matrices.
        values: the cotangents of the eigenvalues, rows of a stack of matrices with one row.
        vectors: those of the eigenvectors, as columns.
        gap: the differences of eigenvalues.
        unit: the largest eigenvalue of each matrix, by which gaps are measured.
    """
    used = xp.greater(xp.max(xp.absolute(vectors), axis=-2, keepdims=True), 0)
    used = xp.logical_and(used, xp.greater(xp.absolute(values), 0))
    wrong = xp.logical_and(negligible(xp, gap, unit), used)
    wrong = xp.logical_and(wrong, T(xp, used))
    return xp.determined(x, wrong, of="slopes")


def without_phases(xp: Any, diagonal: Any, scale: Any, free: Any = True) -> Any:
    """Inner products of vectors with their cotangents; refused if the loss is not phaseless.

    Turning a vector by a phase changes a loss by the imaginary part.

    Args:
        xp: the namespace of the operands.
        diagonal: a stack of matrices with the inner products on their diagonals.
        scale: matrices whose rounding errors are theirs.
        free: which columns have a phase that can be chosen.
    """
    eye = np.eye(diagonal.shape[-1], dtype=bool)
    tolerance = float(np.finfo(diagonal.dtype).eps) ** 0.5
    scale = xp.max(xp.absolute(scale), axis=(-1, -2), keepdims=True)
    turning = xp.greater(xp.absolute(xp.imag(diagonal)), scale * tolerance)
    wrong = xp.logical_and(xp.logical_and(turning, eye), free)
    return xp.determined(diagonal, wrong, of="phases")


def matrices(
    *shapes: tuple[int, ...], build: Callable[[Any], Any] | None = None, **params: Any
) -> Sampler:
    """Samples of well-conditioned matrices with eigenvalues that are apart.

    Args:
        *shapes: the shapes.
        build: what is made of each matrix.
        **params: the parameters of every sample.
    """

    def sampler(rng: np.random.Generator) -> Iterator[Sample]:
        for shape in shapes:
            x = 0.3 * rng.standard_normal(shape)
            places = np.arange(min(shape[-2:]))
            x[..., places, places] += 1.5 + places
            yield [x if build is None else build(x)], params

    return sampler
