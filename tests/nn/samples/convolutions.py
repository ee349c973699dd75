"""Rows of the convolutions."""

from tests.nn.layer_rows import Row

ROWS = [
    Row("Conv1d", (2, 3, 3), inputs=((2, 2, 6),)),
    Row("Conv2d", (2, 4, 3), {"padding": 1, "stride": 2, "groups": 2}, ((2, 2, 5, 5),)),
    Row("Conv2d", (2, 3, 2), {"padding": "same", "padding_mode": "reflect"}, ((2, 2, 4, 4),)),
    Row("Conv3d", (1, 2, 2), {"bias": False, "dilation": 2}, ((2, 1, 3, 3, 3),)),
    Row("ConvTranspose1d", (2, 3, 3), {"stride": 2, "output_padding": 1}, ((2, 2, 4),)),
    Row("ConvTranspose2d", (2, 4, 2), {"groups": 2}, ((2, 2, 3, 3),)),
    Row("ConvTranspose3d", (1, 2, 2), {"padding": 1}, ((2, 1, 3, 3, 3),)),
]
