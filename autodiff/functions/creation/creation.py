"""New tensors, taken from other arrays; and the unit matrix.

The signatures are those of the Python array API standard. ``device`` may be ``"cpu"`` or
None; ``requires_grad=True`` gives a leaf whose gradient `backward` computes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.devices import check_device
from autodiff.backends.kinds import holds_objects, is_array
from autodiff.dtypes import as_array, get_default_dtype
from autodiff.functions.shaping.shaping import astype, reshape
from autodiff.graph.node import Node, holds_nodes
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = [
    "array",
    "asarray",
    "eye",
    "from_dlpack",
    "tensor",
]


def leaf(array: Any, requires_grad: bool = False) -> Tensor:
    """A leaf around a new array.

    Example:
        >>> leaf(np.zeros(2), requires_grad=True).requires_grad
        True
    """
    node = constant(array)
    return node.requires_grad_() if requires_grad else node


def asarray(
    obj: Any,
    /,
    *,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    copy: bool | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Data as a tensor; tensors and Values keep their place in the graph.

    Args:
        obj: a tensor, Value, array, number, or nested lists of these.
        dtype: the dtype wanted; by default arrays keep theirs and Python floats get the
            default one.
        device: ``"cpu"`` or None.
        copy: True for a copy in every case; False to share the memory of an array, which
            then must not change while a gradient needs it; by default tensors are given
            back as they are and all else is copied.
        requires_grad: whether a result that is no part of a graph becomes a leaf that needs
            a gradient.

    Returns:
        The tensor.

    Raises:
        ValueError: ``copy=False``, but a copy cannot be avoided.
        TypeError: the data is not numeric.

    Example:
        >>> asarray([1, 2]).dtype, asarray([1.0, 2.0]).dtype
        (dtype('int64'), dtype('float64'))
    """
    check_device(device)
    wanted = None if dtype is None else np.dtype(dtype)
    if holds_objects(obj):
        obj = obj.tolist()
    if isinstance(obj, Node) or holds_nodes(obj):
        x: Tensor = as_operand(obj)
        cast = wanted is not None and x.dtype != wanted
        if copy is False and (cast or not isinstance(obj, Tensor)):
            raise _needs_copy(obj, wanted)
        if wanted is not None and cast:
            x = astype(x, wanted)
        elif copy:
            x = astype(x, x.dtype)
        return leaf(x.numpy(), True) if requires_grad and not x.requires_grad else x
    if copy is False:
        if not is_array(obj) or (wanted is not None and obj.dtype != wanted):
            raise _needs_copy(obj, wanted)
        return leaf(as_array(obj, copy=False), requires_grad)
    return Tensor(obj, dtype=wanted, requires_grad=requires_grad)


def array(
    object: Any, dtype: npt.DTypeLike | None = None, *, copy: bool | None = True, ndmin: int = 0
) -> Tensor:
    """A new tensor, as `numpy.array` gives a new array; nodes keep their place in the graph.

    Args:
        object: a tensor, Value, array, number, or nested lists of these.
        dtype: the dtype wanted; by default as for `asarray`.
        copy: True for a node of its own; None and False as for `asarray`.
        ndmin: the least number of axes; missing ones of length 1 are put in front.

    Returns:
        The tensor; gradients flow back into the nodes it was made of.

    Raises:
        ShapeError: the nesting is ragged.
        TypeError: the data is not numeric.

    Example:
        >>> x = Tensor([1.0, 2.0], requires_grad=True)
        >>> y = array([[x[0] * x[1], 3.0], x])
        >>> y.sum().backward()
        >>> y.tolist(), x.grad.tolist()
        ([[2.0, 3.0], [1.0, 2.0]], [3.0, 2.0])
    """
    x = asarray(object, dtype=dtype, copy=copy)
    missing = ndmin - x.ndim
    return reshape(x, (1,) * missing + x.shape) if missing > 0 else x


def tensor(
    data: Any,
    dtype: npt.DTypeLike | None = None,
    requires_grad: bool = False,
    *,
    device: str | None = None,
) -> Tensor:
    """PyTorch's `tensor`: a new leaf with a copy of the data.

    Args:
        data: an array, whose dtype is kept; a number; or nested lists, whose floats become the
            default dtype.
        dtype: the dtype wanted.
        requires_grad: whether `backward` shall compute its gradient.
        device: ``"cpu"`` or None.

    Returns:
        The leaf.

    Raises:
        TypeError: the data is not numeric; or part of a graph, which `array` and `stack` keep.
        NonDifferentiableError: a gradient is wanted of integers or booleans.

    Example:
        >>> tensor([1.0, 2.0], requires_grad=True).requires_grad
        True
    """
    check_device(device)
    return Tensor(data, dtype, requires_grad)


def _needs_copy(obj: Any, dtype: Any) -> ValueError:
    to = "" if dtype is None else f" of dtype {dtype}"
    return ValueError(
        f"asarray() cannot make a tensor{to} of a {type(obj).__name__} without a copy; "
        "leave out copy=False, or give an array of that dtype"
    )


def from_dlpack(x: Any, /, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """A tensor from another library's array, through the DLPack protocol.

    Args:
        x: an object with ``__dlpack__`` and ``__dlpack_device__``, in the processor's memory.
        device: ``"cpu"`` or None.
        copy: False to share the memory, which then must not change while a gradient needs it;
            else it is copied.

    Returns:
        A tensor outside any graph.

    Raises:
        BufferError: the array cannot be handed over.
        ValueError: the device is another one.

    Example:
        >>> from_dlpack(np.arange(3)).tolist()
        [0, 1, 2]
    """
    check_device(device)
    array: Any = np.from_dlpack(x)
    return constant(as_array(array, copy=copy is not False))


def eye(
    n_rows: int,
    n_cols: int | None = None,
    /,
    *,
    k: int = 0,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Ones on a diagonal, zeros elsewhere.

    Args:
        n_rows: number of rows.
        n_cols: number of columns, that of the rows by default.
        k: which diagonal; 0 the main one, positive ones lie above it.
        dtype: the default floating type by default.
        device: ``"cpu"`` or None.
        requires_grad: whether `backward` shall compute its gradient.

    Returns:
        A matrix of shape (n_rows, n_cols).

    Example:
        >>> eye(2).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    check_device(device)
    return leaf(np.eye(n_rows, n_cols, k, dtype or get_default_dtype()), requires_grad)
