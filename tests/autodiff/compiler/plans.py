"""A check of planned buffers that knows nothing of how they were planned.

It goes through the calls of a program and keeps account of whose numbers each buffer holds.
"""

from __future__ import annotations

from autodiff.compiler.program import Call, Program, Variable

__all__ = ["check_plan", "check_rows"]


class _Account:
    def __init__(self, buffers: dict[Variable, int]) -> None:
        self.buffers = buffers
        self.holder: dict[int, Variable] = {}
        self.made: set[Variable] = set()

    def expect(self, variable: Variable, where: str) -> None:
        """See that nothing has taken the memory that a variable may lie in."""
        for owner in variable.owners():
            if owner.kind == "temp":
                assert owner in self.made, f"{where} needs what was not made before"
            number = self.buffers.get(owner)
            if number is not None:
                assert self.holder.get(number) is owner, f"{where} needs b{number}, overwritten"

    def take(self, call: Call, where: str) -> None:
        """Put a new result into its buffer."""
        result = call.result
        self.made.add(result)
        number = self.buffers.get(result)
        if number is None:
            return
        assert call.takes_out, f"{where}: b{number} is not all its own"
        before = self.holder.get(number)
        if before is not None and before is not result:
            assert before.layout == result.layout, f"{where}: b{number} is of another layout"
            for read in call.reads():
                if before in read.owners():
                    alike = call.function.elementwise and read is before
                    assert alike, f"{where} overwrites b{number} while it is read"
        self.holder[number] = result


def check_plan(program: Program, buffers: dict[Variable, int]) -> None:
    """See that no call writes into memory that something still needs.

    Args:
        program: the program, after all passes.
        buffers: the number of each variable's buffer.

    Raises:
        AssertionError: names the call and the buffer.
    """
    account = _Account(buffers)
    steady = {call.result for call in program.setup}
    assert steady.isdisjoint(buffers)
    account.made |= steady
    for position, call in enumerate(program.calls):
        where = f"call {position} ({call.function})"
        for variable in call.reads():
            account.expect(variable, where)
        if call.target == "out":
            account.expect(call.result, where)
            assert steady.isdisjoint(call.result.owners()), f"{where} writes what is made once"
        else:
            account.take(call, where)
            for base in call.result.bases:
                account.expect(base, where)
    for variable in program.final():
        account.expect(variable, "the end")
    _check_assignments(program)


def _check_assignments(program: Program) -> None:
    """What is assigned to states is written last: nothing that is read then may change by it."""
    targets = [target for target, _ in program.write_back]
    assert all(not target.bases and target.is_outside for target in targets)
    sources = [source for _, source in program.write_back] if len(targets) > 1 else []
    gradients = [g.variable for g in program.gradients if g.variable is not None]
    for variable in (*sources, *program.outputs, *gradients) if targets else ():
        assert not any(owner.is_outside for owner in variable.owners())


def check_rows(program: Program) -> None:
    """See that each call is an entry of the operation table, or says what else it is.

    Raises:
        AssertionError: names the function that no writer but NumPy's would know.
    """
    for call in (*program.setup, *program.calls):
        row = call.function
        assert row.entry is not None or row.without_entry, f"{row} is no entry of the table"
