"""Adam for very large batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["Lamb"]


class Lamb(Optimizer):
    """Adam whose step is, layer by layer, in proportion to the layer's size.

    m and v as in `Adam`; r = m̂ / (√v̂ + ε) + weight_decay · p;
    p ← p − lr · ‖p‖ / ‖r‖ · r, the factor being 1 where a norm is 0.

    Source: You et al., "Large Batch Optimization for Deep Learning: Training BERT in 76
    minutes", 2020, algorithm 2.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        betas: β₁ and β₂, from 0 to below 1.
        eps: ε, not negative.
        weight_decay: share of the parameter in r, not negative.
        maximize: go up the gradient.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> Lamb([p], lr=0.5).step()
        >>> round(p.item(), 4)
        0.5
    """

    decay: ClassVar[str] = "own"
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
        lr: float | Callable[[int], float] = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
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
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, and means of nothing."""
        return {"step": 0.0, "exp_avg": np.zeros_like(p), "exp_avg_sq": np.zeros_like(p)}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − lr · ‖p‖ / ‖r‖ · r."""
        beta1, beta2 = h.betas
        t = state.step = state.step + 1
        m = state.exp_avg = beta1 * state.exp_avg + (1 - beta1) * g
        v = state.exp_avg_sq = beta2 * state.exp_avg_sq + (1 - beta2) * (g * g)
        r = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + h.eps)
        if h.weight_decay:
            r = r + h.weight_decay * p
        size, length = np.sqrt(np.sum(p * p)), np.sqrt(np.sum(r * r))
        both = (size > 0) & (length > 0)
        trust = np.where(both, size / np.where(both, length, 1.0), 1.0)
        return p - h.lr * (trust * r)
