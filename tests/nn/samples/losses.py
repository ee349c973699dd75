"""Rows of the losses."""

import numpy as np

from tests.nn.layer_rows import Ints, Row

BITS = np.array([[0.0, 1.0]] * 4)
SIGNS = np.array([[1.0, -1.0]] * 4)
SHARES = np.array([[0.2, 0.7]] * 4)

ROWS = [
    Row("BCELoss", inputs=(SHARES, BITS)),
    Row("BCEWithLogitsLoss", inputs=((4, 2), BITS)),
    Row(
        "CTCLoss",
        inputs=((5, 2, 3), np.array([[1, 2], [2, 1]]), np.array([5, 4]), np.array([2, 1])),
        batch=False,
    ),
    Row("CosineEmbeddingLoss", inputs=((4, 3), (4, 3), SIGNS[:, 0])),
    Row("CrossEntropyLoss", inputs=((4, 3), Ints((4,), 3)), batch=False),
    Row("GaussianNLLLoss", inputs=((4, 2), (4, 2), SHARES)),
    Row("HalfSquaredErrorLoss", inputs=((4, 2), (4, 2)), torch=False),
    Row("HingeEmbeddingLoss", inputs=((4, 2), SIGNS)),
    Row("HuberLoss", ("sum", 0.5), inputs=((4, 2), (4, 2))),
    Row("KLDivLoss", settings={"reduction": "batchmean"}, inputs=((4, 2), SHARES)),
    Row("L1Loss", inputs=((4, 2), (4, 2))),
    Row("MSELoss", inputs=((4, 2), (4, 2))),
    Row("MarginRankingLoss", (0.1,), inputs=((4, 2), (4, 2), SIGNS)),
    Row("MultiLabelMarginLoss", inputs=((4, 3), np.array([[0, -1, 1]] * 4)), batch=False),
    Row("MultiLabelSoftMarginLoss", inputs=((4, 2), BITS)),
    Row("MultiMarginLoss", (2,), inputs=((4, 3), Ints((4,), 3)), batch=False),
    Row("NLLLoss", inputs=((4, 3), Ints((4,), 3)), batch=False),
    Row("PoissonNLLLoss", inputs=((4, 2), SHARES)),
    Row("SmoothL1Loss", settings={"beta": 0.5}, inputs=((4, 2), (4, 2))),
    Row("SoftMarginLoss", inputs=((4, 2), SIGNS)),
    Row("TripletMarginLoss", inputs=((4, 3), (4, 3), (4, 3))),
    Row("TripletMarginWithDistanceLoss", inputs=((4, 3), (4, 3), (4, 3))),
]
