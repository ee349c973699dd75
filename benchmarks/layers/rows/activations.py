"""Activations."""

from benchmarks.layers.row import row

ROWS = [row(name, x=(64, 256)) for name in "ReLU ELU GELU SiLU Softplus Hardswish GLU".split()] + [
    row("PReLU", x=(64, 256)),
    row("Softmax", -1, x=(64, 256)),
]
