"""Gradient descent that averages its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["ASGD"]


class ASGD(Optimizer):
    """Gradient descent with a falling rate, and the mean of where it has been as ``ax``.

    p ← (1 − λ η) p − η g;  x ← x + μ (p − x);  η ← lr / (1 + λ lr t)^α;  μ ← 1 / max(1, t − t0).

    Source: Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992,
    with the rates of Bottou, 2012; in the form used by PyTorch.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        lambd: λ, decay of the parameter and of the rate, not negative.
        alpha: α, power by which the rate falls, not negative.
        t0: step from which the mean is taken, not negative.
        weight_decay: share of the parameter added to its gradient, not negative.
        maximize: go up the gradient.
        foreach, differentiable, capturable: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> ASGD([p], lr=0.5).step()
        >>> round(p.item(), 4)
        -0.5001
    """

    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "lambd": Range(),
        "alpha": Range(),
        "t0": Range(),
        "weight_decay": Range(),
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0.0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "lambd": lambd,
                "alpha": alpha,
                "t0": t0,
                "weight_decay": weight_decay,
                "maximize": maximize,
            },
            foreach=foreach,
            differentiable=differentiable,
            capturable=capturable,
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, and the first rate."""
        return {"step": 0.0, "eta": float(h.lr), "mu": 1.0, "ax": np.zeros_like(p)}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """(1 − λ η) p − η g."""
        t = state.step = state.step + 1
        # The rate of the first step is that of the first step, not of the making.
        eta = np.where(t > 1, state.eta, h.lr)
        new = p * (1 - h.lambd * eta) - eta * g
        state.ax = (1 - state.mu) * state.ax + state.mu * new
        state.eta = h.lr / (1 + h.lambd * h.lr * t) ** h.alpha
        state.mu = 1 / np.maximum(t - h.t0, 1.0)
        return new
