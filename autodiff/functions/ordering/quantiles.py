"""Medians, quantiles and percentiles by all of NumPy's methods.

A result is made of one or two neighbours in the sorted row (Hyndman and Fan, 1996), which
share its gradient; of equal elements those get it that a stable sort brings to the place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.functions.elementwise import comparison
from autodiff.functions.elementwise import elementwise as ew
from autodiff.functions.ordering.along_axis import take_along_axis
from autodiff.functions.ordering.sorting import argsort, sort
from autodiff.functions.reductions.masked import floating
from autodiff.functions.reductions.reduced_axes import laid_out, rows_of, spread_along
from autodiff.functions.reductions.reductions import Axis, plain_axis
from autodiff.graph.node import Node, holds_nodes
from autodiff.ops.ordering import ordering
from autodiff.tensors.operand_errors import complex_refused
from autodiff.tensors.operands import as_operand, beside, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["median", "nanmedian", "nanpercentile", "nanquantile", "percentile", "quantile"]

# Where a quantile lies between elements, by the two parameters of Hyndman and Fan.
_CONTINUOUS = {
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "linear": (1.0, 1.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}
_BETWEEN: dict[str, Callable[[Any, Any], Any]] = {
    "averaged_inverted_cdf": lambda n, q: n * q - 1,
    "midpoint": lambda n, q: (n - 1) * q,
}
_AT_ONE: dict[str, Callable[[Any, Any], Any]] = {
    "inverted_cdf": lambda n, q: np.ceil(n * q - 1),
    # Exactly between two, the one with the odd place.
    "closest_observation": lambda n, q: np.rint(n * q - 2) + 1,
    "lower": lambda n, q: np.floor((n - 1) * q),
    "higher": lambda n, q: np.ceil((n - 1) * q),
    "nearest": lambda n, q: np.rint((n - 1) * q),
}


def quantile(
    a: TensorLike,
    q: TensorLike,
    axis: Axis = None,
    *,
    method: str = "linear",
    keepdims: bool = False,
    weights: TensorLike | None = None,
) -> Tensor:
    """Elements below which given parts of the others lie.

    Args:
        a: tensor or array of real numbers.
        q: which parts, from 0 to 1, of any shape. A tensor that needs a gradient gets one by
            the methods that interpolate: how fast the result grows.
        axis: the axis or axes, all by default.
        method: one of NumPy's names; ``"linear"`` interpolates between two elements,
            ``"lower"``, ``"higher"``, ``"nearest"`` and ``"midpoint"`` do not.
        keepdims: keep the reduced axes with length 1.
        weights: how often each element counts, of the shape of ``a`` or along its one axis;
            with the method ``"inverted_cdf"`` only, and without a gradient.

    Returns:
        A tensor whose first axes are those of ``q``; NaN where an element is NaN or there
        are none.

    Raises:
        ValueError: a part is not between 0 and 1, or the method is another one.

    Example:
        >>> quantile([1.0, 2.0, 3.0, 4.0], [0.5, 1.0]).tolist()
        [2.5, 4.0]
    """
    return _quantile("quantile", a, q, axis, method, keepdims, False, weights)


def nanquantile(
    a: TensorLike,
    q: TensorLike,
    axis: Axis = None,
    *,
    method: str = "linear",
    keepdims: bool = False,
    weights: TensorLike | None = None,
) -> Tensor:
    """Quantiles of the elements that are not NaN. Parameters as for `quantile`.

    Example:
        >>> nanquantile([1.0, np.nan, 2.0, 3.0], 0.25).item()
        1.5
    """
    return _quantile("nanquantile", a, q, axis, method, keepdims, True, weights)


def percentile(
    a: TensorLike,
    q: TensorLike,
    axis: Axis = None,
    *,
    method: str = "linear",
    keepdims: bool = False,
    weights: TensorLike | None = None,
) -> Tensor:
    """Quantiles whose parts are given in hundredths. Parameters as for `quantile`.

    Example:
        >>> percentile([1.0, 2.0, 3.0], 50).item()
        2.0
    """
    return _quantile("percentile", a, q, axis, method, keepdims, False, weights)


def nanpercentile(
    a: TensorLike,
    q: TensorLike,
    axis: Axis = None,
    *,
    method: str = "linear",
    keepdims: bool = False,
    weights: TensorLike | None = None,
) -> Tensor:
    """Percentiles of the elements that are not NaN. Parameters as for `quantile`.

    Example:
        >>> nanpercentile([1.0, np.nan, 3.0], 50).item()
        2.0
    """
    return _quantile("nanpercentile", a, q, axis, method, keepdims, True, weights)


def median(a: TensorLike, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """The middle element, or the mean of the two in the middle.

    Args:
        a: tensor or array of real numbers.
        axis: the axis or axes, all by default.
        keepdims: keep the reduced axes with length 1.

    Returns:
        The medians; NaN where an element is NaN or there are none.

    Example:
        >>> median([[1.0, 5.0, 2.0], [4.0, 4.0, 0.0]], axis=1).tolist()
        [2.0, 4.0]
    """
    return _quantile("median", a, 0.5, axis, "midpoint", keepdims, False)


def nanmedian(a: TensorLike, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """Median of the elements that are not NaN; NaN if there are none. See `median`.

    Example:
        >>> nanmedian([1.0, np.nan, 2.0]).item()
        1.5
    """
    return _quantile("nanmedian", a, 0.5, axis, "midpoint", keepdims, True)


def _part(q: Any) -> Any:
    # In double precision whatever it stands beside, because places are multiples of it.
    double = np.dtype(np.float64)
    return beside(q, double) if isinstance(q, Node) or holds_nodes(q) else np.asarray(q, double)


def _quantile(
    name: str,
    a: Any,
    q: Any,
    axis: Axis,
    method: str,
    keepdims: bool,
    skip: bool,
    weights: Any = None,
) -> Tensor:
    a, q = operands_of((a, q))[0], _part(q)
    if name.endswith("percentile"):
        q = q / 100
    if a.dtype.kind == "c":
        raise complex_refused(ordering.sort)
    if method not in _AT_ONE:
        a = floating(a)
    moving = isinstance(q, Tensor) and q.requires_grad and method in _CONTINUOUS
    parts: Any = q if moving else np.asarray(getattr(q, "_data", q), np.float64)
    _check(name, parts._data if moving else parts, method, weights)
    rows, rest = rows_of(a, plain_axis(axis), keepdims)
    shape = (*parts.shape, *rest)
    if rows.shape[-1] == 0:
        return constant(np.full(shape, np.nan, a.dtype))
    parts = parts.reshape(-1)
    if weights is not None:
        wide = weights if as_operand(weights).shape == a.shape else spread_along(weights, a, axis)
        missing = np.isnan(rows._data)
        heavy = rows_of(as_operand(wide), axis, False)[0]._data
        y = _weighted(rows, parts, np.where(missing, 0, heavy) if skip else heavy)
        lost = (np.all if skip else np.any)(missing, axis=-1, keepdims=True)
        return laid_out(ew.where(lost, np.nan, y) if a.dtype.kind == "f" else y, shape)
    ordered = sort(rows, -1)
    count: Any = rows.shape[-1]
    gone = comparison.isnan(ordered[..., -1:])
    if skip:
        # NaN is sorted behind the numbers.
        count = np.sum(~np.isnan(rows._data), axis=-1, keepdims=True)
        gone = count == 0
    y = _between(ordered, count, parts, method)
    return laid_out(ew.where(gone, np.nan, y) if a.dtype.kind == "f" else y, shape)


def _check(name: str, parts: Any, method: str, weights: Any) -> None:
    known = sorted([*_CONTINUOUS, *_BETWEEN, *_AT_ONE])
    if method not in known:
        raise ValueError(f"{name}() knows the methods {', '.join(known)}, not {method!r}")
    if not np.all((parts >= 0) & (parts <= 1)):
        limits = "0 to 100" if name.endswith("percentile") else "0 to 1"
        raise ValueError(f"{name}() was given parts outside the range {limits}")
    if weights is not None and method != "inverted_cdf":
        raise ValueError(
            f"{name}() was given weights with the method {method!r}; only 'inverted_cdf' "
            "takes weights"
        )


def _weighted(rows: Any, parts: Any, weights: Any) -> Any:
    """The first elements at which the running share of the weights reaches the parts."""
    order = argsort(rows, -1)
    running = np.cumsum(take_along_axis(weights, order, -1)._data, -1, dtype=np.float64)
    total = running[..., -1:]
    share = running / np.where(total == 0, 1, total)
    reached = np.sum(np.expand_dims(share, -1) < parts, axis=-2)
    # What counts nothing at the beginning is not the smallest element.
    first = np.sum(share == 0, axis=-1, keepdims=True)
    places = np.minimum(np.maximum(reached, first), rows.shape[-1] - 1)
    return take_along_axis(take_along_axis(rows, order, -1), places, -1)


def _between(ordered: Any, count: Any, q: Any, method: str) -> Any:
    """What lies at the parts ``q`` of the first ``count`` elements of sorted rows."""
    top = np.maximum(count - 1, 0)
    plain = q._data if isinstance(q, Tensor) else q
    if method in _AT_ONE:
        return _taken(ordered, np.clip(_AT_ONE[method](count, plain), 0, top))
    place = _place(count, plain, method)
    floor = np.floor(place)
    low, high = np.clip(floor, 0, top), np.clip(floor + 1, 0, top)
    if plain is not q:
        # At the last element the slope is that from the one before.
        low = np.minimum(low, np.maximum(top - 1, 0))
        inside = (place >= 0) & (place <= top)
        past = ew.where(inside, _place(count, q, method), np.clip(place, 0, top)) - low
        first = _taken(ordered, low)
        return first + (_taken(ordered, high) - first) * past.astype(ordered.dtype)
    share = _shares(place - floor, method)
    # From the nearer of the two, so that between equal elements nothing is rounded.
    upper = share >= 0.5
    near, far = (_taken(ordered, np.where(which, high, low)) for which in (upper, ~upper))
    factor = np.where(upper, 1 - share, share).astype(ordered.dtype)
    with np.errstate(invalid="ignore"):
        y = near + (far - near) * factor
    # Infinity less infinity is no number, but an infinite neighbour is a result.
    settled = comparison.logical_and(comparison.isinf(near), comparison.not_equal(far, -near))
    return ew.where(comparison.logical_or(settled, factor == 0), near, y)


def _place(n: Any, q: Any, method: str) -> Any:
    if method in _BETWEEN:
        return _BETWEEN[method](n, q)
    if method == "linear":
        return (n - 1) * q
    alpha, beta = _CONTINUOUS[method]
    return n * q + (alpha + q * (1 - alpha - beta)) - 1


def _shares(past: Any, method: str) -> Any:
    if method == "midpoint":
        return np.where(past == 0, 0.0, 0.5)
    return np.where(past == 0, 0.5, 1.0) if method == "averaged_inverted_cdf" else past


def _taken(ordered: Any, places: Any) -> Any:
    places = places.astype(np.intp)
    return ordered[..., places] if places.ndim == 1 else take_along_axis(ordered, places, -1)
