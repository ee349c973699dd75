"""What happens from step to step of a loop, as rows of numbers."""

from __future__ import annotations

from viz.model import Series
from viz.plan.build import Builder
from viz.plan.view import View

__all__ = ["step_series"]


def step_series(builder: Builder, view: View) -> tuple[Series, ...]:
    """For each loop the gradient of its state at every step, and each step's share."""
    return ()
