"""Reductions over axes, and running sums."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from autodiff.functions.elementwise import elementwise
from autodiff.functions.reductions import masked
from autodiff.functions.reductions.masked import in_dtype, prepared
from autodiff.ops.reductions import products, reductions
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "cumsum",
    "logsumexp",
    "max",
    "mean",
    "min",
    "prod",
    "std",
    "sum",
    "var",
]

Axis = int | tuple[int, ...] | None


def plain_axis(axis: Any) -> Axis:
    """An axis, or several, as Python integers.

    Example:
        >>> plain_axis([0, 2])
        (0, 2)
    """
    if isinstance(axis, (tuple, list)):
        return tuple(operator.index(a) for a in axis)
    return None if axis is None else operator.index(axis)


def sum(
    x: TensorLike,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    dtype: npt.DTypeLike | None = None,
    initial: TensorLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Sum of elements.

    Args:
        x: tensor or array.
        axis: the axis or axes to sum over, all by default.
        keepdims: keep the summed axes with length 1.
        dtype: the type to compute in, that of ``x`` by default.
        initial: added to the sum.
        where: which elements take part, booleans that broadcast against ``x``.

    Returns:
        The sums.

    Derivative: of the result's gradient g, x receives g repeated along the axes summed over.

    Example:
        >>> sum([[1.0, 2.0], [3.0, 4.0]], axis=0).tolist()
        [4.0, 6.0]
        >>> sum([1.0, 2.0, 3.0], where=[True, False, True], initial=10.0).item()
        14.0
    """
    if initial is not None:
        x, initial = operands_of((x, initial))
    if dtype is not None or where is not None:
        x = prepared(x, dtype, where, 0)
    y = in_dtype(apply(reductions.sum_, x, axis=plain_axis(axis), keepdims=keepdims), dtype)
    return y if initial is None else y + initial


