"""Adam and its form with decoupled weight decay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autodiff import Tensor
from nn.optim._groups import checked_rate
from nn.optim._scalars import scalar
from nn.optim.optimizer import Group, Optimizer

__all__ = ["Adam", "AdamW"]


class Adam(Optimizer):
    """Steps scaled by running estimates of the gradient's mean and square.

    m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;
    p ← p − lr · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).

    Source: Kingma and Ba, "Adam", 2015, algorithm 1.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative.
        betas: β₁ and β₂, from 0 to below 1.
        eps: ε, not negative.
        weight_decay: share of the parameter added to its gradient, not negative.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import autodiff as ad
        >>> p = ad.Tensor([1.0], requires_grad=True)
        >>> (p * 3.0).sum().backward()
        >>> Adam([p], lr=0.5).step()
        >>> p.tolist()
        [0.5]
    """

    _tensors = ("exp_avg", "exp_avg_sq", "step")
    _scalars = ("step",)
    _decoupled = False

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        self._cohorts: dict[Tensor, Any] = {}
        self._rates: dict[Tensor, tuple[Any, Any]] = {}
        super().__init__(
            params, {"lr": lr, "betas": tuple(betas), "eps": eps, "weight_decay": weight_decay}
        )

    def _check(self, group: Group) -> None:
        kind = type(self).__name__
        for name in ("lr", "eps", "weight_decay"):
            checked_rate(f"{kind}: {name}", group[name])
        if len(group["betas"]) != 2:
            raise ValueError(f"{kind}: betas are two numbers, not {group['betas']}")
        for number, beta in enumerate(group["betas"]):
            checked_rate(f"{kind}: betas[{number}]", beta, below=1.0)

    def _prepare(self, p: Tensor, group: Group) -> dict[str, Tensor]:
        state = super()._prepare(p, group)
        if group["weight_decay"]:
            self._temporary(p, 1)
        if not state:
            state["step"] = Tensor(np.zeros((), np.float64))
            state["exp_avg"] = Tensor(np.zeros(p.shape, p.dtype))
            state["exp_avg_sq"] = Tensor(np.zeros(p.shape, p.dtype))
            self._cohorts[p] = (id(group), 0.0)
        return state

    def _begin(self, group: Group, active: list[Tensor]) -> None:
        """Advance the step counts and compute what depends on nothing else.

        Parameters that were always updated together are a cohort, for which this is done
        once. The counts are arrays like any other state, and no Python number follows
        them, so that a recorded step counts on when it is replayed.
        """
        together: dict[Any, list[Tensor]] = {}
        for p in active:
            self._prepare(p, group)
            together.setdefault(self._cohorts[p], []).append(p)
        sizes = Counter(self._cohorts.values())
        for cohort, members in together.items():
            if len(members) < sizes[cohort]:
                self._cohorts.update(dict.fromkeys(members, object()))
            self._advance(members, group)

    def _advance(self, members: list[Tensor], group: Group) -> None:
        beta1, beta2 = group["betas"]
        for p in members:
            counter = self.state[p]["step"]
            counter.data = np.add(counter.data, 1.0, out=counter.data)
        count = self.state[members[0]]["step"].data
        bias = np.subtract(1.0, np.power(beta1, count))
        root = np.sqrt(np.subtract(1.0, np.power(beta2, count)))
        rate = np.divide(np.multiply(root, group["lr"]), bias)
        floor = np.multiply(root, group["eps"])
        for p in members:
            self._rates[p] = rate.astype(p.dtype), floor.astype(p.dtype)

    def _restore(self, p: Tensor, own: dict[str, Tensor], saved: Mapping[str, Any]) -> None:
        super()._restore(p, own, saved)
        self._cohorts[p] = (id(self._group_of(p)), own["step"].item())

    def _update(self, p: Tensor, gradient: Any, group: Group) -> None:
        kind = p.dtype
        beta1, beta2 = group["betas"]
        state = self.state[p]
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        rate, floor = self._rates[p]
        work = self._temporary(p)
        if group["weight_decay"]:
            if self._decoupled:
                kept = scalar(1.0 - group["lr"] * group["weight_decay"], kind)
                p.data = np.multiply(p.data, kept, out=p.data)
            else:
                extra = self._temporary(p, 1)
                decay = np.multiply(p.data, scalar(group["weight_decay"], kind), out=extra)
                gradient = np.add(decay, gradient, out=extra)
        kept = np.multiply(mean.data, scalar(beta1, kind), out=mean.data)
        new = np.multiply(gradient, scalar(1.0 - beta1, kind), out=work)
        mean.data = np.add(kept, new, out=mean.data)
        kept = np.multiply(square.data, scalar(beta2, kind), out=square.data)
        new = np.multiply(gradient, gradient, out=work)
        new = np.multiply(new, scalar(1.0 - beta2, kind), out=work)
        square.data = np.add(kept, new, out=square.data)
        # Both fractions are enlarged by the root of v's correction: one division less.
        step = np.sqrt(square.data, out=work)
        step = np.add(step, floor, out=work)
        step = np.divide(mean.data, step, out=work)
        step = np.multiply(step, rate, out=work)
        p.data = np.subtract(p.data, step, out=p.data)


class AdamW(Adam):
    """Adam with weight decay that shrinks the parameter itself, not through the gradient.

    p ← p − lr · weight_decay · p before each step of `Adam`.

    Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019,
    algorithm 2 in the form used by PyTorch.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative.
        betas: β₁ and β₂, from 0 to below 1.
        eps: ε, not negative.
        weight_decay: share by which a parameter shrinks per step and unit of ``lr``.

    Raises:
        ValueError: a setting is out of range.
    """

    _decoupled = True

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)
