"""Counting what lies between edges, with NumPy's names."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions import reductions
from autodiff.functions.indexing import index_add
from autodiff.functions.questions import answer
from autodiff.operands import as_operand, constant
from autodiff.tensor import Tensor

__all__ = ["digitize", "histogram", "histogram_bin_edges"]


def histogram_bin_edges(
    a: Any, bins: Any = 10, range: tuple[float, float] | None = None, weights: Any = None
) -> Tensor:
    """The edges of the bins that `histogram` counts in; carry no gradient.

    Example:
        >>> histogram_bin_edges([0.0, 4.0], 2).tolist()
        [0.0, 2.0, 4.0]
    """
    edges = bins if isinstance(bins, (int, str)) else as_operand(bins)._data
    w = None if weights is None else as_operand(weights)._data
    return answer(np.histogram_bin_edges(as_operand(a)._data, edges, range, w))


def histogram(
    a: Any,
    bins: Any = 10,
    range: tuple[float, float] | None = None,
    density: bool | None = None,
    weights: Any = None,
) -> tuple[Tensor, Tensor]:
    """How many elements lie in each bin, or the sum of the weights that they have.

    Args:
        a: tensor or array; its elements get no gradient, for counts do not change with them.
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
    a = as_operand(a)
    w = a if weights is None else as_operand(weights)
    if w.shape != a.shape:
        raise ShapeError(
            f"'histogram' was given shape {a.shape} and weights of shape {w.shape}; "
            "give one for each element"
        )
    edges = histogram_bin_edges(a, bins, range, weights)
    cuts, data = edges._data, a._data.reshape(-1)
    if weights is None:
        counts, _ = np.histogram(data, cuts, density=density)
        return answer(counts), edges
    places = np.searchsorted(cuts, data, side="right") - 1
    places[data == cuts[-1]] = len(cuts) - 2
    inside = np.flatnonzero((places >= 0) & (places < len(cuts) - 1))
    nothing = constant(np.zeros(len(cuts) - 1, w.dtype))
    sums = index_add(nothing, places[inside], w.reshape(-1)[inside])
    if density:
        sums = sums / np.diff(cuts).astype(w.dtype) / reductions.sum(sums)
    return sums, edges


def digitize(x: Any, bins: Any, right: bool = False) -> Tensor:
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
