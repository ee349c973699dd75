"""Refusals where a factorization is not determined, and so has no gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.linalg.linear_algebra import in_lapack_type
from autodiff.errors import NonDifferentiableError

__all__ = ["determined", "independent", "undetermined"]

_REASONS = {
    "eigenvectors": (
        "the loss depends on which eigenvectors were taken of eigenvalues that are equal up to "
        "rounding{where}; only the space of those is determined, so there is no gradient. Use "
        "what does not depend on the choice: the eigenvalues, the projection on the whole space, "
        "or autodiff.linalg.expm, inv, solve or matrix_power for functions of a matrix"
    ),
    "singular vectors": (
        "the loss depends on which singular vectors were taken of singular values that are equal "
        "up to rounding, or 0{where}; only the spaces of those are determined, so there is no "
        "gradient. Use what does not depend on the choice: the singular values, the projections "
        "on whole spaces, or autodiff.linalg.pinv"
    ),
    "slopes": (
        "the loss depends on eigenvalues or singular values that are equal up to rounding, and on "
        "their vectors too{where}, as a function of a matrix v f(w) vᵀ does, or a second "
        "derivative. Its gradient exists, but cannot be told from those by values and vectors: "
        "use autodiff.linalg.expm, sqrtm, polar, inv, pinv or matrix_power for such functions"
    ),
    "phases": (
        "the loss depends on the phases of complex eigenvectors or singular vectors{where}, which "
        "are not determined: v times a number of absolute value 1 is as good as v, so there is no "
        "gradient. Use what does not depend on the phase: autodiff.abs(v), or products of v with "
        "its conjugate"
    ),
}


def _where(wrong: Any) -> str:
    """Which matrix of a stack is meant."""
    if wrong.ndim <= 2:
        return ""
    found = np.argwhere(wrong.any(axis=(-1, -2)))[0]
    return f" (matrix {tuple(int(i) for i in found)} of a stack of shape {wrong.shape[:-2]})"


def determined(x: Any, wrong: Any, of: str) -> Any:
    """A copy of ``x``, or an error where something of it is marked as wrong.

    Args:
        x: numerators of a gradient, matrices.
        wrong: where they ask for what is not determined.
        of: what that is, a key of the reasons above.
    """
    if np.any(wrong):
        raise NonDifferentiableError(_REASONS[of].format(where=_where(wrong)))
    return x.copy()


@in_lapack_type
def _singular_values(v: Any) -> Any:
    return np.linalg.svd(v, compute_uv=False)


def independent(v: Any) -> Any:
    """A copy of eigenvectors, or an error if they do not span the space."""
    smallest = _singular_values(v)[..., -1:, None]
    wrong = smallest <= 4 * v.shape[-1] * np.finfo(v.dtype).eps
    if np.any(wrong):
        raise NonDifferentiableError(
            f"the eigenvectors{_where(wrong)} do not span the space: the matrix is defective, and "
            "its eigenvalues change infinitely fast with it, so there is no gradient"
        )
    return v.copy()


def undetermined(g: Any, like: Any) -> Any:
    """Zeros like an array, if a cotangent is zero; else an error."""
    if np.any(g != 0):
        raise NonDifferentiableError(
            "the loss depends on the columns that complete an orthonormal basis, which are not "
            "determined and have no gradient; use full_matrices=False (mode='reduced' for qr), or "
            "the projection on them, 1 - Q Qᵀ"
        )
    return np.zeros_like(like)
