"""Linear maps, distances and dropout."""

from benchmarks.layers.row import row

ROWS = [
    row("Linear", 64, 64, x=(32, 64)),
    row("Linear", 784, 256, x=(64, 784)),
    row("Bilinear", 32, 32, 16, x=[(64, 32), (64, 32)]),
    row("CosineSimilarity", x=[(64, 256), (64, 256)]),
    row("PairwiseDistance", x=[(64, 256), (64, 256)]),
    row("Dropout", 0.5, random=True, x=(64, 1024)),
    row("Dropout2d", 0.5, random=True, x=(16, 32, 16, 16)),
]
