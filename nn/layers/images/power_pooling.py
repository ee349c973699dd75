"""Power sums of windows over signals, images and volumes."""

from __future__ import annotations

from typing import Any, ClassVar

import autodiff as ad
from autodiff import Tensor
from nn.layers.images.settings import Axes, Settled

__all__ = ["LPPool1d", "LPPool2d", "LPPool3d"]


class _LPPool(Settled):
    """Power sums over any number of axes."""

    def __init__(
        self,
        norm_type: float,
        kernel_size: Axes,
        stride: Axes | None = None,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        if norm_type == 0:
            raise ValueError(f"{type(self).__name__}: norm_type must be another number, not 0")
        self.norm_type: float = norm_type
        self.kernel_size: Axes = self._lengths("kernel_size", kernel_size)
        self.stride: Axes | None = None if stride is None else self._lengths("stride", stride)
        self.ceil_mode: bool = ceil_mode

    def forward(self, input: Any) -> Tensor:
        """The roots of the power sums."""
        functions = ad.lp_pool1d, ad.lp_pool2d, ad.lp_pool3d
        return self._applied(functions[self._axes - 1], input)


class LPPool1d(_LPPool):
    """Power sums of windows over signals (N, C, L) or (C, L); arguments as `LPPool2d`.

    Example:
        >>> LPPool1d(2, 2)([[3.0, 4.0, 0.0, 2.0]]).tolist()
        [[5.0, 2.0]]
    """

    _axes: ClassVar[int] = 1


class LPPool2d(_LPPool):
    """(Σ x^p)^(1/p) over windows of images; see `autodiff.lp_pool2d`.

    Args:
        norm_type: p, not 0. As in PyTorch no absolute values are taken: for odd p a sum may be
            negative, and its root is then nan.
        kernel_size: lengths k of the window; a number, or one for each axis.
        stride: steps s between its places; the window's own lengths if not given.
        ceil_mode: whether a last window may reach over the end; its sum is then scaled up to a
            whole window.

    The input is of shape (N, C, H, W) or (C, H, W), the output of shape (N, C, H', W') or
    (C, H', W'), with H' = (H − k) // s + 1. Where a sum is 0 its gradient is 0.

    Raises:
        ValueError: a number is out of range.
        ShapeError: in a call, the input has other axes, or is smaller than the window.

    Example:
        >>> LPPool2d(2, 2)([[[3.0, 4.0], [0.0, 0.0]]]).tolist()
        [[[5.0]]]
    """

    _axes: ClassVar[int] = 2


class LPPool3d(_LPPool):
    """Power sums of windows over volumes (N, C, D, H, W) or (C, D, H, W); as `LPPool2d`.

    Example:
        >>> import numpy as np
        >>> LPPool3d(2, (2, 2, 1))(np.ones((1, 2, 2, 1))).tolist()
        [[[[2.0]]]]
    """

    _axes: ClassVar[int] = 3
