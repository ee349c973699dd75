"""Passes over a recorded program: what is not needed, or the same every time, goes."""

from __future__ import annotations

from autodiff.compiler.merging import (
    compose_transposes,
    merge_equal,
    skip_argument_copies,
    skip_copies,
    written_roots,
)
from autodiff.compiler.numbers import number_constants, open_means
from autodiff.compiler.program import Call, Program

__all__ = ["hoist_constants", "optimize", "remove_dead"]


def optimize(program: Program) -> None:
    """Apply all passes. None of them changes a bit of any result."""
    open_means(program)
    number_constants(program)
    compose_transposes(program)
    skip_copies(program)
    skip_argument_copies(program)
    merge_equal(program)
    remove_dead(program)
    hoist_constants(program)


def remove_dead(program: Program) -> None:
    """Drop the calls whose results nothing needs."""
    used = set(program.final())
    needed = {v.root for v in used}
    kept: list[Call] = []
    for call in reversed(program.calls):
        if call.target == "view":
            matters = call.result in used
        elif call.target == "out":
            root = call.result.root
            matters = root.kind != "temp" or root in needed
        else:
            matters = call.result.root in needed or call.function == ".random"
        if matters:
            kept.append(call)
            used.update((*call.reads(), call.result))
            needed.update(v.root for v in (*call.reads(), call.result))
    kept.reverse()
    program.calls = kept


def hoist_constants(program: Program) -> None:
    """Move out of the step what is computed from numbers that never change."""
    steady = {v for v in program.constants if v.kind == "constant" and v.never_changes}
    kept_for_others = written_roots(program) | {v.root for v in program.final()}
    kept: list[Call] = []
    for call in program.calls:
        moves = call.target in ("new", "view", "maybe") and call.function != ".random"
        reads = call.reads()
        if moves and reads and call.result.root not in kept_for_others and steady.issuperset(reads):
            steady.add(call.result)
            program.setup.append(call)
        else:
            kept.append(call)
    program.calls = kept
