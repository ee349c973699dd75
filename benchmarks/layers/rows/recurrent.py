"""Layers that carry a state from step to step; the sizes are (T, N, I)."""

from benchmarks.layers.row import row

# What PyTorch computes in one call has no Python between the steps, so twice its time is a lot.
_BOUND = 2.0

_SIZES = ((32, 1, 16), (128, 16, 32), (64, 16, 64), (64, 32, 128))

ROWS = [
    row(layer, size[-1], size[-1], x=size, bound=_BOUND)
    for layer in ("RNN", "LSTM", "GRU")
    for size in _SIZES
]
ROWS += [row("LSTM", 32, 64, 2, x=(32, 16, 32), bidirectional=True, bound=_BOUND)]
ROWS += [row(cell, 64, 64, x=(32, 64)) for cell in ("RNNCell", "LSTMCell", "GRUCell")]
