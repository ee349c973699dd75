"""Tables that are looked up."""

from benchmarks.layers.row import Indices, row

ROWS = [
    row("Embedding", 100, 64, x=Indices((32, 64), 100)),
    row("Embedding", 1000, 64, x=Indices((32, 20), 1000)),
    row("Embedding", 10000, 64, x=Indices((32, 20), 10000)),
    row("EmbeddingBag", 1000, 64, mode="sum", x=Indices((32, 20), 1000)),
    row("EmbeddingBag", 1000, 64, x=Indices((32, 20), 1000)),
    row("EmbeddingBag", 1000, 64, mode="max", x=Indices((32, 20), 1000)),
]
