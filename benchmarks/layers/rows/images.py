"""Signals, images and volumes: convolution, padding, pooling, resampling.

Rows of few numbers show what a call costs; the others, what the arithmetic does.
"""

from benchmarks.layers.row import row

# Inputs of one, two and three spatial axes: some to be worked through, and small ones.
_LARGE = {1: (32, 16, 256), 2: (32, 16, 16, 16), 3: (8, 16, 8, 8, 8)}
_SMALL = {1: (4, 16, 16), 2: (4, 16, 8, 8), 3: (2, 16, 4, 4, 4)}
_AXES = (1, 2, 3)

ROWS = [
    row(f"Conv{n}d", 16, 32, 3, padding=1, x=sizes[n]) for n in _AXES for sizes in (_LARGE, _SMALL)
]
ROWS += [
    row("Conv2d", 16, 32, 1, x=_LARGE[2]),
    row("Conv2d", 16, 32, 3, padding=1, stride=2, x=_LARGE[2]),
    row("Conv2d", 16, 32, 3, padding=1, dilation=2, x=_LARGE[2]),
    row("Conv2d", 16, 32, 3, padding=1, groups=4, x=_LARGE[2]),
    row("Conv2d", 16, 16, 3, padding=1, groups=16, x=_LARGE[2]),
    row("Conv2d", 16, 32, 5, padding=2, padding_mode="reflect", x=_LARGE[2]),
    row("Conv2d", 16, 32, 3, padding=1, padding_mode="circular", x=_LARGE[2]),
    row("Conv2d", 1, 16, 5, x=(32, 1, 28, 28)),
    row("Conv2d", 3, 64, 7, stride=2, padding=3, x=(4, 3, 64, 64)),
    row("Conv2d", 64, 64, 3, padding=1, x=(8, 64, 16, 16)),
]
ROWS += [row(f"ConvTranspose{n}d", 16, 8, 3, padding=1, x=_LARGE[n]) for n in _AXES]
ROWS += [
    row("ConvTranspose2d", 16, 8, 4, stride=2, padding=1, x=_LARGE[2]),
    row("ConvTranspose2d", 16, 16, 3, padding=1, groups=4, x=_LARGE[2]),
    row("ConvTranspose2d", 16, 8, 3, padding=1, x=_SMALL[2]),
]
ROWS += [
    row(f"{kind}Pad{n}d", 1, *value, x=_LARGE[n])
    for kind, *value in (
        ("Zero",),
        ("Constant", 1.0),
        ("Reflection",),
        ("Replication",),
        ("Circular",),
    )
    for n in _AXES
]
ROWS += [
    row(f"{kind}Pool{n}d", *settings, x=sizes[n])
    for kind, *settings in (("Max", 2), ("Max", 3, 2, 1), ("Avg", 2), ("Avg", 3, 2, 1))
    for n in _AXES
    for sizes in (_LARGE, _SMALL)
]
ROWS += [row(f"LPPool{n}d", 2, 2, x=_LARGE[n]) for n in _AXES]
ROWS += [
    row(f"Adaptive{kind}Pool{n}d", size, x=_LARGE[n])
    for kind in ("Avg", "Max")
    for n, size in ((1, 4), (1, 5), (2, 1), (2, 4), (2, 5), (2, 7), (3, 2), (3, 3))
]
ROWS += [
    row("MaxPool2d", 2, return_indices=True, x=_LARGE[2]),
    row("AdaptiveMaxPool2d", 4, return_indices=True, x=_LARGE[2]),
    row("AdaptiveMaxPool2d", 3, x=_SMALL[2]),
    row("FractionalMaxPool2d", 2, 8, random=True, x=_LARGE[2]),
    row("FractionalMaxPool3d", 2, 4, random=True, x=_LARGE[3]),
    row("FractionalMaxPool2d", 2, 4, random=True, x=_SMALL[2]),
]
ROWS += [
    row("Upsample", scale_factor=2, mode=mode, x=_LARGE[n])
    for mode, n in (
        ("nearest", 2),
        ("nearest-exact", 2),
        ("linear", 1),
        ("bilinear", 2),
        ("bicubic", 2),
        ("trilinear", 3),
    )
]
ROWS += [
    row("Upsample", size=8, mode="area", x=_LARGE[2]),
    row("UpsamplingNearest2d", scale_factor=2, x=_LARGE[2]),
    row("UpsamplingBilinear2d", scale_factor=2, x=_LARGE[2]),
    row("UpsamplingBilinear2d", scale_factor=2, x=_SMALL[2]),
    row("PixelShuffle", 2, x=_LARGE[2]),
    row("PixelUnshuffle", 2, x=_LARGE[2]),
    row("ChannelShuffle", 4, x=_LARGE[2]),
    row("Unfold", 3, padding=1, x=_LARGE[2]),
    row("Fold", 16, 3, padding=1, x=(32, 16 * 9, 256)),
    row("Fold", 16, 2, stride=2, x=(32, 16 * 4, 64)),
]
