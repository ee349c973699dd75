"""Many elements put to few places, where they are combined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.indexing.indexing import index_add, index_set, plain_index
from autodiff.functions.indexing.picking import covered
from autodiff.functions.reductions import reductions
from autodiff.functions.shaping.shaping import place_of_axis
from autodiff.ops.indexing import scattering
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "index_max",
    "index_min",
    "index_multiply",
    "index_reduce",
    "scatter_add",
    "scatter_reduce",
]


def index_max(x: TensorLike, index: Any, v: TensorLike) -> Tensor:
    """A copy of ``x`` with the largest of what is there and all that is put there.

    Equal largest ones share the gradient.

    Args:
        x: tensor or array.
        index: any of NumPy's indices.
        v: what is put there; broadcasts against the selected shape.

    Returns:
        The changed copy.

    Derivative: of the result's gradient g, x receives g where x is the result; v receives g at the
    index where v is the result. Equal elements share the gradient equally, the old one among them.

    Example:
        >>> index_max([1.0, 2.0], [0, 0], [5.0, 4.0]).tolist()
        [5.0, 2.0]
    """
    x, v = operands_of((x, v))
    return apply(scattering.index_max, x, v, index=plain_index(index))


def index_min(x: TensorLike, index: Any, v: TensorLike) -> Tensor:
    """A copy of ``x`` with the smallest of what is there and all that is put there.

    Parameters as for `index_max`.

    Derivative: of the result's gradient g, x receives g where x is the result; v receives g at the
    index where v is the result. Equal elements share the gradient equally, the old one among them.

    Example:
        >>> index_min([1.0, 2.0], [1, 1], [5.0, 1.5]).tolist()
        [1.0, 1.5]
    """
    x, v = operands_of((x, v))
    return apply(scattering.index_min, x, v, index=plain_index(index))


def index_multiply(x: Any, index: Any, v: Any) -> Tensor:
    """A copy of ``x`` multiplied at an index, repeated places by every factor.

    Derivatives are exact where factors are 0. The index must be known before a compiled
    step begins. Parameters as for `index_max`.

    Example:
        >>> index_multiply([1.0, 2.0], [1, 1], [5.0, 0.5]).tolist()
        [1.0, 5.0]
    """
    x, v = operands_of((x, v))
    plain = plain_index(index)
    target = np.arange(x.size).reshape(x.shape)[plain]
    factors = (v + constant(np.zeros(target.shape, v.dtype))).reshape(-1)
    flat = target.reshape(-1)
    # The factors of one place become one row, filled up with ones.
    order = np.argsort(flat, stable=True)
    places, starts, counts = np.unique(flat[order], return_index=True, return_counts=True)
    row = np.repeat(np.arange(places.size), counts)
    column = np.arange(flat.size) - np.repeat(starts, counts)
    ones = constant(np.ones((places.size, int(counts.max(initial=0))), v.dtype))
    rows = index_set(ones, (row, column), factors[order])
    old = x.reshape(-1)
    new = old[places] * reductions.prod(rows, axis=1)
    return index_set(old, places, new).reshape(x.shape)


def _target(x: Any, dim: int, index: Any, src: Any, name: str) -> tuple[Any, Any, Any]:
    """The operand, the index into it and what is put there, for an index of PyTorch's kind."""
    index = as_operand(index)
    if x.ndim == 0:
        # As in PyTorch a single number is a vector of one, and the index likewise.
        x, index = x.reshape(1), index.reshape(-1)
    along = place_of_axis(dim, x.ndim)
    covered(x.shape, index.shape, along, name)
    if src.ndim:
        src = src[covered(src.shape, index.shape, x.ndim, name)]
    grid = [
        np.arange(n).reshape((-1,) + (1,) * (x.ndim - 1 - i)) for i, n in enumerate(index.shape)
    ]
    places = plain_index(index)
    return x, tuple(places if i == along else g for i, g in enumerate(grid)), src


