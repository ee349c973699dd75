"""Normalisation."""

from benchmarks.layers.row import row

ROWS = [
    row("BatchNorm1d", 256, x=(64, 256)),
    row("BatchNorm1d", 64, x=(32, 64, 100)),
    row("BatchNorm2d", 64, x=(32, 64, 8, 8)),
    row("BatchNorm2d", 16, x=(32, 16, 28, 28)),
    row("BatchNorm3d", 8, x=(32, 8, 8, 8, 8)),
    row("GroupNorm", 8, 64, x=(32, 64, 8, 8)),
    row("GroupNorm", 4, 16, x=(32, 16, 28, 28)),
    row("InstanceNorm1d", 64, x=(32, 64, 100)),
    row("InstanceNorm2d", 64, affine=True, x=(32, 64, 8, 8)),
    row("InstanceNorm3d", 8, x=(32, 8, 8, 8, 8)),
    row("LayerNorm", 256, x=(32, 256)),
    row("LayerNorm", 256, x=(32, 50, 256)),
    row("LocalResponseNorm", 5, x=(32, 64, 8, 8)),
    row("RMSNorm", 256, x=(32, 50, 256)),
]
