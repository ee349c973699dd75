"""Eigenvalues and singular values, with their vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from autodiff.errors import ShapeError
from autodiff.functions.linalg.operands import (
    EighResult,
    EigResult,
    SVDResult,
    adjoint,
    hermitian,
    matrix,
    real,
    square,
)
from autodiff.functions.shaping import joining
from autodiff.ops.linalg import degeneracy, eigen
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["eig", "eigh", "eigvals", "eigvalsh", "polar", "svd", "svdvals"]


def eigh(a: TensorLike, UPLO: Literal["L", "U"] = "L") -> EighResult:  # noqa: N803 - NumPy's name
    """Eigenvalues and eigenvectors of Hermitian matrices.

    One triangle is read, but the gradient is that of the Hermitian matrix as a whole:
    Hermitian too, as a step that keeps the matrix so needs it.

    An eigenvector has no sign (in complex numbers no phase) of its own, and of equal
    eigenvalues only the space of their eigenvectors is determined. A loss must not depend on
    the choice: then its gradient is finite and right. So is that of the eigenvalues alone,
    for losses that treat equal ones alike. Where eigenvalues are equal and the loss does
    depend on the choice of eigenvectors, there is no gradient, and the backward pass says
    so. So it does where a loss depends on a phase. Where eigenvalues are equal, a loss that
    depends both on them and on their vectors, such as a function of a matrix v f(w) vᵀ, is
    refused too: its gradient exists, but cannot be told from those by w and v. Use `expm`,
    `sqrtm`, `inv`, `solve` or `matrix_power` there.

    Args:
        a: tensor or array of shape (…, n, n).
        UPLO: which triangle is read, ``"L"`` (lower) or ``"U"``.

    Returns:
        ``(eigenvalues, eigenvectors)`` of shapes (…, n), in ascending order, and (…, n, n),
        the eigenvectors being columns.

    Raises:
        ShapeError: the matrices are not square.
        NonDifferentiableError: in the backward pass, see above.

    Derivative: of the result's gradient g, a receives
    V · (diag(gw) + F ⊙ (Vᵀ · gV − gVᵀ · V) / 2) · Vᵀ, with the eigenvalues w, the eigenvectors V,
    F = 1/(wⱼ − wᵢ), 0 on the diagonal. What depends on the choice of the vectors has no gradient:
    an error.

    Example:
        >>> w, v = eigh([[2.0, 0.0], [0.0, 1.0]])
        >>> w.tolist()
        [1.0, 2.0]
    """
    both = apply(eigen.eigh, hermitian(a, "eigh", _is_lower(UPLO)))
    return EighResult(real(both[..., 0, :]), both[..., 1:, :])


def _is_lower(uplo: str) -> bool:
    if str(uplo).upper() not in ("L", "U"):
        raise ValueError(f"UPLO was given as {uplo!r}; it must be 'L' or 'U'")
    return uplo.upper() == "L"


def eigvalsh(a: TensorLike, UPLO: Literal["L", "U"] = "L") -> Tensor:  # noqa: N803 - NumPy's name
    """Eigenvalues of Hermitian matrices in ascending order; see `eigh`.

    Example:
        >>> eigvalsh([[2.0, 0.0], [0.0, 1.0]]).tolist()
        [1.0, 2.0]
    """
    return eigh(a, UPLO).eigenvalues


def eig(a: TensorLike) -> EigResult:
    """Eigenvalues and eigenvectors of square matrices.

    For Hermitian matrices `eigh` is faster, more accurate and real. Here all is complex, also
    where the eigenvalues of a real matrix are real (NumPy's type depends on the numbers).

    The eigenvectors have length 1, and a phase that is not determined; a loss that depends on
    it, or on the choice of eigenvectors of equal eigenvalues, has no gradient, and the
    backward pass says so. Nor is there a gradient at a defective matrix, which has too few
    eigenvectors, such as [[0, 1], [0, 0]].

    Args:
        a: tensor or array of shape (…, n, n).

    Returns:
        ``(eigenvalues, eigenvectors)`` of shapes (…, n), in the order in which LAPACK finds
        them, and (…, n, n), the eigenvectors being columns.

    Raises:
        ShapeError: the matrices are not square.
        NonDifferentiableError: in the backward pass, see above.

    Derivative: of the result's gradient g, a receives
    V⁻ᵀ · (diag(gw) + F ⊙ (Vᵀ · gV − Vᵀ · conj(V) · Re(diag(Vᵀ · gV)))) · Vᵀ, with the eigenvalues
    w, the eigenvectors V, F = 1/(wⱼ − wᵢ), 0 on the diagonal. What depends on the choice of the
    vectors has no gradient: an error.

    Example:
        >>> w, v = eig([[0.0, 1.0], [-1.0, 0.0]])
        >>> w.tolist()
        [1j, -1j]
    """
    both = apply(eigen.eig, square(a, "eig"))
    return EigResult(both[..., 0, :], both[..., 1:, :])


def eigvals(a: TensorLike) -> Tensor:
    """Eigenvalues of square matrices, complex; see `eig`.

    Example:
        >>> eigvals([[2.0, 1.0], [0.0, 1.0]]).tolist()
        [(2+0j), (1+0j)]
    """
    return eig(a).eigenvalues


def svd(
    a: TensorLike, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False
) -> Any:
    """Singular value decomposition: a = U diag(S) Vh.

    A pair of singular vectors has a common sign (in complex numbers a phase) that is not
    determined, and of equal singular values only the spaces are. A loss must not depend on
    the choice: then its gradient is finite and right, and it is so for the polar factor
    U Vh at equal singular values too. A loss that depends on the choice, and one that depends
    both on equal singular values and on their vectors, is refused in the backward pass (see
    `eigh`). A singular value of 0 is at a kink, as absolute values are; its gradient there
    is 0. The vectors that ``full_matrices`` adds have no
    gradient at all; a loss that depends on them is refused.

    Args:
        a: tensor or array of shape (…, m, n).
        full_matrices: give U of shape (…, m, m) and Vh of shape (…, n, n), instead of
            (…, m, k) and (…, k, n) with k the shorter side.
        compute_uv: give the vectors; if not, the singular values alone.
        hermitian: the matrices are Hermitian, and only their lower triangles are read.

    Returns:
        ``(U, S, Vh)``, S of shape (…, k) in descending order; or S alone.

    Raises:
        ShapeError: there are no matrices.
        NonDifferentiableError: in the backward pass, see above.

    Derivative: of the result's gradient g, a receives U · (diag(gs) + (F ⊙ (Uᵀ · gU − gUᵀ · U)) · S
    + S · (F ⊙ (Vᵀ · gV − gVᵀ · V))) · Vᵀ + (I − U · Uᵀ) · gU · S⁻¹ · Vᵀ + U · S⁻¹ · gVᵀ · (I − V ·
    Vᵀ), with the columns of U and V, S = diag(s), F = 1/(sⱼ² − sᵢ²), 0 on the diagonal. Singular
    values of 0 have the gradient 0; a choice of vectors has none: an error.

    Example:
        >>> U, S, Vh = svd([[0.0, 2.0], [1.0, 0.0]])
        >>> S.tolist()
        [2.0, 1.0]
    """
    node = _read_lower(a) if hermitian else matrix(a, "svd")
    m, n = node.shape[-2:]
    both = apply(eigen.svd, node)
    s = real(both[..., m, :])
    if not compute_uv:
        return s
    u, v = both[..., :m, :], both[..., m + 1 :, :]
    if full_matrices and m != n:
        u, v = (completed(x) if x.shape[-2] > x.shape[-1] else x for x in (u, v))
    return SVDResult(u, s, adjoint(v))


def _read_lower(a: Any) -> Any:
    return hermitian(a, "svd", True)


def completed(q: Any) -> Tensor:
    """Orthonormal columns, with further ones until there are as many as rows.

    Args:
        q: tensor of shape (…, m, k) with orthonormal columns, k ≤ m.

    Returns:
        A tensor of shape (…, m, m). What was added has no gradient; a cotangent for it is
        refused.

    Raises:
        ShapeError: there are more columns than rows.

    Example:
        >>> import autodiff as ad
        >>> completed(ad.Tensor([[1.0], [0.0], [0.0]])).shape
        (3, 3)
    """
    if q.shape[-1] > q.shape[-2]:
        raise ShapeError(f"there are more columns than rows in {q.shape}")
    return joining.concatenate([q, apply(degeneracy.complement, q)], axis=-1)


def svdvals(x: TensorLike) -> Tensor:
    """Singular values in descending order; see `svd`.

    Example:
        >>> svdvals([[1.0, 0.0], [0.0, 3.0]]).tolist()
        [3.0, 1.0]
    """
    s: Tensor = svd(matrix(x, "svdvals"), compute_uv=False)
    return s


def polar(a: TensorLike, side: Literal["right", "left"] = "right") -> tuple[Tensor, Tensor]:
    """Polar decomposition: a = U P, U with orthonormal columns (or rows), P Hermitian.

    The gradient exists where the shorter side is the rank, equal singular values included.

    Args:
        a: tensor or array of shape (…, m, n).
        side: ``"right"`` for a = U P, ``"left"`` for a = P U.

    Returns:
        ``(U, P)`` of shapes (…, m, n), and (…, n, n) or (…, m, m).

    Raises:
        ShapeError: there are no matrices.
        ValueError: ``side`` is neither.
        NonDifferentiableError: in the backward pass, if a matrix has not full rank.

    Example:
        >>> U, P = polar([[0.0, 2.0], [1.0, 0.0]])
        >>> U.tolist(), P.tolist()
        ([[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 2.0]])
    """
    if side not in ("right", "left"):
        raise ValueError(f"side was given as {side!r}; it must be 'right' or 'left'")
    node = matrix(a, "polar")
    u, _, vh = svd(node, full_matrices=False)
    unitary = u @ vh
    # Not from the singular values, whose vectors are not determined where they are equal.
    p = adjoint(unitary) @ node if side == "right" else node @ adjoint(unitary)
    return unitary, (p + adjoint(p)) / 2
