"""Adam and its form with decoupled weight decay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["Adam", "AdamW"]


class Adam(Optimizer):
    """Steps scaled by running estimates of the gradient's mean and square.

    m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;
    p ← p − lr · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).

    Source: Kingma and Ba, "Adam", 2015, algorithm 1; with ``amsgrad`` v̂ is made of the largest v
    so far: Reddi et al., "On the Convergence of Adam and Beyond", 2018.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        betas: β₁ and β₂, from 0 to below 1.
        eps: ε, not negative.
        weight_decay: share of the parameter added to its gradient, not negative.
        amsgrad: never let a step grow because v shrinks.
        foreach, capturable, differentiable, fused: see `Optimizer`.
        maximize: go up the gradient.
        decoupled_weight_decay: shrink the parameter instead, as `AdamW` does.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> Adam([p], lr=0.5).step()
        >>> p.tolist()
        [0.5]
    """

    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "betas": (Range(below=1.0), Range(below=1.0)),
        "eps": Range(),
        "weight_decay": Range(),
        "amsgrad": bool,
        "maximize": bool,
        "decoupled_weight_decay": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": betas,
                "eps": eps,
                "weight_decay": weight_decay,
                "amsgrad": amsgrad,
                "maximize": maximize,
                "decoupled_weight_decay": decoupled_weight_decay,
            },
            foreach=foreach,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, and means of nothing."""
        largest = {"max_exp_avg_sq": np.zeros_like(p)} if h.amsgrad else {}
        return {"step": 0.0, "exp_avg": np.zeros_like(p), "exp_avg_sq": np.zeros_like(p), **largest}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − lr · m̂ / (√v̂ + ε)."""
        beta1, beta2 = h.betas
        t = state.step = state.step + 1
        m = state.exp_avg = beta1 * state.exp_avg + (1 - beta1) * g
        v = state.exp_avg_sq = beta2 * state.exp_avg_sq + (1 - beta2) * (g * g)
        if h.amsgrad:
            v = state.max_exp_avg_sq = np.maximum(state.max_exp_avg_sq, v)
        # The fraction is enlarged by the root of v's correction: one division less.
        root = np.sqrt(1 - beta2**t)
        return p - h.lr * root / (1 - beta1**t) * (m / (np.sqrt(v) + h.eps * root))


class AdamW(Adam):
    """Adam with weight decay that shrinks the parameter itself, not through the gradient.

    p ← p − lr · weight_decay · p before each step of `Adam`.

    Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019,
    algorithm 2 in the form used by PyTorch.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        betas: β₁ and β₂, from 0 to below 1.
        eps: ε, not negative.
        weight_decay: share by which a parameter shrinks per step and unit of ``lr``.
        amsgrad: never let a step grow because v shrinks.
        maximize: go up the gradient.
        foreach, capturable, differentiable, fused: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> AdamW([p], lr=0.5).step()
        >>> round(p.item(), 4)
        0.495
    """

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )
