"""Adam and its form with decoupled weight decay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from autodiff import Tensor, live
from autodiff.extending import raw
from nn.optim.hyperparameters import Group, checked_rate
from nn.optim.optimizer import Optimizer

__all__ = ["Adam", "AdamW"]


_BETAS = ("beta1", "beta2")


class _Betas(Mapping[str, float]):
    """β₁ and β₂ of a group by name, whatever pair the group holds at the moment."""

    def __init__(self, group: Group) -> None:
        self._group = group

    def __getitem__(self, key: str) -> float:
        return float(self._group["betas"][_BETAS.index(key)])

    def __iter__(self) -> Iterator[str]:
        return iter(_BETAS)

    def __len__(self) -> int:
        return 2


class _Numbers(NamedTuple):
    """What the updates of a step have in common, as numbers of a parameter's dtype."""

    rate: Any
    floor: Any
    beta1: Any
    rest1: Any
    beta2: Any
    rest2: Any
    decay: Any = None


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
        >>> import nn
        >>> p = nn.Parameter([1.0])
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
        self._begun: set[int] = set()
        self._betas: dict[int, _Betas] = {}
        self._numbers: dict[Tensor, _Numbers] = {}
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": tuple(betas) if isinstance(betas, list) else betas,
                "eps": eps,
                "weight_decay": weight_decay,
            },
        )

    @classmethod
    def _check(cls, group: Mapping[str, Any]) -> None:
        kind = cls.__name__
        for name in ("lr", "eps", "weight_decay"):
            checked_rate(f"{kind}: {name}", group[name])
        if not isinstance(group["betas"], tuple | list) or len(group["betas"]) != 2:
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
            self._cohorts[p] = object() if id(group) in self._begun else (id(group), 0.0)
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
        self._begun.add(id(group))
        sizes = Counter(self._cohorts.values())
        for cohort, members in together.items():
            if len(members) < sizes[cohort]:
                self._cohorts.update(dict.fromkeys(members, object()))
            self._advance(members, group)

    def _advance(self, members: list[Tensor], group: Group) -> None:
        recorder = live.RECORDER.get()
        for p in members:
            if recorder is not None:
                recorder.subject = p
            counter = self.state[p]["step"]
            counter.data = np.add(raw(counter), 1.0, out=raw(counter))
        count = raw(self.state[members[0]]["step"])
        betas = self._betas.setdefault(id(group), _Betas(group))
        beta1, beta2 = (live.number(betas, key, np.float64) for key in _BETAS)
        lr = live.number(group, "lr", np.float64)
        root = np.sqrt(np.subtract(1.0, np.power(beta2, count)))
        exact = [
            np.divide(np.multiply(root, lr), np.subtract(1.0, np.power(beta1, count))),
            np.multiply(root, live.number(group, "eps", np.float64)),
            beta1,
            np.subtract(1.0, beta1),
            beta2,
            np.subtract(1.0, beta2),
        ]
        if live.truth(group, "weight_decay"):
            decay = live.number(group, "weight_decay", np.float64)
            kept = np.subtract(1.0, np.multiply(lr, decay)) if self._decoupled else decay
            exact.append(kept)
        for kind in {raw(p).dtype for p in members}:
            numbers = _Numbers(*(number.astype(kind) for number in exact))
            self._numbers.update((p, numbers) for p in members if raw(p).dtype == kind)

    def _restore(self, p: Tensor, own: dict[str, Tensor], saved: Mapping[str, Any]) -> None:
        super()._restore(p, own, saved)
        self._cohorts[p] = (id(self._group_of(p)), own["step"].item())

    def _update(self, p: Tensor, gradient: Any, group: Group) -> None:
        state, numbers = self.state[p], self._numbers[p]
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        data, m, v, work = raw(p), raw(mean), raw(square), self._temporary(p)
        if numbers.decay is not None:
            if self._decoupled:
                p.data = np.multiply(data, numbers.decay, out=data)
            else:
                extra = self._temporary(p, 1)
                decay = np.multiply(data, numbers.decay, out=extra)
                gradient = np.add(decay, gradient, out=extra)
        kept = np.multiply(m, numbers.beta1, out=m)
        new = np.multiply(gradient, numbers.rest1, out=work)
        mean.data = np.add(kept, new, out=m)
        kept = np.multiply(v, numbers.beta2, out=v)
        new = np.multiply(gradient, gradient, out=work)
        new = np.multiply(new, numbers.rest2, out=work)
        square.data = np.add(kept, new, out=v)
        # Both fractions are enlarged by the root of v's correction: one division less.
        step = np.sqrt(v, out=work)
        step = np.add(step, numbers.floor, out=work)
        step = np.divide(m, step, out=work)
        step = np.multiply(step, numbers.rate, out=work)
        p.data = np.subtract(data, step, out=data)


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

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> AdamW([p], lr=0.5).step()
        >>> round(p.item(), 4)
        0.495
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
