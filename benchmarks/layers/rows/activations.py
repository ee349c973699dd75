"""Activations."""

from benchmarks.layers.row import row

ROWS = [
    row("ReLU", x=(64, 256)),
]
