"""Transposed convolution of signals, images and volumes, in PyTorch's signatures and layouts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodiff.errors import ShapeError
from autodiff.functions.images.spatial import check_weight, kernels_of, per_axis, unbatched
from autodiff.functions.shaping.shaping import reshape
from autodiff.ops.images import convolution as _ops
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
]

Axes = int | tuple[int, ...]


def conv_transpose1d(
    x: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Axes = 1,
    padding: Axes = 0,
    output_padding: Axes = 0,
    groups: int = 1,
    dilation: Axes = 1,
) -> Tensor:
    """Transposed convolution of signals; parameters as for `conv_transpose2d`.

    Example:
        >>> conv_transpose1d([[1.0, 2.0]], [[[1.0, 1.0]]], stride=2).tolist()
        [[1.0, 1.0, 2.0, 2.0]]
    """
    return _transpose(
        "conv_transpose1d", 1, x, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_transpose2d(
    x: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Axes = 1,
    padding: Axes = 0,
    output_padding: Axes = 0,
    groups: int = 1,
    dilation: Axes = 1,
) -> Tensor:
    """Transposed convolution of images: each element spreads a kernel over the result.

    It is the derivative of `conv2d` by its input, with the weight of that convolution.

    Args:
        x: of shape (N, C, H, W), or (C, H, W) for a single image.
        weight: of shape (C, O / groups, kH, kW).
        bias: of shape (O,), or None.
        stride: s, steps between the spread kernels; a number, or one for each axis.
        padding: p, what is cut off on both sides of each axis.
        output_padding: q, additional length at the end of each axis; smaller than the
            stride or the dilation.
        groups: of channels that do not mix.
        dilation: d, steps between the taps of the kernel.

    Returns:
        A tensor of shape (N, O, H', W') or (O, H', W'),
        with H' = (H − 1)·s − 2p + d·(kH − 1) + q + 1.

    Raises:
        ShapeError: shapes do not fit, or nothing is left of the result.
        ValueError: a setting is out of range.

    Example:
        >>> import numpy as np
        >>> conv_transpose2d(np.ones((1, 1, 2)), np.ones((1, 1, 2, 2))).tolist()
        [[[1.0, 2.0, 1.0], [1.0, 2.0, 1.0]]]
    """
    return _transpose(
        "conv_transpose2d", 2, x, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_transpose3d(
    x: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Axes = 1,
    padding: Axes = 0,
    output_padding: Axes = 0,
    groups: int = 1,
    dilation: Axes = 1,
) -> Tensor:
    """Transposed convolution of volumes; parameters as for `conv_transpose2d`.

    Example:
        >>> import numpy as np
        >>> conv_transpose3d(np.ones((1, 1, 1, 1)), np.ones((1, 1, 1, 1, 2))).tolist()
        [[[[1.0, 1.0]]]]
    """
    return _transpose(
        "conv_transpose3d", 3, x, weight, bias, stride, padding, output_padding, groups, dilation
    )


def _transpose(
    name: str,
    n: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: int,
    dilation: Any,
) -> Tensor:
    x, weight, bias = kernels_of(name, n, x, weight, bias, groups)
    x, single = unbatched(name, x, n, "C")
    stride = per_axis(name, "stride", stride, n)
    dilation = per_axis(name, "dilation", dilation, n)
    padding = per_axis(name, "padding", padding, n, low=0)
    more = per_axis(name, "output_padding", output_padding, n, low=0)
    if any(q >= max(s, d) for q, s, d in zip(more, stride, dilation, strict=True)):
        raise ValueError(
            f"{name}() was given output_padding={more}, which must be smaller than the "
            f"stride {stride} or the dilation {dilation}"
        )
    check_weight(name, x, weight, bias, groups, 0)
    shape = tuple(
        (length - 1) * s - 2 * p + d * (k - 1) + q + 1
        for length, s, p, d, k, q in zip(
            x.shape[2:], stride, padding, dilation, weight.shape[2:], more, strict=True
        )
    )
    if any(length < 1 for length in shape):
        raise ShapeError(
            f"{name}() of x with shape {x.shape} and weight with shape {weight.shape} would have "
            f"the spatial lengths {shape}; give a smaller padding than {padding}"
        )
    y = apply(
        _ops.convolution_input,
        x,
        weight,
        shape=shape,
        stride=stride,
        padding=tuple((p, p - q) for p, q in zip(padding, more, strict=True)),
        dilation=dilation,
        groups=groups,
    )
    if bias is not None:
        y = y + reshape(bias, (-1,) + (1,) * n)
    return y[0] if single else y
