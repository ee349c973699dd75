"""Rows of the layers that wait for their first input."""

from tests.nn.layer_rows import Row

ROWS = [
    Row("LazyLinear", (2,), transformed=False),
    Row("LazyConv1d", (4, 2), inputs=((2, 3, 4),), transformed=False),
    Row("LazyConvTranspose1d", (4, 2), inputs=((2, 3, 4),), transformed=False),
    Row("LazyBatchNorm1d", (), inputs=((2, 3, 4),), transformed=False),
    Row("LazyInstanceNorm1d", (), inputs=((2, 3, 4),), transformed=False),
    Row("LazyConv2d", (4, 2), inputs=((2, 3, 4, 4),), transformed=False),
    Row("LazyConvTranspose2d", (4, 2), inputs=((2, 3, 4, 4),), transformed=False),
    Row("LazyBatchNorm2d", (), inputs=((2, 3, 4, 4),), transformed=False),
    Row("LazyInstanceNorm2d", (), inputs=((2, 3, 4, 4),), transformed=False),
    Row("LazyConv3d", (4, 2), inputs=((2, 3, 4, 4, 4),), transformed=False),
    Row("LazyConvTranspose3d", (4, 2), inputs=((2, 3, 4, 4, 4),), transformed=False),
    Row("LazyBatchNorm3d", (), inputs=((2, 3, 4, 4, 4),), transformed=False),
    Row("LazyInstanceNorm3d", (), inputs=((2, 3, 4, 4, 4),), transformed=False),
]
