"""New tensors of one number: zeros, ones, any other; in a shape or like another tensor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from autodiff.backends.devices import check_device
from autodiff.dtypes import as_array, get_default_dtype
from autodiff.functions.creation.creation import asarray, leaf
from autodiff.functions.shaping.shaping import broadcast_to
from autodiff.graph.node import Node
from autodiff.tensors.operands import as_operand
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = [
    "empty",
    "empty_like",
    "full",
    "full_like",
    "ones",
    "ones_like",
    "zeros",
    "zeros_like",
]

Shape = int | Sequence[int]


def full(
    shape: Shape,
    fill_value: TensorLike,
    *,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of one number, differentiable by it where it is a node.

    Args:
        shape: lengths of the axes.
        fill_value: the number, or a tensor that broadcasts to the shape.
        dtype: by default that of ``fill_value``; of Python floats the default one.
        device: ``"cpu"`` or None.
        requires_grad: whether `backward` shall compute its gradient.

    Returns:
        The tensor.

    Example:
        >>> full((2,), 7.0).tolist()
        [7.0, 7.0]
    """
    if isinstance(fill_value, Node):
        x = broadcast_to(fill_value, shape)
        return asarray(x, dtype=dtype, device=device, requires_grad=requires_grad)
    check_device(device)
    if dtype is None:
        dtype = as_array(fill_value, copy=False).dtype
    return leaf(np.full(shape, fill_value, dtype), requires_grad)


def full_like(
    x: TensorLike,
    /,
    fill_value: TensorLike,
    *,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of one number in the shape and, by default, dtype of ``x``; see `full`.

    Example:
        >>> full_like([1, 2], 7).tolist()
        [7, 7]
    """
    x = as_operand(x)
    return full(
        x.shape, fill_value, dtype=dtype or x.dtype, device=device, requires_grad=requires_grad
    )


def zeros(
    shape: Shape,
    *,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Zeros; parameters as for `full`.

    Example:
        >>> zeros((2, 1)).tolist()
        [[0.0], [0.0]]
    """
    check_device(device)
    return leaf(np.zeros(shape, dtype or get_default_dtype()), requires_grad)


def ones(
    shape: Shape,
    *,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Ones; parameters as for `full`.

    Example:
        >>> ones((2, 1)).tolist()
        [[1.0], [1.0]]
    """
    check_device(device)
    return leaf(np.ones(shape, dtype or get_default_dtype()), requires_grad)


def empty(
    shape: Shape,
    *,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor to be written later. It holds zeros, so that every run gives the same.

    Example:
        >>> empty(3).shape
        (3,)
    """
    return zeros(shape, dtype=dtype, device=device, requires_grad=requires_grad)


def zeros_like(
    x: TensorLike,
    /,
    *,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Zeros in the shape and, by default, dtype of ``x``; parameters as for `full`.

    Example:
        >>> zeros_like([2, 3]).tolist()
        [0, 0]
    """
    check_device(device)
    return leaf(np.zeros_like(as_operand(x)._data, dtype), requires_grad)


def ones_like(
    x: TensorLike,
    /,
    *,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Ones in the shape and, by default, dtype of ``x``; parameters as for `full`.

    Example:
        >>> ones_like([2, 3]).tolist()
        [1, 1]
    """
    check_device(device)
    return leaf(np.ones_like(as_operand(x)._data, dtype), requires_grad)


def empty_like(
    x: TensorLike,
    /,
    *,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor to be written later, as `empty`, in the shape and dtype of ``x``.

    Example:
        >>> empty_like([2, 3]).shape
        (2,)
    """
    return zeros_like(x, dtype=dtype, device=device, requires_grad=requires_grad)
