"""The report of a training run: one HTML page, made from plain data.

A `Report` of sections comes in, and each section is blocks of a few kinds, drawings as finished
SVG among them; a page goes out that loads nothing and runs no script. `filling` makes blocks of
what `nn.training` and `nn.inspect` gave. It may import `nn.inspect`, `nn.metrics` and the history
of `nn.training`; never `viz`.
"""

from __future__ import annotations

from nn.inspect.data import Histogram
from nn.report.data import Curve, Fact, Flow, Layer, Mistake, Panel, Picture
from nn.report.page import render
from nn.report.sections import (
    Bars,
    Block,
    Code,
    Confusion,
    Distribution,
    Gallery,
    Panels,
    Report,
    Rows,
    Scatter,
    Section,
    Text,
    Verdict,
)

__all__ = [
    "Bars",
    "Block",
    "Code",
    "Confusion",
    "Curve",
    "Distribution",
    "Fact",
    "Flow",
    "Gallery",
    "Histogram",
    "Layer",
    "Mistake",
    "Panel",
    "Panels",
    "Picture",
    "Report",
    "Rows",
    "Scatter",
    "Section",
    "Text",
    "Verdict",
    "render",
]
