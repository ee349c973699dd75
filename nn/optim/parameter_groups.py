"""Checking what an optimizer is given, and saving what it knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autodiff import Tensor
from nn.module.base import Module

__all__ = ["SCHEDULED", "Params", "as_groups", "checked_flags", "checked_parameters", "unnamed"]

Params = Iterable[Tensor] | Iterable[tuple[str, Tensor]] | Iterable[Mapping[str, Any]]
"""What an optimizer takes: parameters, these with their names, or groups of either."""

SCHEDULED: frozenset[str] = frozenset(
    "initial_lr max_lr min_lr swa_lr base_momentum max_momentum".split()
)
"""What schedules write into groups beside the settings."""


def checked_flags(kind: str, flags: Mapping[str, Any]) -> None:
    """See that switches of other implementations ask for nothing that is not there.

    Raises:
        TypeError: a flag is unknown.
        ValueError: ``differentiable`` is asked for.
    """
    for name, value in flags.items():
        if name not in ("foreach", "fused", "capturable", "differentiable"):
            raise TypeError(f"{kind} has no parameter {name!r}")
        if name == "differentiable" and value:
            raise ValueError(
                f"{kind}: differentiable=True would record the step itself, and steps are made in "
                "place; to differentiate through steps, write them as functions of the "
                "parameters, w = w - lr * g, and give those to nn.functional_call"
            )


def as_groups(params: Any) -> list[dict[str, Any]]:
    """Parameter groups from parameters, or from dicts that hold them under ``params``."""
    if isinstance(params, Module):
        raise TypeError(
            f"an optimizer takes parameters, not the module {type(params).__name__}; "
            "write model.parameters()"
        )
    if isinstance(params, Tensor | Mapping | str) or not isinstance(params, Iterable):
        raise TypeError(
            f"an optimizer takes an iterable of parameters or of dicts, not a "
            f"{type(params).__name__}; put it in a list: [...]"
        )
    entries = list(params)
    if not entries:
        raise ValueError(
            "the optimizer got no parameters: the list is empty; if it comes from a model, the "
            "model has none, or a generator was already used up (call parameters() again)"
        )
    if any(isinstance(entry, Mapping) for entry in entries):
        for entry in entries:
            if not isinstance(entry, Mapping) or "params" not in entry:
                raise TypeError(
                    "parameter groups are dicts with the key 'params', and one entry is "
                    f"{entry!r}; write {{'params': [...], 'lr': 0.1}}"
                )
        return [dict(entry) for entry in entries]
    return [{"params": entries}]


def unnamed(group: Mapping[str, Any], others: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """A group whose parameters may have been given with their names: these apart.

    Args:
        group: as it was given; one that went through this stays as it is.
        others: the groups before it.

    Returns:
        The group with its parameters in a list under ``params``, and their names, if they have
        some, under ``param_names``.

    Raises:
        ValueError: some have names, and some have not.

    Example:
        >>> import nn
        >>> unnamed({"params": nn.Linear(2, 1).named_parameters()})["param_names"]
        ['weight', 'bias']
    """
    given = group["params"]
    found = [given] if isinstance(given, Tensor) else list(given)
    named = [isinstance(p, tuple) and len(p) == 2 and isinstance(p[0], str) for p in found]
    made = {**group, "params": found}
    if found and all(named):
        made |= {"params": [p for _, p in found], "param_names": [name for name, _ in found]}
    mixed = any(named) and not all(named)
    if mixed or any(("param_names" in made) != ("param_names" in other) for other in others):
        raise ValueError(
            "some of the optimizer's parameters have names, and some have not; give all with "
            "their names, as model.named_parameters() does, or none"
        )
    return made


def checked_parameters(params: Any, taken: Iterable[Tensor]) -> list[Tensor]:
    """The parameters of one group, refused if they cannot be optimised."""
    found = [params] if isinstance(params, Tensor) else list(params)
    known = {id(p) for p in taken}
    for number, p in enumerate(found):
        if not isinstance(p, Tensor):
            raise TypeError(f"parameter {number} is a {type(p).__name__}, not a Tensor")
        what = f"parameter {number}" + (f" ({p.name})" if p.name else "")
        if not p.is_leaf:
            raise ValueError(
                f"{what} is the result of a computation, not a leaf; optimise what it was "
                "computed from"
            )
        if p.dtype.kind != "f":
            raise TypeError(f"{what} holds {p.dtype}; only floating parameters can be optimised")
        if id(p) in known:
            raise ValueError(
                f"{what} of shape {p.shape} was given twice; every parameter belongs to one group"
            )
        known.add(id(p))
    return found
