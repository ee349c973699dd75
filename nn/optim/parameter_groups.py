"""Checking what an optimizer is given, and saving what it knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from autodiff import Tensor
from nn.module.base import Module

__all__ = ["SCHEDULED", "as_groups", "checked_flags", "checked_parameters"]

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


def checked_parameters(params: Any, taken: Iterable[Tensor]) -> list[Tensor]:
    """The parameters of one group, refused if they cannot be optimised."""
    found = [params] if isinstance(params, Tensor) else list(params)
    known = {id(p) for p in taken}
    for number, p in enumerate(found):
        if isinstance(p, tuple) and len(p) == 2 and isinstance(p[1], Tensor):
            raise TypeError(
                "an optimizer takes parameters without their names; "
                "write model.parameters() instead of model.named_parameters()"
            )
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
