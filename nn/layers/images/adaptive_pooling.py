"""Pooling of signals, images and volumes to a given size."""

from __future__ import annotations

from typing import Any, ClassVar

import autodiff as ad
from autodiff import Tensor
from nn.layers.images.settings import Settled

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
]

Sizes = int | None | tuple[int | None, ...]


class _AdaptivePool(Settled):
    """What pooling to a given size keeps."""

    def __init__(self, output_size: Sizes) -> None:
        super().__init__()
        given = output_size if isinstance(output_size, tuple | list) else (output_size,)
        self._lengths("output_size", tuple(1 if size is None else size for size in given))
        self.output_size: Any = output_size


class _AdaptiveAvgPool(_AdaptivePool):
    """Means over any number of axes."""

    def forward(self, input: Any) -> Tensor:
        """The means, of shape (N, C, *output_size) or (C, *output_size)."""
        functions = ad.adaptive_avg_pool1d, ad.adaptive_avg_pool2d, ad.adaptive_avg_pool3d
        return self._applied(functions[self._axes - 1], input)


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """Means of signals (N, C, L) or (C, L) that leave a given length; as `AdaptiveAvgPool2d`.

    Example:
        >>> AdaptiveAvgPool1d(2)([[1.0, 2.0, 3.0]]).tolist()
        [[1.5, 2.5]]
    """

    _axes: ClassVar[int] = 1


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """Means of windows over images that leave a given size; see `autodiff.adaptive_avg_pool2d`.

    Place i of k along an axis of length n covers ⌊i·n/k⌋ to ⌈(i+1)·n/k⌉.

    Args:
        output_size: lengths of the output; a number, or one for each axis; None keeps the length
            that is there.

    The input is of shape (N, C, H, W) or (C, H, W), the output of shape (N, C, *output_size) or
    (C, *output_size).

    Raises:
        ValueError: a number is out of range.
        ShapeError: in a call, the input has other axes, or an empty one.

    Example:
        >>> AdaptiveAvgPool2d((1, None))([[[1.0, 2.0], [3.0, 4.0]]]).tolist()
        [[[2.0, 3.0]]]
    """

    _axes: ClassVar[int] = 2


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """Means of volumes (N, C, D, H, W) or (C, D, H, W) for a given size; as `AdaptiveAvgPool2d`.

    Example:
        >>> import numpy as np
        >>> AdaptiveAvgPool3d(1)(np.arange(8.0).reshape(1, 2, 2, 2)).tolist()
        [[[[3.5]]]]
    """

    _axes: ClassVar[int] = 3


class _AdaptiveMaxPool(_AdaptivePool):
    """Largest elements over any number of axes."""

    def __init__(self, output_size: Sizes, return_indices: bool = False) -> None:
        super().__init__(output_size)
        self.return_indices: bool = return_indices

    def forward(self, input: Any) -> Any:
        """The largest elements; with ``return_indices`` a pair of these and their places."""
        functions = ad.adaptive_max_pool1d, ad.adaptive_max_pool2d, ad.adaptive_max_pool3d
        return self._applied(functions[self._axes - 1], input)


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """Largest elements of signals for a given length; arguments as `AdaptiveMaxPool2d`.

    Example:
        >>> AdaptiveMaxPool1d(2)([[1.0, 3.0, 2.0]]).tolist()
        [[3.0, 3.0]]
    """

    _axes: ClassVar[int] = 1


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """Largest elements of the windows of `AdaptiveAvgPool2d`; see `autodiff.adaptive_max_pool2d`.

    Args:
        output_size: as for `AdaptiveAvgPool2d`.
        return_indices: whether the places of the largest elements come out as well, counted in C
            order over the last axes of the input.

    The input is of shape (N, C, H, W) or (C, H, W), the output of shape (N, C, *output_size) or
    (C, *output_size). Equal largest elements of a window share its gradient.

    Raises:
        ValueError: a number is out of range.
        ShapeError: in a call, the input has other axes, or an empty one.

    Example:
        >>> AdaptiveMaxPool2d((1, None))([[[1.0, 2.0], [3.0, 4.0]]]).tolist()
        [[[3.0, 4.0]]]
    """

    _axes: ClassVar[int] = 2


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """Largest elements of volumes for a given size; arguments as `AdaptiveMaxPool2d`.

    Example:
        >>> import numpy as np
        >>> AdaptiveMaxPool3d(1)(np.arange(8.0).reshape(1, 2, 2, 2)).tolist()
        [[[[7.0]]]]
    """

    _axes: ClassVar[int] = 3
