"""The program as Python source: straight-line NumPy that a person can read."""

from __future__ import annotations

import re
from collections.abc import Callable
from keyword import iskeyword
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays as _library
from autodiff.compiler.passes import plan_buffers, remove_dead
from autodiff.compiler.program import Call, Program, Variable

__all__ = ["Emitted", "emit"]


class Emitted:
    """Source of a program, and what its names stand for.

    Attributes:
        source: the source text.
        states: variables bound once, in the order of the factory's parameters.
    """

    def __init__(self, source: str, bound: list[Variable]) -> None:
        self.source = source
        self.bound = bound

    def build(self, values: list[Any]) -> Callable[..., Any]:
        """The step as a function of its array arguments and live numbers."""
        namespace: dict[str, Any] = {"np": np, "library": _library}
        exec(compile(self.source, "<glassgrad compiled step>", "exec"), namespace)
        step: Callable[..., Any] = namespace["make_step"](*values)
        return step


def emit(program: Program) -> Emitted:
    """Write a program as source, after removing what is not needed."""
    remove_dead(program)
    return _Writer(program).write()


class _Writer:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.buffers = plan_buffers(program)
        self.names: dict[Variable, str] = {}
        self.taken = {"np", "library", "step", "make_step"}
        self.buffer_names: dict[int, str] = {}
        self.setup: list[str] = []
        self.body: list[str] = []
        self.fixed: set[Variable] = set()

    def write(self) -> Emitted:
        program = self.program
        used = self._used()
        bound = [v for v in (*program.states, *program.constants) if v in used]
        for variable in bound:
            self._name(variable)
            self.fixed.add(variable)
        for i, variable in enumerate(program.arguments):
            self._name(variable, f"x{i}")
        for i, variable in enumerate(program.lives):
            self._name(variable, variable.name or f"live{i}")
        self._buffers()
        for call in program.calls:
            self._call(call)
        for target, source in program.write_back:
            self.body.append(f"np.copyto({self.names[target]}, {self.names[source]})")
        lines = [f"def make_step({', '.join(self.names[v] for v in bound)}):"]
        lines += [f"    # {self._describe(v)}" for v in bound]
        lines += [f"    {line}" for line in self.setup]
        inputs = ", ".join(self.names[v] for v in (*program.arguments, *program.lives))
        lines += ["", f"    def step({inputs}):"]
        lines += [f"        {line}" for line in self.body]
        lines += [f"        return ({self._returned()})", "", "    return step", ""]
        return Emitted("\n".join(lines), bound)

    def _used(self) -> set[Variable]:
        used: set[Variable] = {v.root for v in self._returned_variables()}
        for call in self.program.calls:
            used.update(v.root for v in (*call.reads(), call.result))
        for pair in self.program.write_back:
            used.update(v.root for v in pair)
        return used

    def _returned_variables(self) -> list[Variable]:
        kept = [array for _, array in self.program.gradients if array is not None]
        return [*self.program.outputs, *kept]

    def _returned(self) -> str:
        return "".join(f"{self.names[v]}, " for v in self._returned_variables()).rstrip(" ")

    def _describe(self, variable: Variable) -> str:
        if variable.kind == "generator":
            return f"{self.names[variable]}: a numpy.random.Generator"
        what = f"{self.names[variable]}: {variable.dtype}{list(variable.shape)}"
        if variable.kind == "constant":
            value = variable.source
            return f"{what}, constant" + (f" {value.item()!r}" if value.ndim == 0 else "")
        return f"{what}, {variable.source[1]}"

    def _buffers(self) -> None:
        shown: dict[int, Variable] = {}
        for variable, number in self.buffers.items():
            shown.setdefault(number, variable)
        for number, variable in sorted(shown.items(), key=lambda pair: pair[0]):
            name = self.buffer_names[number] = self._free_name(f"b{number}")
            dtype = f"np.dtype({variable.dtype.name!r})"
            self.setup.append(f"{name} = np.empty({variable.shape}, {dtype})")

    def _name(self, variable: Variable, wanted: str = "") -> str:
        if not wanted:
            given = re.sub(r"\W", "_", variable.name)
            if given and variable.kind == "state":
                wanted = given if variable.source[1] == "data" else f"{given}_grad"
            elif given:
                wanted = given
            else:
                wanted = f"{variable.kind[0]}{len(self.names)}"
        self.names[variable] = self._free_name(wanted)
        return self.names[variable]

    def _free_name(self, wanted: str) -> str:
        if not wanted.isidentifier() or iskeyword(wanted):
            wanted = f"_{wanted}"
        while wanted in self.taken:
            wanted += "_"
        self.taken.add(wanted)
        return wanted

    def _call(self, call: Call) -> None:
        if call.target == "view":
            self._view(call)
            return
        expression = self._expression(call)
        if call.target == "out":
            self.body.append(expression)
            return
        name = self._name(call.result, f"t{len(self.names)}")
        self.body.append(f"{name} = {expression}")

    def _view(self, call: Call) -> None:
        """A view of memory that never moves is made once, before the first step."""
        root = call.result.root
        steady = root in self.fixed or root in self.buffers
        name = self._name(call.result, f"v{len(self.names)}")
        indices = [v for v in call.reads() if v.root is not root]
        if steady and not indices and self._views_are_set_up(call):
            base = call.args[0]
            text = self._expression(call, base_name=self._setup_name(base))
            self.setup.append(f"{name} = {text}")
            self.fixed.add(call.result)
        else:
            self.body.append(f"{name} = {self._expression(call)}")

    def _views_are_set_up(self, call: Call) -> bool:
        base = call.args[0]
        return base in self.fixed or base in self.buffers

    def _setup_name(self, variable: Variable) -> str:
        if variable in self.fixed:
            return self.names[variable]
        return self.buffer_names[self.buffers[variable]]

    def _expression(self, call: Call, base_name: str | None = None) -> str:
        args = [self._text(a) for a in call.args]
        if base_name is not None:
            args[0] = base_name
        kwargs = [f"{k}={self._text(v)}" for k, v in call.kwargs.items()]
        if call.function == "getitem":
            return f"{args[0]}[{args[1]}]"
        if call.function == "setitem":
            return f"{args[0]}[{args[1]}] = {args[2]}"
        if call.target == "out" and call.function not in ("np.copyto", "add_at"):
            kwargs.append(f"out={self.names[call.result]}")
        elif call.result in self.buffers and call.target == "new":
            kwargs.append(f"out={self.buffer_names[self.buffers[call.result]]}")
        if call.function.startswith("."):
            return f"{args[0]}{call.function}({', '.join([*args[1:], *kwargs])})"
        prefix = "" if call.function.startswith("np.") else "library."
        return f"{prefix}{call.function}({', '.join([*args, *kwargs])})"

    def _text(self, value: Any) -> str:
        if isinstance(value, Variable):
            return self.names[value]
        if isinstance(value, slice):
            parts = [value.start, value.stop, value.step]
            return f"slice({', '.join(self._text(p) for p in parts)})"
        if isinstance(value, tuple):
            inner = ", ".join(self._text(v) for v in value)
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        if isinstance(value, list):
            return f"[{', '.join(self._text(v) for v in value)}]"
        if isinstance(value, np.dtype):
            return f"np.dtype({value.name!r})"
        if isinstance(value, type) and issubclass(value, np.generic):
            return f"np.{value.__name__}"
        if isinstance(value, np.generic):
            return repr(value)
        if value is Ellipsis:
            return "..."
        return repr(value)
