"""Adam whose scale is used once it can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["RAdam"]


class RAdam(Optimizer):
    """Adam that divides by √v̂ only where enough gradients have been seen.

    m and v as in `Adam`; ρ∞ = 2 / (1 − β₂) − 1,  ρₜ = ρ∞ − 2t β₂ᵗ / (1 − β₂ᵗ);
    p ← p − lr · m̂ · r / (√v̂ + ε) where ρₜ > 5, with
    r² = (ρₜ − 4)(ρₜ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρₜ), else p ← p − lr · m̂.

    Source: Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", 2020,
    algorithm 2.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        betas: β₁ and β₂, from 0 to below 1.
        eps: ε, not negative.
        weight_decay: share of the parameter added to its gradient, not negative.
        decoupled_weight_decay: shrink the parameter itself, as `AdamW` does.
        maximize: go up the gradient.
        foreach, capturable, differentiable: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> RAdam([p], lr=0.5).step()
        >>> round(p.item(), 4)
        -0.5
    """

    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "betas": (Range(below=1.0), Range(below=1.0)),
        "eps": Range(),
        "weight_decay": Range(),
        "decoupled_weight_decay": bool,
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
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
                "decoupled_weight_decay": decoupled_weight_decay,
                "maximize": maximize,
            },
            foreach=foreach,
            capturable=capturable,
            differentiable=differentiable,
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, and means of nothing."""
        return {"step": 0.0, "exp_avg": np.zeros_like(p), "exp_avg_sq": np.zeros_like(p)}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − lr · m̂ · r / (√v̂ + ε), or p − lr · m̂."""
        beta1, beta2 = h.betas
        t = state.step = state.step + 1
        m = state.exp_avg = beta1 * state.exp_avg + (1 - beta1) * g
        v = state.exp_avg_sq = beta2 * state.exp_avg_sq + (1 - beta2) * (g * g)
        longest = 2 / (1 - beta2) - 1
        length = longest - 2 * t * beta2**t / (1 - beta2**t)
        trusted = np.where(length > 5, 1.0, 0.0)
        # What is taken where it is trusted is above 5; elsewhere it must only be a number.
        a, b = np.maximum(length, 5.0), np.maximum(longest, 5.0)
        rect = np.sqrt((a - 4) * (a - 2) * b / ((b - 4) * (b - 2) * a) * (1 - beta2**t))
        rate = h.lr / (1 - beta1**t) * (trusted * rect + (1 - trusted))
        return p - rate * (m / (trusted * (np.sqrt(v) + h.eps) + (1 - trusted)))
