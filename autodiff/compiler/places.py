"""Which part of a step an array call belongs to, found by looking at who is calling."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, NamedTuple

from autodiff.modes import current_mode
from autodiff.tensor import Tensor
from autodiff.writers.build import GENERATED

__all__ = ["UNKNOWN", "Place", "find_place", "name_in_caller", "subject_of"]

Scope = tuple[tuple[str, str], ...]
_LIBRARY = {"autodiff", "nn", "viz", "contextlib", "functools"}


class Place(NamedTuple):
    """A part of a step.

    Attributes:
        phase: ``"forward"``, ``"backward"`` or ``"update"``.
        text: what is done, as a comment says it.
        subject: the tensor that is being worked on, for an update.
    """

    phase: str
    text: str
    subject: Any = None

    def is_same(self, other: Place) -> bool:
        """Whether two calls belong to the same part."""
        return self.text == other.text and self.subject is other.subject


UNKNOWN = Place("update", "")
_FORWARD = ("autodiff.operations", "autodiff.operands")


def find_place() -> Place:
    """The part of the step that is running, seen from inside the recording."""
    for frame in _frames():
        module = _module(frame)
        if module == "autodiff.sweeps.pullbacks" and "node" in frame.f_locals:
            node = frame.f_locals["node"]
            return Place("backward", f"backward of {node.op.name}{_inside(node.scope)}")
        if module == "autodiff.backward":
            return Place("backward", "gradients")
        if module in _FORWARD and "entry" in frame.f_locals:
            scope = current_mode().scope
            if len(scope) > 1:
                name, description = scope[-1]
                return Place("forward", f"forward: {name} {description}")
            line = _line(_user_frame())
            return Place("forward", line or f"forward: {frame.f_locals['entry'].name}")
        if not module.startswith("autodiff."):
            return _outside(frame)
    return UNKNOWN


def _frames() -> Iterator[FrameType]:
    """The frames of the step, innermost first, without the compiler's, NumPy's and kernels'."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        kernel = frame.f_code.co_filename.startswith(GENERATED)
        if not kernel and not _module(frame).startswith(("autodiff.compiler", "numpy")):
            yield frame
        frame = frame.f_back


def _module(frame: FrameType) -> str:
    name: str = frame.f_globals.get("__name__", "")
    return name


def _user_frame() -> FrameType | None:
    return next((f for f in _frames() if not _of_library(f)), None)


def _of_library(frame: FrameType) -> bool:
    return _module(frame).partition(".")[0] in _LIBRARY


def _outside(frame: FrameType) -> Place:
    scope = current_mode().scope
    if len(scope) > 1:
        name, description = scope[-1]
        return Place("forward", f"forward: {name} {description}")
    subject = subject_of(frame)
    owner = frame.f_locals.get("self")
    if _of_library(frame) and owner is not None:
        return Place("update", f"{type(owner).__name__}", subject)
    return Place("update", _line(frame), None)


def subject_of(frame: FrameType) -> Any:
    """The first tensor with a gradient among a function's own variables; None without."""
    found = (v for v in frame.f_locals.values() if isinstance(v, Tensor))
    return next((v for v in found if v.requires_grad and v.op is None), None)


def _inside(scope: Scope) -> str:
    return f", {scope[-1][0]} {scope[-1][1]}" if len(scope) > 1 else ""


def _line(frame: FrameType | None) -> str:
    if frame is None:
        return ""
    text = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
    return text if len(text) <= 70 else text[:67] + "..."


def name_in_caller(tensor: Any) -> tuple[str, Any]:
    """The name under which the calling code holds a tensor, and what it belongs to.

    Args:
        tensor: a lasting tensor that is being read.

    Returns:
        A name, empty if none is found, and another tensor that the code works on, or
        None.
    """
    for frame in _frames():
        if _module(frame).startswith("autodiff."):
            continue
        owner = frame.f_locals.get("self")
        places = (frame.f_locals, getattr(owner, "__dict__", {}), frame.f_globals)
        names = (k for place in places for k, v in place.items() if v is tensor)
        subject = subject_of(frame)
        return next(names, ""), None if subject is tensor else subject
    return "", None
