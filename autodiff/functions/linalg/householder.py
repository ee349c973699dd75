"""Products of Householder reflections, as LAPACK packs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.linalg.operands import adjoint, conjugate, matrix
from autodiff.functions.shaping import shaping
from autodiff.tensors.operands import operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["householder_product", "ormqr"]


def householder_product(a: TensorLike, tau: TensorLike) -> Tensor:
    """The first columns of a product of reflections 1 - τ v vᴴ.

    Args:
        a: tensor or array of shape (…, m, n), m ≥ n; v of the reflection i is 1 at place i
            and the column i of ``a`` below it.
        tau: their factors, shape (…, k), k ≤ n.

    Returns:
        The first n columns of H₁ H₂ … Hₖ, of shape (…, m, n).

    Raises:
        ShapeError: there are no matrices.

    Example:
        >>> householder_product([[1.0], [0.0]], [2.0]).tolist()
        [[-1.0], [0.0]]
    """
    node, factors = operands_of((a, tau))
    node = matrix(node, "householder_product")
    unit = np.eye(*node.shape[-2:], dtype=node.dtype)
    return _reflected(node, factors, elementwise.where(True, unit, node), adjoined=False)


def ormqr(
    a: TensorLike,
    tau: TensorLike,
    other: TensorLike,
    left: bool = True,
    transpose: bool = False,
) -> Tensor:
    """A matrix multiplied by the Q of a product of reflections, without forming Q.

    Args:
        a: the reflections, tensor or array of shape (…, q, k), as for `householder_product`.
        tau: their factors, shape (…, k).
        other: the matrix C, shape (…, m, n); q is m, or n if Q stands on the right.
        left: Q C; false for C Q.
        transpose: Qᴴ in the place of Q.

    Returns:
        The product, of the shape of C. Q is the whole square matrix H₁ H₂ … Hₖ.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> ormqr([[1.0], [0.0]], [2.0], [[3.0], [4.0]]).tolist()
        [[-3.0], [4.0]]
    """
    node, factors, c = operands_of((a, tau, other))
    node, c = matrix(node, "ormqr"), matrix(c, "ormqr")
    if node.shape[-2] != c.shape[-2 if left else -1] or factors.shape[-1] > node.shape[-1]:
        raise ShapeError(
            f"'ormqr' was given reflections of shape {node.shape}, factors of shape "
            f"{factors.shape} and a matrix of shape {c.shape}; give (…, q, k), (…, k) and "
            f"{'(…, q, n)' if left else '(…, m, q)'}"
        )
    if left:
        return _reflected(node, factors, c, adjoined=transpose)
    return adjoint(_reflected(node, factors, adjoint(c), adjoined=not transpose))  # type: ignore[no-any-return]


def _reflected(a: Any, tau: Any, c: Any, *, adjoined: bool) -> Tensor:
    """H₁ H₂ … Hₖ c, or the adjoint product times c."""
    m, n = a.shape[-2:]
    v = elementwise.where(np.tri(m, n, -1, dtype=bool), a, np.eye(m, n, dtype=a.dtype))
    order = range(tau.shape[-1])
    for i in order if adjoined else reversed(order):
        column = v[..., i : i + 1]
        factor = shaping.expand_dims(tau[..., i], (-1, -2))
        c = c - (conjugate(factor) if adjoined else factor) * column @ (adjoint(column) @ c)
    return c  # type: ignore[no-any-return]
