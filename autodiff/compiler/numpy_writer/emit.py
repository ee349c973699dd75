"""The program as Python source: straight-line NumPy that a person can read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from operator import attrgetter
from typing import Any

import numpy as np

from autodiff.compiler.buffers import plan_buffers
from autodiff.compiler.numpy_writer.expressions import dtype_text, expression_text, number_text
from autodiff.compiler.numpy_writer.identifiers import Names, name_of_number
from autodiff.compiler.numpy_writer.memory_order import new_buffer
from autodiff.compiler.program import Call, Program, Variable
from autodiff.compiler.step_parts import UNKNOWN, Part
from autodiff.writers.build import build

__all__ = ["Emitted", "emit"]

_TAKEN = {"np", "new_buffer", "in_order", "generator", "made_up", "read", "example", "run"}
_TAKEN |= {"step", "make_step", "json", "sys", "RESULTS", "name", "found"}
_LETTERS = {"forward": "h", "backward": "g", "update": "u"}


class Emitted:
    """Source of a program, and what its names stand for.

    Attributes:
        source: the source text of the step alone.
        bound: variables bound once, in the order of the factory's parameters.
        inputs: variables of the step's parameters.
        functions: the library's functions that the step calls, by name.
        owned: variables that lie in the program's own buffers.
        calls: the number of array calls of a step.
        buffers: the number of buffers.
        nbytes: their size in bytes.
    """

    def __init__(
        self,
        source: str,
        bound: list[Variable],
        inputs: list[Variable],
        functions: dict[str, Any],
        buffers: dict[Variable, int],
    ) -> None:
        self.source = source
        self.bound = bound
        self.inputs = inputs
        self.functions = functions
        self.owned: set[Variable] = set(buffers)
        one_each = {number: variable for variable, number in buffers.items()}
        self.buffers: int = len(one_each)
        self.nbytes: int = sum(int(np.prod(v.shape)) * v.dtype.itemsize for v in one_each.values())

    def build(self) -> Callable[..., Any]:
        """The factory: a function of the bound arrays that makes the step."""
        namespace: dict[str, Any] = {"np": np, "new_buffer": new_buffer, **self.functions}
        return build(self.source, "make_step", "compiled step", namespace)


def emit(program: Program, names: dict[int, tuple[Any, str]]) -> Emitted:
    """Write a program as source.

    Args:
        program: the program, after all passes.
        names: what tensors are called.
    """
    return _Writer(program, names).write()


def _functions(program: Program) -> dict[str, Any]:
    """The library's functions that a program calls, by name."""
    called = {call.function for call in (*program.setup, *program.calls)}
    rows = sorted((row for row in called if row.origin == "library"), key=attrgetter("name"))
    return {row.name: row.function for row in rows}


