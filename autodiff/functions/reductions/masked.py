"""Reductions of the elements that take part, compositions of the plain ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, TypeVar, cast

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.catalogue import find
from autodiff.functions.elementwise import comparison
from autodiff.functions.elementwise import elementwise as ew
from autodiff.functions.shaping.shaping import broadcast_to
from autodiff.graph.modes import no_grad
from autodiff.ops.broadcasting import Axis
from autodiff.ops.reductions import reductions
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.promotion import common_dtype
from autodiff.tensors.tensor import Tensor

__all__: list[str] = []

_Function = TypeVar("_Function", bound=Callable[..., Any])


def in_dtype(y: Tensor, dtype: Any) -> Tensor:
    """A sum or product in the dtype asked for, which small integers leave by themselves.

    Example:
        >>> in_dtype(Tensor([1]), "uint8").dtype
        dtype('uint8')
    """
    return y if dtype is None or y.dtype == dtype else y.astype(dtype)


def prepared(x: Any, dtype: Any, where: Any, neutral: int) -> Any:
    """An operand in the dtype asked for, a number in the place of what takes no part.

    Example:
        >>> prepared([1.0, 2.0], None, [True, False], 0).tolist()
        [1.0, 0.0]
    """
    x = as_operand(x)
    if dtype is not None:
        x = x.astype(dtype)
    return x if where is None else ew.where(where, x, neutral)


def floating(x: Any) -> Any:
    """An operand as it is if its numbers are no integers, else in double precision.

    Example:
        >>> floating(np.array([1, 2])).dtype
        dtype('float64')
    """
    x = as_operand(x)
    return x.astype(np.float64) if x.dtype.kind in "biu" else x


def floating_together(*values: Any) -> list[Any]:
    """Operands of one function, each as by `floating`; None stays None.

    Example:
        >>> [x.dtype.name for x in floating_together([1, 2], np.float32([0.5, 1.0]))]
        ['float32', 'float32']
    """
    return [x if x is None else floating(x) for x in operands_of(values)]


def in_single(function: _Function) -> _Function:
    """A function of sums, computed in float32 for an operand of float16, which ends at 65504.

    Example:
        >>> import autodiff as ad
        >>> halved = in_single(lambda x: ad.sum(x) / x.size)
        >>> halved(np.ones(70000, np.float16)).item()
        1.0
    """
    first = next(iter(signature(function).parameters))

    @wraps(function)
    def computed(*args: Any, **kwargs: Any) -> Any:
        x, args = (args[0] if args else kwargs.pop(first)), args[1:]
        if common_dtype([x]) != np.float16:
            return function(x, *args, **kwargs)
        others = common_dtype([*args, *(v for name, v in kwargs.items() if name != "dtype")])
        y = function(as_operand(x).astype(np.float32), *args, **kwargs)
        single = y.dtype == np.float32 and others != np.float32
        return y.astype(np.float16) if single else y

    return cast(_Function, computed)


def counted(x: Any, where: Any, axis: Axis, keepdims: bool) -> Any:
    """How many elements of ``x`` take part, in the precision of ``x``.

    Example:
        >>> counted(as_operand([1.0, 2.0]), [True, False], None, False).item()
        1.0
    """
    real = np.zeros((), x.dtype).real.dtype
    mask = broadcast_to(as_operand(where).astype(real), x.shape)
    return _sum(mask, axis, keepdims)


@in_single
def masked_mean(x: Any, where: Any, axis: Axis, keepdims: bool) -> Tensor:
    """Mean of the elements where a condition holds; NaN where it never does.

    Example:
        >>> masked_mean([1.0, 2.0, 6.0], [True, False, True], None, False).item()
        3.5
    """
    x = floating(x)
    total = _sum(ew.where(where, x, 0), axis, keepdims)
    return _divided(total, counted(x, where, axis, keepdims))


@in_single
def masked_var(x: Any, where: Any, axis: Axis, correction: float, keepdims: bool) -> Tensor:
    """Variance of the elements where a condition holds.

    Example:
        >>> masked_var([1.0, 2.0, 5.0], [True, False, True], None, 0, False).item()
        4.0
    """
    x = floating(x)
    inside = ew.where(where, x - masked_mean(x, where, axis, True), 0)
    total = _sum(_squared(inside), axis, keepdims)
    return _divided(total, counted(x, where, axis, keepdims) - correction)


def _squared(x: Any) -> Any:
    if x.dtype.kind != "c":
        return ew.square(x)
    return ew.square(find("real")(x)) + ew.square(find("imag")(x))


@in_single
def masked_std(x: Any, where: Any, axis: Axis, correction: float, keepdims: bool) -> Tensor:
    """Standard deviation of the elements where a condition holds; gradient 0 where it is 0.

    Example:
        >>> masked_std([1.0, 2.0, 5.0], [True, False, True], None, 0, False).item()
        2.0
    """
    spread = masked_var(x, where, axis, correction, keepdims)
    positive = comparison.greater(spread, 0)
    root = ew.where(positive, ew.sqrt(ew.where(positive, spread, 1)), 0)
    return ew.where(comparison.isnan(spread), np.nan, root)


def bounded_extremum(
    reduce: Callable[..., Any],
    choose: Callable[..., Any],
    x: Any,
    axis: Axis,
    keepdims: bool,
    initial: Any,
    where: Any,
) -> Tensor:
    """`max` or `min` of some elements and a bound.

    Raises:
        ShapeError: no bound is given for the case that no element takes part.

    Example:
        >>> import autodiff as ad
        >>> bounded_extremum(ad.max, ad.maximum, [1.0, 9.0], 0, False, 3.0, [1, 0]).item()
        3.0
    """
    if initial is None:
        raise ShapeError(
            f"{reduce.__name__!r} with where= was given no initial=, which is the result where no "
            "element takes part; give one, such as initial=-numpy.inf for a maximum"
        )
    x, initial = operands_of((x, initial))
    if where is not None:
        x = ew.where(where, x, initial)
    if 0 in x.shape:
        # An element of the bound's value makes the reduction of nothing the bound.
        axes = range(x.ndim) if axis is None else np.atleast_1d(axis) % x.ndim
        shape = tuple(n + int(a in axes) for a, n in enumerate(x.shape))
        x = broadcast_to(initial.astype(common_dtype([x, initial])), shape)
    return choose(reduce(x, axis, keepdims), initial)  # type: ignore[no-any-return]


def weighted_logsumexp(x: Any, b: Any, axis: Axis, keepdims: bool) -> Tensor:
    """log Σ b·exp(x) without overflow.

    Example:
        >>> round(weighted_logsumexp([0.0, 0.0], [1.0, 2.0], None, False).item(), 4)
        1.0986
    """
    x, b = operands_of((x, b))
    with no_grad():
        top = apply(reductions.max_, x, axis=axis, keepdims=True)
        top = ew.where(comparison.isfinite(top), top, 0)
    total = _sum(b * ew.exp(x - top), axis, keepdims)
    return ew.log(total) + _sum(top, axis, keepdims)


def _sum(x: Any, axis: Axis, keepdims: bool) -> Tensor:
    return apply(reductions.sum_, x, axis=axis, keepdims=keepdims)


def _divided(total: Any, count: Any) -> Tensor:
    """A quotient that is NaN, without a warning, where nothing takes part."""
    some = comparison.greater(count, 0)
    return ew.where(some, total / ew.where(some, count, 1), np.nan)  # type: ignore[no-any-return]
