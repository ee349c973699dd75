"""Channels traded for space, and channels mixed between groups."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.layers import making
from nn.layers.images.settings import Settled

__all__ = ["ChannelShuffle", "PixelShuffle", "PixelUnshuffle"]


class PixelShuffle(Settled):
    """Groups of r² channels laid out as squares of r by r elements; see `autodiff.pixel_shuffle`.

    Source: Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient
    Sub-Pixel Convolutional Neural Network", 2016.

    Args:
        upscale_factor: r.

    The input is of shape (…, C·r², H, W), the output of shape (…, C, H·r, W·r).

    Raises:
        ValueError: r is not a positive whole number.
        ShapeError: in a call, the number of channels is no multiple of r².

    Example:
        >>> PixelShuffle(2)([[[1.0]], [[2.0]], [[3.0]], [[4.0]]]).tolist()
        [[[1.0, 2.0], [3.0, 4.0]]]
    """

    def __init__(self, upscale_factor: int) -> None:
        super().__init__()
        self.upscale_factor: int = making.whole("PixelShuffle", "upscale_factor", upscale_factor)

    def forward(self, input: Any) -> Tensor:
        """The rearranged input."""
        return self._applied(ad.pixel_shuffle, input)


class PixelUnshuffle(Settled):
    """The inverse of `PixelShuffle`: squares of r by r elements become r² channels.

    Args:
        downscale_factor: r.

    The input is of shape (…, C, H·r, W·r), the output of shape (…, C·r², H, W).

    Raises:
        ValueError: r is not a positive whole number.
        ShapeError: in a call, a length is no multiple of r.

    Example:
        >>> PixelUnshuffle(2)([[[1.0, 2.0], [3.0, 4.0]]]).tolist()
        [[[1.0]], [[2.0]], [[3.0]], [[4.0]]]
    """

    def __init__(self, downscale_factor: int) -> None:
        super().__init__()
        self.downscale_factor: int = making.whole(
            "PixelUnshuffle", "downscale_factor", downscale_factor
        )

    def forward(self, input: Any) -> Tensor:
        """The rearranged input."""
        return self._applied(ad.pixel_unshuffle, input)


class ChannelShuffle(Settled):
    """Channels in an order that takes one from each group in turn; see `autodiff.channel_shuffle`.

    Source: Zhang et al., "ShuffleNet", 2018, section 3.1.

    Args:
        groups: how many groups of equal size the channels are in.

    The input is of shape (N, C, …), and so is the output.

    Raises:
        ValueError: the number of groups is not a positive whole number.
        ShapeError: in a call, the number of channels is no multiple of it.

    Example:
        >>> ChannelShuffle(2)([[1.0, 2.0, 3.0, 4.0]]).tolist()
        [[1.0, 3.0, 2.0, 4.0]]
    """

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups: int = making.whole("ChannelShuffle", "groups", groups)

    def forward(self, input: Any) -> Tensor:
        """The rearranged input."""
        return self._applied(ad.channel_shuffle, input)
