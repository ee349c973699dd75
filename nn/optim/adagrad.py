"""Steps scaled by all squares so far, and the form that needs no learning rate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["Adadelta", "Adagrad"]


class Adagrad(Optimizer):
    """Steps divided by the root of the sum of all squared gradients.

    s ← s + g²;  p ← p − lr / (1 + (t − 1) · lr_decay) · g / (√s + ε).

    Source: Duchi, Hazan and Singer, "Adaptive Subgradient Methods", 2011.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        lr_decay: how fast the learning rate falls, not negative.
        weight_decay: share of the parameter added to its gradient, not negative.
        initial_accumulator_value: s at the beginning, not negative.
        eps: ε, not negative.
        maximize: go up the gradient.
        foreach, differentiable, fused: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> Adagrad([p], lr=0.5).step()
        >>> round(p.item(), 4)
        0.5
    """

    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "lr_decay": Range(),
        "weight_decay": Range(),
        "initial_accumulator_value": Range(),
        "eps": Range(),
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "lr_decay": lr_decay,
                "weight_decay": weight_decay,
                "initial_accumulator_value": initial_accumulator_value,
                "eps": eps,
                "maximize": maximize,
            },
            foreach=foreach,
            differentiable=differentiable,
            fused=fused,
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, and a sum to begin with."""
        return {"step": 0.0, "sum": np.full_like(p, h.initial_accumulator_value)}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − lr / (1 + (t − 1) · lr_decay) · g / (√s + ε)."""
        t = state.step = state.step + 1
        s = state.sum = state.sum + g * g
        return p - h.lr / (1 + (t - 1) * h.lr_decay) * (g / (np.sqrt(s) + h.eps))


class Adadelta(Optimizer):
    """Steps in the units of the parameter, scaled by the steps so far.

    v ← ρ v + (1 − ρ) g²;  δ = √(u + ε) / √(v + ε) · g;  u ← ρ u + (1 − ρ) δ²;  p ← p − lr · δ.

    Source: Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012, algorithm 1.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: factor of the steps, not negative; or a function of the number of steps made.
        rho: ρ, share of the means that is kept, from 0 to 1.
        eps: ε, not negative.
        weight_decay: share of the parameter added to its gradient, not negative.
        maximize: go up the gradient.
        foreach, capturable, differentiable: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> Adadelta([p]).step()
        >>> round(p.item(), 4)
        0.9968
    """

    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "rho": Range(most=1.0),
        "eps": Range(),
        "weight_decay": Range(),
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "rho": rho,
                "eps": eps,
                "weight_decay": weight_decay,
                "maximize": maximize,
            },
            foreach=foreach,
            capturable=capturable,
            differentiable=differentiable,
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, and means of nothing."""
        return {"step": 0.0, "square_avg": np.zeros_like(p), "acc_delta": np.zeros_like(p)}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − lr · δ."""
        state.step = state.step + 1
        v = state.square_avg = h.rho * state.square_avg + (1 - h.rho) * (g * g)
        delta = np.sqrt(state.acc_delta + h.eps) / np.sqrt(v + h.eps) * g
        state.acc_delta = h.rho * state.acc_delta + (1 - h.rho) * (delta * delta)
        return p - h.lr * delta
