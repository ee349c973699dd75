"""Normalisation of features, channels and groups of channels, as in PyTorch."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.errors import NonDifferentiableError, ShapeError
from autodiff.functions.elementwise.elementwise import sqrt, square
from autodiff.functions.networks.running_figures import track
from autodiff.functions.reductions.reductions import mean, plain_axis
from autodiff.graph.settings import setting
from autodiff.ops.networks import normalization as _ops
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "group_norm",
    "instance_norm",
    "layer_norm",
    "rms_norm",
    "standardize",
]

Shape = int | tuple[int, ...]


def layer_norm(
    x: TensorLike,
    normalized_shape: Shape,
    weight: TensorLike | None = None,
    bias: TensorLike | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """(x − μ) / √(σ² + ε) · γ + β, with μ and σ² over the last axes of each sample.

    Source: Ba, Kiros and Hinton, "Layer Normalization", 2016, equation 4.

    Args:
        x: of shape (…, *normalized_shape).
        normalized_shape: the last lengths of ``x``; a number for one axis.
        weight: γ of that shape, or None for 1.
        bias: β of that shape, or None for 0.
        eps: ε, keeps the division finite.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> layer_norm([[1.0, 3.0]], 2, eps=0.0).tolist()
        [[-1.0, 1.0]]
    """
    x, weight, bias = operands_of((x, weight, bias))
    x, axes = _last_axes("layer_norm", x, normalized_shape, weight, bias)
    return _standardized(x, axes, weight, bias, setting(eps, "layer_norm", "eps"))


def standardize(
    x: TensorLike,
    axis: int | tuple[int, ...],
    weight: TensorLike | None = None,
    bias: TensorLike | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """(x − μ) / √(σ² + ε) · γ + β, with μ and σ² along axes: what most normalisations are.

    Args:
        x: tensor or array.
        axis: the axes along which mean and variance are taken.
        weight: γ, broadcast to ``x``; or None for 1.
        bias: β, broadcast to ``x``; or None for 0.
        eps: ε, keeps the division finite.

    Returns:
        A tensor of the shape of ``x``.

    Derivative: of the gradient g of the result y, x receives
    (g − mean(g) − y ⊙ mean(g ⊙ y)) / √(var(x) + eps).

    Example:
        >>> standardize([[1.0, 3.0], [5.0, 2.0]], axis=0, eps=0.0).tolist()
        [[-1.0, 1.0], [1.0, -1.0]]
    """
    x, weight, bias = operands_of((x, weight, bias))
    x = real_floating("standardize", x)
    eps = setting(eps, "standardize", "eps")
    return _standardized(x, plain_axis(axis), weight, bias, eps)


def rms_norm(
    x: Any, normalized_shape: Shape, weight: Any = None, eps: float | None = None
) -> Tensor:
    """x / √(mean of x² + ε) · γ, the mean over the last axes of each sample.

    Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019, equation 4.

    Args:
        x: of shape (…, *normalized_shape).
        normalized_shape: the last lengths of ``x``; a number for one axis.
        weight: γ of that shape, or None for 1.
        eps: ε, keeps the division finite; the resolution of the dtype by default.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> rms_norm([[2.0, 2.0]], 2, eps=12.0).tolist()
        [[0.5, 0.5]]
    """
    x, weight = operands_of((x, weight))
    x, axes = _last_axes("rms_norm", x, normalized_shape, weight, None)
    tiny = float(np.finfo(x.dtype).eps) if eps is None else eps
    return _scaled(x / sqrt(mean(square(x), axis=axes, keepdims=True) + tiny), weight, None)


def group_norm(
    x: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Tensor:
    """Mean 0 and variance 1 over the elements of every group of channels of each sample.

    Source: Wu and He, "Group Normalization", 2018, section 3.

    Args:
        x: of shape (N, C, …).
        num_groups: how many groups of equal size the channels are in.
        weight: a factor for every channel, of shape (C,), or None.
        bias: a summand for every channel, of shape (C,), or None.
        eps: keeps the division finite.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: the shapes do not fit.
        ValueError: there is no group.

    Example:
        >>> group_norm([[1.0, 3.0, 5.0, 5.0]], 2, eps=0.01).tolist()[0][2:]
        [0.0, 0.0]
    """
    x, weight, bias = operands_of((x, weight, bias))
    x, groups = real_floating("group_norm", x), operator.index(num_groups)
    if groups < 1:
        raise ValueError(f"group_norm() was given num_groups={groups}; give a positive number")
    if x.ndim < 2 or x.shape[1] % groups:
        raise ShapeError(
            f"group_norm() was given shape {x.shape}; give (N, C, …) with C a multiple of "
            f"num_groups={groups}"
        )
    _check_channels("group_norm", x, weight, bias)
    each = x.shape[1] // groups
    parts = x.reshape((x.shape[0], groups, each, math.prod(x.shape[2:])))
    factors, summands = (
        None if given is None else as_operand(given).reshape((groups, each, 1))
        for given in (weight, bias)
    )
    eps = setting(eps, "group_norm", "eps")
    return _standardized(parts, (2, 3), factors, summands, eps).reshape(x.shape)


def instance_norm(
    x: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Mean 0 and variance 1 over space, for every channel of each sample.

    Source: Ulyanov, Vedaldi and Lempitsky, "Instance Normalization", 2016, equation 2.

    Args:
        x: of shape (N, C, …) with at least one axis of space.
        running_mean: tensor of shape (C,), used where ``use_input_stats`` is false, and
            updated in place where it is true; or None.
        running_var: likewise, of the unbiased variance.
        weight: a factor for every channel, of shape (C,), or None.
        bias: a summand for every channel, of shape (C,), or None.
        use_input_stats: whether mean and variance are those of the input.
        momentum: weight of the input in the running figures.
        eps: keeps the division finite.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: the shapes do not fit.
        TypeError: running figures that are to be updated are no tensors.
        ValueError: running figures are needed, or every channel has one element only.

    Example:
        >>> instance_norm([[[1.0, 3.0]]], eps=0.0).tolist()
        [[[-1.0, 1.0]]]
    """
    known: Any = (None, None) if use_input_stats else (running_mean, running_var)
    x, weight, bias, *known = operands_of((x, weight, bias, *known))
    x = real_floating("instance_norm", x)
    if x.ndim < 3:
        raise ShapeError(f"instance_norm() takes x of shape (N, C, …), not {x.shape}")
    _check_channels("instance_norm", x, weight, bias)
    if use_input_stats:
        axes = tuple(range(2, x.ndim))
        count = math.prod(x.shape[2:])
        if count == 1 and x.size:
            raise ValueError(
                f"instance_norm() was given x of shape {x.shape}, whose channels have one element "
                "each: their mean is themselves; give at least two, or use_input_stats=False"
            )
        if running_mean is not None and running_var is not None and x.size:
            means, variances = arrays.mean_variance(x._data, axes)
            track(running_mean, np.mean(means, axis=0), momentum)
            track(running_var, np.mean(variances, axis=0) * (count / (count - 1)), momentum)
        factors, summands = _column(weight, x.ndim), _column(bias, x.ndim)
        return _standardized(x, axes, factors, summands, setting(eps, "instance_norm", "eps"))
    if running_mean is None or running_var is None:
        raise ValueError(
            "instance_norm() with use_input_stats=False needs running_mean and running_var"
        )
    centre, variance = (_column(one, x.ndim) for one in known)
    y = (x - centre) / sqrt(variance + eps)
    return _scaled(y, _column(weight, x.ndim), _column(bias, x.ndim))


