"""Steps made of the signs of gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["Lion", "Rprop"]


class Rprop(Optimizer):
    """Steps whose size grows while a gradient keeps its sign and shrinks when it turns.

    s ← s · η⁺ where g · g₋₁ > 0, s · η⁻ where it is < 0, within ``step_sizes``; where it turned,
    g ← 0;  p ← p − sign(g) · s. For gradients of all the data at once.

    Source: Riedmiller and Braun, "A direct adaptive method for faster backpropagation
    learning: the RPROP algorithm", 1993.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: size of the first step, not negative.
        etas: η⁻ between 0 and 1, and η⁺ above 1.
        step_sizes: the smallest and the largest step.
        maximize: go up the gradient.
        capturable, foreach, differentiable: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> Rprop([p], lr=0.5).step()
        >>> p.tolist()
        [0.5]
    """

    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "etas": (Range(below=1.0, above=True), Range(least=1.0, above=True)),
        "step_sizes": (Range(), Range()),
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50.0),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "etas": etas,
                "step_sizes": step_sizes,
                "maximize": maximize,
            },
            capturable=capturable,
            foreach=foreach,
            differentiable=differentiable,
        )

    @classmethod
    def _check(cls, group: Mapping[str, Any]) -> None:
        super()._check(group)
        least, most = group["step_sizes"]
        if least > most:
            raise ValueError(
                f"Rprop: step_sizes are the least and the largest, and {least:g} and {most:g} were "
                "given; exchange them"
            )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, no gradient before, and the first step size."""
        return {"step": 0.0, "prev": np.zeros_like(p), "step_size": np.full_like(p, h.lr)}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − sign(g) · s."""
        smaller, larger = h.etas
        t = state.step = state.step + 1
        # Sizes begin with the rate of the first step, not with that of the making.
        size = np.where(t > 1, state.step_size, h.lr)
        turned = g * state.prev
        factor = np.where(turned > 0, larger, np.where(turned < 0, smaller, 1.0))
        size = state.step_size = np.clip(size * factor, *h.step_sizes)
        g = state.prev = np.where(turned < 0, 0.0, g)
        return p - np.sign(g) * size


class Lion(Optimizer):
    """Steps of one size, in the direction of the sign of a running mean.

    p ← p − lr · (sign(β₁ m + (1 − β₁) g) + weight_decay · p);  m ← β₂ m + (1 − β₂) g.
    The rate is to be three to ten times smaller than for `AdamW`, the decay larger by as much.

    Source: Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023, program 1.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        betas: β₁ of the direction and β₂ of the mean, from 0 to below 1.
        weight_decay: share by which a parameter shrinks per step and unit of ``lr``.
        maximize: go up the gradient.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> Lion([p], lr=0.5).step()
        >>> p.tolist()
        [0.5]
    """

    decay: ClassVar[str] = "decoupled"
    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "betas": (Range(below=1.0), Range(below=1.0)),
        "weight_decay": Range(),
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": betas,
                "weight_decay": weight_decay,
                "maximize": maximize,
            },
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """A mean of nothing."""
        return {"exp_avg": np.zeros_like(p)}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − lr · sign(β₁ m + (1 − β₁) g)."""
        beta1, beta2 = h.betas
        direction = np.sign(beta1 * state.exp_avg + (1 - beta1) * g)
        state.exp_avg = beta2 * state.exp_avg + (1 - beta2) * g
        return p - h.lr * direction
