"""Convolution of signals, images and volumes."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

import autodiff as ad
from autodiff import Tensor
from nn.functional.padding import pad
from nn.init.registry import Initializer
from nn.layers.images.kernels import Kernels
from nn.layers.images.settings import Axes
from nn.module.resetting import Resettable

__all__ = ["Conv1d", "Conv2d", "Conv3d"]

_MODES = ("zeros", "reflect", "replicate", "circular")


class _Convolution(Resettable, Kernels):
    """A convolution over any number of axes."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Axes,
        stride: Axes = 1,
        padding: Axes | str = 0,
        dilation: Axes = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        *,
        init: str | Initializer | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> None:
        kind = type(self).__name__
        if padding_mode not in _MODES:
            raise ValueError(
                f"{kind}: padding_mode must be {', '.join(map(repr, _MODES[:-1]))} or "
                f"{_MODES[-1]!r}, not {padding_mode!r}"
            )
        if isinstance(padding, str) and padding not in ("same", "valid"):
            raise ValueError(f"{kind}: padding must be 'same', 'valid' or numbers, not {padding!r}")
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
        if padding == "same" and set(self.stride) != {1}:
            raise ValueError(
                f"{kind}: padding='same' needs stride 1, and stride={stride!r} was given; give "
                "the padding as numbers"
            )
        self.padding_mode: str = padding_mode

    def forward(self, input: Any) -> Tensor:
        """The convolution of the input, of shape (N, out_channels, …) or (out_channels, …)."""
        input, padding, mode = (
            self._fitted(input),
            self._setting("padding"),
            self._setting("padding_mode"),
        )
        if mode != "zeros" and padding != "valid":
            input, padding = self._called(pad, input, self._border(padding), mode), 0
        return self._called(
            (ad.conv1d, ad.conv2d, ad.conv3d)[self._axes - 1],
            input,
            self.weight,
            self.bias,
            self._setting("stride"),
            padding,
            self._setting("dilation"),
            self._setting("groups"),
        )

    def _border(self, padding: Any) -> list[int]:
        """What is added before and after each axis, the last axis first."""
        pairs = [(number, number) for number in padding]
        if padding == "same":
            taps = zip(self.weight.shape[2:], self._setting("dilation"), strict=True)
            totals = [d * (k - 1) for k, d in taps]
            pairs = [(total // 2, total - total // 2) for total in totals]
        return [number for pair in reversed(pairs) for number in pair]


class Conv1d(_Convolution):
    """Convolution of signals (N, C, L) or (C, L); arguments as for `Conv2d`, with one axis.

    Example:
        >>> Conv1d(2, 4, 3, padding="same", padding_mode="circular")([[1.0] * 5] * 2).shape
        (4, 5)
    """

    _axes: ClassVar[int] = 1


class Conv2d(_Convolution):
    """Convolution of images: every output channel is a sum of products with a small kernel.

    y[n, o, i, j] = b[o] + Σ w[o, c, k, l] · x[n, c, s·i + d·k − p, s·j + d·l − p], computed in
    the float type of the weight; see `autodiff.conv2d`.

    Args:
        in_channels: C, the channels of the input.
        out_channels: O, those of the output.
        kernel_size: lengths k of the kernel; one number, or one for each axis.
        stride: s, steps between its places.
        padding: p, what is added on both sides of each axis; ``"valid"`` for nothing, ``"same"``
            for as much as keeps the lengths (stride 1 only).
        dilation: d, steps between the taps of the kernel.
        groups: of channels that do not mix; as many as in_channels for a depthwise convolution.
        bias: whether b is added.
        padding_mode: what is added: ``"zeros"``, ``"reflect"`` (the image mirrored, without its
            edge), ``"replicate"`` (its edge) or ``"circular"`` (its other end).
        init: how the weight begins: a name out of `nn.init.SCHEMES` or a function
            ``(shape, *, rng, dtype) -> array``; the bias then begins at zero. If not given, both
            are uniform on ±1/√fan_in, with fan_in = C / groups · Πk, as in PyTorch.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: parameter of shape (O, C / groups, *kernel_size).
        bias: parameter of shape (O,), or None.

    The input is of shape (N, C, H, W) or, for a single image, (C, H, W), the output of shape
    (N, O, H', W') or (O, H', W'), with H' = (H + 2p − d·(k − 1) − 1) // s + 1.

    Raises:
        ValueError: a number is out of range, or ``padding``, its mode or ``init`` is unknown.
        ShapeError: in a call, the input does not have the channels or axes, or is too small.

    Example:
        >>> layer = Conv2d(3, 8, 5, padding=2)
        >>> layer
        Conv2d(3, 8, 5, padding=2)  # 608 parameters
        >>> import numpy as np
        >>> layer(np.zeros((10, 3, 16, 16))).shape
        (10, 8, 16, 16)
    """

    _axes: ClassVar[int] = 2


class Conv3d(_Convolution):
    """Convolution of volumes (N, C, D, H, W) or (C, D, H, W); arguments as for `Conv2d`.

    Example:
        >>> import numpy as np
        >>> Conv3d(1, 2, (1, 3, 3), stride=2)(np.zeros((1, 4, 7, 7))).shape
        (2, 2, 3, 3)
    """

    _axes: ClassVar[int] = 3
