"""What a wrong gradient looks like, and so what probably went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.layout import Argument, Layout

__all__ = ["Evidence", "hints"]

Array = NDArray[np.float64]

_CLOSE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """One row of the comparison: vectors over all entries of the inputs.

    Attributes:
        analytic: the gradient.
        numeric: the numeric derivatives; NaN where none was computed.
        wrong: entries with the verdict wrong.
    """

    analytic: Array
    numeric: Array
    wrong: NDArray[np.bool_]


def hints(layout: Layout, evidence: Evidence, output_shape: tuple[int, ...]) -> Iterator[str]:
    """What the pattern of errors suggests, the most telling first.

    Args:
        layout: how the inputs lie in the vectors.
        evidence: the comparison.
        output_shape: of the function's result.

    Yields:
        Sentences.
    """
    for argument in layout.arguments:
        entries = argument.entries
        wrong = evidence.wrong[entries]
        if not wrong.any():
            continue
        a, d = evidence.analytic[entries], evidence.numeric[entries]
        known = np.isfinite(d)
        hint = (
            _of_zeros(argument, a, d, wrong)
            or _of_ratio(argument, a[wrong], d[wrong], output_shape)
            or _of_other_argument(layout, argument, evidence)
            or (_of_arrangement(argument, a, d) if known.all() else None)
            or _of_difference(argument, a[wrong], d[wrong])
        )
        if hint:
            yield hint


def _of_zeros(argument: Argument, a: Array, d: Array, wrong: NDArray[np.bool_]) -> str | None:
    name = argument.name
    if a[wrong].any():
        return None
    if not a.any():
        return (
            f"the gradient for {name!r} is zero although the function depends on it; is it "
            "detached on the way, by detach(), no_grad(), numpy() or float()?"
        )
    count = int(wrong.sum())
    which = "an entry" if count == 1 else f"{count} entries"
    return f"the gradient for {name!r} is zero at {which} that the function depends on"


def _of_ratio(argument: Argument, a: Array, d: Array, output: tuple[int, ...]) -> str | None:
    usable = d != 0
    if not usable.any():
        return None
    ratios = a[usable] / d[usable]
    ratio = float(np.median(ratios))
    if not np.allclose(ratios, ratio, rtol=_CLOSE, atol=0):
        off = float(np.max(np.abs(ratios - 1)))
        if off < 1e-4:
            return (
                f"the gradient for {argument.name!r} is nearly right, off by {off:.0e} at most: "
                "single precision, or a constant with too few digits, inside its rule?"
            )
        return None
    name = f"the gradient for {argument.name!r}"
    if np.isclose(ratio, -1, rtol=_CLOSE):
        return f"{name} has the wrong sign"
    if abs(ratio - 1) < _CLOSE:
        return (
            f"{name} is off by the factor {ratio:.12g}: a constant with too few digits, or a "
            "small term left out?"
        )
    if np.isclose(ratio, 2, rtol=_CLOSE):
        return f"{name} is doubled: accumulated twice, or a factor ½ forgotten?"
    if np.isclose(ratio, 0.5, rtol=_CLOSE):
        return f"{name} is half of what it should be: one of two uses counted, or a factor 2?"
    for count, what in _counts(argument, output):
        if np.isclose(ratio, count, rtol=_CLOSE):
            return f"{name} is {count} times too large, {what}: a sum where there is a mean?"
        if np.isclose(ratio, 1 / count, rtol=_CLOSE):
            return f"{name} is {count} times too small, {what}: a mean where there is a sum?"
    return f"{name} is off by the factor {ratio:.6g} throughout"


def _counts(argument: Argument, output: tuple[int, ...]) -> Iterator[tuple[int, str]]:
    if argument.size > 2:
        yield argument.size, "the number of its entries"
    for axis, length in enumerate(argument.shape):
        if length > 2:
            yield length, f"the length of its axis {axis}"
    for axis, length in enumerate(output):
        if length > 2:
            yield length, f"the length of the result's axis {axis}"


def _of_other_argument(layout: Layout, argument: Argument, evidence: Evidence) -> str | None:
    a = evidence.analytic[argument.entries]
    for other in layout.arguments:
        d = evidence.numeric[other.entries]
        if other is argument or a.shape != d.shape or not d.any():
            continue
        if _same(a, d):
            swapped = _same(evidence.analytic[other.entries], evidence.numeric[argument.entries])
            return (
                f"the gradient for {argument.name!r} is the one that {other.name!r} should have"
                + (", and the other way round: the two are swapped" if swapped else "")
            )
    return None


def _of_arrangement(argument: Argument, a: Array, d: Array) -> str | None:
    name = f"the gradient for {argument.name!r}"
    found, right = a.reshape(argument.shape), d.reshape(argument.shape)
    if found.ndim >= 2:
        turned = np.swapaxes(right, -1, -2)
        if _same(found.ravel(), turned.ravel()):
            return f"{name} is transposed"
    for axis in range(found.ndim):
        if _same(found, np.flip(right, axis)):
            return f"{name} is reversed along axis {axis}"
    if a.size > 2 and _same(np.sort(a), np.sort(d)):
        return f"{name} has the right numbers in the wrong places"
    return None


def _of_difference(argument: Argument, a: Array, d: Array) -> str | None:
    difference = a - d
    if len(a) > 2 and _same(difference, np.full_like(a, np.median(difference))):
        return (
            f"the gradient for {argument.name!r} is off by {np.median(difference):.6g} "
            "throughout: a term forgotten or counted twice?"
        )
    return None


def _same(a: Array, d: Array) -> bool:
    size = float(np.max(np.abs(d), initial=0.0))
    return size > 0 and bool(np.all(np.abs(a - d) <= 1e-5 * size))
