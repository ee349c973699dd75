"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from autodiff import Tensor, live
from autodiff.extending import raw
from nn.optim.hyperparameters import Group, checked_rate, checked_switch
from nn.optim.optimizer import Optimizer

__all__ = ["SGD"]


_SETTINGS = ("momentum", "weight_decay", "dampening", "nesterov")


class _Numbers(NamedTuple):
    """The settings of a step as numbers of a parameter's dtype; None where they are off."""

    lr: Any
    momentum: Any
    weight_decay: Any
    dampening: Any


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
        dampening: share by which the gradient enters v less, not negative.
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
        self._numbers: dict[Any, _Numbers] = {}
        self._nesterov = False
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

    @classmethod
    def _check(cls, group: Mapping[str, Any]) -> None:
        for name in ("lr", "momentum", "dampening", "weight_decay"):
            checked_rate(f"{cls.__name__}: {name}", group[name])
        checked_switch(f"{cls.__name__}: nesterov", group["nesterov"])
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

    def _begin(self, group: Group, active: list[Tensor]) -> None:
        """Read the settings, once for all parameters of a group."""
        read = [name for name in _SETTINGS if live.truth(group, name)]
        self._nesterov = "nesterov" in read
        self._numbers = {
            kind: _Numbers(
                live.number(group, "lr", kind),
                *(
                    live.number(group, name, kind) if name in read else None
                    for name in _SETTINGS[:-1]
                ),
            )
            for kind in dict.fromkeys(raw(p).dtype for p in active)
        }

    def _update(self, p: Tensor, gradient: Any, group: Group) -> None:
        data, work = raw(p), self._temporary(p)
        numbers = self._numbers[data.dtype]
        step = gradient
        if numbers.weight_decay is not None:
            decay = np.multiply(data, numbers.weight_decay, out=work)
            step = np.add(decay, gradient, out=work)
        if numbers.momentum is not None:
            step = self._with_momentum(p, step, group, numbers)
        step = np.multiply(step, numbers.lr, out=work)
        p.data = np.subtract(data, step, out=data)

    def _with_momentum(self, p: Tensor, gradient: Any, group: Group, numbers: _Numbers) -> Any:
        state = self.state.get(p) or self._prepare(p, group)
        buffer = state["momentum_buffer"]
        held = raw(buffer)
        kept = np.multiply(held, numbers.momentum, out=held)
        if numbers.dampening is not None:
            # The first gradient enters whole, so its factor is data, not a branch.
            gain = self._gains[p]
            damped = np.multiply(gradient, raw(gain), out=self._temporary(p, 1))
            new = np.add(kept, damped, out=held)
            gain.data = np.subtract(1.0, numbers.dampening, out=raw(gain))
        else:
            new = np.add(kept, gradient, out=held)
        buffer.data = new
        if not self._nesterov:
            return new
        work = self._temporary(p, 1)
        ahead = np.multiply(new, numbers.momentum, out=work)
        return np.add(ahead, gradient, out=work)

    def _follow(self, p: Tensor) -> None:
        super()._follow(p)
        if p in self._gains:
            self._gains[p].cast_(p.dtype)

    def _restore(self, p: Tensor, own: dict[str, Tensor], saved: Mapping[str, Any]) -> None:
        super()._restore(p, own, saved)
        if p in self._gains:
            damping = self._group_of(p)["dampening"] if "momentum_buffer" in saved else 0.0
            self._gains[p].data = np.full((), 1.0 - damping, p.dtype)
