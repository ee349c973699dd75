"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autodiff import Tensor, live
from nn.optim._groups import checked_rate
from nn.optim.optimizer import Group, Optimizer

__all__ = ["SGD"]


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted.

    g ← ∇ + weight_decay · p;  v ← momentum · v + (1 − dampening) · g, where the first v
    is g itself;  p ← p − lr · v, or p ← p − lr · (g + momentum · v) with Nesterov.

    Source: Sutskever et al., "On the importance of initialization and momentum in deep
    learning", 2013, in the form used by PyTorch.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative.
        momentum: share of v that is kept, not negative; 0 for none.
        dampening: share by which the gradient enters v less.
        weight_decay: share of the parameter added to its gradient, not negative.
        nesterov: look ahead; needs momentum, and no dampening.

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

    _tensors = ("momentum_buffer",)

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        self._gains: dict[Tensor, Tensor] = {}
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "dampening": dampening,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
            },
        )

    def _check(self, group: Group) -> None:
        for name in ("lr", "momentum", "weight_decay"):
            checked_rate(f"SGD: {name}", group[name])
        if group["nesterov"] and (not group["momentum"] or group["dampening"]):
            raise ValueError(
                "SGD: nesterov=True needs momentum above 0 and dampening 0, and got "
                f"momentum={group['momentum']}, dampening={group['dampening']}"
            )

    def _prepare(self, p: Tensor, group: Group) -> dict[str, Tensor]:
        state = super()._prepare(p, group)
        self._temporary(p, 1)
        if group["momentum"] and not state:
            state["momentum_buffer"] = Tensor(np.zeros(p.shape, p.dtype))
            self._gains[p] = Tensor(np.ones((), p.dtype))
        return state

    def _update(self, p: Tensor, gradient: Any, group: Group) -> None:
        work = self._temporary(p)
        step = gradient
        if live.truth(group, "weight_decay"):
            decay = np.multiply(p.data, live.number(group, "weight_decay", p.dtype), out=work)
            step = np.add(decay, gradient, out=work)
        if live.truth(group, "momentum"):
            step = self._with_momentum(p, step, group)
        step = np.multiply(step, live.number(group, "lr", p.dtype), out=work)
        p.data = np.subtract(p.data, step, out=p.data)

    def _with_momentum(self, p: Tensor, gradient: Any, group: Group) -> Any:
        momentum = live.number(group, "momentum", p.dtype)
        buffer = self._prepare(p, group)["momentum_buffer"]
        kept = np.multiply(buffer.data, momentum, out=buffer.data)
        if live.truth(group, "dampening"):
            # The first gradient enters whole, so its factor is data, not a branch.
            gain = self._gains[p]
            damped = np.multiply(gradient, gain.data, out=self._temporary(p, 1))
            buffer.data = np.add(kept, damped, out=buffer.data)
            dampening = live.number(group, "dampening", p.dtype)
            gain.data = np.subtract(1.0, dampening, out=gain.data)
        else:
            buffer.data = np.add(kept, gradient, out=buffer.data)
        if not live.truth(group, "nesterov"):
            return buffer.data
        work = self._temporary(p, 1)
        ahead = np.multiply(buffer.data, momentum, out=work)
        return np.add(ahead, gradient, out=work)

    def _restore(self, p: Tensor, own: dict[str, Tensor], saved: Mapping[str, Any]) -> None:
        super()._restore(p, own, saved)
        if p in self._gains:
            damping = self._group_of(p)["dampening"] if "momentum_buffer" in saved else 0.0
            self._gains[p].data = np.full((), 1.0 - damping, p.dtype)
