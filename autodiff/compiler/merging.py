"""Passes that find out that two variables are the same array."""

from __future__ import annotations

from typing import Any

from autodiff.compiler.instructions import COPY, MULTIPLY
from autodiff.compiler.memory import Memory
from autodiff.compiler.numpy_functions import TRANSPOSE
from autodiff.compiler.program import Call, Program, Variable

__all__ = [
    "compose_transposes",
    "merge_equal",
    "skip_argument_copies",
    "skip_copies",
    "substitute",
]


def substitute(value: Any, by: dict[Variable, Variable]) -> Any:
    """An argument of a call with variables replaced."""
    if isinstance(value, Variable):
        return by.get(value, value)
    if isinstance(value, (tuple, list)):
        return type(value)(substitute(v, by) for v in value)
    return value


class _Substitution:
    """Variables that stand for others, and a program in which they are replaced."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.by: dict[Variable, Variable] = {}

    def apply(self, call: Call) -> None:
        """Replace what a call reads."""
        call.args = substitute(call.args, self.by)
        call.kwargs = {k: substitute(v, self.by) for k, v in call.kwargs.items()}
        if call.result.bases and call.target != "out":
            call.result.bases = substitute(call.result.bases, self.by)
        if call.target == "out":
            call.result = self.by.get(call.result, call.result)

    def finish(self, calls: list[Call]) -> None:
        """Give the program its new calls, and replace what it returns."""
        self.program.calls = calls
        self.program.replace_final(self.by)


def skip_copies(program: Program) -> None:
    """Take a broadcast array as it is where it was copied only to be an elementwise operand.

    Other functions may sum in another order over a copy than over the array itself.
    """
    memory = Memory(program)
    other_uses: set[Variable] = set()
    for call in program.calls:
        if not call.function.elementwise:
            other_uses.update(*(memory.owners(v) for v in call.reads()))
    found = _Substitution(program)
    calls: list[Call] = []
    for position, call in enumerate(program.calls):
        found.apply(call)
        copies = call.function is COPY and call.result not in other_uses
        if copies and memory.can_replace(call.args[0], call.result, position):
            found.by[call.result] = call.args[0]
        else:
            calls.append(call)
    found.finish(calls)


def skip_argument_copies(program: Program) -> None:
    """Take an argument as it is where the one thing done with it is to copy it.

    Ordinary code copies, since the array could change before its backward pass; inside a
    step nothing changes it. A strided argument is copied all the same, for its copy has
    another layout, and so are arguments in shared memory: a product of an array with its
    own transpose is computed in another way.
    """
    reads: dict[Variable, int] = {}
    for call in program.calls:
        for variable in call.reads():
            for owner in variable.owners():
                reads[owner] = reads.get(owner, 0) + 1
    shared = _in_shared_memory(program.arguments)
    memory = Memory(program)
    found = _Substitution(program)
    calls: list[Call] = []
    for position, call in enumerate(program.calls):
        found.apply(call)
        given = call.args[0] if call.function is COPY else None
        if (
            isinstance(given, Variable)
            and given.kind == "argument"
            and given.source[0]
            and call.args[1:] == ("K",)
            and reads[given] == 1
            and given not in shared
            and not memory.lasts(given)
            and memory.can_replace(given, call.result, position)
        ):
            found.by[call.result] = given
        else:
            calls.append(call)
    found.finish(calls)


def _in_shared_memory(arguments: list[Variable]) -> set[Variable]:
    """The arguments that may overlap with another one."""
    found = set()
    for a in arguments:
        low, high = a.source[1]
        if any(b is not a and b.source[1][0] < high and low < b.source[1][1] for b in arguments):
            found.add(a)
    return found


def compose_transposes(program: Program) -> None:
    """Write axes moved several times as moved once, and not at all where they are back."""
    found = _Substitution(program)
    origins: dict[Variable, tuple[Variable, tuple[int, ...]]] = {}
    kept: list[Call] = []
    for call in program.calls:
        found.apply(call)
        if not call.function.moves_axes or call.target != "view" or call.kwargs:
            kept.append(call)
            continue
        base = call.args[0]
        order = call.function.axes_moved(call.args[1:], len(base.shape))
        base, before = origins.get(base, (base, tuple(range(len(order)))))
        order = tuple(before[axis] for axis in order)
        if order == tuple(range(len(order))):
            found.by[call.result] = base
            continue
        origins[call.result] = base, order
        call.result.bases = (base,)
        reverses = order == tuple(reversed(range(len(order))))
        call.function = TRANSPOSE
        call.args, call.kwargs = (base,) if reverses else (base, order), {}
        kept.append(call)
    found.finish(kept)


def merge_equal(program: Program) -> None:
    """Compute only once what several calls compute from the same arrays.

    A result that is later written into stays on its own. After a write to memory from
    outside the program nothing that was read there before counts as known, since two
    arrays from outside may be the same memory.
    """
    memory = Memory(program)
    known: dict[Any, Variable] = {}
    found = _Substitution(program)
    kept: list[Call] = []
    ones = {v for v in program.constants if _is_one(v)}
    for position, call in enumerate(program.calls):
        found.apply(call)
        if (call.target == "view" or call.function is COPY) and call.args[0] in ones:
            ones.add(call.result)
        if call.target == "out":
            if call.args[0] is call.result and _operand_times_one(call, ones) is call.result:
                continue
        elif not call.function.draws and not memory.is_written(call.result):
            before = _operand_times_one(call, ones)
            if before is not None and not memory.stays(
                before, position, memory.last_use(call.result)
            ):
                before = None
            key = _key(call, memory, position)
            if before is None:
                before = known.setdefault(key, call.result)
            both_last = memory.lasts(before) and memory.lasts(call.result)
            if before is not call.result and not both_last:
                found.by[call.result] = before
                continue
        kept.append(call)
    found.finish(kept)


def _is_one(variable: Variable) -> bool:
    return variable.never_changes and variable.source.size == 1 and variable.source.item() == 1


def _operand_times_one(call: Call, ones: set[Variable]) -> Variable | None:
    """What a product is without its factors of 1, if it has such."""
    if call.function is not MULTIPLY or call.kwargs:
        return None
    for one, other in (call.args, call.args[::-1]):
        if one in ones and isinstance(other, Variable) and other.layout == call.result.layout:
            return other
    return None


def _key(call: Call, memory: Memory, position: int) -> Any:
    """What two calls that give the same must share: function, operands, their versions."""
    reads = () if call.target == "view" else call.reads()
    read = tuple(memory.version(v, position) for v in reads)
    given = _frozen((call.args, tuple(sorted(call.kwargs.items()))))
    return call.function, given, read, call.result.layout


def _frozen(value: Any) -> Any:
    if isinstance(value, Variable):
        return value
    if isinstance(value, (tuple, list)):
        return type(value), tuple(_frozen(v) for v in value)
    return type(value), repr(value)
