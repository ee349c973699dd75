"""Richardson extrapolation from every starting step at once, with an honest error.

One row of steps, each half the one before, serves all of them: every run of
neighbouring levels is a tableau of its own (Ridders, "Accurate computation of F'(x) and
F'(x)F''(x)", 1982, with the error estimate of Numerical Recipes, 5.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DEPTH", "Estimate", "extrapolate"]

Array = NDArray[np.float64]

# Seven quotients remove the error terms up to the twelfth order; more only adds noise.
DEPTH = 6
# A second estimate that confirms the first is known to one part in a hundred, or is not more
# than a hundred times less accurate.
_ROUGH = 1e-2
# So many times farther from the limit, or so many times the noise, is not chance.
_FARTHER = 3.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Limits found by extrapolation, one for each column of quotients.

    Attributes:
        value: the estimates.
        error: bounds of their errors: what the tableau still moves, and the noise.
        second: the best estimates that began at other steps and agree.
        second_error: bounds of their errors; infinite where there is none.
        agree: there is one that is accurate enough to confirm the first, and nothing found
            with smaller steps contradicts it.
    """

    value: Array
    error: Array
    second: Array
    second_error: Array
    agree: NDArray[np.bool_]

    @classmethod
    def nothing(cls, shape: tuple[int, ...]) -> Estimate:
        """The estimate when there are no quotients."""
        nan, infinite = np.full(shape, np.nan), np.full(shape, np.inf)
        return cls(nan, infinite, nan, infinite, np.zeros(shape, bool))


def extrapolate(quotients: Array, noise: Array, factor: int = 4) -> Estimate:
    """The limits of difference quotients as the step goes to zero.

    Args:
        quotients: shape (levels, …): the quotient at each step, largest step first, each
            step half the one before. What is not finite is left out.
        noise: the same shape: a bound of what rounding does to each quotient.
        factor: 4 for central quotients, whose error is a series in the step's square; 2
            for one-sided ones, whose error is a series in the step itself.

    Returns:
        The limits.
    """
    if len(quotients) < 2:
        return Estimate.nothing(quotients.shape[1:])
    values, errors, starts, ends = _tableaux(quotients, noise, factor)
    best, contradicted = _uncontradicted(values, errors, starts, ends, quotients, noise)
    value, error = _take(values, best), _take(errors, best)
    # Larger steps that disagree with the best are contradicted by it; they do not count.
    apart = np.abs(_across(starts, values) - starts[best][None]) >= 2
    apart &= np.abs(values - value[None]) <= errors + error[None]
    other = np.argmin(np.where(apart, errors, np.inf), axis=0)
    second = _take(values, other)
    second_error = np.where(_take(apart, other), _take(errors, other), np.inf)
    telling = np.maximum(_ROUGH * np.abs(value), error / _ROUGH)
    return Estimate(value, error, second, second_error, (second_error <= telling) & ~contradicted)


def _tableaux(
    quotients: Array, noise: Array, factor: int
) -> tuple[Array, Array, NDArray[np.int_], NDArray[np.int_]]:
    """Every entry of every tableau: value, error, first and last level used."""
    current, spread = quotients, noise
    values, errors, starts, ends = [], [], [], []
    for level in range(1, min(DEPTH, len(quotients) - 1) + 1):
        fine, coarse = current[1:], current[:-1]
        power = float(factor) ** level
        refined = fine + (fine - coarse) / (power - 1)
        current_spread = (power * spread[1:] + spread[:-1]) / (power - 1)
        moved = np.maximum(np.abs(refined - fine), np.abs(refined - coarse))
        last = np.arange(level, len(quotients))
        if level == 1:
            values.append(fine)
            errors.append(np.abs(fine - coarse) + spread[1:])
            starts.append(last - 1)
            ends.append(last)
        values.append(refined)
        errors.append(moved + current_spread)
        starts.append(last - level)
        ends.append(last)
        current, spread = refined, current_spread
    value, error = np.concatenate(values), np.concatenate(errors)
    error = np.where(np.isfinite(value) & np.isfinite(error), error, np.inf)
    return value, error, np.concatenate(starts), np.concatenate(ends)


def _uncontradicted(
    values: Array,
    errors: Array,
    starts: NDArray[np.int_],
    ends: NDArray[np.int_],
    quotients: Array,
    noise: Array,
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The most accurate entries that nothing found with smaller steps contradicts.

    The limit is what counts: steps larger than the structure of the function can agree
    among each other on something else (Lepski's principle). Smaller steps need not have
    found a limit of their own to say so: of a function that is smooth over the steps that an
    entry was made of, quotients at smaller ones are nearer to the limit, but for rounding.
    """
    usable = errors.copy()
    last, levels = _across(ends, values), _across(np.arange(len(quotients)), values)
    for _ in range(len(ends)):
        best = np.argmin(usable, axis=0)
        value, error = _take(values, best), _take(usable, best)
        gap = np.abs(values - value[None])
        against = (last > ends[best][None]) & (gap > errors + error[None])
        away = np.abs(quotients - value[None])
        inside = (levels >= starts[best][None]) & (levels <= ends[best][None])
        reach = _FARTHER * np.max(np.where(inside, away, 0.0), axis=0) + error
        farther = (levels > ends[best][None]) & (away > reach[None] + _FARTHER * noise)
        against = np.concatenate([against, farther])
        contradicted = against.any(axis=0) & np.isfinite(error)
        if not contradicted.any():
            break
        reject = contradicted[None] & (last <= ends[best][None])
        usable = np.where(reject, np.inf, usable)
    return best, contradicted | ~np.isfinite(error)


def _across(positions: NDArray[np.int_], values: Array) -> NDArray[np.int_]:
    return positions.reshape(-1, *(1,) * (values.ndim - 1))


def _take(values: Any, positions: NDArray[np.intp]) -> Any:
    return np.take_along_axis(values, positions[None], axis=0)[0]
