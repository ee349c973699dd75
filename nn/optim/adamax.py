"""Adam in the infinity norm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["Adamax"]


class Adamax(Optimizer):
    """Steps scaled by the largest gradient of late.

    m ← β₁ m + (1 − β₁) g;  u ← max(β₂ u, |g| + ε);  p ← p − lr / (1 − β₁ᵗ) · m / u.

    Source: Kingma and Ba, "Adam", 2015, algorithm 2.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        betas: β₁ and β₂, from 0 to below 1.
        eps: ε, not negative.
        weight_decay: share of the parameter added to its gradient, not negative.
        maximize: go up the gradient.
        foreach, differentiable, capturable: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> Adamax([p], lr=0.5).step()
        >>> round(p.item(), 4)
        0.5
    """

    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "betas": (Range(below=1.0), Range(below=1.0)),
        "eps": Range(),
        "weight_decay": Range(),
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": betas,
                "eps": eps,
                "weight_decay": weight_decay,
                "maximize": maximize,
            },
            foreach=foreach,
            differentiable=differentiable,
            capturable=capturable,
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, and means of nothing."""
        return {"step": 0.0, "exp_avg": np.zeros_like(p), "exp_inf": np.zeros_like(p)}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − lr / (1 − β₁ᵗ) · m / u."""
        beta1, beta2 = h.betas
        t = state.step = state.step + 1
        m = state.exp_avg = beta1 * state.exp_avg + (1 - beta1) * g
        u = state.exp_inf = np.maximum(beta2 * state.exp_inf, np.abs(g) + h.eps)
        return p - h.lr / (1 - beta1**t) * (m / u)
