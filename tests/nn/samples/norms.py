"""Rows of the normalisations."""

from tests.nn.layer_rows import Row

ROWS = [
    Row("BatchNorm1d", (3,)),
    Row("BatchNorm1d", (3,), {"momentum": None, "eps": 1e-3}, ((4, 3, 5),)),
    Row("BatchNorm1d", (3,), {"affine": False, "track_running_stats": False}, batch=False),
]
