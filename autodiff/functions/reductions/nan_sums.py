"""Sums and products that leave NaN out, and finite numbers in the place of what is none.

What is NaN gets no gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.functions.elementwise import comparison
from autodiff.functions.elementwise import elementwise as ew
from autodiff.functions.elementwise.complex_numbers import imag, make_complex, real
from autodiff.functions.reductions import reductions
from autodiff.functions.reductions.reductions import Axis
from autodiff.functions.reductions.scans import cumprod
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "nan_to_num",
    "nancumprod",
    "nancumsum",
    "nanprod",
    "nansum",
]


def filled(a: Any, dtype: Any, neutral: int) -> Any:
    """The operand with a number in the place of NaN, in another type if one is given.

    Example:
        >>> filled([1.0, np.nan], None, 0).tolist()
        [1.0, 0.0]
    """
    a = as_operand(a)
    a = a if dtype is None else a.astype(dtype)
    return ew.where(comparison.isnan(a), neutral, a) if a.dtype.kind in "fc" else a


def nansum(
    a: TensorLike,
    axis: Axis = None,
    *,
    dtype: npt.DTypeLike | None = None,
    keepdims: bool = False,
    initial: TensorLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Sum of the elements that are not NaN; 0 if there are none.

    Args:
        a: tensor or array.
        axis: the axis or axes to sum over, all by default.
        dtype: the type to compute in, that of ``a`` by default.
        keepdims: keep the summed axes with length 1.
        initial: added to the sum.
        where: which elements take part, booleans that broadcast against ``a``.

    Returns:
        The sums.

    Example:
        >>> nansum([1.0, np.nan, 2.0]).item()
        3.0
    """
    a, initial = operands_of((a, initial))
    return reductions.sum(filled(a, dtype, 0), axis, keepdims, initial=initial, where=where)


def nanprod(
    a: TensorLike,
    axis: Axis = None,
    *,
    dtype: npt.DTypeLike | None = None,
    keepdims: bool = False,
    initial: TensorLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Product of the elements that are not NaN; 1 if there are none. See `nansum`.

    Example:
        >>> nanprod([3.0, np.nan, 2.0]).item()
        6.0
    """
    a, initial = operands_of((a, initial))
    return reductions.prod(filled(a, dtype, 1), axis, keepdims, initial=initial, where=where)


def nancumsum(
    a: TensorLike, axis: int | None = None, *, dtype: npt.DTypeLike | None = None
) -> Tensor:
    """Running sum in which NaN counts as 0.

    Args:
        a: tensor or array.
        axis: along which axis; None: of the flattened operand.
        dtype: the type to compute in, that of ``a`` by default.

    Returns:
        A tensor of the shape of ``a`` (flattened when ``axis`` is None).

    Example:
        >>> nancumsum([1.0, np.nan, 2.0]).tolist()
        [1.0, 1.0, 3.0]
    """
    return reductions.cumsum(filled(a, dtype, 0), axis)


def nancumprod(
    a: TensorLike, axis: int | None = None, *, dtype: npt.DTypeLike | None = None
) -> Tensor:
    """Running product in which NaN counts as 1. Parameters as for `nancumsum`.

    Example:
        >>> nancumprod([3.0, np.nan, 2.0]).tolist()
        [3.0, 3.0, 6.0]
    """
    return cumprod(filled(a, dtype, 1), axis)


def nan_to_num(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Tensor:
    """Finite numbers in the place of NaN and infinities, which get no gradient.

    Args:
        x: tensor or array.
        copy: of no effect, for NumPy's sake: tensors are not written into.
        nan: in the place of NaN.
        posinf: in the place of infinity, the largest number of the type by default.
        neginf: in the place of minus infinity, the smallest number of the type by default.

    Returns:
        A tensor of the shape and type of ``x``; of complex numbers both parts are replaced.

    Example:
        >>> nan_to_num([1.0, np.nan, np.inf], posinf=9.0).tolist()
        [1.0, 0.0, 9.0]
    """
    x = operands_of((x, nan, posinf, neginf))[0]
    if x.dtype.kind == "c":
        parts = (nan_to_num(part, copy, nan, posinf, neginf) for part in (real(x), imag(x)))
        return make_complex(*parts)
    if x.dtype.kind != "f":
        return x  # type: ignore[no-any-return]
    limits = np.finfo(x.dtype)
    high = limits.max if posinf is None else posinf
    low = limits.min if neginf is None else neginf
    y = ew.where(comparison.isnan(x), nan, x)
    y = ew.where(comparison.equal(x, np.inf), high, y)
    return ew.where(comparison.equal(x, -np.inf), low, y)  # type: ignore[no-any-return]
