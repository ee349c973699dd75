"""Passes over a recorded program: what is not needed, or the same every time, goes."""

from __future__ import annotations

from autodiff.compiler.instructions import COPY
from autodiff.compiler.memory import Memory
from autodiff.compiler.merging import (
    compose_transposes,
    merge_equal,
    skip_argument_copies,
    skip_copies,
)
from autodiff.compiler.numbers import number_constants, open_means
from autodiff.compiler.program import Call, Program, Variable

__all__ = ["hoist_constants", "optimize", "remove_dead"]


def optimize(program: Program) -> None:
    """Apply all passes. None of them changes a bit of any result."""
    separate_assigned(program)
    open_means(program)
    number_constants(program)
    compose_transposes(program)
    skip_copies(program)
    skip_argument_copies(program)
    merge_equal(program)
    remove_dead(program)
    hoist_constants(program)


def separate_assigned(program: Program) -> None:
    """Copy what lies in memory from outside and is needed when states have been assigned.

    An assignment gives a tensor another array in ordinary code; here its array is written,
    after all calls, and so may be what another state or the caller is given.
    """
    targets = {target for target, _ in program.write_back}
    copies: dict[Variable, Variable] = {}

    def apart(variable: Variable) -> Variable:
        if not targets or not any(owner.is_outside for owner in variable.owners()):
            return variable
        if variable not in copies:
            order = variable.order
            copies[variable] = Variable("temp", variable.shape, variable.dtype, order=order)
            program.calls.append(Call(COPY, (variable,), {}, copies[variable]))
        return copies[variable]

    if len(targets) > 1:
        program.write_back = [(t, apart(s)) for t, s in program.write_back]
    program.outputs = list(map(apart, program.outputs))
    for gradient in program.gradients:
        if gradient.variable is not None:
            gradient.variable = apart(gradient.variable)


def remove_dead(program: Program) -> None:
    """Drop the calls whose results nothing needs."""
    used = set(program.final())
    needed = {owner for v in used for owner in v.owners()}
    kept: list[Call] = []
    for call in reversed(program.calls):
        result = call.result
        if call.target == "view":
            matters = result in used
        elif call.target == "out":
            matters = any(v.kind != "temp" or v in needed for v in result.owners())
        else:
            matters = result in used or result in needed or call.function.draws
        if matters:
            kept.append(call)
            used.update((*call.reads(), result))
            needed.update(owner for v in (*call.reads(), result) for owner in v.owners())
    kept.reverse()
    program.calls = kept


def hoist_constants(program: Program) -> None:
    """Move out of the step what is computed from numbers that never change."""
    steady = {v for v in program.constants if v.never_changes}
    memory = Memory(program)
    kept: list[Call] = []
    for call in program.calls:
        moves = call.target in ("new", "view", "maybe") and not call.function.draws
        reads = call.reads()
        kept_for_others = memory.is_written(call.result) or memory.lasts(call.result)
        if moves and reads and not kept_for_others and steady.issuperset(reads):
            steady.add(call.result)
            program.setup.append(call)
        else:
            kept.append(call)
    program.calls = kept