def scatter_add(x: TensorLike, dim: int, index: Any, src: TensorLike) -> Tensor:
    """PyTorch's `scatter_add`: a copy with ``src`` added along an axis at an index.

    Args:
        x: tensor or array.
        dim: along which axis.
        index: integers with as many axes as ``x``, elsewhere nowhere longer.
        src: what is added, nowhere shorter than ``index``; or a number.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> scatter_add([0.0, 0.0], 0, [1, 1, 0], [1.0, 2.0, 4.0]).tolist()
        [4.0, 3.0]
    """
    given, src = operands_of((x, src))
    x, places, src = _target(given, dim, index, src, "scatter_add")
    return index_add(x, places, src).reshape(given.shape)


def scatter_reduce(
    x: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True
) -> Tensor:
    """PyTorch's `scatter_reduce`: elements put to the same place are combined.

    Args:
        x: tensor or array.
        dim: along which axis.
        index: integers with as many axes as ``x``, elsewhere nowhere longer.
        src: what is put there, nowhere shorter than ``index``; or a number.
        reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: the element of ``x`` takes part.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: the shapes do not fit.
        ValueError: ``reduce`` is another one.

    Example:
        >>> scatter_reduce([1.0, 1.0], 0, [1, 1], [2.0, 6.0], "mean").tolist()
        [1.0, 3.0]
    """
    neutral = {"sum": 0.0, "prod": 1.0, "mean": 0.0, "amax": -np.inf, "amin": np.inf}
    if reduce not in neutral:
        raise ValueError(
            f"scatter_reduce() knows 'sum', 'prod', 'mean', 'amax' and 'amin', not {reduce!r}"
        )
    given, src = operands_of((x, src))
    x, places, src = _target(given, dim, index, src, "scatter_reduce")
    half = reduce == "mean" and x.dtype == src.dtype == np.float16
    if half:
        # A count of ones stands still at 2048 there.
        x, src = x.astype(np.float32), src.astype(np.float32)
    start = x if include_self else index_set(x, places, neutral[reduce])
    if reduce in ("sum", "mean"):
        y = index_add(start, places, src)
        y = y if reduce == "sum" else _shared(y, places, include_self)
        return (y.astype(np.float16) if half else y).reshape(given.shape)
    function = {"prod": index_multiply, "amax": index_max, "amin": index_min}[reduce]
    return function(start, places, src).reshape(given.shape)


def _shared(total: Tensor, places: Any, include_self: bool) -> Tensor:
    ones = constant(np.full(total.shape, float(include_self), total.dtype))
    count = index_add(ones, places, 1.0)
    return total / elementwise.maximum(count, 1)


def index_reduce(
    x: TensorLike,
    dim: int,
    index: TensorLike,
    source: TensorLike,
    reduce: str,
    *,
    include_self: bool = True,
) -> Tensor:
    """PyTorch's `index_reduce`: slices put to the same place along an axis are combined.

    Args:
        x: tensor or array.
        dim: along which axis.
        index: integers along one axis: where each slice goes.
        source: as many slices, of the shape of ``x`` but for that axis.
        reduce: ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``; also ``"sum"``.
        include_self: what is there takes part.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: the shapes do not fit.
        ValueError: ``reduce`` is another one.

    Example:
        >>> index_reduce([[1.0], [2.0]], 0, [1, 1], [[5.0], [4.0]], "amax").tolist()
        [[1.0], [5.0]]
    """
    given, new = operands_of((x, source))
    places = plain_index(as_operand(index)).reshape(-1)
    whole = given.reshape(1) if given.ndim == 0 else given
    along = place_of_axis(dim, whole.ndim)
    wanted = (*whole.shape[:along], places.size, *whole.shape[along + 1 :])
    if new.shape != wanted and not given.ndim == new.ndim == 0:
        raise ShapeError(
            f"'index_reduce' was given shape {given.shape}, {places.size} places along axis {dim} "
            f"and slices of shape {new.shape}; give {wanted}"
        )
    spread = places.reshape((-1,) + (1,) * (whole.ndim - 1 - along))
    every = np.broadcast_to(spread, wanted)
    slices = new.reshape(wanted)
    found = scatter_reduce(whole, along, every, slices, reduce, include_self=include_self)
    return found.reshape(given.shape)
