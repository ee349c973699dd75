"""The report of a training run: one HTML page, made from plain data.

Nothing here knows of models, tensors or graphs, so a report can be written for anything
that fills in a `Report`. The page loads nothing and runs no script.
"""

from __future__ import annotations

from nn.report.data import (
    Bins,
    Curve,
    Fact,
    Flow,
    Layer,
    Mistake,
    Panel,
    Picture,
    Report,
)
from nn.report.page import render

__all__ = [
    "Bins",
    "Curve",
    "Fact",
    "Flow",
    "Layer",
    "Mistake",
    "Panel",
    "Picture",
    "Report",
    "render",
]
