"""Linear maps."""

from benchmarks.layers.row import row

ROWS = [
    row("Linear", 64, 64, x=(32, 64)),
    row("Linear", 784, 256, x=(64, 784)),
]
