"""Questions about elements: whether, where and how many; answers without a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.functions.elementwise.floating_point import isclose
from autodiff.functions.elementwise.masks import mask_of, nonzero
from autodiff.functions.reductions.reductions import Axis, plain_axis
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import answer
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "all",
    "allclose",
    "any",
    "argmax",
    "argmin",
    "argwhere",
    "count_nonzero",
    "flatnonzero",
    "nonzero",
]


def argmax(x: TensorLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Place of the largest element, the first of equal ones; carries no gradient.

    Example:
        >>> argmax([[1.0, 3.0, 2.0]], axis=1).tolist()
        [1]
    """
    x = as_operand(x)
    return answer(np.argmax(x._data, axis=axis, keepdims=keepdims), x, "argmax")


def argmin(x: TensorLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Place of the smallest element, the first of equal ones; carries no gradient.

    Example:
        >>> argmin([2.0, 1.0]).item()
        1
    """
    x = as_operand(x)
    return answer(np.argmin(x._data, axis=axis, keepdims=keepdims), x, "argmin")


def any(
    x: TensorLike, axis: Axis = None, keepdims: bool = False, *, where: npt.ArrayLike | None = None
) -> Tensor:
    """Whether any element is true, of those where ``where`` holds; carries no gradient.

    Example:
        >>> any([0.0, 2.0]).item()
        True
    """
    data = as_operand(x)._data
    if where is not None:
        data = np.where(mask_of(where, "any")._data, data, False)
    return answer(np.any(data, axis=plain_axis(axis), keepdims=keepdims))


def all(
    x: TensorLike, axis: Axis = None, keepdims: bool = False, *, where: npt.ArrayLike | None = None
) -> Tensor:
    """Whether all elements are true, of those where ``where`` holds; carries no gradient.

    Example:
        >>> all([0.0, 2.0]).item()
        False
    """
    data = as_operand(x)._data
    if where is not None:
        data = np.where(mask_of(where, "all")._data, data, True)
    return answer(np.all(data, axis=plain_axis(axis), keepdims=keepdims))


def allclose(
    a: TensorLike, b: TensorLike, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False
) -> bool:
    """Whether all elements are close, as `isclose` says; parameters as there.

    Returns:
        A truth value of Python, as NumPy and PyTorch give one.

    Example:
        >>> allclose([1.0, 2.0], [1.0, 2.0 + 1e-9])
        True
    """
    return bool(all(isclose(a, b, rtol, atol, equal_nan)))


def count_nonzero(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """How many elements are not 0; carries no gradient.

    Example:
        >>> count_nonzero([[1.0, 0.0], [2.0, 3.0]], axis=1).tolist()
        [1, 2]
    """
    data = as_operand(x)._data
    return answer(np.count_nonzero(data, axis=plain_axis(axis), keepdims=keepdims))


def argwhere(a: TensorLike) -> Tensor:
    """The places of the elements that are not 0, a row for each.

    Example:
        >>> argwhere([[0.0, 5.0], [0.0, 2.0]]).tolist()
        [[0, 1], [1, 1]]
    """
    return answer(np.argwhere(as_operand(a)._data))


def flatnonzero(a: TensorLike) -> Tensor:
    """The places of the elements that are not 0 in the flattened operand.

    Example:
        >>> flatnonzero([[0.0, 5.0], [0.0, 2.0]]).tolist()
        [1, 3]
    """
    return answer(np.flatnonzero(as_operand(a)._data))
