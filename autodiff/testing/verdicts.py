"""The possible verdicts on an entry of a gradient, and why one is as it is."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reason", "Verdict"]


class Verdict(StrEnum):
    """What was found about one entry.

    ``ok``: analytic and numeric agree. ``wrong``: they do not. ``kink``: the function has
    no derivative there, its one-sided derivatives differ; the gradient passes if it lies
    between them. ``jump``: the function is not even continuous. ``undecided``: the values
    do not allow to tell.
    """

    OK = "ok"
    WRONG = "wrong"
    KINK = "kink"
    JUMP = "jump"
    UNDECIDED = "undecided"


class Reason(StrEnum):
    """What there is to say on a verdict."""

    NONE = ""
    ONE_SIDED = "the function exists on one side only; compared with the derivative there"
    BELOW_ROUNDING = "too small to be seen in the function's values; shown to be negligible"
    ROUGH = "rounding in the function lets its derivative be seen to a few per cent only"
    DISAGREE = "numerical estimates from different steps disagree"
    UNCLEAR = "the difference is near the accuracy of the numerical estimate"
    TOO_NOISY = "rounding in the function leaves nothing of its derivative to be seen"
    STAIRS = "the smallest steps agree with the gradient, larger ones do not: stairs, or rounding"
    NOT_FINITE = "the function is not finite around the point"
