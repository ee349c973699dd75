"""Steps scaled by a running mean of squares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["RMSprop"]


class RMSprop(Optimizer):
    """Steps divided by the root of the squared gradient's running mean.

    v ← α v + (1 − α) g²;  p ← p − lr · g / (√v + ε). Centred, the square of g's running mean
    is taken off v; with momentum, b ← momentum · b + g / (√v + ε) and p ← p − lr · b.

    Source: Hinton, "Neural Networks for Machine Learning", lecture 6e, 2012; centred:
    Graves, "Generating Sequences With Recurrent Neural Networks", 2013.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        alpha: α, share of the mean that is kept, not negative.
        eps: ε, not negative.
        weight_decay: share of the parameter added to its gradient, not negative.
        momentum: share of b that is kept, not negative; 0 for none.
        centered: scale by the variance, not by the square.
        maximize: go up the gradient.
        capturable, foreach, differentiable: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> RMSprop([p], lr=0.05).step()
        >>> round(p.item(), 4)
        0.5
    """

    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "alpha": Range(),
        "eps": Range(),
        "weight_decay": Range(),
        "momentum": Range(),
        "centered": bool,
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "alpha": alpha,
                "eps": eps,
                "weight_decay": weight_decay,
                "momentum": momentum,
                "centered": centered,
                "maximize": maximize,
            },
            capturable=capturable,
            foreach=foreach,
            differentiable=differentiable,
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, and means of nothing."""
        names = ["square_avg", *["momentum_buffer"] * bool(h.momentum), *["grad_avg"] * h.centered]
        return {"step": 0.0, **{name: np.zeros_like(p) for name in names}}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − lr · g / (√v + ε)."""
        state.step = state.step + 1
        v = state.square_avg = h.alpha * state.square_avg + (1 - h.alpha) * (g * g)
        if h.centered:
            mean = state.grad_avg = h.alpha * state.grad_avg + (1 - h.alpha) * g
            v = v - mean * mean
        step = g / (np.sqrt(v) + h.eps)
        if h.momentum:
            step = state.momentum_buffer = h.momentum * state.momentum_buffer + step
        return p - h.lr * step
