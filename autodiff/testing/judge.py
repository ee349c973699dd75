"""From measured derivatives to verdicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.differences import Differences
from autodiff.testing.noise import EPS
from autodiff.testing.ridders import Estimate
from autodiff.testing.verdicts import Reason, Verdict

__all__ = ["RESOLUTION", "Outcome", "Sizes", "judge"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# A derivative that larger steps leave less certain than this is looked at with the smallest.
_SHARP = 1e-7
# To agree as closely as this is no chance, whatever is noise and what is not.
_BEYOND_CHANCE = 1e-5
# A derivative known no better than this neither confirms a gradient nor contradicts it.
RESOLUTION = 0.1
# What is known better than this is not worth a remark.
_ROUGHLY = 1e-2
# What contributes less than this part of the largest contribution need not be resolved.
_NEGLIGIBLE = 1e-4
# So much of a gradient may drift with the last places of its inputs without a doubt; of more,
# only this part is let pass.
_STEADY = 1e-6
_TIGHT = 0.1


@dataclass(slots=True)
class Outcome:
    """What was found along lines, for each row of the result; arrays (lines, rows).

    Derivatives are along the line, so for a single entry they are still to be divided by
    the line's weight. ``precise`` ones need no further steps, ``sharp`` ones none that are
    smaller than usual; ``resolved`` ones are right, and not because they are too small to matter.
    """

    verdict: NDArray[np.object_]
    reason: NDArray[np.object_]
    passed: Mask
    numeric: Array
    error: Array
    left: Array
    right: Array
    precise: Mask
    sharp: Mask
    resolved: Mask

    @property
    def finished(self) -> NDArray[np.bool_]:
        """Lines for which nothing more is to be found out, shape (lines,)."""
        return np.asarray(((self.verdict == Verdict.OK) & self.precise).all(axis=1))

    def replace(self, mask: Mask, other: Outcome) -> None:
        """Take over another outcome for the same lines where a mask says so."""
        for name in self.__slots__:
            getattr(self, name)[mask] = getattr(other, name)[mask]

    def doubt(self, mask: Mask, reason: Reason) -> None:
        """Call nothing wrong, nor a kink, where a mask says that there is a reason not to."""
        accused = np.isin(self.verdict, (Verdict.WRONG, Verdict.KINK)) & mask
        self.verdict[accused] = Verdict.UNDECIDED
        self.reason[accused] = reason
        self.passed[accused] = False

    def update(self, which: NDArray[np.intp], other: Outcome, mask: Mask | np.bool_) -> None:
        """Take over what was found out about some of the lines, where a mask says so."""
        for name in self.__slots__:
            mine = getattr(self, name)
            mine[which] = np.where(mask, getattr(other, name), mine[which])


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is large and what is small, for each row of the result.

    Attributes:
        changes: the largest change that any line makes to the value.
        rounding: so small a derivative may be rounded away in the values.
        precision: relative; what is known better needs no further steps.
    """

    changes: Array
    rounding: Array
    precision: float


