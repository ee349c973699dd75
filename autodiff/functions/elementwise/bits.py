"""Logic on the bits of integers and on booleans; what ``&``, ``|``, ``^``, ``~`` compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.functions.elementwise import comparison
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor
from autodiff.values.value import Value

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "bitwise_and",
    "bitwise_invert",
    "bitwise_left_shift",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
]


def bitwise_and(x1: TensorLike, x2: TensorLike, /) -> Any:
    """The bits that both operands have; for booleans `logical_and`. Carries no gradient.

    Args:
        x1: integers or booleans, broadcast against ``x2``.
        x2: the like.

    Returns:
        A tensor of integers or booleans.

    Raises:
        TypeError: the operands are neither.

    Example:
        >>> bitwise_and([6, 5], 3).tolist()
        [2, 1]
    """
    return _binary(np.bitwise_and, comparison.logical_and, x1, x2)


def bitwise_or(x1: TensorLike, x2: TensorLike, /) -> Any:
    """The bits that an operand has; for booleans `logical_or`. See `bitwise_and`.

    Example:
        >>> bitwise_or([6, 5], 3).tolist()
        [7, 7]
    """
    return _binary(np.bitwise_or, comparison.logical_or, x1, x2)


def bitwise_xor(x1: TensorLike, x2: TensorLike, /) -> Any:
    """The bits that exactly one operand has; for booleans `logical_xor`. See `bitwise_and`.

    Example:
        >>> bitwise_xor([6, 5], 3).tolist()
        [5, 6]
    """
    return _binary(np.bitwise_xor, comparison.logical_xor, x1, x2)


def bitwise_invert(x: TensorLike, /) -> Any:
    """The bits that the operand lacks; for booleans `logical_not`. See `bitwise_and`.

    Example:
        >>> bitwise_invert([0, 5]).tolist()
        [-1, -6]
    """
    if isinstance(x, Value):
        return comparison.logical_not(x)
    x = as_operand(x)
    if x.dtype.kind == "b":
        return comparison.logical_not(x)
    _check(np.bitwise_invert, x)
    return answer(np.bitwise_invert(x._data))


def bitwise_left_shift(x1: TensorLike, x2: TensorLike, /) -> Tensor:
    """The bits of integers moved up by ``x2`` places. Carries no gradient.

    Example:
        >>> bitwise_left_shift([1, 3], 2).tolist()
        [4, 12]
    """
    return _binary(np.left_shift, None, x1, x2)  # type: ignore[no-any-return]


def bitwise_right_shift(x1: TensorLike, x2: TensorLike, /) -> Tensor:
    """The bits of integers moved down by ``x2`` places. Carries no gradient.

    Example:
        >>> bitwise_right_shift([4, 12], 2).tolist()
        [1, 3]
    """
    return _binary(np.right_shift, None, x1, x2)  # type: ignore[no-any-return]


def _binary(ufunc: np.ufunc, logic: Callable[..., Any] | None, x1: Any, x2: Any) -> Any:
    if isinstance(x1, Value) and logic is not None and not isinstance(x2, Tensor):
        return logic(x1, x2)
    a, b = operands_of((x1, x2))
    if logic is not None and a.dtype.kind == b.dtype.kind == "b":
        return logic(a, b)
    _check(ufunc, a, b)
    return answer(ufunc(a._data, b._data))


def _check(ufunc: np.ufunc, *operands: Tensor) -> None:
    for x in operands:
        if x.dtype.kind not in "iub":
            raise TypeError(
                f"{ufunc.__name__!r} is defined for integers and booleans, but was given "
                f"{x.dtype}; compare first, as in x > 0, or use autodiff.logical_and and its like"
            )
