"""Counting what lies between edges, with NumPy's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.indexing.indexing import index_add
from autodiff.functions.reductions import reductions
from autodiff.functions.reductions.differences import diff
from autodiff.functions.shaping.joining import stack
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import answer, constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["digitize", "histogram", "histogram2d", "histogram_bin_edges", "histogramdd"]


def histogram_bin_edges(
    a: TensorLike,
    bins: Any = 10,
    range: tuple[float, float] | None = None,
    weights: TensorLike | None = None,
) -> Tensor:
    """The edges of the bins that `histogram` counts in.

    Gradients flow to edges that were given, else to the smallest and the largest element.

    Example:
        >>> histogram_bin_edges([0.0, 4.0], 2).tolist()
        [0.0, 2.0, 4.0]
    """
    x, w = as_operand(a), None if weights is None else as_operand(weights)._data
    if not isinstance(bins, (int, str)):
        given: Tensor = as_operand(bins)
        np.histogram_bin_edges(x._data, given._data, range, w)
        return given
    bounds = None if range is None else tuple(map(as_operand, range))
    plain = None if bounds is None else tuple(bound.item() for bound in bounds)
    edges = np.histogram_bin_edges(x._data, bins, plain, w)
    return _between(edges, x if bounds is None else stack(bounds))


def _between(edges: Any, x: Any) -> Tensor:
    """Edges of one width, which follow the smallest and the largest element of ``x``."""
    if not x.requires_grad:
        return answer(edges)
    share = np.linspace(0.0, 1.0, len(edges), dtype=edges.dtype)
    follow = reductions.min(x) * (1 - share) + reductions.max(x) * share
    found: Tensor = answer(edges) + (follow - follow.detach())
    return found


def histogram(
    a: Any,
    bins: Any = 10,
    range: tuple[float, float] | None = None,
    density: bool | None = None,
    weights: Any = None,
) -> tuple[Tensor, Tensor]:
    """How many elements lie in each bin, or the sum of the weights that they have.

    Args:
        a: tensor or array; counts do not change with its elements, but the edges may.
        bins: how many bins of one width, their edges, or the name of one of NumPy's rules.
        range: from where to where, all by default.
        density: divide by the widths and the total, so that the whole area is 1.
        weights: of the shape of ``a``; they get gradients.

    Returns:
        The counts (integers without weights), and the edges.

    Raises:
        ShapeError: the weights do not fit.

    Example:
        >>> counts, edges = histogram([0.0, 1.0, 4.0], 2, weights=[1.0, 2.0, 5.0])
        >>> counts.tolist(), edges.tolist()
        ([3.0, 5.0], [0.0, 2.0, 4.0])
    """
    a, w = operands_of((a, a if weights is None else weights))
    if w.shape != a.shape:
        raise ShapeError(
            f"'histogram' was given shape {a.shape} and weights of shape {w.shape}; "
            "give one for each element"
        )
    edges = histogram_bin_edges(a, bins, range, weights)
    cuts, data = edges._data, a._data.reshape(-1)
    if weights is None:
        counts, _ = np.histogram(data, cuts)
        if not density:
            return answer(counts), edges
        return answer(counts) / diff(edges) / int(counts.sum()), edges
    places = _cells(cuts, data)
    inside = np.flatnonzero((places >= 0) & (places < len(cuts) - 1))
    nothing = constant(np.zeros(len(cuts) - 1, w.dtype))
    sums = index_add(nothing, places[inside], w.reshape(-1)[inside])
    if density:
        sums = sums / diff(edges).astype(w.dtype) / reductions.sum(sums)
    return sums, edges


def _cells(edges: Any, x: Any) -> Any:
    """The cell of each number; the last edge belongs to the last cell."""
    places = np.searchsorted(edges, x, side="right") - 1
    places[x == edges[-1]] = len(edges) - 2
    return places


def digitize(x: TensorLike, bins: Any, right: bool = False) -> Tensor:
    """The number of the bin that each element lies in; carries no gradient.

    Args:
        x: tensor or array.
        bins: the edges, rising or falling.
        right: the right edge belongs to a bin instead of the left one.

    Returns:
        Integers of the shape of ``x``.

    Example:
        >>> digitize([0.5, 2.0, 9.0], [0.0, 1.0, 3.0]).tolist()
        [1, 2, 3]
    """
    return answer(np.digitize(as_operand(x)._data, as_operand(bins)._data, right))


def histogramdd(
    sample: Any,
    bins: Any = 10,
    range: Any = None,
    density: bool | None = None,
    weights: TensorLike | None = None,
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """How many points lie in each cell of a grid, or the sum of the weights that they have.

    Args:
        sample: an array or tensor with a row for each point; or a list of the coordinates
            along each axis.
        bins: how many along each axis, or the edges along each.
        range: from where to where along each axis, all by default.
        density: divide by the volumes and the total, so that the whole volume is 1.
        weights: one for each point; they get gradients.

    Returns:
        The counts, and the edges along each axis.

    Raises:
        ShapeError: the weights do not fit.

    Example:
        >>> counts, edges = histogramdd([[0.0, 1.0, 1.0], [0.0, 1.0, 0.0]], 2)
        >>> counts.tolist()
        [[1.0, 0.0], [1.0, 1.0]]
    """
    points = as_operand(sample)
    if isinstance(sample, (tuple, list)):
        # NumPy's rule: a sequence holds coordinates, an array points.
        points = points.T
    points = points.reshape(-1, 1) if points.ndim == 1 else points
    each = [bins] * points.shape[1] if isinstance(bins, int) else list(bins)
    cuts = tuple(
        histogram_bin_edges(points[:, i], count, None if range is None else range[i])
        for i, count in enumerate(each)
    )
    edges = [cut._data for cut in cuts]
    counts, _ = np.histogramdd(points._data, edges)
    if weights is None:
        found = answer(counts)
        return (_per_volume(found, cuts) if density else found), cuts
    w = as_operand(weights)
    if w.shape != points.shape[:1]:
        raise ShapeError(
            f"'histogramdd' was given {len(points)} points and weights of shape {w.shape}; "
            "give one for each point"
        )
    places = [_cells(edge, points._data[:, i]) for i, edge in enumerate(edges)]
    inside = np.logical_and.reduce(
        [(p >= 0) & (p < n) for p, n in zip(places, counts.shape, strict=True)]
    )
    index = tuple(p[inside] for p in places)
    sums = index_add(constant(np.zeros(counts.shape, w.dtype)), index, w[np.flatnonzero(inside)])
    return (_per_volume(sums, cuts) if density else sums), cuts


def _per_volume(sums: Tensor, cuts: tuple[Tensor, ...]) -> Tensor:
    found = sums / reductions.sum(sums)
    for i, cut in enumerate(cuts):
        lengths = diff(cut).astype(sums.dtype)
        found = found / lengths.reshape(-1, *[1] * (len(cuts) - 1 - i))
    return found


def histogram2d(
    x: TensorLike,
    y: TensorLike,
    bins: Any = 10,
    range: Any = None,
    density: bool | None = None,
    weights: TensorLike | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """How many points of a plane lie in each cell. Parameters as for `histogramdd`.

    Example:
        >>> histogram2d([0.0, 1.0, 1.0], [0.0, 1.0, 0.0], 2)[0].tolist()
        [[1.0, 0.0], [1.0, 1.0]]
    """
    points = stack([as_operand(x), as_operand(y)], 1)
    if not isinstance(bins, int) and len(bins) not in (1, 2):
        bins = [bins, bins]
    counts, (first, second) = histogramdd(points, bins, range, density, weights)
    return counts, first, second
