"""The program that grows while a step runs: its variables, and one call after the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.compiler.instructions import Instruction
from autodiff.compiler.parts import Parts
from autodiff.compiler.program import Call, Program, Variable, axis_order
from autodiff.compiler.refusals import Refusing
from autodiff.compiler.trace_array import TraceArray
from autodiff.errors import TracingError

__all__ = ["ProgramBuilder"]


class ProgramBuilder(Parts, Refusing):
    """ProgramBuilder calls in a program, and gives stand-ins for their results.

    Attributes:
        program: what was noted so far.
        closed: the recording is over.
    """

    def __init__(self) -> None:
        super().__init__()
        self.program: Program = Program()
        self.closed = False
        self._constants: dict[int, Variable] = {}

    def wrap(self, value: Any, variable: Variable | None = None) -> TraceArray:
        """An array under recording; without a variable one from outside."""
        return TraceArray(self, value, variable or self.constant(value))

    def variable(
        self, kind: str, value: Any, source: Any = None, name: str = "", remark: str = ""
    ) -> Variable:
        """A new variable of the program for an array."""
        order = axis_order(value)
        made = Variable(
            kind, value.shape, value.dtype, name, source=source, order=order, remark=remark
        )
        lists = {
            "argument": self.program.arguments,
            "state": self.program.states,
            "gradient": self.program.held,
            "live": self.program.lives,
            "constant": self.program.constants,
        }
        if kind in lists:
            made.strides = value.strides
            lists[kind].append(made)
        return made

    def constant(self, array: Any) -> Variable:
        """The variable for an array that exists outside the recording."""
        found = self._constants.get(id(array))
        if found is None:
            found = self._constants[id(array)] = self.variable("constant", array, source=array)
        return found

    def stand_in(self, array: Any) -> TraceArray:
        """An array under recording for any array."""
        return array if isinstance(array, TraceArray) else self.wrap(array)

    def refuse_if_closed(self) -> None:
        """Raise if the recording is over: a stand-in for an array got out of the step."""
        if self.closed:
            raise TracingError(
                "an array that was made in a compiled step was kept outside of it and is used "
                "now; its numbers are those of the recording: return it from the step instead"
            )

    def _note_write(self, row: Instruction, args: Any, kwargs: Any, target: Any) -> None:
        self._note(row, args, kwargs, self.stand_in(target).variable, "out")

    def _note(self, row: Instruction, args: Any, kwargs: Any, result: Any, *more: Any) -> None:
        self.refuse_if_closed()
        named = {k: self._argument(v) for k, v in kwargs.items()}
        call = Call(row, tuple(map(self._argument, args)), named, result, *more)
        self.locate(call)
        self.program.calls.append(call)

    def _new(
        self, row: Instruction, args: Any, kwargs: Any, value: Any, takes_out: bool = False
    ) -> Any:
        if isinstance(value, (list, tuple)):
            raise TracingError(
                f"{row} gives several arrays, which a compiled step cannot record; use functions "
                "that give one"
            )
        value = np.asarray(value)
        variable = self.variable("temp", value)
        self._note(row, args, kwargs, variable, "new", takes_out)
        made = self.wrap(value, variable)
        if not takes_out:
            arrays = self._arrays_in((args, tuple(kwargs.values())))
            self._may_lie_in(made, [x for x in arrays if np.may_share_memory(x.value, value)])
        return made

    def _arrays_in(self, values: Any) -> list[TraceArray]:
        """The arrays among arguments, also inside tuples and lists."""
        if isinstance(values, (tuple, list)):
            return [found for v in values for found in self._arrays_in(v)]
        return [self.stand_in(values)] if isinstance(values, (TraceArray, np.ndarray)) else []

    def _may_lie_in(self, result: TraceArray, arrays: list[TraceArray]) -> None:
        """Note that the last call's result may lie in the memory of arguments."""
        bases = (*result.variable.bases, *(x.variable for x in arrays))
        if bases:
            self.program.calls[-1].target = "maybe"
            result.variable.bases = tuple(dict.fromkeys(bases))

    def _argument(self, value: Any) -> Any:
        """What stands in the program for an argument of a call."""
        if isinstance(value, TraceArray):
            return value.variable
        if is_array(value):
            return self.constant(value)
        if isinstance(value, tuple):
            return tuple(self._argument(v) for v in value)
        if isinstance(value, list):
            return [self._argument(v) for v in value]
        return value
