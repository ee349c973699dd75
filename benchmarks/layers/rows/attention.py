"""Attention and the blocks of the Transformer."""

from benchmarks.layers.row import row

ROWS = [
    row("MultiheadAttention", 64, 4, batch_first=True, x=[(32, 20, 64)] * 3),
    row("MultiheadAttention", 128, 8, batch_first=True, x=[(32, 64, 128)] * 3),
    row("TransformerEncoderLayer", 64, 4, 128, 0.0, batch_first=True, x=(32, 20, 64)),
    row("TransformerEncoderLayer", 128, 8, 512, 0.1, random=True, x=(64, 32, 128)),
    row("TransformerDecoderLayer", 64, 4, 128, 0.0, batch_first=True, x=[(32, 20, 64)] * 2),
    row("Transformer", 64, 4, 2, 2, 128, 0.0, batch_first=True, x=[(32, 20, 64)] * 2),
]
