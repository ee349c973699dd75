"""Rows of the layers that carry a state."""

import numpy as np

from tests.nn.layer_rows import Row

ROWS = [
    Row("RNN", (3, 4), inputs=((5, 2, 3),), batch=False),
    Row("RNN", (3, 4, 2, "relu"), {"bias": False}, ((5, 3), (2, 4)), batch=False),
    Row("LSTM", (3, 4), inputs=((5, 2, 3), ((1, 2, 4), (1, 2, 4))), batch=False),
    Row("LSTM", (3, 4, 2), {"batch_first": True, "bidirectional": True}, ((4, 5, 3),)),
    Row("LSTM", (3, 4), {"proj_size": 2}, ((5, 2, 3),), batch=False),
    Row("GRU", (3, 4, 2), {"dropout": 0.5}, ((5, 2, 3),), draws=True, batch=False),
    Row(
        "GRU",
        (3, 4),
        {"bidirectional": True},
        ((5, 2, 3),),
        {"lengths": np.array([3, 5])},
        batch=False,
        torch=False,
    ),
    Row("RNNCell", (3, 4), inputs=((4, 3), (4, 4))),
    Row("LSTMCell", (3, 4), inputs=((4, 3), ((4, 4), (4, 4)))),
    Row("GRUCell", (3, 4), {"bias": False}, ((4, 3),)),
]
