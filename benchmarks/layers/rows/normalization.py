"""Normalisation."""

from benchmarks.layers.row import row

ROWS = [
    row("BatchNorm1d", 256, x=(64, 256)),
]
