"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["SGD"]


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted.

    v ← momentum · v + (1 − dampening) · g, where the first v is g itself;
    p ← p − lr · v, or p ← p − lr · (g + momentum · v) with Nesterov.

    Source: Sutskever et al., "On the importance of initialization and momentum in deep
    learning", 2013, in the form used by PyTorch.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        momentum: share of v that is kept, not negative; 0 for none.
        dampening: share by which the gradient enters v less, not negative.
        weight_decay: share of the parameter added to its gradient, not negative.
        nesterov: look ahead; needs momentum, and no dampening.
        maximize: go up the gradient.
        foreach, differentiable, fused: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import autodiff as ad
        >>> p = ad.Tensor([1.0], requires_grad=True)
        >>> (p * 3.0).sum().backward()
        >>> SGD([p], lr=0.5).step()
        >>> p.tolist()
        [-0.5]
    """

    hidden: ClassVar[tuple[str, ...]] = ("begun",)
    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "momentum": Range(),
        "dampening": Range(),
        "weight_decay": Range(),
        "nesterov": bool,
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "dampening": dampening,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
                "maximize": maximize,
            },
            foreach=foreach,
            differentiable=differentiable,
            fused=fused,
        )

    @classmethod
    def _check(cls, group: Mapping[str, Any]) -> None:
        super()._check(group)
        if group["nesterov"] and (not group["momentum"] or group["dampening"]):
            raise ValueError(
                "SGD: nesterov=True needs momentum above 0 and dampening 0, and got "
                f"momentum={group['momentum']}, dampening={group['dampening']}"
            )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """The momentum, and with dampening whether a step was made."""
        begun = {"begun": 0.0} if h.dampening else {}
        return {"momentum_buffer": np.zeros_like(p), **begun} if h.momentum else {}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − lr · v."""
        if not h.momentum:
            return p - h.lr * g
        new = g
        if h.dampening:
            new = (1 - h.dampening * state.begun) * g
            state.begun = 1.0
        v = state.momentum_buffer = h.momentum * state.momentum_buffer + new
        return p - h.lr * (g + h.momentum * v if h.nesterov else v)
