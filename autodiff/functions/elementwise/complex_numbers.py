"""Complex numbers: their parts, angles and conjugates, and how they are put together.

The gradient of a real number L by a complex z = x + iy is ∂L/∂x + i ∂L/∂y: the direction
of steepest ascent, and PyTorch's convention.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.shaping import joining
from autodiff.ops.elementwise import complex_numbers
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "angle",
    "conj",
    "conjugate",
    "imag",
    "iscomplex",
    "isreal",
    "make_complex",
    "modulus",
    "polar",
    "real",
    "view_as_complex",
    "view_as_real",
]


def real(z: TensorLike) -> Tensor:
    """Real part; of real numbers the numbers themselves.

    Derivative: of the result's gradient g, z receives g.

    Example:
        >>> real([1 + 2j, 3 - 4j]).tolist()
        [1.0, 3.0]
    """
    z = as_operand(z)
    return apply(complex_numbers.real, z)


def imag(z: TensorLike) -> Tensor:
    """Imaginary part; of real numbers 0.

    Derivative: of the result's gradient g, z receives −i · g.

    Example:
        >>> imag([1 + 2j, 3 - 4j]).tolist()
        [2.0, -4.0]
    """
    return apply(complex_numbers.imag, z)


def conjugate(z: TensorLike) -> Tensor:
    """Complex conjugate; also called `conj`.

    Derivative: of the result's gradient g, z receives conj(g).

    Example:
        >>> conjugate([1 + 2j]).tolist()
        [(1-2j)]
    """
    return apply(complex_numbers.conjugate, z)


conj = conjugate


def make_complex(real: TensorLike, imag: TensorLike) -> Tensor:
    """Complex numbers with the given parts, which are broadcast together.

    Args:
        real: the real parts, real numbers.
        imag: the imaginary parts, real numbers.

    Returns:
        A complex tensor of the precision of the parts.

    Raises:
        TypeError: a part is complex itself.

    Derivative: of the result's gradient g, real receives Re(g); imag receives −Im(g).

    Example:
        >>> make_complex([1.0, 2.0], 3.0).tolist()
        [(1+3j), (2+3j)]
    """
    parts = operands_of((real, imag))
    for name, part in zip(("real", "imaginary"), parts, strict=True):
        if part.dtype.kind == "c":
            raise TypeError(
                f"make_complex() was given {name} parts of dtype {part.dtype}; give real "
                "numbers, or add complex ones as they are: a + 1j * b"
            )
    return apply(complex_numbers.make_complex, *parts)


def polar(abs: TensorLike, angle: TensorLike) -> Tensor:
    """Complex numbers of given absolute values and angles (in radians).

    Example:
        >>> polar([1.0, 2.0], 0.0).tolist()
        [(1+0j), (2+0j)]
    """
    r, angle = operands_of((abs, angle))
    return make_complex(r * elementwise.cos(angle), r * elementwise.sin(angle))


def modulus(z: TensorLike) -> Tensor:
    """Absolute value of complex numbers: what `abs` is for them.

    The gradient is z/|z|, and 0 at 0.

    Derivative: of the result's gradient g, z receives g ⊙ conj(z) / |z|. At 0 the gradient is 0.

    Example:
        >>> modulus([3 + 4j]).tolist()
        [5.0]
    """
    return apply(complex_numbers.modulus, z)


def angle(z: TensorLike, deg: bool = False) -> Tensor:
    """Angle of complex numbers, from -π to π; 0 or π for real ones.

    Args:
        z: tensor, array or number.
        deg: in degrees instead of radians.

    Returns:
        Real angles; the gradient at 0, where no angle exists, is 0.

    Example:
        >>> angle([1j, -1 + 0j], deg=True).tolist()
        [90.0, 180.0]
    """
    z = as_operand(z)
    if z.dtype.kind not in "fc":
        z = elementwise.multiply(z, np.ones(()))
    radians: Tensor = elementwise.arctan2(imag(z), real(z))
    return radians * (180 / math.pi) if deg else radians


def view_as_real(z: TensorLike) -> Tensor:
    """Real and imaginary part side by side along a new last axis of length 2.

    Example:
        >>> view_as_real([1 + 2j]).tolist()
        [[1.0, 2.0]]
    """
    z = as_operand(z)
    return joining.stack([real(z), imag(z)], axis=-1)


def view_as_complex(x: TensorLike) -> Tensor:
    """The inverse of `view_as_real`.

    Args:
        x: real numbers whose last axis has length 2.

    Returns:
        Complex numbers with one axis less.

    Raises:
        ShapeError: the last axis has another length.

    Example:
        >>> view_as_complex([[1.0, 2.0]]).tolist()
        [(1+2j)]
    """
    x = as_operand(x)
    if x.ndim == 0 or x.shape[-1] != 2:
        raise ShapeError(
            f"view_as_complex() was given shape {x.shape}; the last axis must have length 2, for "
            "the real and the imaginary part"
        )
    return make_complex(x[..., 0], x[..., 1])


def isreal(z: TensorLike) -> Tensor:
    """Whether the imaginary part is 0; carries no gradient.

    Example:
        >>> isreal([1 + 0j, 1j]).tolist()
        [True, False]
    """
    return constant(np.asarray(np.isreal(as_operand(z)._data)))


def iscomplex(z: TensorLike) -> Tensor:
    """Whether the imaginary part is not 0; carries no gradient.

    Example:
        >>> iscomplex([1 + 0j, 1j]).tolist()
        [False, True]
    """
    return constant(np.asarray(np.iscomplex(as_operand(z)._data)))
