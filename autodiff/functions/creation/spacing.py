"""Numbers at equal distances or ratios, with NumPy's names, differentiable by their ends."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.devices import check_device
from autodiff.backends.kinds import is_plain
from autodiff.dtypes import get_default_dtype
from autodiff.functions.creation.creation import leaf
from autodiff.functions.elementwise import elementwise as ew
from autodiff.functions.reductions.masked import floating_together
from autodiff.functions.shaping.joining import concatenate
from autodiff.functions.shaping.shaping import astype, broadcast_to, expand_dims, moveaxis
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.promotion import common_dtype, weak_dtype
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = ["arange", "geomspace", "identity", "linspace", "logspace"]


def _default(*values: Any) -> Any:
    """The dtype of Python numbers: the default one of their kind."""
    dtype = np.result_type(*(np.asarray(v).dtype for v in values))
    if dtype.kind == "c":
        return np.result_type(get_default_dtype(), np.complex64)
    return get_default_dtype() if dtype.kind == "f" else dtype


def arange(
    start: Any,
    /,
    stop: Any = None,
    step: Any = 1,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers from ``start`` up to and without ``stop``, a step apart.

    Args:
        start: the first number; the end, from 0, if ``stop`` is not given.
        stop: the end.
        step: the distance.
        dtype: by default int64 for integers, the default floating type for floats.
        device: ``"cpu"`` or None.
        requires_grad: whether `backward` shall compute its gradient.

    Returns:
        A tensor of one axis.

    Example:
        >>> arange(3).tolist(), arange(0.0, 1.0, 0.5).tolist()
        ([0, 1, 2], [0.0, 0.5])
    """
    check_device(device)
    first, last = (0, start) if stop is None else (start, stop)
    array = np.arange(first, last, step, dtype=dtype)
    if dtype is None and common_dtype((first, last, step)) is None:
        array = array.astype(_default(first, last, step), copy=False)
    return leaf(array, requires_grad)


def linspace(
    start: TensorLike,
    stop: TensorLike,
    /,
    num: int = 50,
    *,
    dtype: npt.DTypeLike | None = None,
    device: str | None = None,
    endpoint: bool = True,
    requires_grad: bool = False,
) -> Tensor:
    """Evenly spaced numbers over an interval, differentiable by its ends.

    Args:
        start: the first number, or a tensor of them.
        stop: the last number, or a tensor of them.
        num: how many.
        dtype: by default that of the ends, of bare numbers the default floating type.
        device: ``"cpu"`` or None.
        endpoint: whether ``stop`` is the last number; else it would be the next one.
        requires_grad: whether `backward` shall compute its gradient.

    Returns:
        A tensor whose first axis has length ``num``.

    Example:
        >>> linspace(0.0, 1.0, 5).tolist()
        [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    check_device(device)
    a, b = operands_of((start, stop))
    wanted = np.dtype(dtype or np.result_type(a.dtype, b.dtype))
    if dtype is None and wanted.kind not in "fc":
        weak = common_dtype((start, stop)) is None
        wanted = get_default_dtype() if weak else weak_dtype(wanted, 1.0)
    if a.requires_grad or b.requires_grad:
        real = np.finfo(wanted).dtype if wanted.kind == "c" else wanted
        ndim = max(a.ndim, b.ndim)
        part = np.linspace(0, 1, num, endpoint=endpoint, dtype=real).reshape(-1, *(1,) * ndim)
        return astype(a * (1 - part) + b * part, wanted)
    array = np.linspace(a._data, b._data, num, endpoint=endpoint, dtype=wanted)
    return leaf(array, requires_grad)


def _ends(start: Any, stop: Any) -> tuple[Any, Any]:
    a, b = floating_together(start, stop)
    shape = np.broadcast_shapes(a.shape, b.shape)
    return broadcast_to(a, shape), broadcast_to(b, shape)


def _steps(num: int, endpoint: bool, like: Any) -> Any:
    count = operator.index(num)
    if count < 0:
        raise ValueError(f"{count} numbers were asked for; give 0 or more")
    real = np.zeros((), like.dtype).real.dtype
    part = np.linspace(0, 1, count, endpoint=endpoint, dtype=real)
    return as_operand(part.reshape(-1, *[1] * like.ndim))


def _placed(y: Any, dtype: Any, axis: int) -> Tensor:
    y = y if dtype is None else y.astype(dtype)
    return moveaxis(y, 0, axis)


def logspace(
    start: TensorLike,
    stop: TensorLike,
    num: int = 50,
    endpoint: bool = True,
    base: Any = 10.0,
    dtype: npt.DTypeLike | None = None,
    axis: int = 0,
) -> Tensor:
    """Powers of a base with evenly spaced exponents.

    Args:
        start: the first exponent, or a tensor of them.
        stop: the last exponent, or a tensor of them.
        num: how many.
        endpoint: whether ``stop`` is the last exponent; else it would be the next one.
        base: the base; may carry a gradient.
        dtype: of the result.
        axis: where the new axis stands.

    Returns:
        The powers.

    Raises:
        ValueError: ``num`` is negative.

    Example:
        >>> logspace(0.0, 2.0, 3).tolist()
        [1.0, 10.0, 100.0]
    """
    start, stop, base = floating_together(start, stop, base)
    a, b = _ends(start, stop)
    part = _steps(num, endpoint, a)
    exponents = a * (1 - part) + b * part
    return _placed(ew.power(base, exponents), dtype, axis)


def geomspace(
    start: TensorLike,
    stop: TensorLike,
    num: int = 50,
    endpoint: bool = True,
    dtype: npt.DTypeLike | None = None,
    axis: int = 0,
) -> Tensor:
    """Numbers at equal ratios between two.

    Args:
        start: the first number, or a tensor of them.
        stop: the last number, or a tensor of them; of the sign of ``start``.
        num: how many.
        endpoint: whether ``stop`` is the last number; else it would be the next one.
        dtype: of the result.
        axis: where the new axis stands.

    Returns:
        The numbers.

    Raises:
        ValueError: an end is 0, the signs differ, or ``num`` is negative.

    Example:
        >>> geomspace(1.0, 4.0, 3).tolist()
        [1.0, 2.0, 4.0]
    """
    a, b = _ends(start, stop)
    ends = [x._data for x in (a, b)]
    if all(is_plain(x) for x in ends) and not _on_one_side(*ends):
        raise ValueError(
            "geomspace() was given ends that are 0 or differ in sign; give two positive or two "
            "negative numbers, or complex ones"
        )
    ratio = b / a
    part = _steps(num, endpoint, ratio)
    y = a * ew.power(ratio, part)
    if endpoint and num > 1:
        # The last number itself, without rounding.
        y = concatenate([y[:-1], expand_dims(b, 0).astype(y.dtype)])
    return _placed(y, dtype, axis)


def _on_one_side(a: Any, b: Any) -> bool:
    if not (a.all() and b.all()):
        return False
    return "c" in (a.dtype.kind, b.dtype.kind) or bool(np.all((a < 0) == (b < 0)))


def identity(n: int, dtype: npt.DTypeLike | None = None) -> Tensor:
    """A constant square matrix of ones on the diagonal, zeros elsewhere.

    Example:
        >>> identity(2).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    return constant(np.identity(n, np.dtype(get_default_dtype() if dtype is None else dtype)))
