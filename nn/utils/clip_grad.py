"""Gradients cut down to a size before the step: all together, each for itself, or by value."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff import asarray as as_tensor
from nn.module.base import Module

__all__ = [
    "clip_grad_norm_",
    "clip_grad_norm_each_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
]

Parameters = Tensor | Iterable[Tensor]


def get_total_norm(
    tensors: Parameters,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """The norm of several tensors, as if they were one vector: (Σ |x|ᵖ)^(1/p).

    Args:
        tensors: tensors or arrays, such as gradients.
        norm_type: p, above 0; ``inf`` for the largest element.
        error_if_nonfinite: refuse a norm that is no finite number; not in a compiled step.
        foreach: without meaning here.

    Raises:
        FloatingPointError: the norm is not finite, and that is to be an error.
        ValueError: p is not above 0.

    Example:
        >>> import numpy as np
        >>> get_total_norm([np.array([3.0]), np.array([0.0, 4.0])]).item()
        5.0
    """
    given = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    arrays = [x.data if isinstance(x, Tensor) else x for x in given]
    return as_tensor(_norm(arrays, norm_type, error_if_nonfinite))


def clip_grad_norm_(
    parameters: Parameters,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale all gradients by one factor, so that their norm is at most ``max_norm``.

    g ← g · min(1, max_norm / (‖g‖ + 10⁻⁶)). Called between ``backward()`` and ``step()``, also
    in a compiled step.

    Args:
        parameters: whose gradients are scaled; those without one are left out.
        max_norm: the largest norm, not negative.
        norm_type: p of the norm, above 0; ``inf`` for the largest element.
        error_if_nonfinite: refuse a norm that is no finite number; not in a compiled step.
        foreach: without meaning here.

    Returns:
        The norm before.

    Raises:
        FloatingPointError: the norm is not finite, and that is to be an error.
        TypeError: a module was given.
        ValueError: ``max_norm`` is negative, or p is not above 0.

    Example:
        >>> import nn
        >>> p = nn.Parameter([0.0, 0.0])
        >>> p.grad = [3.0, 4.0]
        >>> clip_grad_norm_([p], 1.0).item(), p.grad.round(3).tolist()
        (5.0, [0.6000000238418579, 0.800000011920929])
    """
    held = _with_gradients(parameters)
    total = _norm([_gradient(p) for p in held], norm_type, error_if_nonfinite)
    _scale(held, max_norm, total)
    return as_tensor(total)


def clip_grads_with_norm_(
    parameters: Parameters,
    max_norm: float,
    total_norm: Any,
    foreach: bool | None = None,
) -> None:
    """Scale gradients as `clip_grad_norm_` does, by a norm that is known already.

    Args:
        parameters: whose gradients are scaled.
        max_norm: the largest norm, not negative.
        total_norm: what `get_total_norm` gave.
        foreach: without meaning here.

    Raises:
        ValueError: ``max_norm`` is negative.

    Example:
        >>> import nn
        >>> p = nn.Parameter([0.0])
        >>> p.grad = [4.0]
        >>> clip_grads_with_norm_(p, 1.0, 8.0)
        >>> p.grad.tolist()
        [0.4999999403953552]
    """
    total = total_norm.data if isinstance(total_norm, Tensor) else total_norm
    _scale(_with_gradients(parameters), max_norm, total)


