"""A recorded program: array calls in the order in which they ran."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["Call", "Program", "Variable"]


@dataclass(eq=False, slots=True)
class Variable:
    """One array of the program.

    Attributes:
        kind: ``"argument"``, ``"state"`` (data or gradient of a lasting tensor),
            ``"live"`` (a number read anew at every call), ``"constant"``, ``"generator"``
            (a source of random numbers) or ``"temp"``.
        shape: its shape.
        dtype: its dtype.
        name: how it is called in the source.
        base: the variable it is a view of, if it is one.
        source: where its array comes from: the state's owner and slot, the mapping and
            key of a live number, or the constant or generator itself.
    """

    kind: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    name: str = ""
    base: Variable | None = None
    source: Any = None

    @property
    def root(self) -> Variable:
        """The variable whose memory this one lives in."""
        variable = self
        while variable.base is not None:
            variable = variable.base
        return variable


@dataclass(eq=False, slots=True)
class Call:
    """One call of the program.

    Attributes:
        function: how the function is written, for example ``np.matmul``.
        args: positional arguments; variables, numbers, or tuples of them.
        kwargs: keyword arguments.
        result: the variable that holds the result.
        target: what is written: ``"new"`` (a fresh array), ``"out"`` (into the existing
            variable ``result``), ``"view"`` (a view of the first argument).
        elementwise: each element of the result depends on that element of operands only.
        takes_out: the function accepts ``out=``.
    """

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Variable
    target: str = "new"
    elementwise: bool = False
    takes_out: bool = False

    def reads(self) -> list[Variable]:
        """The variables among the arguments."""
        found: list[Variable] = []
        _collect(self.args, found)
        _collect(tuple(self.kwargs.values()), found)
        return found


def _collect(values: Any, into: list[Variable]) -> None:
    for value in values:
        if isinstance(value, Variable):
            into.append(value)
        elif isinstance(value, (tuple, list)):
            _collect(value, into)
        elif isinstance(value, slice):
            _collect((value.start, value.stop, value.step), into)


@dataclass(slots=True)
class Program:
    """Everything that a step did.

    Attributes:
        calls: the array calls.
        arguments: the variables of array arguments, by position in the flat list.
        states: variables of lasting tensors.
        lives: variables of numbers read anew in every call.
        constants: variables of arrays and generators from outside the recording.
        outputs: the variables of returned arrays, in order.
        write_back: pairs of a state and the variable that it was assigned.
        gradients: pairs of a tensor and the variable that is its gradient afterwards,
            or None.
    """

    calls: list[Call] = field(default_factory=list)
    arguments: list[Variable] = field(default_factory=list)
    states: list[Variable] = field(default_factory=list)
    lives: list[Variable] = field(default_factory=list)
    constants: list[Variable] = field(default_factory=list)
    outputs: list[Variable] = field(default_factory=list)
    write_back: list[tuple[Variable, Variable]] = field(default_factory=list)
    gradients: list[tuple[Any, Variable | None]] = field(default_factory=list)