class _Writer:
    def __init__(self, program: Program, names: dict[int, tuple[Any, str]]) -> None:
        self.program = program
        self.tensor_names = names
        self.buffers = plan_buffers(program)
        self.names: dict[Variable, str] = {}
        self.functions = _functions(program)
        self.free = Names({*_TAKEN, *self.functions})
        self.buffer_names: dict[int, str] = {}
        self.setup: list[str] = []
        self.body: list[str] = []
        self.fixed: set[Variable] = set()
        self.read = {v for call in program.calls for v in call.reads()} | set(program.final())
        self.read |= {call.result for call in program.calls if call.target == "out"}
        self.counts = {letter: count(1) for letter in _LETTERS.values()}
        self.part = UNKNOWN

    def write(self) -> Emitted:
        program = self.program
        used = self._used()
        given = [v for v in (*program.states, *program.constants) if v in used]
        numbers = [v for v in given if number_text(v) is not None]
        bound = [v for v in given if number_text(v) is None]
        for variable in (*bound, *program.arguments, *program.held, *program.lives):
            self.names[variable] = self.free.free(variable.name or "constant")
        self.fixed.update(bound)
        for variable in numbers:
            self._number(variable)
        self._name_gradients()
        self._allocate()
        for call in program.setup:
            self._statement(call, self.setup)
            self.fixed.add(call.result)
        for call in program.calls:
            self._call(call)
        if program.write_back:
            self._comment(Part("update", "what was assigned"))
        for target, source in program.write_back:
            self.body.append(f"np.copyto({self.names[target]}, {self.names[source]})")
        inputs = [*program.arguments, *program.held, *program.lives]
        for variable in (*bound, *inputs):
            variable.name = self.names[variable]
        text = self._assemble(bound)
        return Emitted(text, bound, inputs, self.functions, self.buffers)

    def _assemble(self, bound: list[Variable]) -> str:
        program = self.program
        lines = [f"# {len(program.calls)} array calls, recorded from a step of the inputs"]
        inputs = [*program.arguments, *program.held, *program.lives]
        lines += [f"#     {self.names[v]}: {self._describe(v)}" for v in inputs]
        lines += ["", "", "def make_step("]
        lines += [f"    {self.names[v]},  # {self._describe(v)}" for v in bound]
        lines += ["):"] + [f"    {line}" if line else "" for line in self.setup]
        lines += ["", f"    def step({', '.join(self.names[v] for v in inputs)}):"]
        lines += [f"        {line}" if line else "" for line in self.body]
        results = [*program.outputs]
        results += [g.variable for g in program.gradients if g.variable is not None]
        lines += ["", "        return ("]
        lines += [f"            {self.names[v]}," for v in results]
        lines += ["        )", "", "    return step", "", ""]
        lines += ["RESULTS = (", *(f'    "{self.names[v]}",' for v in results), ")", ""]
        return "\n".join(lines)

    def _used(self) -> set[Variable]:
        program = self.program
        touched = [*program.final(), *(target for target, _ in program.write_back)]
        for call in (*program.calls, *program.setup):
            touched += [*call.reads(), call.result]
        return {owner for variable in touched for owner in variable.owners()}

    def _describe(self, variable: Variable) -> str:
        if variable.kind == "generator":
            return "a numpy.random.Generator"
        what = f"{variable.dtype} {variable.shape}"
        if variable.kind == "live":
            return f"{what}, a setting read anew in every call"
        if variable.kind == "constant":
            return f"{what}, the same array in every call"
        return f"{what}: {variable.remark}" if variable.remark else what

    def _number(self, variable: Variable) -> None:
        name = self.names[variable] = self.free.free(name_of_number(variable.source.item()))
        self.setup.append(f"{name} = {number_text(variable)}")
        self.fixed.add(variable)

    def _name_gradients(self) -> None:
        for gradient in self.program.gradients:
            _, name = self.tensor_names.get(id(gradient.tensor), (None, ""))
            variable = gradient.variable
            if name and variable is not None and not variable.name:
                variable.name = f"{name}_grad"

    def _allocate(self) -> None:
        shown: dict[int, Variable] = {}
        for variable, number in self.buffers.items():
            shown.setdefault(number, variable)
        for number, variable in sorted(shown.items(), key=lambda pair: pair[0]):
            name = self.buffer_names[number] = self.free.free(f"b{number}")
            given = f"{variable.shape}, {dtype_text(variable.dtype)}"
            if variable.order is None:
                self.setup.append(f"{name} = np.empty({given})")
            else:
                self.setup.append(f"{name} = new_buffer({given}, {variable.order})")

    def _name(self, variable: Variable, letter: str) -> str:
        wanted = variable.name
        if not wanted:
            wanted = f"{letter}{next(self.counts[letter])}"
        name = self.names[variable] = self.free.free(wanted)
        return name

    def _call(self, call: Call) -> None:
        if call.target == "view" and self._is_steady(call):
            base = call.args[0]
            shown = self.buffer_names.get(self.buffers.get(base, -1)) or self.names[base]
            text = expression_text(call, self.names, first=shown)
            if text == f"{shown}.T" and not call.result.name:
                call.result.name = f"{shown}_T"
            name = self._name(call.result, _LETTERS[call.part.phase])
            self.setup.append(f"{name} = {text}")
            self.fixed.add(call.result)
            return
        self._comment(call.part)
        self._statement(call, self.body)

    def _is_steady(self, call: Call) -> bool:
        """Whether a view is of memory that never moves, so that it is made only once."""
        base, *rest = call.reads()
        return (base in self.fixed or base in self.buffers) and self.fixed.issuperset(rest)

    def _statement(self, call: Call, lines: list[str]) -> None:
        out = None
        if call.target == "out" and call.takes_out:
            out = self.names[call.result]
        elif call.target != "out" and call.result in self.buffers:
            out = self.buffer_names[self.buffers[call.result]]
        text = expression_text(call, self.names, out=out)
        if call.target == "out" or (call.result in self.buffers and call.result not in self.read):
            lines.append(text)
        else:
            lines.append(f"{self._name(call.result, _LETTERS[call.part.phase])} = {text}")

    def _comment(self, part: Part) -> None:
        if part.is_same(self.part) or not part.text:
            return
        self.part = part
        _, name = self.tensor_names.get(id(part.subject), (None, ""))
        text = f"{part.text}: {name}" if name else part.text
        self.body += [""] if self.body else []
        self.body.append(f"# {text}")
