"""Adam with Nesterov's momentum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["NAdam"]


class NAdam(Optimizer):
    """Adam that looks ahead along its momentum.

    m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  μₜ = β₁ (1 − ½ · 0.96^(t ψ)), ψ being
    ``momentum_decay``; p ← p − lr · [(1 − μₜ) g / (1 − Πμ) + μₜ₊₁ m / (1 − μₜ₊₁ Πμ)] / (√v̂ + ε).

    Source: Dozat, "Incorporating Nesterov Momentum into Adam", 2016.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        betas: β₁ and β₂, from 0 to below 1.
        eps: ε, not negative.
        weight_decay: share of the parameter added to its gradient, not negative.
        momentum_decay: ψ, how fast the momentum approaches β₁, not negative.
        decoupled_weight_decay: shrink the parameter itself, as `AdamW` does.
        maximize: go up the gradient.
        foreach, capturable, differentiable: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> NAdam([p], lr=0.5).step()
        >>> round(p.item(), 4)
        0.4718
    """

    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "betas": (Range(below=1.0), Range(below=1.0)),
        "eps": Range(),
        "weight_decay": Range(),
        "momentum_decay": Range(),
        "decoupled_weight_decay": bool,
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": betas,
                "eps": eps,
                "weight_decay": weight_decay,
                "momentum_decay": momentum_decay,
                "decoupled_weight_decay": decoupled_weight_decay,
                "maximize": maximize,
            },
            foreach=foreach,
            capturable=capturable,
            differentiable=differentiable,
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, a product of no factors, and means of nothing."""
        means = {"exp_avg": np.zeros_like(p), "exp_avg_sq": np.zeros_like(p)}
        return {"step": 0.0, "mu_product": 1.0, **means}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """The gradient and the mean, each with its own share."""
        beta1, beta2 = h.betas
        t = state.step = state.step + 1
        now = beta1 * (1 - 0.5 * 0.96 ** (t * h.momentum_decay))
        ahead = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * h.momentum_decay))
        product = state.mu_product = state.mu_product * now
        m = state.exp_avg = beta1 * state.exp_avg + (1 - beta1) * g
        v = state.exp_avg_sq = beta2 * state.exp_avg_sq + (1 - beta2) * (g * g)
        step = (1 - now) / (1 - product) * g + ahead / (1 - product * ahead) * m
        return p - h.lr * (step / (np.sqrt(v / (1 - beta2**t)) + h.eps))