def judge(
    differences: Differences,
    which: NDArray[np.intp],
    analytic: Array,
    allowance: Array,
    drift: Array,
    sizes: Sizes,
) -> Outcome:
    """Compare what the gradient says with what the values say.

    Args:
        differences: the values on both sides of the point.
        which: lines to judge.
        analytic: derivatives along these lines according to the gradient.
        allowance: what they may be off by rounding.
        drift: what some units in the last place of the inputs change of them.
        sizes: what to compare with.

    Returns:
        The outcome, for these lines.
    """
    central = differences.central(which)
    variation = differences.variation(which)
    numeric, error = central.value.copy(), central.error.copy()
    agree = central.agree.copy()
    left, right, kinked, one_sided = _sides(differences, which, central, numeric, error, agree)
    size = np.maximum(np.abs(analytic), np.abs(numeric))
    # A rule that rounds on the way has the derivative of a point nearby. That is no fault, but
    # where it makes a visible difference, neither is it a proof.
    tolerance = error + allowance + np.where(drift <= _STEADY * size, drift, _TIGHT * drift)
    off = np.abs(analytic - numeric)
    largest = np.maximum(sizes.changes, variation.max(axis=0))
    unseen = (variation <= 4 * differences.rounding(which)) & (np.abs(analytic) <= sizes.rounding)
    weighty = (tolerance <= RESOLUTION * size) | (tolerance <= _NEGLIGIBLE * largest) | unseen
    match = (off <= tolerance) | unseen
    ok = match & agree & weighty & ~kinked
    jump = differences.jumps(which) & ~ok
    kink = kinked & ~jump
    between = _between(analytic, left, right, allowance)
    # A rough second estimate does not confirm a small difference; then it must be clear.
    clear = (off > 5 * tolerance) | (
        np.abs(analytic - central.second) > central.second_error + allowance
    )
    clear &= tolerance <= RESOLUTION * size
    clear &= off > error + allowance + drift
    wrong = agree & ~match & ~kink & ~jump & clear & np.isfinite(numeric)
    verdict = np.full(off.shape, Verdict.UNDECIDED, object)
    for mask, name in ((ok, Verdict.OK), (wrong, Verdict.WRONG), (kink, Verdict.KINK)):
        verdict[mask] = name
    verdict[jump] = Verdict.JUMP
    reason = np.full(off.shape, Reason.NONE, object)
    rough = (tolerance > _ROUGHLY * size) & (tolerance > _NEGLIGIBLE * largest)
    reason[ok & rough] = Reason.ROUGH
    reason[ok & ((tolerance > RESOLUTION * size) | unseen) & (size > 0)] = Reason.BELOW_ROUNDING
    reason[one_sided & ok] = Reason.ONE_SIDED
    undecided = verdict == Verdict.UNDECIDED
    reason[undecided] = Reason.DISAGREE
    reason[undecided & agree] = Reason.UNCLEAR
    reason[undecided & agree & match] = Reason.TOO_NOISY
    reason[undecided & ~np.isfinite(numeric)] = Reason.NOT_FINITE
    precise = (tolerance <= sizes.precision * size) | unseen
    precise |= tolerance <= 1e-3 * sizes.precision * largest
    return Outcome(
        verdict,
        reason,
        ok | (kink & between),
        numeric,
        error,
        left.value,
        right.value,
        precise,
        (error <= _SHARP * size) | (error <= _SHARP * _NEGLIGIBLE * largest) | unseen,
        ok & ~unseen & (error <= _BEYOND_CHANCE * size) & (size > 0),
    )


def _sides(
    differences: Differences,
    which: NDArray[np.intp],
    central: Estimate,
    numeric: Array,
    error: Array,
    agree: Mask,
) -> tuple[Estimate, Estimate, Mask, Mask]:
    """One-sided derivatives; whether they differ; where only one of them exists."""
    bend = differences.bend(which)
    kinked = bend.agree & (np.abs(bend.value) > 3 * bend.error)
    kinked &= np.abs(bend.value) > 1e-9 * np.abs(central.value)
    missing = ~np.isfinite(central.error)
    if not (kinked.any() or missing.any()):
        nothing = Estimate.nothing(numeric.shape)
        return nothing, nothing, kinked, missing
    left, right = differences.one_sided(which)
    kinked &= left.agree & right.agree
    only = np.zeros_like(missing)
    for side in (left, right):
        usable = missing & side.agree & ~only
        numeric[usable], error[usable] = side.value[usable], side.error[usable]
        agree[usable] = True
        only |= usable
    return left, right, kinked, only


def _between(analytic: Array, left: Estimate, right: Estimate, allowance: Array) -> Mask:
    low = np.minimum(left.value - left.error, right.value - right.error)
    high = np.maximum(left.value + left.error, right.value + right.error)
    slack = np.minimum(allowance, EPS * (np.abs(low) + np.abs(high)) * 64)
    return np.asarray((analytic >= low - slack) & (analytic <= high + slack))
