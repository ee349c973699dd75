"""A second writer of recorded programs: a line for each version of an array, and its numbers.

It knows programs, the rows of their instructions and the operation table, and nothing of the
NumPy writer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.compiler.meanings import meaning
from autodiff.compiler.memory import Memory
from autodiff.compiler.program import Call, Program, Variable

__all__ = ["evaluate", "text"]


def text(program: Program) -> list[str]:
    """The program as lines like ``v3.1 = add(v3, v2)  # float32 (4,)``: .1 once written into."""
    memory, names = Memory(program), dict[Variable, str]()

    def shown(value: Any, position: int) -> str:
        if isinstance(value, (tuple, list)):
            return f"({', '.join(shown(v, position) for v in value)})"
        if not isinstance(value, Variable):
            return repr(value)
        name = names.setdefault(value, f"v{len(names) + 1}")
        written = sum(count for _, count in memory.version(value, position))
        return f"{name}.{written}" if written else name

    lines = []
    for position, call in enumerate([*program.setup, *program.calls], -len(program.setup)):
        given = [shown(value, position) for value in call.args]
        given += [f"{key}={shown(value, position)}" for key, value in call.kwargs.items()]
        made, entry = shown(call.result, position + 1), call.function.entry
        name = call.function.name if entry is None else entry.name
        kind = f"{call.result.dtype} {call.result.shape}"
        lines.append(f"{made} = {name}({', '.join(given)})  # {kind}")
    return lines


def evaluate(program: Program, held: dict[Variable, Any]) -> dict[Variable, Any]:
    """The arrays of all variables after the program, for those that it is given."""
    held = dict(held)

    def real(value: Any) -> Any:
        if isinstance(value, (tuple, list)):
            return type(value)(map(real, value))
        return held[value] if isinstance(value, Variable) else value

    for call in (*program.setup, *program.calls):
        value = _value(call, real(call.args), {k: real(v) for k, v in call.kwargs.items()})
        if call.target != "out":
            held[call.result] = np.asarray(value)
        elif not call.function.writes:
            np.copyto(held[call.result], value)
    for target, source in program.write_back:
        np.copyto(held[target], held[source])
    return held


def _value(call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
    row, meant = call.function, meaning(call.function, args, kwargs)
    if meant is not None and call.target != "view":
        return meant.entry.forward(arrays, *meant.operands, **meant.settings)
    found = row.function(*args, **kwargs)
    if call.target == "view" and found.dtype == args[0].dtype:
        numbered = np.arange(args[0].size).reshape(args[0].shape)
        places = row.function(numbered, *args[1:], **kwargs)
        np.testing.assert_array_equal(args[0].ravel()[places], found)
    return found
