"""What a wrong gradient looks like, and so what probably went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.input_layout import Argument, InputLayout

__all__ = ["Evidence", "hints"]

Array = NDArray[np.float64]

_CLOSE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The comparison, as arrays of shape (rows of the result, entries of the inputs).

    Attributes:
        analytic: the gradient.
        numeric: the numeric derivatives; NaN where none was computed.
        wrong: entries with the verdict wrong.
        halves: the rows are, in turn, of real and of imaginary parts of the result.
    """

    analytic: Array
    numeric: Array
    wrong: NDArray[np.bool_]
    halves: bool = False

    def of(self, argument: Argument) -> Evidence:
        """The part that belongs to one input."""
        entries = argument.entries
        analytic, numeric, wrong = self.analytic, self.numeric, self.wrong
        return Evidence(analytic[:, entries], numeric[:, entries], wrong[:, entries], self.halves)


def hints(layout: InputLayout, evidence: Evidence, output_shape: tuple[int, ...]) -> Iterator[str]:
    """What the pattern of errors suggests, the most telling first.

    Args:
        layout: how the inputs lie in the vectors.
        evidence: the comparison.
        output_shape: of the function's result.

    Yields:
        Sentences, at most one for each input.
    """
    for argument in layout.arguments:
        part = evidence.of(argument)
        if not part.wrong.any():
            continue
        a, d = part.analytic[part.wrong], part.numeric[part.wrong]
        hint = (
            _of_zeros(argument, part)
            or _of_conjugate(argument, part)
            or _of_ratio(argument, a, d, output_shape)
            or _of_other_argument(layout, argument, evidence)
            or _of_arrangement(argument, part)
            or _of_difference(argument, a, d)
            or _of_factor(argument, a, d)
        )
        if hint:
            yield hint


def _of_zeros(argument: Argument, part: Evidence) -> str | None:
    name = argument.name
    if part.analytic[part.wrong].any():
        return None
    if not part.analytic.any():
        return (
            f"the gradient for {name!r} is zero although the function depends on it; is it "
            "detached on the way, by detach(), no_grad(), numpy() or float()?"
        )
    count = int(part.wrong.any(axis=0).sum())
    which = "an entry" if count == 1 else f"{count} entries"
    return f"the gradient for {name!r} is zero at {which} that the function depends on"


def _of_conjugate(argument: Argument, part: Evidence) -> str | None:
    """The sign is wrong in exactly what crosses between real and imaginary parts."""
    if not argument.half:
        return None
    turned = part.analytic.copy()
    if not part.halves:
        if argument.half == "real":
            return None
        turned = -turned
    elif argument.half == "real":
        turned[1::2] *= -1
    else:
        turned[::2] *= -1
    if not _same(turned, part.numeric):
        return None
    return (
        f"in the gradient for {argument.name.removesuffix('.' + argument.half)!r} a conjugate is "
        "missing, or there is one too many; the gradient by x + iy is ∂L/∂x + i ∂L/∂y"
    )


def _ratio(a: Array, d: Array) -> float | None:
    """What all entries are multiplied by, if it is the same for all."""
    if not (d != 0).all() or not len(d):
        return None
    ratios = a / d
    ratio = float(np.median(ratios))
    return ratio if np.allclose(ratios, ratio, rtol=_CLOSE, atol=0) else None


def _of_ratio(argument: Argument, a: Array, d: Array, output: tuple[int, ...]) -> str | None:
    name = f"the gradient for {argument.name!r}"
    ratio = _ratio(a, d)
    if ratio is None:
        return None
    if abs(ratio - 1) < _CLOSE:
        off = float(np.max(np.abs(a / d - 1)))
        return (
            f"{name} is nearly right, off by {off:.0e} at most: single precision inside its rule, "
            "a constant with too few digits, a small term left out?"
        )
    known = (
        (-1.0, "has the wrong sign"),
        (2.0, "is doubled: accumulated twice, or a factor ½ forgotten?"),
        (0.5, "is half of what it should be: one of two uses counted, or a factor 2?"),
    )
    for factor, what in known:
        if np.isclose(ratio, factor, rtol=_CLOSE):
            return f"{name} {what}"
    for count, what in _counts(argument, output):
        if np.isclose(ratio, count, rtol=_CLOSE):
            return f"{name} is {count} times too large, {what}: a sum where there is a mean?"
        if np.isclose(ratio, 1 / count, rtol=_CLOSE):
            return f"{name} is {count} times too small, {what}: a mean where there is a sum?"
    return None


def _of_factor(argument: Argument, a: Array, d: Array) -> str | None:
    ratio = _ratio(a, d)
    if ratio is None or len(a) < 2:
        return None
    return f"the gradient for {argument.name!r} is off by the factor {ratio:.6g} throughout"


def _counts(argument: Argument, output: tuple[int, ...]) -> Iterator[tuple[int, str]]:
    if argument.size > 2:
        yield argument.size, "the number of its entries"
    for axis, length in enumerate(argument.shape):
        if length > 2:
            yield length, f"the length of its axis {axis}"
    for axis, length in enumerate(output):
        if length > 2:
            yield length, f"the length of the result's axis {axis}"


def _of_other_argument(layout: InputLayout, argument: Argument, evidence: Evidence) -> str | None:
    mine = evidence.of(argument)
    if _same(mine.analytic, mine.numeric):
        return None
    for other in layout.arguments:
        theirs = evidence.of(other)
        if other is argument or mine.analytic.shape != theirs.numeric.shape:
            continue
        if _same(mine.analytic, theirs.numeric):
            swapped = _same(theirs.analytic, mine.numeric)
            return (
                f"the gradient for {argument.name!r} is the one that {other.name!r} should have"
                + (", and the other way round: the two are swapped" if swapped else "")
            )
    return None


def _of_arrangement(argument: Argument, part: Evidence) -> str | None:
    if not np.isfinite(part.numeric).all() or _same(part.analytic, part.numeric):
        return None
    name = f"the gradient for {argument.name!r}"
    rows = len(part.analytic)
    found = part.analytic.reshape(rows, *argument.shape)
    right = part.numeric.reshape(rows, *argument.shape)
    if len(argument.shape) >= 2 and _same(
        found.reshape(rows, -1), np.swapaxes(right, -1, -2).reshape(rows, -1)
    ):
        return f"{name} is transposed"
    if rows == argument.size > 1 and _same(part.analytic, part.numeric.T):
        return f"the Jacobian for {argument.name!r} is transposed: J·g in the place of Jᵀ·g?"
    for axis in range(1, found.ndim):
        if _same(found, np.flip(right, axis)):
            return f"{name} is reversed along axis {axis - 1}"
    if argument.size > 2 and _same(np.sort(part.analytic), np.sort(part.numeric)):
        return f"{name} has the right numbers in the wrong places"
    return None


def _of_difference(argument: Argument, a: Array, d: Array) -> str | None:
    difference = a - d
    if len(a) > 2 and np.ptp(d) > 0 and _same(difference, np.full_like(a, np.median(difference))):
        return (
            f"the gradient for {argument.name!r} is off by {np.median(difference):.6g} "
            "throughout: a term forgotten or counted twice?"
        )
    return None


def _same(a: Array, d: Array) -> bool:
    size = float(np.max(np.abs(d), initial=0.0))
    return size > 0 and bool(np.all(np.abs(a - d) <= 1e-5 * size))
