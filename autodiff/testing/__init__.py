"""Checking gradients against the values of the functions they belong to.

`gradcheck` returns a report, `assert_gradients` raises, `check_model` and `check_parameters` look
at whole networks, `check_vjp` takes a gradient written by hand. No tolerance is to be chosen:
every numeric derivative has an error bound. It may import sweeps and all below them.

Example:
    >>> import autodiff as ad
    >>> from autodiff.testing import assert_gradients
    >>> assert_gradients(lambda x, y: ad.sin(x) * y, 0.5, 2.0)
"""

from __future__ import annotations

from autodiff.testing.check import (
    assert_gradients,
    check_model,
    check_parameters,
    check_vjp,
    gradcheck,
)
from autodiff.testing.report import Entry, Finding, GradientCheckError, Report
from autodiff.testing.verdicts import Reason, Verdict

__all__ = [
    "Entry",
    "Finding",
    "GradientCheckError",
    "Reason",
    "Report",
    "Verdict",
    "assert_gradients",
    "check_model",
    "check_parameters",
    "check_vjp",
    "gradcheck",
]


def __dir__() -> list[str]:
    return __all__