def real_floating(name: str, x: Any) -> Any:
    """An operand of real floating-point numbers; whole ones become float64.

    Example:
        >>> real_floating("layer_norm", [1, 2]).dtype
        dtype('float64')
    """
    x = as_operand(x)
    if x.dtype.kind == "c":
        raise NonDifferentiableError(
            f"{name}() was given complex numbers; normalise a real number made of them, such as "
            "autodiff.abs(z)"
        )
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def _last_axes(name: str, x: Any, normalized_shape: Any, weight: Any, bias: Any) -> Any:
    x = real_floating(name, x)
    whole = hasattr(normalized_shape, "__len__")
    lengths = tuple(normalized_shape) if whole else (operator.index(normalized_shape),)
    n = len(lengths)
    if not n or x.shape[max(x.ndim - n, 0) :] != lengths:
        raise ShapeError(
            f"{name}() was given x of shape {x.shape} and normalized_shape={lengths}; give the "
            "last lengths of x, one or more"
        )
    for what, given in (("weight", weight), ("bias", bias)):
        if given is not None and given.shape != lengths:
            raise ShapeError(
                f"{name}() was given a {what} of shape {given.shape}; it must be {lengths}, "
                "the normalized_shape"
            )
    return x, tuple(range(x.ndim - n, x.ndim))


def _check_channels(name: str, x: Any, weight: Any, bias: Any) -> None:
    for what, given in (("weight", weight), ("bias", bias)):
        if given is not None and given.shape != x.shape[1:2]:
            raise ShapeError(
                f"{name}() was given x of shape {x.shape} and a {what} of shape "
                f"{given.shape}; give one number for each channel, shape {x.shape[1:2]}"
            )


def _column(given: Any, ndim: int) -> Any:
    return None if given is None else as_operand(given).reshape((-1,) + (1,) * (ndim - 2))


def _standardized(x: Any, axis: Any, weight: Any, bias: Any, eps: float) -> Tensor:
    if weight is not None and bias is not None and weight.shape == bias.shape:
        repeated = x.shape[x.ndim - weight.ndim :] == weight.shape
        repeated = repeated or np.broadcast_shapes(x.shape, weight.shape) == x.shape
        if repeated and weight.dtype == bias.dtype == x.dtype:
            return apply(_ops.affine_standardize, x, weight, bias, axis=axis, eps=eps)
    return _scaled(apply(_ops.standardize, x, axis=axis, eps=eps), weight, bias)


def _scaled(y: Tensor, weight: Any, bias: Any) -> Tensor:
    y = y if weight is None else y * weight
    return y if bias is None else y + bias
