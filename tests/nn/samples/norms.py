"""Rows of the normalisations."""

from tests.nn.layer_rows import Row

ROWS = [
    Row("BatchNorm1d", (3,)),
    Row("BatchNorm1d", (3,), {"momentum": None, "eps": 1e-3}, ((4, 3, 5),)),
    Row("BatchNorm1d", (3,), {"affine": False, "track_running_stats": False}, batch=False),
    Row("BatchNorm2d", (3,), {"bias": False}, ((4, 3, 2, 3),)),
    Row("BatchNorm2d", (3,), inputs=((4, 3, 2, 3),)),
    Row("BatchNorm3d", (2,), {"momentum": 0.3}, ((3, 2, 2, 1, 3),)),
    Row("GroupNorm", (2, 4), inputs=((3, 4, 2, 3),)),
    Row("GroupNorm", (2, 4), {"affine": False, "eps": 1e-3}, ((3, 4),)),
    Row("GroupNorm", (4, 4), {"bias": False}, ((3, 4, 5),)),
    Row("InstanceNorm1d", (3,), inputs=((4, 3, 5),)),
    Row("InstanceNorm1d", (3,), {"affine": True}, ((3, 5),), batch=False, note="unbatched"),
    Row("InstanceNorm2d", (3,), {"affine": True, "bias": False}, ((4, 3, 2, 3),)),
    Row("InstanceNorm2d", (3,), {"track_running_stats": True, "momentum": 0.3}, ((4, 3, 2, 3),)),
    Row("InstanceNorm3d", (2,), {"affine": True, "track_running_stats": True}, ((3, 2, 2, 1, 3),)),
    Row("LayerNorm", (3,)),
    Row("LayerNorm", ((4, 3),), {"eps": 1e-3, "bias": False}, ((2, 5, 4, 3),)),
    Row("LayerNorm", (3,), {"elementwise_affine": False}),
    Row("LocalResponseNorm", (3,), {"alpha": 0.5, "k": 2.0}, ((4, 6, 2, 3),)),
    Row("LocalResponseNorm", (2,), {"alpha": 0.5, "beta": 1.5}, ((4, 6, 3),)),
    Row("RMSNorm", (3,)),
    Row("RMSNorm", ((4, 3),), {"eps": 1e-3, "elementwise_affine": False}, ((2, 4, 3),)),
]
