"""Which part of a step an array call belongs to: what the library said, and the user's line."""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType
from typing import Any

import numpy as np

from autodiff.backends import stand_in
from autodiff.compiler.program import Call
from autodiff.compiler.step_parts import UNKNOWN, Part
from autodiff.graph.modes import current_mode
from autodiff.graph.origin import is_of_library
from autodiff.tensors.tensor import Tensor
from autodiff.writers.build import GENERATED

__all__ = ["Parts", "name_in_caller"]

_HERE = os.path.dirname(__file__)
_ENGINE = os.path.join(os.path.dirname(_HERE), "")
# NumPy's own frames, and those of the recording, stand between a call and who made it.
_BETWEEN = (
    os.path.join(_HERE, ""),
    os.path.join(os.path.dirname(np.__file__), ""),
    stand_in.__file__,
)


class Parts:
    """What sweeps, operations and optimizers say of the part of the step that is running.

    Attributes:
        subject: the tensor that is being worked on, for an update.
    """

    def __init__(self) -> None:
        self.subject: Any = None
        self._told = UNKNOWN
        self._open: list[Call] = []

    @contextmanager
    def _part(self, told: Part) -> Iterator[None]:
        before = self._told, self.subject
        self._told, self.subject = told, None
        try:
            yield
        finally:
            self._told, self.subject = before

    def backward(self, node: Any = None) -> AbstractContextManager[None]:
        """What is done inside is the backward pass, of one node where one is given."""
        if node is None:
            return self._part(Part("backward", "gradients"))
        scope = node.scope
        inside = f", {scope[-1][0]} {scope[-1][1]}" if len(scope) > 1 else ""
        return self._part(Part("backward", f"backward of {node.op.name}{inside}"))

    def update(self, owner: Any) -> AbstractContextManager[None]:
        """What is done inside is an update by an optimizer, of the tensor named as `subject`."""
        return self._part(Part("update", type(owner).__name__))

    def apart(self) -> AbstractContextManager[None]:
        """What is done inside speaks for itself, although it runs within another part."""
        return self._part(UNKNOWN)

    def operation(self, entry: Any) -> None:
        """An operation was carried out by the calls located last."""
        for call in self._open:
            call.part = Part("forward", call.part.text or f"forward: {entry.name}")
        self._open = []

    def locate(self, call: Call) -> None:
        """Note to which part of the step an array call belongs that is made now."""
        engine: list[FrameType] = []
        caller = sys._getframe()
        for caller in _frames():
            if not _is_engine(caller):
                break
            engine.append(caller)
        told, scope = self._told, current_mode().scope
        before, self._open = self._open, []
        if told.phase == "backward" and (engine or is_of_library(caller)):
            call.part = told
        elif len(scope) > 1:
            name, description = scope[-1]
            call.part = Part("forward", f"forward: {name} {description}")
        elif told.text and is_of_library(caller):
            call.part = told._replace(subject=self.subject)
        else:
            operating = any("__glassgrad_operations__" in frame.f_globals for frame in engine)
            line = _line(next((f for f in _frames() if not is_of_library(f)), None))
            call.part = Part("forward" if operating else "update", line)
            if operating and not line:
                self._open = [*before, call]
            elif engine and not operating:
                self._open = [call]


def _frames() -> Iterator[FrameType]:
    """The frames of the step, innermost first, without the compiler's and NumPy's."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if not frame.f_code.co_filename.startswith(_BETWEEN):
            yield frame
        frame = frame.f_back


def _is_engine(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith((_ENGINE, GENERATED))


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
        if _is_engine(frame):
            continue
        owner = frame.f_locals.get("self")
        spaces = (frame.f_locals, getattr(owner, "__dict__", {}), frame.f_globals)
        names = (k for space in spaces for k, v in space.items() if v is tensor)
        subject = _subject_of(frame)
        return next(names, ""), None if subject is tensor else subject
    return "", None


def _subject_of(frame: FrameType) -> Any:
    """The first tensor with a gradient among a function's own variables; None without."""
    found = (v for v in frame.f_locals.values() if isinstance(v, Tensor))
    return next((v for v in found if v.requires_grad and v.op is None), None)
