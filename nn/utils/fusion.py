"""Batch normalisation after training, taken into the weights of the layer before it."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

import numpy as np

import autodiff as ad
from nn.module.base import Module
from nn.module.parameter import Parameter

__all__ = [
    "fuse_conv_bn_eval",
    "fuse_conv_bn_weights",
    "fuse_linear_bn_eval",
    "fuse_linear_bn_weights",
]

M = TypeVar("M", bound=Module)
Fused = tuple[Parameter, Parameter]


def fuse_conv_bn_eval(conv: M, bn: Module, transpose: bool = False) -> M:
    """A convolution that gives what a convolution and batch normalisation after it give.

    Args:
        conv: a convolution, in use (`Module.eval`).
        bn: the batch normalisation, likewise, with running figures.
        transpose: whether it is a transposed convolution (of one group).

    Raises:
        ValueError: one of them is in training, or there are no running figures.

    Example:
        >>> import nn
        >>> conv, bn = nn.Conv2d(1, 2, 3).eval(), nn.BatchNorm2d(2).eval()
        >>> fuse_conv_bn_eval(conv, bn)
        Conv2d(1, 2, 3)  # 20 parameters
    """
    return _fused(conv, bn, transpose)


def fuse_conv_bn_weights(
    conv_w: Any,
    conv_b: Any,
    bn_rm: Any,
    bn_rv: Any,
    bn_eps: float,
    bn_w: Any,
    bn_b: Any,
    transpose: bool = False,
) -> Fused:
    """Weight and bias of `fuse_conv_bn_eval`: w γ/√(σ² + ε) and (b − μ) γ/√(σ² + ε) + β.

    Args:
        conv_w: the weight w.
        conv_b: the bias b, or None.
        bn_rm: the running mean μ.
        bn_rv: the running variance σ².
        bn_eps: ε.
        bn_w: γ, or None for 1.
        bn_b: β, or None for 0.
        transpose: whether the axis of the channels that come out is the second of the weight.
    """
    with ad.no_grad():
        scale = 1.0 / ad.sqrt(bn_rv + bn_eps)
        scale = scale if bn_w is None else scale * bn_w
        axis = 1 if transpose else 0
        shape = [-1 if i == axis else 1 for i in range(conv_w.ndim)]
        weight = conv_w * ad.reshape(scale, shape)
        bias = (-bn_rm if conv_b is None else conv_b - bn_rm) * scale
        bias = bias if bn_b is None else bias + bn_b
    kept = conv_w.dtype if conv_b is None else conv_b.dtype
    return _like(weight, conv_w, conv_w.dtype), _like(bias, conv_b, kept)


def fuse_linear_bn_eval(linear: M, bn: Module) -> M:
    """A linear layer that gives what one and batch normalisation after it give.

    Args:
        linear: the layer, in use (`Module.eval`).
        bn: the batch normalisation of its outputs, likewise, with running figures.

    Raises:
        ValueError: one of them is in training, or there are no running figures.

    Example:
        >>> import nn
        >>> fuse_linear_bn_eval(nn.Linear(2, 3).eval(), nn.BatchNorm1d(3).eval())
        Linear(2, 3)  # 9 parameters
    """
    return _fused(linear, bn, False)


def fuse_linear_bn_weights(
    linear_w: Any, linear_b: Any, bn_rm: Any, bn_rv: Any, bn_eps: float, bn_w: Any, bn_b: Any
) -> Fused:
    """Weight and bias of `fuse_linear_bn_eval`; see `fuse_conv_bn_weights`.

    Args:
        linear_w: the weight.
        linear_b: the bias, or None.
        bn_rm: the running mean.
        bn_rv: the running variance.
        bn_eps: ε.
        bn_w: γ, or None for 1.
        bn_b: β, or None for 0.
    """
    return fuse_conv_bn_weights(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b)


def _fused(layer: M, bn: Any, transpose: bool) -> M:
    for module in (layer, bn):
        if module.training:
            raise ValueError(
                f"{type(module).__name__} is in training, where batch normalisation follows every "
                "batch; call eval() on both, and fuse then"
            )
    if bn.running_mean is None or bn.running_var is None:
        raise ValueError(
            f"{type(bn).__name__} keeps no running figures, so there is nothing to be fused; "
            "build it with track_running_stats=True and train it"
        )
    made: Any = copy.deepcopy(layer)
    made.weight, made.bias = fuse_conv_bn_weights(
        made.weight,
        made.bias,
        bn.running_mean,
        bn.running_var,
        bn.eps,
        bn.weight,
        bn.bias,
        transpose,
    )
    return made  # type: ignore[no-any-return]


def _like(numbers: Any, old: Any, dtype: Any) -> Parameter:
    needs = old is not None and old.requires_grad
    role = "bias" if old is None else getattr(old, "role", None)
    return Parameter(np.asarray(numbers.data, dtype), needs, role=role)
