"""Convolution of signals, images and volumes, in PyTorch's signatures and layouts.

As in PyTorch these are cross-correlations: the kernel is not turned over. Results have the
usual shape, and memory ordered channels first, which the next convolution and everything
elementwise keep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodiff.functions.images.spatial import (
    check_weight,
    kernels_of,
    pairs_of,
    per_axis,
    unbatched,
)
from autodiff.ops.images import convolution as _ops
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "conv1d",
    "conv2d",
    "conv3d",
]

Axes = int | tuple[int, ...]


def conv1d(
    x: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Axes = 1,
    padding: Axes | str = 0,
    dilation: Axes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution of signals; parameters as for `conv2d`, with one spatial axis.

    Derivative: of the result's gradient g, x receives g ⋆ᵀ weight, each g spread over its window
    with the weights; weight receives x ⋆ᵂ g, each window times its g, added up; bias receives g
    summed over all but the channels.

    Example:
        >>> conv1d([[1.0, 2.0, 4.0]], [[[1.0, -1.0]]]).tolist()
        [[-1.0, -2.0]]
    """
    return _conv("conv1d", 1, x, weight, bias, stride, padding, dilation, groups)


def conv2d(
    x: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Axes = 1,
    padding: Axes | str = 0,
    dilation: Axes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution of images: sums of products of a kernel with the image at all its places.

    y[n, o, i, j] = b[o] + Σ w[o, c, k, l] · x[n, c, s·i + d·k − p, s·j + d·l − p]

    Args:
        x: of shape (N, C, H, W), or (C, H, W) for a single image.
        weight: of shape (O, C / groups, kH, kW).
        bias: b of shape (O,), or None.
        stride: s, steps between places; a number, or one for each axis.
        padding: p, zeros on both sides of each axis; ``"valid"`` for none, ``"same"`` for
            as many as keep the lengths (stride 1 only).
        dilation: d, steps between the taps of the kernel.
        groups: of channels that do not mix.

    Returns:
        A tensor of shape (N, O, H', W') or (O, H', W'),
        with H' = (H + 2p − d·(kH − 1) − 1) // s + 1.

    Raises:
        ShapeError: shapes do not fit, or the kernel is larger than the padded image.
        ValueError: a setting is out of range, or ``"same"`` is asked for with strides.

    Derivative: of the result's gradient g, x receives g ⋆ᵀ weight, each g spread over its window
    with the weights; weight receives x ⋆ᵂ g, each window times its g, added up; bias receives g
    summed over all but the channels.

    Example:
        >>> import numpy as np
        >>> x, weight = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
        >>> conv2d(x, weight, padding="same").tolist()
        [[[[4.0, 4.0, 2.0], [4.0, 4.0, 2.0], [2.0, 2.0, 1.0]]]]
    """
    return _conv("conv2d", 2, x, weight, bias, stride, padding, dilation, groups)


def conv3d(
    x: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Axes = 1,
    padding: Axes | str = 0,
    dilation: Axes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution of volumes; parameters as for `conv2d`, with three spatial axes.

    Derivative: of the result's gradient g, x receives g ⋆ᵀ weight, each g spread over its window
    with the weights; weight receives x ⋆ᵂ g, each window times its g, added up; bias receives g
    summed over all but the channels.

    Example:
        >>> import numpy as np
        >>> conv3d(np.ones((1, 2, 2, 2)), np.ones((1, 1, 2, 2, 2))).tolist()
        [[[[8.0]]]]
    """
    return _conv("conv3d", 3, x, weight, bias, stride, padding, dilation, groups)


def _conv(
    name: str,
    n: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
) -> Tensor:
    x, weight, bias = kernels_of(name, n, x, weight, bias, groups)
    x, single = unbatched(name, x, n, "C")
    stride = per_axis(name, "stride", stride, n)
    dilation = per_axis(name, "dilation", dilation, n)
    if isinstance(padding, str):
        padding = _named_padding(name, padding, weight.shape[2:], stride, dilation)
    else:
        padding = pairs_of(per_axis(name, "padding", padding, n, low=0))
    check_weight(name, x, weight, bias, groups, 1)
    y = apply(
        _ops.convolution,
        x,
        weight,
        *(() if bias is None else (bias,)),
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )
    return y[0] if single else y


def _named_padding(name: str, padding: str, kernel: Any, stride: Any, dilation: Any) -> Any:
    if padding == "valid":
        return pairs_of((0,) * len(kernel))
    if padding != "same":
        raise ValueError(
            f"{name}() takes padding='valid', padding='same' or numbers, not {padding!r}"
        )
    if any(s != 1 for s in stride):
        raise ValueError(
            f"{name}() with padding='same' needs stride 1, and stride={stride} was given; "
            "give the padding as numbers"
        )
    totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    return tuple((total // 2, total - total // 2) for total in totals)
