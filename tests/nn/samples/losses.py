"""Rows of the losses."""

import numpy as np

from tests.nn.layer_rows import Ints, Row

ROWS = [
    Row("BCEWithLogitsLoss", inputs=((4, 2), np.array([[0.0, 1.0]] * 4))),
    Row("CrossEntropyLoss", inputs=((4, 3), Ints((4,), 3)), batch=False),
    Row("HalfSquaredErrorLoss", inputs=((4, 2), (4, 2)), torch=False),
    Row("L1Loss", inputs=((4, 2), (4, 2))),
    Row("MSELoss", inputs=((4, 2), (4, 2))),
    Row("NLLLoss", inputs=((4, 3), Ints((4,), 3)), batch=False),
]
