"""The base class of the optimizers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autodiff import Tensor
from nn.optim._groups import as_groups, checked_parameters, copied

__all__ = ["Optimizer"]

Array = np.ndarray[Any, Any]
Group = dict[str, Any]


class Optimizer:
    """Changes parameters by their gradients.

    Args:
        params: parameters, or dicts ``{"params": [...], "lr": ...}`` whose further entries
            override the settings for the parameters in them.
        defaults: the settings of groups that do not name their own.

    Attributes:
        param_groups: the groups, dicts whose settings may be changed at any time.
        state: for every parameter that was ever updated, its tensors by name.

    Raises:
        TypeError: something else than floating tensors was given.
        ValueError: nothing was given, a parameter twice, or a setting is out of range.

    A subclass checks settings in `_check` and updates one parameter in `_update`. All
    arithmetic there goes through NumPy ufuncs on ``tensor.data`` and is assigned back to
    ``tensor.data``, so that a step can be recorded and replayed.
    """

    _tensors: tuple[str, ...] = ()
    _scalars: tuple[str, ...] = ()

    def __init__(
        self, params: Iterable[Tensor] | Iterable[Mapping[str, Any]], defaults: dict[str, Any]
    ) -> None:
        self.defaults = defaults
        self.param_groups: list[Group] = []
        self.state: dict[Tensor, dict[str, Tensor]] = {}
        self._scratch: dict[Any, Array] = {}
        for group in as_groups(params):
            self.add_param_group(group)

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Take over more parameters, with settings of their own where given."""
        unknown = set(group) - {"params", *self.defaults}
        if unknown:
            raise ValueError(
                f"{type(self).__name__} has no setting {sorted(unknown)[0]!r}; "
                f"a group may set {', '.join(self.defaults)}"
            )
        taken = [p for other in self.param_groups for p in other["params"]]
        params = checked_parameters(group["params"], taken)
        complete: Group = {**self.defaults, **group, "params": params}
        self._check(complete)
        self.param_groups.append(complete)

    def _check(self, group: Group) -> None:
        """Raise if a setting of a group is out of range."""

    def _update(self, p: Tensor, gradient: Any, group: Group) -> None:
        raise NotImplementedError(f"{type(self).__name__} does not define _update")

    def _begin(self, group: Group, active: list[Tensor]) -> None:
        """Called once per step and group, before the updates of its active parameters."""

    def step(self) -> None:
        """Update every parameter that has a gradient; the others stay as they are."""
        for group in self.param_groups:
            active = [p for p in group["params"] if p.grad is not None]
            self._begin(group, active)
            for p in active:
                gradient = p.grad
                self._update(p, gradient.data if isinstance(gradient, Tensor) else gradient, group)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients, or set them to zero."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none or p.grad is None:
                    p.grad = None
                else:
                    p.grad = np.zeros(p.shape, p.dtype)

    def _temporary(self, p: Tensor, number: int = 0) -> Array:
        """Memory in the shape of a parameter, shared by all; its contents do not last."""
        key = (p.shape, p.dtype, number)
        found = self._scratch.get(key)
        if found is None:
            block = self._scratch.get((p.dtype, number))
            if block is None or block.size < p.size:
                block = self._scratch[p.dtype, number] = np.empty(self._largest(p), p.dtype)
            found = self._scratch[key] = block[: p.size].reshape(p.shape)
        return found

    def _largest(self, p: Tensor) -> int:
        every = (q for group in self.param_groups for q in group["params"])
        return max(p.size, *(int(q.size) for q in every if q.dtype == p.dtype))

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on later, in PyTorch's structure, arrays copied.

        Returns:
            ``{"state": {number: {name: array}}, "param_groups": [settings]}``, where the
            parameters are numbered through the groups.
        """
        numbers: dict[Tensor, int] = {}
        groups: list[Group] = []
        for group in self.param_groups:
            own = [numbers.setdefault(p, len(numbers)) for p in group["params"]]
            groups.append({k: v for k, v in group.items() if k != "params"} | {"params": own})
        state = {
            numbers[p]: {name: copied(value) for name, value in entries.items()}
            for p, entries in self.state.items()
        }
        return {"state": dict(sorted(state.items())), "param_groups": groups}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned; nothing is changed if it does not fit.

        Raises:
            ValueError: groups, numbers of parameters, names or shapes differ.
        """
        groups = state["param_groups"]
        sizes = [len(group["params"]) for group in groups]
        own_sizes = [len(group["params"]) for group in self.param_groups]
        if sizes != own_sizes:
            raise ValueError(
                f"the state is for groups of {sizes} parameters, and this optimizer has groups "
                f"of {own_sizes}; build it with the same parameters in the same order"
            )
        saved = [number for group in groups for number in group["params"]]
        every = [p for group in self.param_groups for p in group["params"]]
        entries = {int(number): entry for number, entry in state["state"].items()}
        fresh: dict[Tensor, dict[str, Tensor]] = {}
        for number, p in zip(saved, every, strict=True):
            if number in entries:
                fresh[p] = self._restored(number, p, entries[number])
        for group, other in zip(self.param_groups, groups, strict=True):
            merged = {**group, **{k: other[k] for k in other if k in self.defaults}}
            self._check(merged)
        for group, other in zip(self.param_groups, groups, strict=True):
            group.update({k: other[k] for k in other if k in self.defaults})
        self.state = fresh

    def _restored(self, number: int, p: Tensor, entry: Mapping[str, Any]) -> dict[str, Tensor]:
        wanted = set(self._tensors)
        if set(entry) - wanted or not entry:
            raise ValueError(
                f"the state of parameter {number} holds {sorted(entry)}, but {type(self).__name__} "
                f"keeps {sorted(wanted)}; it was saved by another optimizer"
            )
        restored: dict[str, Tensor] = {}
        for name, value in entry.items():
            array = np.asarray(value)
            shape = () if name in self._scalars else p.shape
            if array.shape != shape:
                raise ValueError(
                    f"{name} of parameter {number} has shape {array.shape} in the state, but "
                    f"{shape} is expected; build the optimizer with the parameters in the same "
                    "order"
                )
            dtype = np.dtype(np.float64) if name in self._scalars else p.dtype
            restored[name] = Tensor(array.astype(dtype))
        return restored

    def __repr__(self) -> str:
        lines = []
        for number, group in enumerate(self.param_groups):
            count = sum(p.size for p in group["params"])
            settings = ", ".join(f"{k}={v}" for k, v in group.items() if k != "params")
            lines.append(f"  group {number}: {settings}  # {count:,} parameters")
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])