def mean(
    x: TensorLike,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    dtype: npt.DTypeLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Arithmetic mean of elements; parameters as for `sum`.

    Derivative: of the result's gradient g, x receives g / n, with n elements to each mean.

    Example:
        >>> mean([1.0, 2.0, 6.0]).item()
        3.0
    """
    if dtype is not None:
        x = prepared(x, dtype, None, 0)
    if where is not None:
        return masked.masked_mean(x, where, plain_axis(axis), keepdims)
    return apply(reductions.mean, x, axis=plain_axis(axis), keepdims=keepdims)


def var(
    x: TensorLike,
    axis: Axis = None,
    correction: float = 0,
    keepdims: bool = False,
    *,
    ddof: float | None = None,
    dtype: npt.DTypeLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Variance of elements.

    Args:
        x: tensor or array.
        axis: the axis or axes, all by default.
        correction: what is subtracted from the count in the divisor (1: unbiased).
        keepdims: keep the reduced axes with length 1.
        ddof: NumPy's older name of ``correction``.
        dtype: the type to compute in, that of ``x`` by default.
        where: which elements take part, booleans that broadcast against ``x``.

    Returns:
        The variances.

    Derivative: of the result's gradient g, x receives 2 · g ⊙ (x − mean(x)) / (n − correction).

    Example:
        >>> var([1.0, 3.0]).item(), var([1.0, 3.0], ddof=1).item()
        (1.0, 2.0)
    """
    if ddof is not None:
        correction = ddof
    if dtype is not None:
        x = prepared(x, dtype, None, 0)
    if where is not None:
        return masked.masked_var(x, where, plain_axis(axis), correction, keepdims)
    return apply(reductions.var, x, axis=plain_axis(axis), correction=correction, keepdims=keepdims)


def std(
    x: TensorLike,
    axis: Axis = None,
    correction: float = 0,
    keepdims: bool = False,
    *,
    ddof: float | None = None,
    dtype: npt.DTypeLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Standard deviation of elements; its gradient is 0 where it is 0. See `var`.

    Derivative: of the gradient g of the result y, x receives
    g ⊙ (x − mean(x)) / ((n − correction) · y). Where all elements are equal the gradient is 0.

    Example:
        >>> std([1.0, 3.0]).item()
        1.0
    """
    if ddof is not None:
        correction = ddof
    if dtype is not None:
        x = prepared(x, dtype, None, 0)
    if where is not None:
        return masked.masked_std(x, where, plain_axis(axis), correction, keepdims)
    return apply(reductions.std, x, axis=plain_axis(axis), correction=correction, keepdims=keepdims)


def max(
    x: TensorLike,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    initial: TensorLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Largest element; equal largest ones share the gradient. Parameters as for `sum`.

    With ``initial`` the result is at least that; with ``where`` it is needed.

    Derivative: of the gradient g of the result y, x receives g where x = y. Equal ones share it.

    Example:
        >>> max([1.0, 3.0, 2.0]).item()
        3.0
    """
    if initial is not None or where is not None:
        return masked.bounded_extremum(
            max, elementwise.maximum, x, plain_axis(axis), keepdims, initial, where
        )
    return apply(reductions.max_, x, axis=plain_axis(axis), keepdims=keepdims)


def min(
    x: TensorLike,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    initial: TensorLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Smallest element; equal smallest ones share the gradient. Parameters as for `max`.

    Derivative: of the gradient g of the result y, x receives g where x = y. Equal ones share it.

    Example:
        >>> min([1.0, 3.0, 2.0]).item()
        1.0
    """
    if initial is not None or where is not None:
        return masked.bounded_extremum(
            min, elementwise.minimum, x, plain_axis(axis), keepdims, initial, where
        )
    return apply(reductions.min_, x, axis=plain_axis(axis), keepdims=keepdims)


def prod(
    x: TensorLike,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    dtype: npt.DTypeLike | None = None,
    initial: TensorLike | None = None,
    where: npt.ArrayLike | None = None,
) -> Tensor:
    """Product of elements, its gradient exact also at zeros. Parameters as for `sum`.

    Derivative: of the result's gradient g, x receives g ⊙ the product of the other elements.

    Example:
        >>> prod([2.0, 3.0, 4.0]).item()
        24.0
    """
    if initial is not None:
        x, initial = operands_of((x, initial))
    if dtype is not None or where is not None:
        x = prepared(x, dtype, where, 1)
    y = in_dtype(apply(products.prod, x, axis=plain_axis(axis), keepdims=keepdims), dtype)
    return y if initial is None else y * initial


def exclusive_product(x: Any) -> Tensor:
    """Product of all the other elements along the last axis.

    Example:
        >>> exclusive_product([2.0, 0.0, 4.0]).tolist()
        [0.0, 8.0, 0.0]
    """
    return apply(products.exclusive_product, x)


def cumsum(x: TensorLike, axis: int | None = None, *, dtype: npt.DTypeLike | None = None) -> Tensor:
    """Running sum.

    Args:
        x: tensor or array.
        axis: along which axis; None only for one axis or flattened, as in NumPy.
        dtype: the type to compute in, that of ``x`` by default.

    Returns:
        A tensor of the shape of ``x`` (flattened when ``axis`` is None).

    Derivative: of the result's gradient g, x receives the sums of g from the end.

    Example:
        >>> cumsum([1.0, 2.0, 3.0]).tolist()
        [1.0, 3.0, 6.0]
    """
    x = as_operand(x) if dtype is None else prepared(x, dtype, None, 0)
    if axis is None:
        x = x.reshape(-1)
        axis = 0
    return in_dtype(apply(products.cumsum, x, axis=plain_axis(axis)), dtype)


def logsumexp(
    x: TensorLike, axis: Axis = None, keepdims: bool = False, *, b: TensorLike | None = None
) -> Tensor:
    """Logarithm of the sum of exponentials, without overflow. Parameters as for `sum`.

    With weights ``b`` it is log Σ b·exp(x), as in SciPy; the sum must be positive.

    Derivative: of the result's gradient g, x receives g ⊙ softmax(x). Where all are -inf the
    gradient is 0, and those that are inf share it equally.

    Example:
        >>> logsumexp([1000.0, 1000.0]).item() > 1000
        True
    """
    if b is not None:
        return masked.weighted_logsumexp(x, b, plain_axis(axis), keepdims)
    return apply(reductions.logsumexp, x, axis=plain_axis(axis), keepdims=keepdims)