def clip_grad_norm_each_(
    groups: Iterable[Parameters | Module],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> list[Tensor]:
    """Scale the gradients of every layer by a factor of its own; see `clip_grad_norm_`.

    Args:
        groups: layers, lists of parameters, or parameters; each is one vector.
        max_norm: the largest norm of each, not negative.
        norm_type: p of the norm, above 0; ``inf`` for the largest element.
        error_if_nonfinite: refuse a norm that is no finite number; not in a compiled step.

    Returns:
        The norms before, in the order of the groups.

    Raises:
        FloatingPointError: a norm is not finite, and that is to be an error.
        ValueError: ``max_norm`` is negative, or p is not above 0.

    Example:
        >>> import nn
        >>> a, b = nn.Parameter([0.0]), nn.Parameter([0.0])
        >>> a.grad, b.grad = [4.0], [0.5]
        >>> [norm.item() for norm in clip_grad_norm_each_([a, b], 1.0)]
        [4.0, 0.5]
        >>> round(float(a.grad[0]), 4), b.grad.tolist()
        (1.0, [0.5])
    """
    return [
        clip_grad_norm_(
            group.parameters() if isinstance(group, Module) else group,
            max_norm,
            norm_type,
            error_if_nonfinite,
        )
        for group in groups
    ]


def clip_grad_value_(
    parameters: Parameters, clip_value: float, foreach: bool | None = None
) -> None:
    """Cut every element of the gradients to [−clip_value, clip_value].

    Args:
        parameters: whose gradients are cut.
        clip_value: the largest absolute value, not negative.
        foreach: without meaning here.

    Raises:
        TypeError: a module was given.
        ValueError: ``clip_value`` is negative.

    Example:
        >>> import nn
        >>> p = nn.Parameter([0.0, 0.0])
        >>> p.grad = [3.0, -0.5]
        >>> clip_grad_value_([p], 1.0)
        >>> p.grad.tolist()
        [1.0, -0.5]
    """
    most = _checked("clip_value", clip_value)
    for p in _with_gradients(parameters):
        p.grad = np.minimum(np.maximum(_gradient(p), -most), most)


def _with_gradients(parameters: Any) -> list[Tensor]:
    if isinstance(parameters, Module):
        raise TypeError(
            f"clipping takes parameters, not the module {type(parameters).__name__}; "
            "write model.parameters()"
        )
    given = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    for number, p in enumerate(given):
        if not isinstance(p, Tensor):
            raise TypeError(
                f"clipping takes parameters, and number {number} is a {type(p).__name__}; write "
                "model.parameters()"
            )
    return [p for p in given if p.grad is not None]


def _gradient(p: Tensor) -> Any:
    return p.grad.data if isinstance(p.grad, Tensor) else p.grad


def _checked(name: str, value: Any) -> float:
    number = float(value)
    if not number >= 0:
        raise ValueError(f"{name} must be a number not below 0, and {value} was given")
    return number


def _norm(arrays: list[Any], norm_type: float, error_if_nonfinite: bool) -> Any:
    power = float(norm_type)
    if not power > 0:
        raise ValueError(f"norm_type must be above 0, or inf, and {norm_type} was given")
    if not arrays:
        return np.zeros((), np.float32)
    total: Any
    if power == math.inf:
        total = _largest(arrays)
    elif power == 2:
        total = np.sqrt(sum(np.sum(np.multiply(x, x)) for x in arrays))
    else:
        total = np.power(sum(np.sum(np.power(np.abs(x), power)) for x in arrays), 1 / power)
    if error_if_nonfinite and not bool(np.isfinite(total)):
        raise FloatingPointError(
            f"the norm of order {power:g} of the gradients is {float(total)}, so they cannot be "
            "scaled to max_norm; autodiff.detect_anomaly() tells where it comes from, and "
            "error_if_nonfinite=False scales nevertheless"
        )
    return total


def _largest(arrays: list[Any]) -> Any:
    found = [np.max(np.abs(x)) for x in arrays if x.size]
    total: Any = found[0] if found else np.zeros((), arrays[0].dtype)
    for x in found[1:]:
        total = np.maximum(total, x)
    return total


def _scale(parameters: list[Tensor], max_norm: float, total: Any) -> None:
    most = _checked("max_norm", max_norm)
    factor = np.minimum(np.divide(most, np.add(total, 1e-6)), 1.0)
    for p in parameters:
        # A new array: two parameters may have been given one and the same.
        p.grad = np.multiply(_gradient(p), factor.astype(p.dtype))
