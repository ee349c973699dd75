"""The base class of the optimizers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from autodiff import Tensor, live
from autodiff.extending import raw
from nn.optim.hyperparameters import Group
from nn.optim.parameter_groups import as_groups, checked_parameters, copied

__all__ = ["Optimizer"]

Array = np.ndarray[Any, Any]


class Optimizer:
    """Changes parameters by their gradients.

    Args:
        params: parameters, or dicts ``{"params": [...], "lr": ...}`` whose further entries
            override the settings for the parameters in them.
        defaults: the settings of groups that do not name their own.

    Attributes:
        param_groups: the groups, dicts whose settings may be changed at any time; what is out
            of range is refused then too.
        state: for every parameter that was ever updated, its tensors by name.
        settings_are_live: they are read through `autodiff.live`, which tells a compiled step.

    Raises:
        TypeError: something else than floating tensors was given.
        ValueError: nothing was given, a parameter twice, or a setting is out of range.

    A subclass checks settings in `_check`, makes a parameter's state in `_prepare` and
    updates it in `_update`. All arithmetic there goes through NumPy ufuncs on the data of
    tensors that exist before the first step, so that a step can be recorded and replayed.
    """

    settings_are_live: ClassVar[bool] = True
    _tensors: tuple[str, ...] = ()
    _scalars: tuple[str, ...] = ()

    def __init__(
        self, params: Iterable[Tensor] | Iterable[Mapping[str, Any]], defaults: dict[str, Any]
    ) -> None:
        self.defaults = defaults
        self.param_groups: list[Group] = []
        self._additions = 0
        self.state: dict[Tensor, dict[str, Tensor]] = {}
        self._scratch: dict[Any, Tensor] = {}
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
        settings = {**self.defaults, **group, "params": params}
        self._check(settings)
        complete = Group(settings, self._check)
        self.param_groups.append(complete)
        self._additions += 1
        for p in params:
            if p.requires_grad:
                self._prepare(p, complete)

    @classmethod
    def _check(cls, group: Mapping[str, Any]) -> None:
        """Raise if a setting of a group is out of range."""

    def _prepare(self, p: Tensor, group: Group) -> dict[str, Tensor]:
        """The state of a parameter, made if there is none; a subclass adds its tensors."""
        self._temporary(p)
        return self.state.setdefault(p, {}) if self._tensors else {}

    def _update(self, p: Tensor, gradient: Any, group: Group) -> None:
        raise NotImplementedError(f"{type(self).__name__} does not define _update")

    def _begin(self, group: Group, active: list[Tensor]) -> None:
        """Called once per step and group, before the updates of its active parameters."""

    def step(self) -> None:
        """Update every parameter that has a gradient; the others stay as they are."""
        # A recorded step does not see more groups by itself.
        live.setting(vars(self), "_additions")
        recorder = live.RECORDER.get()
        if recorder is None:
            self._step(None)
            return
        with recorder.update(self):
            self._step(recorder)

    def _step(self, recorder: live.Recorder | None) -> None:
        for group in self.param_groups:
            active = {p: g for p in group["params"] if (g := p.grad) is not None}
            self._begin(group, list(active))
            for p, gradient in active.items():
                if recorder is not None:
                    recorder.subject = p
                gradient = gradient.data if isinstance(gradient, Tensor) else gradient
                self._update(p, gradient, group)

    def _group_of(self, p: Tensor) -> Group:
        return next(g for g in self.param_groups if any(p is q for q in g["params"]))

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients, or set them to zero."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none or p.grad is None:
                    p.grad = None
                else:
                    p.grad = np.zeros(p.shape, p.dtype)

    def _temporary(self, p: Tensor, number: int = 0) -> Any:
        """Memory in the shape of a parameter, shared by all of that shape; does not last."""
        found = self._scratch.get((p, number))
        memory = None if found is None else raw(found)
        if memory is None or memory.dtype != raw(p).dtype:
            if found is not None:
                self._follow(p)
            shared = (p.shape, p.dtype, number)
            if shared not in self._scratch:
                self._scratch[shared] = Tensor(np.zeros(p.shape, p.dtype), name="scratch")
            found = self._scratch[p, number] = self._scratch[shared]
            memory = raw(found)
        return memory

    def _follow(self, p: Tensor) -> None:
        """Bring what is known of a parameter to its dtype, which has been changed."""
        for name, tensor in self.state.get(p, {}).items():
            if name not in self._scalars:
                tensor.cast_(p.dtype)

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on later, in PyTorch's structure, arrays copied.

        Returns:
            ``{"state": {number: {name: array}}, "param_groups": [settings]}``, where the
            parameters are numbered through the groups.
        """
        numbers: dict[Tensor, int] = {}
        groups: list[dict[str, Any]] = []
        for group in self.param_groups:
            own = [numbers.setdefault(p, len(numbers)) for p in group["params"]]
            groups.append({k: v for k, v in group.items() if k != "params"} | {"params": own})
        state = {
            numbers[p]: {name: copied(value) for name, value in entries.items()}
            for p, entries in self.state.items()
            if entries
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
        owners = [(p, group) for group in self.param_groups for p in group["params"]]
        entries = {int(number): entry for number, entry in state["state"].items()}
        checked: dict[Tensor, dict[str, Array]] = {}
        for number, (p, _) in zip(saved, owners, strict=True):
            if number in entries:
                checked[p] = self._checked_entry(number, p, entries[number])
        settings = [{k: v for k, v in group.items() if k in self.defaults} for group in groups]
        for group, changed in zip(self.param_groups, settings, strict=True):
            self._check({**group, **changed})
        for group, changed in zip(self.param_groups, settings, strict=True):
            group.update(changed)
        for p, group in owners:
            if p in checked or p in self.state:
                self._restore(p, self._prepare(p, group), checked.get(p, {}))

    def _checked_entry(self, number: int, p: Tensor, entry: Mapping[str, Any]) -> dict[str, Array]:
        if set(entry) - set(self._tensors):
            raise ValueError(
                f"the state of parameter {number} holds {sorted(entry)}, but {type(self).__name__} "
                f"keeps {sorted(self._tensors)}; it was saved by another optimizer"
            )
        arrays = {name: np.asarray(value) for name, value in entry.items() if value is not None}
        for name, array in arrays.items():
            shape = () if name in self._scalars else p.shape
            if array.shape != shape:
                raise ValueError(
                    f"{name} of parameter {number} has shape {array.shape} in the state, and "
                    f"{shape} is expected; build the optimizer with the parameters in the same "
                    "order"
                )
        return arrays

    def _restore(self, p: Tensor, own: dict[str, Tensor], saved: Mapping[str, Array]) -> None:
        """Set a parameter's state in place; what was not saved begins anew."""
        for name, tensor in own.items():
            array = saved.get(name)
            tensor.data = (
                np.zeros(tensor.shape, tensor.dtype)
                if array is None
                else array.astype(tensor.dtype)
            )

    def __repr__(self) -> str:
        lines = []
        for number, group in enumerate(self.param_groups):
            count = sum(p.size for p in group["params"])
            settings = ", ".join(f"{k}={v}" for k, v in group.items() if k != "params")
            lines.append(f"  group {number}: {settings}  # {count:,} parameters")
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])
