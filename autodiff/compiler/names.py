"""What tensors are called in the source: by their attribute, or as the code calls them."""

from __future__ import annotations

import re
from typing import Any

from autodiff.backends.recorder import RECORDER
from autodiff.compiler.parts import name_in_caller
from autodiff.graph.modes import current_mode

__all__ = ["describe_tensor"]


def describe_tensor(tensor: Any, known: dict[int, tuple[Any, str]]) -> tuple[str, str]:
    """A name for a lasting tensor that is read for the first time, and a remark.

    Args:
        tensor: the tensor.
        known: the names given before, by tensor; the new one is added.

    Returns:
        The name, and what stands beside it in the source.
    """
    if id(tensor) in known:
        return known[id(tensor)][1], ""
    scope = current_mode().scope
    given: str = tensor.name or ""
    remark = ""
    if given and len(scope) > 1:
        parts = [(part, _identifier(part, description)) for part, description in scope[1:]]
        remark = f"{'.'.join([*(part for part, _ in parts), given])} of {scope[-1][1]}"
        found = "_".join([*(name for _, name in parts), given])
    elif given:
        # What an update keeps for a parameter is called after it.
        recorder = RECORDER.get()
        subject = None if recorder is None else recorder.subject
        _, prefix = known.get(id(subject), (None, ""))
        found = f"{prefix}_{given}" if prefix and subject is not tensor else given
    else:
        held, subject = name_in_caller(tensor)
        _, prefix = known.get(id(subject), (None, ""))
        found = f"{prefix}_{held}" if prefix and held else held
    known[id(tensor)] = tensor, found
    return found, remark


def _identifier(part: str, description: str) -> str:
    """A module's name; with its kind before it where it is only a number."""
    kind = re.match(r"\w+", description)
    if kind and part.isdigit():
        return f"{kind[0].lower()}{part}"
    return re.sub(r"\W+", "_", part).strip("_")
