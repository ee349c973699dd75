"""Transposed convolution of signals, images and volumes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.init.registry import Initializer
from nn.layers import making
from nn.layers.images.kernels import Kernels
from nn.layers.images.settings import Axes
from nn.module.resetting import Resettable

__all__ = ["ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"]


class _TransposedConvolution(Resettable, Kernels):
    """A transposed convolution over any number of axes."""

    _transposed: ClassVar[bool] = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Axes,
        stride: Axes = 1,
        padding: Axes = 0,
        output_padding: Axes = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Axes = 1,
        padding_mode: str = "zeros",
        *,
        init: str | Initializer | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> None:
        kind = type(self).__name__
        if padding_mode != "zeros":
            raise ValueError(
                f"{kind}: padding_mode must be 'zeros', not {padding_mode!r}: the padding is cut "
                "off the output, and nothing is put in its place"
            )
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
            init,
            rng,
            dtype,
        )
        self.output_padding: tuple[int, ...] = self._each("output_padding", output_padding, 0)
        self.padding_mode: str = padding_mode

    def forward(self, input: Any, output_size: Sequence[int] | None = None) -> Tensor:
        """The transposed convolution, of shape (N, out_channels, …) or (out_channels, …).

        Args:
            input: the input.
            output_size: lengths of the output, which take the place of ``output_padding``; or
                its whole shape.
        """
        input = self._fitted(input)
        more = self._setting("output_padding")
        if output_size is not None:
            more = self._missing(input.shape, output_size)
        return self._called(
            (ad.conv_transpose1d, ad.conv_transpose2d, ad.conv_transpose3d)[self._axes - 1],
            input,
            self.weight,
            self.bias,
            self._setting("stride"),
            self._setting("padding"),
            more,
            self._setting("groups"),
            self._setting("dilation"),
        )

    def _missing(self, shape: tuple[int, ...], output_size: Sequence[int]) -> tuple[int, ...]:
        """What has to be added to the end of each axis for an output of this size."""
        names = "stride", "padding", "dilation", "kernel_size"
        each = zip(shape[-self._axes :], *(self._setting(name) for name in names), strict=True)
        least = [(n - 1) * s - 2 * p + d * (k - 1) + 1 for n, s, p, d, k in each]
        wanted = list(output_size)[-self._axes :]
        most = [n + s - 1 for n, s in zip(least, self.stride, strict=True)]
        fits = [a <= n <= b for a, n, b in zip(least, wanted, most, strict=False)]
        if len(output_size) not in (self._axes, len(shape)) or not all(fits):
            raise ShapeError(
                f"{making.named(self)} was given output_size={tuple(output_size)} for an input of "
                f"shape {shape}; give {self._axes} lengths, from {tuple(least)} to {tuple(most)}"
            )
        return tuple(n - a for a, n in zip(least, wanted, strict=True))


class ConvTranspose1d(_TransposedConvolution):
    """Transposed convolution of signals (N, C, L) or (C, L); arguments as `ConvTranspose2d`.

    Example:
        >>> ConvTranspose1d(2, 4, 2, stride=2)([[1.0] * 5] * 2).shape
        (4, 10)
    """

    _axes: ClassVar[int] = 1


class ConvTranspose2d(_TransposedConvolution):
    """Transposed convolution of images: each element spreads a kernel over a larger image.

    It is the derivative of `Conv2d` by its input, with the weight of that convolution; see
    `autodiff.conv_transpose2d`.

    Args:
        in_channels: C, the channels of the input.
        out_channels: O, those of the output.
        kernel_size: lengths k of the kernel; one number, or one for each axis.
        stride: s, steps between the spread kernels.
        padding: p, what is cut off on both sides of each axis.
        output_padding: q, additional length at the end of each axis; smaller than the stride or
            the dilation.
        groups: of channels that do not mix.
        bias: whether a number is added to each channel.
        dilation: d, steps between the taps of the kernel.
        padding_mode: ``"zeros"``, as in PyTorch.
        init: how the weight begins: a name out of `nn.init.SCHEMES` or a function
            ``(shape, *, rng, dtype) -> array``; the bias then begins at zero. If not given, both
            are uniform on ±1/√(O / groups · Πk), as in PyTorch.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: parameter of shape (C, O / groups, *kernel_size).
        bias: parameter of shape (O,), or None.

    The input is of shape (N, C, H, W) or (C, H, W), the output of shape (N, O, H', W') or
    (O, H', W'), with H' = (H − 1)·s − 2p + d·(k − 1) + q + 1. A call may say ``output_size``,
    out of the lengths that a convolution with that stride would have made the input of.

    Raises:
        ValueError: a number is out of range, or ``padding_mode`` or ``init`` is unknown.
        ShapeError: in a call, the input does not have the channels or axes, or nothing is left.

    Example:
        >>> import numpy as np
        >>> layer = ConvTranspose2d(8, 3, 3, stride=2, padding=1)
        >>> x = np.zeros((10, 8, 4, 4))
        >>> layer(x).shape, layer(x, output_size=(8, 8)).shape
        ((10, 3, 7, 7), (10, 3, 8, 8))
    """

    _axes: ClassVar[int] = 2


class ConvTranspose3d(_TransposedConvolution):
    """Transposed convolution of volumes (N, C, D, H, W) or (C, D, H, W); as `ConvTranspose2d`.

    Example:
        >>> import numpy as np
        >>> ConvTranspose3d(2, 1, (1, 2, 2), stride=2)(np.zeros((2, 1, 3, 3))).shape
        (1, 1, 6, 6)
    """

    _axes: ClassVar[int] = 3
