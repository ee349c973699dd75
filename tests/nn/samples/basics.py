"""Rows of the layers that belong to no larger family."""

from tests.nn.layer_rows import Row

ROWS = [
    Row("Linear", (3, 2)),
    Row("Linear", (3, 2), {"bias": False}, ((5, 4, 3),)),
    Row("Flatten", inputs=((4, 2, 3),)),
    Row("Dropout", (0.5,), draws=True),
]
