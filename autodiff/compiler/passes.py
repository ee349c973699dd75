"""Passes over a recorded program: what is not needed goes, memory is planned."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from autodiff.compiler.program import Call, Program, Variable

__all__ = ["last_uses", "plan_buffers", "remove_dead"]


def remove_dead(program: Program) -> None:
    """Drop the calls whose results nothing needs."""
    needed = {v.root for v in _final(program)}
    kept: list[Call] = []
    for call in reversed(program.calls):
        target = call.result.root
        outside = target.kind != "temp" and call.target == "out"
        if outside or target in needed:
            kept.append(call)
            needed.update(v.root for v in call.reads())
            if call.target == "out":
                needed.add(target)
    kept.reverse()
    program.calls = kept


def _final(program: Program) -> list[Variable]:
    """Variables that must hold their values when the program ends."""
    final = list(program.outputs)
    final += [source for _, source in program.write_back]
    final += [array for _, array in program.gradients if array is not None]
    return final


def last_uses(program: Program) -> dict[Variable, int]:
    """For each memory-owning variable the position of the last call that touches it."""
    last: dict[Variable, int] = {}
    for position, call in enumerate(program.calls):
        for variable in (*call.reads(), call.result):
            last[variable.root] = position
    for variable in _final(program):
        last[variable.root] = len(program.calls)
    return last


def plan_buffers(program: Program) -> dict[Variable, int]:
    """Give each new result of a call with ``out=`` a buffer, shared where lifetimes allow.

    A result of an elementwise call may take the buffer of an operand that ends there.

    Returns:
        The number of each variable's buffer; buffers of one number have one shape and
        dtype.
    """
    last = last_uses(program)
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
            key = (own.shape, own.dtype)
            reusable = _operand_to_overwrite(call, ending)
            if reusable is not None:
                ending.remove(reusable)
                buffers[own] = buffers[reusable]
            elif free[key]:
                buffers[own] = free[key].pop()
            else:
                buffers[own] = count
                count += 1
        for variable in ending:
            free[variable.shape, variable.dtype].append(buffers[variable])
        if last.get(own.root) == position and own in buffers:
            free[own.shape, own.dtype].append(buffers[own])
    return buffers


def _operand_to_overwrite(call: Call, ending: list[Variable]) -> Variable | None:
    if not call.elementwise:
        return None
    direct = [a for a in call.args if isinstance(a, Variable)]
    for variable in ending:
        same = variable.shape == call.result.shape and variable.dtype == call.result.dtype
        through_views = any(a.root is variable and a is not variable for a in direct)
        if same and variable in direct and not through_views:
            return variable
    return None
