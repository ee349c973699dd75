"""What a compiled step cannot be asked, because its numbers change from call to call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from autodiff.backends.interpreter import Interpreter
from autodiff.compiler.program import Program, Variable
from autodiff.compiler.step_parts import UNKNOWN
from autodiff.errors import TracingError
from autodiff.methods.numpy_interface import ufunc_support

__all__ = [
    "Refusing",
    "changes_outside",
    "draws_directly",
    "keeps_outside",
    "refuse_foreign",
    "title",
]


class Refusing(Interpreter):
    """A recording as far as it refuses.

    Attributes:
        program: what was noted so far.
    """

    records = True
    program: Program

    def refuse(self, array: Any, what: str) -> NoReturn:
        """Raise because a number was asked for that is another one at the next call."""
        raise TracingError(
            f"in a compiled step {what}, for an array of shape {array.shape}"
            f"{self._told_apart(array.variable)}; its numbers change from call to call, so this "
            "cannot be recorded: use autodiff.where for a choice, and return what you want to "
            "read, then read it outside the step"
        )

    def _told_apart(self, variable: Variable) -> str:
        """What the user knows an array by: its name, or the line that computed it."""
        if variable.name:
            kind = {"argument": "argument ", "state": "data of ", "gradient": "gradient "}
            return f", the {kind.get(variable.kind, '')}{variable.name!r}"
        calls = reversed(self.program.calls)
        part = next((call.part for call in calls if call.result is variable), UNKNOWN)
        return f", computed in {part.text!r}" if part.text else ""

    def refuse_value(self) -> NoReturn:
        """Raise because the gradient by a Value was asked for."""
        raise TracingError(
            "in a compiled step the gradient by a Value or a Python float was asked for, which is "
            "a number of Python; use a tensor without axes, such as autodiff.Tensor(2.0)"
        )


def title(function: Callable[..., Any]) -> str:
    """What a step is called in messages."""
    name: str = getattr(function, "__qualname__", type(function).__name__)
    return name.rpartition("<locals>.")[2]


def changes_outside(step: str, what: str, where: str, verb: str = "changes") -> TracingError:
    """The error for a name or an entry that a step gives another meaning in every call.

    Args:
        step: the name of the step.
        what: what the step changes.
        where: file and line, if known.
        verb: what it does with it.
    """
    return TracingError(
        f"the compiled step {step!r} {verb} {what}, which lives outside of it{_at(where)}; later "
        "calls would not do so again. Count and collect outside the step, or keep numbers in the "
        "data of a Tensor"
    )


def keeps_outside(step: str, tensor: Any) -> TracingError:
    """The error for a tensor of a step that something still holds after it."""
    return TracingError(
        f"the compiled step {step!r} keeps {tensor.describe()} of shape {tensor.shape} outside of "
        "itself (in a list, an attribute, a global); later calls would not renew it: return it "
        "from the step, or keep its numbers in the data of a Tensor that exists before"
    )


def draws_directly(step: str, source: str, where: str) -> TracingError:
    """The error for random numbers that a recording would repeat in every call."""
    return TracingError(
        f"the compiled step {step!r} takes random numbers drawn directly from {source}"
        f"{_at(where)}, which would be the same in every call; draw through "
        "autodiff.live.uniform, use the layers of nn, or give the numbers as an argument"
    )


def _at(where: str) -> str:
    return f" (at {where})" if where else ""


def refuse_foreign(ufunc: Any, method: str) -> None:
    """Refuse a ufunc that is not NumPy's own, whose name in the source would be another's.

    Raises:
        TracingError: it is one that the library does not know.
    """
    if getattr(np, ufunc.__name__, None) is ufunc:
        return
    found = ufunc_support(ufunc, method)
    if found.how == "refused":
        raise TracingError(
            f"{found.title} is not supported in a compiled step: {found.by}, outside the step"
        )
