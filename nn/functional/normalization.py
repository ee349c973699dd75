"""Batch normalisation."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import BatchingError, ShapeError
from autodiff.extending import changed_before, mean_variance, raw, within_vmap
from nn.module.inputs import as_node, cast_input

__all__ = ["batch_norm"]

_MANY = 1 << 12
"""From so many numbers on the steps are one operation."""


def _update(name: str, running: Tensor, batch: Any, momentum: Any) -> None:
    """running ← (1 − momentum) running + momentum · batch, in place."""
    if not isinstance(running, Tensor) or running.requires_grad:
        what = "a tensor that needs a gradient" if isinstance(running, Tensor) else "no tensor"
        raise TypeError(
            f"batch_norm changes {name} in place while training, and it is {what}; give an "
            "nn.Buffer, or training=False to use it as it is"
        )
    if within_vmap():
        raise BatchingError(
            f"batch normalisation in training was to update its {name} within vmap, where every "
            "example has figures of its own; call eval() on the model, or build it with "
            "track_running_stats=False"
        )
    if changed_before(running):
        return
    figures = raw(running)
    kept = np.multiply(figures, np.subtract(1.0, momentum), out=figures)
    running.data = np.add(kept, np.multiply(batch, momentum), out=figures)


def _follow(
    running_mean: Any, running_var: Any, mean: Any, variance: Any, count: int, momentum: Any
) -> None:
    """The running figures after a batch."""
    _update("running_mean", running_mean, mean, momentum)
    _update("running_var", running_var, np.multiply(variance, count / (count - 1)), momentum)


def _column(given: Any, x: Tensor) -> Any:
    """A number for every channel beside (N, C, …), in the float type of x."""
    if given is None or x.ndim == 2:
        return given
    return ad.reshape(cast_input(given, x), (-1,) + (1,) * (x.ndim - 2))


def _too_few(shape: tuple[int, ...], count: int, training: bool) -> str:
    larger = "use larger batches (drop_last=True leaves out a last one of a single sample)"
    if training:
        return (
            "batch normalisation in training needs at least two values per channel, and an input "
            f"of shape {shape} has {count}; {larger}, or call eval() on the model to use it"
        )
    return (
        "batch normalisation without running figures normalises a batch by itself also after "
        f"eval(), which takes at least two values per channel, and an input of shape {shape} has "
        f"{count}; {larger}, or build the layer with track_running_stats=True and train it"
    )


def batch_norm(
    x: Any,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Bring every channel to mean 0 and variance 1, then scale and shift it.

    y = γ (x − μ) / √(σ² + ε) + β, with μ and σ² over all axes but that of the channels.

    Source: Ioffe and Szegedy, "Batch Normalization", 2015, algorithm 1.

    Args:
        x: of shape (N, C) or (N, C, ...).
        running_mean: of shape (C,), updated in place while training; None to keep none. In
            use a gradient passes to it, if it needs one.
        running_var: likewise, of the unbiased variance.
        weight: γ of shape (C,), or None for 1.
        bias: β of shape (C,), or None for 0.
        training: whether μ and σ² are those of the batch; otherwise the running ones.
        momentum: weight of the batch in the running figures.
        eps: ε, keeps the division finite.

    Returns:
        A tensor of the shape of ``x``; without samples the running figures stay. A batch of few
        numbers, (N, C), is worked at step by step, so that μ and σ² are nodes of the graph; what
        is larger is one operation.

    Raises:
        ShapeError: ``x`` has fewer than two axes.
        TypeError: ``x`` is complex, or a running figure that is to be updated needs a gradient.
        ValueError: a channel has only one value, in training or without running figures.
    """
    given = as_node(x)
    if given.ndim < 2:
        raise ShapeError(
            f"batch normalisation takes inputs of shape (N, C) or (N, C, ...), not {given.shape}"
        )
    if given.dtype.kind == "c":
        raise TypeError(
            "batch normalisation takes real numbers, because the variance of complex ones is no "
            "square of x − μ; normalise real and imaginary parts, autodiff.real(x) and "
            "autodiff.imag(x), each by itself"
        )
    axes = (0, *range(2, given.ndim))
    if not given.size:
        y: Tensor = given
    elif training or running_mean is None or running_var is None:
        count = given.size // max(given.shape[1], 1)
        if count < 2:
            raise ValueError(_too_few(given.shape, count, training))
        follows = training and running_mean is not None and running_var is not None
        if given.ndim > 2 or given.size >= _MANY:
            if follows:
                found = mean_variance(raw(given), axes)
                _follow(running_mean, running_var, found[0], found[1], count, momentum)
            return ad.standardize(given, axes, _column(weight, given), _column(bias, given), eps)
        mean = ad.mean(given, axis=0, keepdims=True)
        centred = given - mean
        variance = ad.mean(ad.square(centred), axis=0, keepdims=True)
        if follows:
            flat = [np.reshape(raw(one), -1) for one in (mean, variance)]
            _follow(running_mean, running_var, flat[0], flat[1], count, momentum)
        y = centred / ad.sqrt(variance + eps)
    else:
        deviation = ad.sqrt(cast_input(running_var, given) + eps)
        centre = cast_input(running_mean, given)
        if given.ndim > 2:
            # Once for every channel, not for every element.
            factor = 1.0 / deviation if weight is None else cast_input(weight, given) / deviation
            shift = -centre * factor
            shift = shift if bias is None else shift + bias
            return given * _column(factor, given) + _column(shift, given)  # type: ignore[no-any-return]
        y = (given - centre) / deviation
    if weight is not None:
        y = y * _column(weight, given)
    if bias is not None:
        y = y + _column(bias, given)
    return y
