"""Largest elements and means of windows over signals, images and volumes."""

from __future__ import annotations

from typing import Any, ClassVar

import autodiff as ad
from autodiff import Tensor
from nn.layers.images.settings import Axes, Settled

__all__ = ["AvgPool1d", "AvgPool2d", "AvgPool3d", "MaxPool1d", "MaxPool2d", "MaxPool3d"]


class _MaxPool(Settled):
    """Largest elements over any number of axes."""

    def __init__(
        self,
        kernel_size: Axes,
        stride: Axes | None = None,
        padding: Axes | str = 0,
        dilation: Axes = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size: Axes = self._lengths("kernel_size", kernel_size)
        self.stride: Axes | None = None if stride is None else self._lengths("stride", stride)
        self.padding: Axes | str = self._lengths("padding", padding, 0)
        self.dilation: Axes = self._lengths("dilation", dilation)
        self.return_indices: bool = return_indices
        self.ceil_mode: bool = ceil_mode

    def forward(self, input: Any) -> Any:
        """The largest elements; with ``return_indices`` a pair of these and their places."""
        return self._applied((ad.max_pool1d, ad.max_pool2d, ad.max_pool3d)[self._axes - 1], input)


class MaxPool1d(_MaxPool):
    """Largest elements of windows over signals (N, C, L) or (C, L); arguments as `MaxPool2d`.

    Example:
        >>> MaxPool1d(2)([[1.0, 3.0, 2.0, 5.0]]).tolist()
        [[3.0, 5.0]]
    """

    _axes: ClassVar[int] = 1


class MaxPool2d(_MaxPool):
    """Largest elements of windows over images; see `autodiff.max_pool2d`.

    Args:
        kernel_size: lengths k of the window; a number, or one for each axis.
        stride: steps s between its places; the window's own lengths if not given.
        padding: p elements of −∞ on both sides of each axis, at most half of the window;
            ``"valid"`` for none, ``"same"`` for ⌈H / s⌉ places.
        dilation: steps d between the elements of the window.
        return_indices: whether the places of the largest elements come out as well, for
            `MaxUnpool2d`.
        ceil_mode: whether a last window that begins inside may reach over the end.

    The input is of shape (N, C, H, W) or (C, H, W), the output of shape (N, C, H', W') or
    (C, H', W'), with H' = (H + 2p − d·(k − 1) − 1) // s + 1. Equal largest elements of a
    window share its gradient.

    Raises:
        ValueError: a number is out of range.
        ShapeError: in a call, the input has other axes, or is smaller than the window.

    Example:
        >>> MaxPool2d(2)([[[1.0, 2.0], [4.0, 3.0]]]).tolist()
        [[[4.0]]]
    """

    _axes: ClassVar[int] = 2


class MaxPool3d(_MaxPool):
    """Largest elements of windows over volumes (N, C, D, H, W) or (C, D, H, W); as `MaxPool2d`.

    Example:
        >>> import numpy as np
        >>> MaxPool3d((1, 2, 2))(np.arange(8.0).reshape(1, 2, 2, 2)).tolist()
        [[[[3.0]], [[7.0]]]]
    """

    _axes: ClassVar[int] = 3


class _AvgPool(Settled):
    """Means over any number of axes."""

    def __init__(
        self,
        kernel_size: Axes,
        stride: Axes | None = None,
        padding: Axes | str = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__()
        self.kernel_size: Axes = self._lengths("kernel_size", kernel_size)
        self.stride: Axes | None = None if stride is None else self._lengths("stride", stride)
        self.padding: Axes | str = self._lengths("padding", padding, 0)
        self.ceil_mode: bool = ceil_mode
        self.count_include_pad: bool = count_include_pad
        if divisor_override is not None and divisor_override == 0:
            raise ValueError(
                f"{type(self).__name__}: divisor_override must be another number, or None, not 0"
            )
        self.divisor_override: int | None = divisor_override

    def forward(self, input: Any) -> Tensor:
        """The means."""
        functions = ad.avg_pool1d, ad.avg_pool2d, ad.avg_pool3d
        return self._applied(functions[self._axes - 1], input)


class AvgPool1d(_AvgPool):
    """Means of windows over signals (N, C, L) or (C, L); arguments as `AvgPool2d`.

    Example:
        >>> AvgPool1d(2)([[1.0, 3.0, 2.0, 6.0]]).tolist()
        [[2.0, 4.0]]
    """

    _axes: ClassVar[int] = 1


class AvgPool2d(_AvgPool):
    """Means of windows over images; see `autodiff.avg_pool2d`.

    Args:
        kernel_size: lengths k of the window; a number, or one for each axis.
        stride: steps s between its places; the window's own lengths if not given.
        padding: p zeros on both sides of each axis, at most half of the window; ``"valid"``
            for none, ``"same"`` for ⌈H / s⌉ places.
        ceil_mode: whether a last window that begins inside may reach over the end.
        count_include_pad: whether the zeros count as elements.
        divisor_override: what sums are divided by, in place of the number of elements.

    The input is of shape (N, C, H, W) or (C, H, W), the output of shape (N, C, H', W') or
    (C, H', W'), with H' = (H + 2p − k) // s + 1.

    Raises:
        ValueError: a number is out of range.
        ShapeError: in a call, the input has other axes, or is smaller than the window.

    Example:
        >>> AvgPool2d(2)([[[1.0, 2.0], [4.0, 3.0]]]).tolist()
        [[[2.5]]]
    """

    _axes: ClassVar[int] = 2


class AvgPool3d(_AvgPool):
    """Means of windows over volumes (N, C, D, H, W) or (C, D, H, W); arguments as `AvgPool2d`.

    Example:
        >>> import numpy as np
        >>> AvgPool3d((1, 2, 2))(np.arange(8.0).reshape(1, 2, 2, 2)).tolist()
        [[[[1.5]], [[5.5]]]]
    """

    _axes: ClassVar[int] = 3
