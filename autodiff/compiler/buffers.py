"""Which results of a program share a buffer, and from when to when."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from autodiff.compiler.memory import Memory
from autodiff.compiler.program import Call, Program, Variable

__all__ = ["plan_buffers"]


def plan_buffers(program: Program) -> dict[Variable, int]:
    """Give each new result of a call with ``out=`` a buffer, shared where lifetimes allow.

    A result of an elementwise call may take the buffer of an operand that ends there.

    Returns:
        The number of each variable's buffer; buffers of one number have one shape, dtype
        and order of axes.
    """
    last = Memory(program).last
    ends: dict[int, list[Variable]] = defaultdict(list)
    for variable, position in last.items():
        ends[position].append(variable)
    buffers: dict[Variable, int] = {}
    free: dict[Any, list[int]] = defaultdict(list)
    count = 0
    for position, call in enumerate(program.calls):
        own = call.result
        ending = [v for v in ends[position] if v in buffers and v is not own]
        if call.target == "new" and call.takes_out:
            reusable = _operand_to_overwrite(call, ending)
            if reusable is not None:
                ending.remove(reusable)
                buffers[own] = buffers[reusable]
            elif free[own.layout]:
                buffers[own] = free[own.layout].pop()
            else:
                buffers[own] = count
                count += 1
        for variable in ending:
            free[variable.layout].append(buffers[variable])
        if last.get(own) == position and own in buffers:
            free[own.layout].append(buffers[own])
    return buffers


def _operand_to_overwrite(call: Call, ending: list[Variable]) -> Variable | None:
    if not call.function.elementwise:
        return None
    reads = call.reads()
    for variable in ending:
        same = variable.layout == call.result.layout
        through_others = any(v is not variable and variable in v.owners() for v in reads)
        if same and variable in call.args and not through_others:
            return variable
    return None
