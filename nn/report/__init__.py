"""The report of a training run: one HTML page, made from plain data.

A `Report` comes in, with drawings as finished SVG; a page goes out that loads nothing and runs
no script. `filling` makes the parts of a report of what `nn.training` and `nn.inspect` gave.
It may import `nn.inspect`, `nn.metrics` and the history of `nn.training`; never `viz`.
"""

from __future__ import annotations

from nn.inspect.data import Histogram
from nn.report.data import (
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
    "Curve",
    "Fact",
    "Flow",
    "Histogram",
    "Layer",
    "Mistake",
    "Panel",
    "Picture",
    "Report",
    "render",
]
