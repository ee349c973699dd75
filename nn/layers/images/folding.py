"""Windows of images as columns, and columns put back: im2col, col2im."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.layers.images.settings import Axes, Settled

__all__ = ["Fold", "Unfold"]


class Unfold(Settled):
    """Every window of images as a column; see `autodiff.unfold`.

    Args:
        kernel_size: lengths kH, kW of the window; one number stands for two equal ones.
        dilation: steps between the elements of the window.
        padding: zeros on both sides of each axis.
        stride: steps between its places.

    The input is of shape (N, C, H, W) or (C, H, W), the output of shape (N, C·kH·kW, L) or
    (C·kH·kW, L), with L the number of places. With one or three lengths it does the same for
    signals and volumes.

    Raises:
        ValueError: in a call, a setting is out of range.
        ShapeError: in a call, the input has other axes, or is smaller than the window.

    Example:
        >>> Unfold((1, 2))([[[1.0, 2.0, 3.0]]]).tolist()
        [[1.0, 2.0], [2.0, 3.0]]
    """

    def __init__(
        self, kernel_size: Axes, dilation: Axes = 1, padding: Axes = 0, stride: Axes = 1
    ) -> None:
        super().__init__()
        self.kernel_size: Axes = kernel_size
        self.dilation: Axes = dilation
        self.padding: Axes = padding
        self.stride: Axes = stride

    def forward(self, input: Any) -> Tensor:
        """The windows."""
        return self._applied(ad.unfold, input)


class Fold(Settled):
    """Columns put back to their windows, what meets there added up; see `autodiff.fold`.

    The transpose of `Unfold`, not its inverse: an element gets one number for each window that it
    is in.

    Args:
        output_size: lengths H, W of the image.
        kernel_size: lengths kH, kW of the window; as for `Unfold`.
        dilation: steps between the elements of the window.
        padding: elements on both sides of each axis that are left out.
        stride: steps between its places.

    The input is of shape (N, C·kH·kW, L) or (C·kH·kW, L), the output of shape (N, C, H, W) or
    (C, H, W).

    Raises:
        ValueError: in a call, a setting is out of range.
        ShapeError: in a call, the columns are not those of such windows.

    Example:
        >>> Fold((1, 3), (1, 2))([[1.0, 2.0], [2.0, 3.0]]).tolist()
        [[[1.0, 4.0, 3.0]]]
    """

    def __init__(
        self,
        output_size: Axes,
        kernel_size: Axes,
        dilation: Axes = 1,
        padding: Axes = 0,
        stride: Axes = 1,
    ) -> None:
        super().__init__()
        self.output_size: Axes = output_size
        self.kernel_size: Axes = kernel_size
        self.dilation: Axes = dilation
        self.padding: Axes = padding
        self.stride: Axes = stride

    def forward(self, input: Any) -> Tensor:
        """The image."""
        return self._applied(ad.fold, input)
