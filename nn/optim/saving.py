"""What an optimizer knows as plain data, and back; in PyTorch's structure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff import Tensor
from nn.optim.hyperparameters import Group
from nn.optim.parameter_groups import SCHEDULED

__all__ = ["export_state", "import_state"]

Array = np.ndarray[Any, Any]


def export_state(optimizer: Any) -> dict[str, Any]:
    """See `Optimizer.state_dict`."""
    numbers: dict[Tensor, int] = {}
    groups: list[dict[str, Any]] = []
    for group in optimizer.param_groups:
        own = [numbers.setdefault(p, len(numbers)) for p in group["params"]]
        saved = {k: v for k, v in group.items() if k != "params"}
        if callable(saved.get("lr")):
            steps = optimizer._sources[id(group)].count()
            saved |= {"lr": float(group["lr"](steps)), "lr_steps": steps}
        groups.append(saved | {"params": own})
    state = {}
    for p, entries in optimizer.state.items():
        kept = {n: np.array(t.data) for n, t in entries.items() if n not in optimizer.hidden}
        if kept:
            state[numbers[p]] = kept
    return {"state": dict(sorted(state.items())), "param_groups": groups}


def import_state(optimizer: Any, saved: Mapping[str, Any]) -> None:
    """See `Optimizer.load_state_dict`.

    Raises:
        ValueError: it does not fit; then nothing was changed.
    """
    if not isinstance(saved, Mapping) or not {"state", "param_groups"} <= saved.keys():
        there = ", ".join(map(str, saved)) if isinstance(saved, Mapping) else type(saved).__name__
        raise ValueError(
            "the state of an optimizer has the entries state and param_groups, as state_dict() "
            f"gives them, and this has {there or 'none'}"
        )
    groups = saved["param_groups"]
    sizes = [len(group["params"]) for group in groups]
    own_sizes = [len(group["params"]) for group in optimizer.param_groups]
    if sizes != own_sizes:
        raise ValueError(
            f"the state is for groups of {sizes} parameters, and this optimizer has groups "
            f"of {own_sizes}; build it with the same parameters in the same order"
        )
    merged = []
    for group, other in zip(optimizer.param_groups, groups, strict=True):
        settings = {**group, **_settings(optimizer, group, other)}
        optimizer._check(settings)
        merged.append(settings)
    entries = {int(number): entry for number, entry in saved["state"].items()}
    found: dict[Tensor, dict[str, Any]] = {}
    for settings, other in zip(merged, groups, strict=True):
        for number, p in zip(other["params"], settings["params"], strict=True):
            if number in entries or p in optimizer.state:
                start = optimizer._started(p, settings)
                found[p] = _complete(optimizer, number, start, entries.get(number, {}))
    for group, settings, other in zip(optimizer.param_groups, merged, groups, strict=True):
        group.update({k: v for k, v in settings.items() if k != "params"})
        if "lr_steps" in other:
            optimizer._sources[id(group)].restore(int(other["lr_steps"]))
    optimizer._restore(found)


def _settings(optimizer: Any, group: Group, saved: Mapping[str, Any]) -> dict[str, Any]:
    """The settings to take over."""
    known = {*optimizer.defaults, *SCHEDULED}
    taken = {k: tuple(v) if isinstance(v, list) else v for k, v in saved.items() if k in known}
    if "param_names" in saved:
        taken["param_names"] = list(saved["param_names"])
    if callable(group.get("lr")):
        taken.pop("lr", None)
    elif "lr_steps" in saved:
        raise ValueError(
            f"the state was saved {saved['lr_steps']} steps into a learning rate that is a "
            "function, and functions are not saved; build this optimizer with the same lr="
        )
    return taken


def _complete(
    optimizer: Any, number: int, start: Mapping[str, Any], entry: Mapping[str, Any]
) -> dict[str, Any]:
    """The state of a parameter: what was saved, and else what it begins with."""
    given = {name: np.asarray(value) for name, value in entry.items() if value is not None}
    kept = [name for name in start if name not in optimizer.hidden]
    kind = type(optimizer).__name__
    if set(given) - set(kept):
        raise ValueError(
            f"the state of parameter {number} holds {sorted(given)}, but {kind} as it is set "
            f"keeps {sorted(kept)}; it was saved by another optimizer"
        )
    for name, array in given.items():
        shape = np.shape(start[name])
        if array.shape != shape:
            raise ValueError(
                f"{name} of parameter {number} has shape {array.shape} in the state, and "
                f"{shape} is expected; build the optimizer with the parameters in the same "
                "order"
            )
    begun = {name: 1.0 for name in optimizer.hidden if name in start and given}
    return {**start, **begun, **given}
