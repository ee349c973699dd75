"""Rows of the layers that belong to no larger family."""

from tests.nn.layer_rows import Ints, Row

ROWS = [
    Row(
        "AdaptiveLogSoftmaxWithLoss",
        (8, 7, [3, 5], 2.0),
        inputs=((4, 8), Ints((4,), 7)),
        batch=False,
    ),
    Row("AlphaDropout", (0.3,), draws=True),
    Row("Bilinear", (3, 2, 4), inputs=((5, 3), (5, 2))),
    Row("CosineSimilarity", inputs=((4, 3), (4, 3)), batch=False),
    Row("Dropout", (0.5,), draws=True),
    Row("Dropout1d", (0.5,), inputs=((4, 3, 2),), draws=True),
    Row("Dropout2d", (0.5,), inputs=((4, 3, 2, 2),), draws=True, batch=False),
    Row("Dropout3d", (0.5,), inputs=((4, 3, 2, 2, 1),), draws=True),
    Row("FeatureAlphaDropout", (0.5,), inputs=((4, 3, 2),), draws=True),
    Row("Flatten", inputs=((4, 2, 3),)),
    Row("Linear", (3, 2)),
    Row("Linear", (3, 2), {"bias": False}, ((5, 4, 3),)),
    Row("PairwiseDistance", settings={"p": 1.5}, inputs=((4, 3), (4, 3))),
    Row("Unflatten", (1, (2, 3)), inputs=((4, 6),)),
]
