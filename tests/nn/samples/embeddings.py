"""Rows of tables that are looked up, and of positions."""

import numpy as np

from tests.nn.layer_rows import Ints, Row

_OFFSETS = np.array([0, 2, 2, 5])

ROWS = [
    Row("Embedding", (5, 3), inputs=(Ints((4, 2), 5),)),
    Row(
        "Embedding",
        (5, 3),
        {"padding_idx": 1, "scale_grad_by_freq": True},
        (Ints((7,), 5),),
        transformed=False,
    ),
    Row(
        "Embedding",
        (5, 3),
        {"max_norm": 0.8, "norm_type": 3.0},
        (Ints((4, 2), 5),),
        batch=False,
        transformed=False,
    ),
    Row("EmbeddingBag", (5, 3), inputs=(Ints((4, 3), 5),)),
    Row("EmbeddingBag", (5, 3), {"mode": "max"}, (Ints((4, 3), 5),)),
    Row(
        "EmbeddingBag", (5, 3), {"mode": "max"}, (Ints((7,), 5), _OFFSETS), batch=False, note="bags"
    ),
    Row(
        "EmbeddingBag",
        (5, 3),
        {"mode": "sum", "padding_idx": 2},
        (Ints((7,), 5), _OFFSETS, (7,)),
        batch=False,
    ),
    Row(
        "EmbeddingBag",
        (5, 3),
        {"include_last_offset": True, "max_norm": 0.8},
        (Ints((5,), 5), _OFFSETS),
        batch=False,
        transformed=False,
    ),
    Row("LearnedPositions", (5, 4), {"batch_first": True}, ((2, 3, 4),), torch=False),
    Row("RotaryPositions", inputs=((2, 3, 4),), torch=False),
    Row("SinusoidalPositions", (4,), {"batch_first": True}, ((2, 3, 4),), torch=False),
]
