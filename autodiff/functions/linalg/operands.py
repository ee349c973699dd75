"""What the matrix functions ask of their operands, and how their results are named."""

from __future__ import annotations

from typing import Any, NamedTuple

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import complex_numbers
from autodiff.functions.shaping import shaping
from autodiff.ops.linalg import factorizations
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

__all__ = ["EigResult", "EighResult", "QRResult", "SVDResult", "SlogdetResult"]


class EighResult(NamedTuple):
    """Eigenvalues in ascending order, and the eigenvectors as columns."""

    eigenvalues: Tensor
    eigenvectors: Tensor


class EigResult(NamedTuple):
    """Eigenvalues, and the eigenvectors as columns, both complex."""

    eigenvalues: Tensor
    eigenvectors: Tensor


class QRResult(NamedTuple):
    """A matrix with orthonormal columns, and an upper triangular one."""

    Q: Tensor
    R: Tensor


class SVDResult(NamedTuple):
    """Left singular vectors as columns, singular values, right singular vectors as rows."""

    U: Tensor
    S: Tensor
    Vh: Tensor


class SlogdetResult(NamedTuple):
    """The sign of a determinant and the logarithm of its absolute value."""

    sign: Tensor
    logabsdet: Tensor


def matrix(x: Any, name: str) -> Any:
    """An operand with at least two axes, or an error that names the function."""
    node = as_operand(x)
    if node.ndim < 2:
        raise ShapeError(
            f"{name!r} was given shape {node.shape}; matrices are the last two axes, so at "
            "least two are needed"
        )
    return node


def square(x: Any, name: str) -> Any:
    """An operand whose last two axes are equally long, or an error that names the function."""
    node = matrix(x, name)
    if node.shape[-1] != node.shape[-2]:
        raise ShapeError(
            f"{name!r} was given shape {node.shape}; the last two axes must be equally long"
        )
    return node


def hermitian(x: Any, name: str, lower: bool) -> Any:
    """Hermitian matrices of which one triangle is read."""
    return apply(factorizations.mirror, square(x, name), lower=lower)


def real(x: Any) -> Any:
    """Real parts of complex numbers, real ones as they are."""
    return complex_numbers.real(x) if x.dtype.kind == "c" else x


def conjugate(x: Any) -> Any:
    """Complex conjugates, real numbers as they are."""
    return complex_numbers.conjugate(x) if x.dtype.kind == "c" else x


def adjoint(x: Any) -> Any:
    """Transposed and conjugated matrices."""
    return conjugate(shaping.swapaxes(x, -1, -2))
