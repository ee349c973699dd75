"""Taking the state of a module out as arrays, and putting it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from autodiff import Tensor
from nn.module.parameter import Buffer, Parameter
from nn.module.tree import Member, Part, walk

__all__ = ["LoadReport", "export_state", "import_state"]

Array = np.ndarray[Any, Any]


class LoadReport(NamedTuple):
    """What did not match in a load that was not strict.

    Attributes:
        missing_keys: entries of the module that the state lacks; they keep their values.
        unexpected_keys: entries of the state that the module lacks; they are ignored.
    """

    missing_keys: list[str]
    unexpected_keys: list[str]


def _entries(module: Part, prefix: str) -> dict[str, Any]:
    """Every parameter and persistent buffer, under every name it has."""
    found: dict[str, Member] = {}
    for name, part in walk(module, prefix, None):
        part._refuse_parameters()
        own = list(part._members())
        for member in (*filter(_is_parameter, own), *filter(_is_kept, own)):
            key = f"{name}.{member.path}" if name else member.path
            if found.setdefault(key, member).key != member.key:
                raise ValueError(
                    f"two different tensors of {type(module).__name__} have the name {key!r}; "
                    "give the entries of its dicts keys that differ as text"
                )
    return {key: member.value for key, member in found.items()}


def _is_parameter(member: Member) -> bool:
    return member.is_a(Parameter)


def _is_kept(member: Member) -> bool:
    if not member.is_a(Buffer):
        return False
    kept: bool = member.value.persistent if member.slot is None else member.slot.kept
    return kept


def export_state(module: Part, prefix: str) -> dict[str, Array]:
    """Copies of all parameters and persistent buffers, by name."""
    entries = _entries(module, prefix.removesuffix("."))
    return {name: np.array(getattr(held, "data", held)) for name, held in entries.items()}


def _as_array(name: str, value: Any) -> Array:
    try:
        array = np.asarray(value.data if isinstance(value, Tensor) else value)
    except Exception as error:
        raise TypeError(
            f"the entry {name!r} of the state is a {type(value).__name__} that does not become "
            f"an array ({error}); give arrays or tensors in main memory"
        ) from None
    if array.dtype.kind not in "biufc":
        raise TypeError(
            f"the entry {name!r} of the state is not numeric: its dtype is {array.dtype}; "
            "give arrays of numbers"
        )
    return array


def import_state(module: Part, state: Mapping[str, Any], strict: bool) -> LoadReport:
    """Copy a state into a module: all of it or, if something does not fit, nothing."""
    for name, part in list(walk(module, "", set())):
        part._sized_by(state, f"{name}." if name else "")
    own = _entries(module, "")
    for name, held in own.items():
        if not isinstance(held, Parameter | Buffer):
            raise TypeError(
                f"{name} of this {type(module).__name__} is a {type(held).__name__} that a "
                "transform put there, and nothing was loaded; load into an ordinary model"
            )
    missing = [name for name in own if name not in state]
    unexpected = [name for name in state if name not in own]
    arrays = {name: _as_array(name, state[name]) for name in own if name in state}
    problems: list[str] = []
    if strict and missing:
        problems.append(f"missing: {', '.join(missing)}")
    if strict and unexpected:
        problems.append(f"unexpected: {', '.join(unexpected)}")
    for name, array in arrays.items():
        if array.shape != own[name].shape:
            problems.append(
                f"shape of {name}: {array.shape} in the state, {own[name].shape} in the module"
            )
        elif not np.can_cast(array.dtype, own[name].dtype, "same_kind"):
            problems.append(
                f"dtype of {name}: {array.dtype} in the state, {own[name].dtype} in the module"
            )
    if problems:
        hint = "\n(strict=False ignores missing and unexpected entries)" if strict else ""
        lines = "".join(f"\n  {problem}" for problem in problems)
        raise ValueError(
            f"this state does not fit {type(module).__name__}, and nothing was loaded:{lines}{hint}"
        )
    for name, array in arrays.items():
        own[name].data = array.astype(own[name].dtype)
    return LoadReport(missing, unexpected)
