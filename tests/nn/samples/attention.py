"""Rows of attention and of the Transformer."""

import numpy as np

from tests.nn.layer_rows import Row

_HIDDEN = np.triu(np.ones((4, 4), bool), 1)
_PADDING = np.array([[False, False, True, True], [False, False, False, True]])
_SELF = ((4, 2, 6),) * 3
_SMALL = {"dropout": 0.0, "batch_first": True}
_ENCODER = Row("TransformerEncoderLayer", (6, 2, 5), _SMALL)
_DECODER = Row("TransformerDecoderLayer", (6, 2, 5), _SMALL)

ROWS = [
    Row("MultiheadAttention", (6, 2), inputs=_SELF, batch=False),
    Row(
        "MultiheadAttention",
        (6, 3),
        {"bias": False, "kdim": 3, "vdim": 5, "batch_first": True},
        ((2, 4, 6), (2, 5, 3), (2, 5, 5)),
    ),
    Row(
        "MultiheadAttention",
        (6, 2),
        {"add_bias_kv": True, "add_zero_attn": True},
        ((3, 6), (4, 6), (4, 6)),
        {"attn_mask": np.triu(np.ones((3, 4), bool), 1), "average_attn_weights": False},
        batch=False,
        note="unbatched",
    ),
    Row("MultiheadAttention", (6, 2, 0.5), inputs=_SELF, batch=False, draws=True),
    Row("TransformerEncoderLayer", (6, 2, 5), _SMALL, ((2, 4, 6),)),
    Row(
        "TransformerEncoderLayer",
        (6, 2, 5),
        {"dropout": 0.5},
        ((4, 2, 6),),
        batch=False,
        draws=True,
    ),
    Row(
        "TransformerEncoderLayer",
        (6, 2, 5),
        {**_SMALL, "norm_first": True, "bias": False, "activation": "gelu"},
        ((2, 4, 6),),
        {"src_mask": _HIDDEN},
    ),
    Row("TransformerDecoderLayer", (6, 2, 5), _SMALL, ((2, 4, 6), (2, 3, 6))),
    Row(
        "TransformerDecoderLayer",
        (6, 2, 5),
        {"dropout": 0.0, "norm_first": True, "layer_norm_eps": 1e-3},
        ((4, 2, 6), (4, 2, 6)),
        {"tgt_mask": _HIDDEN, "memory_key_padding_mask": _PADDING},
        batch=False,
    ),
    Row("TransformerEncoder", (_ENCODER, 2), inputs=((2, 4, 6),)),
    Row("TransformerDecoder", (_DECODER, 2), inputs=((2, 4, 6), (2, 3, 6))),
    Row("Transformer", (6, 2, 2, 2, 5), _SMALL, ((2, 4, 6), (2, 3, 6))),
    Row(
        "Transformer",
        (6, 2, 1, 2, 5),
        {**_SMALL, "activation": "gelu"},
        ((2, 4, 6), (2, 3, 6)),
        {"src_key_padding_mask": _PADDING},
        batch=False,
    ),
]
