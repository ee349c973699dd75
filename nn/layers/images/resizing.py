"""Signals, images and volumes in another size."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.layers.images.settings import Settled

__all__ = ["Upsample", "UpsamplingBilinear2d", "UpsamplingNearest2d"]

Sizes = int | tuple[int, ...]
Factors = float | tuple[float, ...]


class Upsample(Settled):
    """Signals, images or volumes resampled to another size; see `autodiff.interpolate`.

    Args:
        size: the new lengths; a number, or one for each axis.
        scale_factor: in place of ``size``: by how much the lengths grow, rounded down.
        mode: ``"nearest"``, ``"linear"`` for signals, ``"bilinear"`` or ``"bicubic"`` for
            images, ``"trilinear"`` for volumes, ``"nearest-exact"`` or ``"area"``.
        align_corners: whether the outermost elements are at their centers of the outermost
            elements (true) or share their outer edges (false, the default).
        recompute_scale_factor: compute positions from the rounded new lengths, not from
            ``scale_factor``.

    The input is of shape (N, C, L), (N, C, H, W) or (N, C, D, H, W), the output of shape
    (N, C, *size).

    Raises:
        ValueError: not exactly one of size and factor is given.
        ShapeError: in a call, the input does not have the axes that the mode is for.

    Example:
        >>> Upsample(scale_factor=2)([[[1.0, 2.0]]]).tolist()
        [[[1.0, 1.0, 2.0, 2.0]]]
        >>> Upsample(4, mode="linear")([[[0.0, 4.0]]]).tolist()
        [[[0.0, 1.0, 3.0, 4.0]]]
    """

    def __init__(
        self,
        size: Sizes | None = None,
        scale_factor: Factors | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        super().__init__()
        if (size is None) == (scale_factor is None):
            raise ValueError(
                f"{type(self).__name__}: give either size or scale_factor, and not size={size!r} "
                f"with scale_factor={scale_factor!r}"
            )
        self.size: Sizes | None = tuple(size) if isinstance(size, list) else size
        self.scale_factor: Factors | None = (
            tuple(scale_factor) if isinstance(scale_factor, list) else scale_factor
        )
        self.mode: str = mode
        self.align_corners: bool | None = align_corners
        self.recompute_scale_factor: bool | None = recompute_scale_factor

    def forward(self, input: Any) -> Tensor:
        """The input in the other size."""
        settings = {name: self._setting(name) for name in Upsample._arguments}
        return self._called(ad.interpolate, input, **settings)


class UpsamplingNearest2d(Upsample):
    """Images in which every element is repeated; `Upsample` with mode ``"nearest"``.

    Args:
        size: the new lengths; a number, or one for each axis.
        scale_factor: in place of ``size``: by how much the lengths grow, rounded down.

    Example:
        >>> UpsamplingNearest2d(scale_factor=2)([[[[1.0, 2.0]]]]).tolist()
        [[[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]]
    """

    def __init__(self, size: Sizes | None = None, scale_factor: Factors | None = None) -> None:
        super().__init__(size, scale_factor, "nearest")


class UpsamplingBilinear2d(Upsample):
    """Images resampled linearly, corner on corner; `Upsample` with mode ``"bilinear"``.

    Args:
        size: the new lengths; a number, or one for each axis.
        scale_factor: in place of ``size``: by how much the lengths grow, rounded down.

    Example:
        >>> UpsamplingBilinear2d((1, 3))([[[[1.0, 2.0]]]]).tolist()
        [[[[1.0, 1.5, 2.0]]]]
    """

    def __init__(self, size: Sizes | None = None, scale_factor: Factors | None = None) -> None:
        super().__init__(size, scale_factor, "bilinear", True)
