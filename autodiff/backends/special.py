"""Functions that NumPy lacks, vectorised.

`erf` and `erfc` follow W. J. Cody, "Rational Chebyshev approximation for the error function",
Mathematics of Computation 23 (1969): one rational function on each of three intervals,
with a relative error below 1e-15.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["SPLIT", "check_indices", "erf", "erfc", "one_hot", "scaled_tail"]

Array = npt.NDArray[Any]

_INNER_P = (
    1.85777706184603153e-1,
    3.16112374387056560e0,
    1.13864154151050156e2,
    3.77485237685302021e2,
    3.20937758913846947e3,
)
_INNER_Q = (
    1.0,
    2.36012909523441209e1,
    2.44024637934444173e2,
    1.28261652607737228e3,
    2.84423683343917062e3,
)
_MIDDLE_P = (
    2.15311535474403846e-8,
    5.64188496988670089e-1,
    8.88314979438837594e0,
    6.61191906371416295e1,
    2.98635138197400131e2,
    8.81952221241769090e2,
    1.71204761263407058e3,
    2.05107837782607147e3,
    1.23033935479799725e3,
)
_MIDDLE_Q = (
    1.0,
    1.57449261107098347e1,
    1.17693950891312499e2,
    5.37181101862009858e2,
    1.62138957456669019e3,
    3.29079923573345963e3,
    4.36261909014324716e3,
    3.43936767414372164e3,
    1.23033935480374942e3,
)
_OUTER_P = (
    1.63153871373020978e-2,
    3.05326634961232344e-1,
    3.60344899949804439e-1,
    1.25781726111229246e-1,
    1.60837851487422766e-2,
    6.58749161529837803e-4,
)
_OUTER_Q = (
    1.0,
    2.56852019228982242e0,
    1.87295284992346047e0,
    5.27905102951428412e-1,
    6.05183413124413191e-2,
    2.33520497626869185e-3,
)
SPLIT = 0.46875
_FAR = 4.0
_ZERO = 27.3


def _ratio(x: Array, p: tuple[float, ...], q: tuple[float, ...]) -> Array:
    ratio: Array = np.polyval(p, x) / np.polyval(q, x)
    return ratio


def erf(x: Any) -> Any:
    """Error function 2/√π · ∫₀ˣ exp(-t²) dt.

    Args:
        x: real array of any shape, or a number.

    Returns:
        Values in [-1, 1], in the dtype of ``x`` (float64 for integers).

    Example:
        >>> float(erf(np.float64(0.5)).round(12))
        0.520499877813
    """
    given = _real(x)
    z = np.abs(given.astype(np.float64, copy=False))
    size = np.where(z <= SPLIT, _inner(z), 1 - _tail(z))
    return _like(np.copysign(size, given), given)


def erfc(x: Any) -> Any:
    """Complementary error function 1 - erf(x), with full relative precision in the tail.

    Args:
        x: real array of any shape, or a number.

    Returns:
        Values in [0, 2], in the dtype of ``x`` (float64 for integers).

    Example:
        >>> float(erfc(np.float64(10.0))) < 1e-40
        True
    """
    given = _real(x)
    z = np.abs(given.astype(np.float64, copy=False))
    tail = _tail(z)
    outside = np.where(given < 0, 2 - tail, tail)
    return _like(np.where(z <= SPLIT, 1 - np.copysign(_inner(z), given), outside), given)


def _real(x: Any) -> Array:
    given = np.asarray(x)
    if given.dtype.kind == "c":
        raise TypeError("the error function is implemented for real numbers only")
    return given


def _inner(z: Array) -> Array:
    """The error function of numbers from 0 to 0.46875."""
    small = np.minimum(z, SPLIT)
    return np.asarray(small * _ratio(small * small, _INNER_P, _INNER_Q))


def _tail(z: Array) -> Array:
    """The complementary error function of larger numbers."""
    near = np.clip(z, SPLIT, _FAR)
    far = np.clip(z, _FAR, _ZERO)
    # The square is split, so that its rounding does not enter the exponential.
    head = np.trunc(far * 16) / 16
    small = np.exp(-head * head) * np.exp(-(far - head) * (far + head))
    size = scaled_tail(z) * np.where(z > _FAR, small, np.exp(-near * near))
    return np.asarray(np.where(z >= _ZERO, 0.0, size))


def scaled_tail(z: Array) -> Array:
    """The complementary error function of numbers from `SPLIT` up, times exp(z²)."""
    near = np.clip(z, SPLIT, _FAR)
    far = np.maximum(z, _FAR)
    u = 1 / (far * far)
    outer = (1 / math.sqrt(math.pi) - u * _ratio(u, _OUTER_P, _OUTER_Q)) / far
    return np.asarray(np.where(z > _FAR, outer, _ratio(near, _MIDDLE_P, _MIDDLE_Q)))


def _like(result: Array, given: Array) -> Any:
    dtype = given.dtype if given.dtype.kind == "f" else np.dtype(np.float64)
    return np.where(np.isnan(given), np.nan, result).astype(dtype)[()]


def one_hot(indices: Any, classes: int, axis: int, dtype: Any, ignored: int | None) -> Any:
    """Ones at the indices along a new axis, zeros elsewhere.

    Args:
        indices: integers from 0 to ``classes - 1``.
        classes: length of the new axis.
        axis: its place in the result.
        dtype: of the result.
        ignored: an index that gives zeros only.

    Returns:
        An array with one axis more than ``indices``.

    Raises:
        IndexError: an index is out of range; names the first and where it is.
    """
    if indices.size:
        low, high = int(indices.min()), int(indices.max())
        if low < 0 or high >= classes:
            check_indices(indices, classes, ignored)
    ndim = indices.ndim + 1
    axis %= ndim
    # Where they are few, class by class in memory, as losses reduce along the classes.
    first = 0 if classes <= 32 else axis
    along = [1] * ndim
    along[first] = classes
    places = indices.reshape((*indices.shape[:first], 1, *indices.shape[first:]))
    chosen = places == np.arange(classes).reshape(along)
    if ignored is not None and 0 <= ignored < classes:
        chosen &= places != ignored
    result = chosen.astype(dtype)
    if first == axis:
        return result
    return result.transpose((*range(1, axis + 1), 0, *range(axis + 1, ndim)))


def check_indices(indices: Array, classes: int, ignored: int | None) -> None:
    """Raise an IndexError that names the first index that is no class, and where it is."""
    wrong = (indices < 0) | (indices >= classes)
    if ignored is not None:
        wrong &= indices != ignored
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        where = f"[{', '.join(map(str, place))}]" if place else ""
        raise IndexError(
            f"index{where} is {int(indices[place])}, but there are {classes} classes, "
            f"0 to {classes - 1}"
        )
