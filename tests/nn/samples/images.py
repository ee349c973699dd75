"""Rows of the layers of signals, images and volumes."""

import numpy as np

from tests.nn.layer_rows import Row

SPACES = {1: (5,), 2: (4, 5), 3: (2, 3, 4)}
PLACES = np.array([[[0, 3]], [[1, 2]]])


def _each(
    kind: str, *args: object, axes: tuple[int, ...] = (1, 2, 3), **settings: object
) -> list[Row]:
    return [
        Row(f"{kind}{n}d", args, settings, ((2, 2, *SPACES[n]),), draws=kind.startswith("Frac"))
        for n in axes
    ]


ROWS = [
    *_each("Conv", 2, 3, 2),
    *_each("Conv", 2, 4, 2, stride=2, padding=1, groups=2, bias=False),
    *_each("Conv", 2, 3, 2, padding="same", padding_mode="circular", axes=(2,)),
    *_each("ConvTranspose", 2, 3, 2),
    *_each("ConvTranspose", 2, 4, 3, stride=2, output_padding=1, groups=2, axes=(2,)),
    *_each("CircularPad", 1),
    *_each("ConstantPad", 1, 0.5),
    *_each("ReflectionPad", 1),
    *_each("ReplicationPad", 1),
    *_each("ZeroPad", 1),
    *_each("MaxPool", 2),
    *_each("MaxPool", 3, 2, 1, axes=(2,)),
    *_each("AvgPool", 2),
    *_each("LPPool", 2, 2),
    *_each("AdaptiveAvgPool", 2),
    *_each("AdaptiveMaxPool", 2),
    *_each("FractionalMaxPool", 1, 2, axes=(2, 3)),
    Row("MaxUnpool1d", (2,), inputs=((2, 1, 2), PLACES)),
    Row("MaxUnpool2d", (2,), inputs=((2, 1, 1, 2), PLACES[:, :, None])),
    Row("MaxUnpool3d", (2,), inputs=((2, 1, 1, 1, 2), PLACES[:, :, None, None])),
    Row("Upsample", (), {"scale_factor": 2, "mode": "bilinear"}, ((2, 2, 2, 3),)),
    Row("UpsamplingBilinear2d", (5,), inputs=((2, 2, 2, 3),)),
    Row("UpsamplingNearest2d", (5,), inputs=((2, 2, 2, 3),)),
    Row("PixelShuffle", (2,), inputs=((2, 4, 2, 3),)),
    Row("PixelUnshuffle", (2,), inputs=((2, 1, 4, 6),)),
    Row("ChannelShuffle", (2,), inputs=((2, 4, 3),)),
    Row("Unfold", (2,), inputs=((2, 2, 3, 4),)),
    Row("Fold", ((3, 4), 2), inputs=((2, 4, 6),)),
]
