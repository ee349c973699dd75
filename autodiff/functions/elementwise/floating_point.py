"""Signs, neighbours, closeness and rounding of floating-point numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.functions.elementwise import comparison, elementwise
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor
from autodiff.values.value import Value

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["copysign", "isclose", "nextafter", "round", "signbit"]


def signbit(x: TensorLike, /) -> Tensor:
    """Whether the sign is minus, that of −0.0 included; carries no gradient.

    Example:
        >>> signbit([-1.0, -0.0, 0.0]).tolist()
        [True, True, False]
    """
    return answer(np.signbit(as_operand(x)._data))


def copysign(x1: TensorLike, x2: TensorLike, /) -> Tensor:
    """The absolute values of ``x1`` with the signs of ``x2``.

    Args:
        x1: real numbers, broadcast against ``x2``; their derivative is ±1, at 0 it is 0.
        x2: real numbers, whose derivative is 0 everywhere.

    Returns:
        A tensor of floats.

    Example:
        >>> copysign([1.0, -2.0], -0.0).tolist()
        [-1.0, -2.0]
    """
    a, b = operands_of((x1, x2))
    if a.dtype.kind not in "f" or b.dtype.kind not in "f":
        dtype = np.copysign(np.zeros((), a.dtype), np.zeros((), b.dtype)).dtype
        a, b = a.astype(dtype, copy=False), b.astype(dtype, copy=False)
    one = np.ones((), np.result_type(a.dtype, b.dtype))
    sign = np.where(np.signbit(b._data), -one, one)
    y: Tensor = elementwise.absolute(a) * answer(sign)
    return y


def nextafter(x1: TensorLike, x2: TensorLike, /) -> Tensor:
    """The floating-point number next to ``x1`` in the direction of ``x2``.

    Its derivative by ``x1`` is 1, by ``x2`` it is 0.

    Example:
        >>> import autodiff as ad
        >>> (nextafter(ad.ones(1), 2.0) - 1).item() == ad.finfo(ad.float64).eps
        True
    """
    a, b = operands_of((x1, x2))
    found = np.nextafter(a._data, b._data)
    if not a.requires_grad:
        return answer(found)
    with np.errstate(invalid="ignore"):
        step = found - a._data
    y: Tensor = elementwise.where(np.isfinite(step), a + answer(step), answer(found))
    return y


def isclose(
    a: TensorLike, b: TensorLike, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False
) -> Tensor:
    """Whether |a − b| ≤ atol + rtol |b|, or both are the same infinity; carries no gradient.

    Args:
        a: tensor or array, real or complex.
        b: the reference, broadcast against ``a``.
        rtol: how far they may be apart, as a part of the size of ``b``.
        atol: how far they may be apart beside that.
        equal_nan: NaN is close to NaN.

    Returns:
        Booleans of the common shape.

    Example:
        >>> isclose([1.0, 2.0], [1.0 + 1e-9, 2.1]).tolist()
        [True, False]
    """
    found, wanted = (x._data for x in operands_of((a, b)))
    if wanted.dtype.kind not in "fc":
        # Differences of booleans there are none, and the least integer has no absolute value.
        wanted = wanted.astype(np.result_type(wanted.dtype, 1.0))
    with np.errstate(invalid="ignore"):
        near = np.abs(found - wanted) <= atol + rtol * np.abs(wanted)
    close = (near & np.isfinite(wanted)) | (found == wanted)
    return answer(close | (np.isnan(found) & np.isnan(wanted)) if equal_nan else close)


def round(x: TensorLike, /, decimals: int = 0) -> Any:
    """The nearest number of so many decimals, halves to the even one; its derivative is 0.

    Args:
        x: tensor, array or number.
        decimals: places after the point; negative ones round to tens, hundreds and so on.

    Returns:
        A node of the shape and dtype of ``x``.

    Example:
        >>> round([0.5, 1.5, 2.7]).tolist(), round(np.array([2.346]), 2).tolist()
        ([0.0, 2.0, 3.0], [2.35])
    """
    if not isinstance(x, Value):
        x = as_operand(x)
        if x.dtype.kind in "iub":
            return answer(np.round(x._data, decimals))
    if not decimals:
        return comparison.rint(x)
    scale = 10.0 ** abs(decimals)
    if decimals < 0:
        return comparison.rint(x / scale) * scale
    return comparison.rint(x * scale) / scale
