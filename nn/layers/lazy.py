"""Layers whose number of input features or channels follows from their first input."""

from __future__ import annotations

from nn.layers.images.convolution import Conv1d, Conv2d, Conv3d
from nn.layers.images.transposed_convolution import (
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
)
from nn.layers.linear_maps import Linear
from nn.layers.normalization.batch import BatchNorm1d, BatchNorm2d, BatchNorm3d
from nn.layers.normalization.instance import InstanceNorm1d, InstanceNorm2d, InstanceNorm3d
from nn.module.lazy import LazyModule

__all__ = [
    "LazyBatchNorm1d",
    "LazyBatchNorm2d",
    "LazyBatchNorm3d",
    "LazyConv1d",
    "LazyConv2d",
    "LazyConv3d",
    "LazyConvTranspose1d",
    "LazyConvTranspose2d",
    "LazyConvTranspose3d",
    "LazyInstanceNorm1d",
    "LazyInstanceNorm2d",
    "LazyInstanceNorm3d",
    "LazyLinear",
]


_LEARNED = {"affine": True, "track_running_stats": True}


class LazyLinear(LazyModule, becomes=Linear, axis=-1, sized_by={"weight": 1}):
    """`Linear` whose ``in_features`` is the length of the last axis of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyLinear(3)
        >>> layer
        LazyLinear(?, out_features=3)
        >>> layer(np.ones((4, 2))).shape, layer
        ((4, 3), Linear(2, 3)  # 9 parameters)
    """


class LazyConv1d(LazyModule, becomes=Conv1d, axis=-2, sized_by={"weight": 1}):
    """`Conv1d` whose ``in_channels`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyConv1d(4, 3)
        >>> layer(np.ones((2, 5, 6))).shape[0], layer.in_channels
        (2, 5)
    """


class LazyConv2d(LazyModule, becomes=Conv2d, axis=-3, sized_by={"weight": 1}):
    """`Conv2d` whose ``in_channels`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyConv2d(4, 3)
        >>> layer(np.ones((2, 5, 6, 6))).shape[0], layer.in_channels
        (2, 5)
    """


class LazyConv3d(LazyModule, becomes=Conv3d, axis=-4, sized_by={"weight": 1}):
    """`Conv3d` whose ``in_channels`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyConv3d(4, 3)
        >>> layer(np.ones((2, 5, 6, 6, 6))).shape[0], layer.in_channels
        (2, 5)
    """


class LazyConvTranspose1d(LazyModule, becomes=ConvTranspose1d, axis=-2, sized_by={"weight": 0}):
    """`ConvTranspose1d` whose ``in_channels`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyConvTranspose1d(4, 3)
        >>> layer(np.ones((2, 5, 6))).shape[0], layer.in_channels
        (2, 5)
    """


class LazyConvTranspose2d(LazyModule, becomes=ConvTranspose2d, axis=-3, sized_by={"weight": 0}):
    """`ConvTranspose2d` whose ``in_channels`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyConvTranspose2d(4, 3)
        >>> layer(np.ones((2, 5, 6, 6))).shape[0], layer.in_channels
        (2, 5)
    """


class LazyConvTranspose3d(LazyModule, becomes=ConvTranspose3d, axis=-4, sized_by={"weight": 0}):
    """`ConvTranspose3d` whose ``in_channels`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyConvTranspose3d(4, 3)
        >>> layer(np.ones((2, 5, 6, 6, 6))).shape[0], layer.in_channels
        (2, 5)
    """


class LazyBatchNorm1d(
    LazyModule, becomes=BatchNorm1d, axis=1, sized_by={"weight": 0, "running_mean": 0}
):
    """`BatchNorm1d` whose ``num_features`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyBatchNorm1d()
        >>> layer(np.ones((2, 5, 6))).shape[0], layer.num_features
        (2, 5)
    """


class LazyBatchNorm2d(
    LazyModule, becomes=BatchNorm2d, axis=1, sized_by={"weight": 0, "running_mean": 0}
):
    """`BatchNorm2d` whose ``num_features`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyBatchNorm2d()
        >>> layer(np.ones((2, 5, 6, 6))).shape[0], layer.num_features
        (2, 5)
    """


class LazyBatchNorm3d(
    LazyModule, becomes=BatchNorm3d, axis=1, sized_by={"weight": 0, "running_mean": 0}
):
    """`BatchNorm3d` whose ``num_features`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyBatchNorm3d()
        >>> layer(np.ones((2, 5, 6, 6, 6))).shape[0], layer.num_features
        (2, 5)
    """


class LazyInstanceNorm1d(
    LazyModule,
    becomes=InstanceNorm1d,
    usual=_LEARNED,
    axis=-2,
    sized_by={"weight": 0, "running_mean": 0},
):
    """`InstanceNorm1d` whose ``num_features`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyInstanceNorm1d()
        >>> layer(np.ones((2, 5, 6))).shape[0], layer.num_features
        (2, 5)
    """


class LazyInstanceNorm2d(
    LazyModule,
    becomes=InstanceNorm2d,
    usual=_LEARNED,
    axis=-3,
    sized_by={"weight": 0, "running_mean": 0},
):
    """`InstanceNorm2d` whose ``num_features`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyInstanceNorm2d()
        >>> layer(np.ones((2, 5, 6, 6))).shape[0], layer.num_features
        (2, 5)
    """


class LazyInstanceNorm3d(
    LazyModule,
    becomes=InstanceNorm3d,
    usual=_LEARNED,
    axis=-4,
    sized_by={"weight": 0, "running_mean": 0},
):
    """`InstanceNorm3d` whose ``num_features`` is the number of channels of its first input.

    Example:
        >>> import numpy as np
        >>> layer = LazyInstanceNorm3d()
        >>> layer(np.ones((2, 5, 6, 6, 6))).shape[0], layer.num_features
        (2, 5)
    """
