"""The model of a program's memory: who lies where, what is written when, what is read last.

All passes ask it before they leave out a copy, take one array for another or let a result
overwrite an operand. A variable may lie in the memory of several others; memory that was
there before the step (arguments, states, gradients, arrays from outside) counts as one
place, since two names from outside may stand for the same array at any call.

A writer that keeps no arrays of NumPy's finds here:

- `Variable.owners`: in whose memory a variable may lie. Two variables without a common owner,
  and of which one at most is from outside, never overlap.
- `Memory.version`: which version of its memory a call reads. A variable in one version is one
  value, so that instructions with versions are in static single assignment; where the version
  is 0 for all of its life (`is_written` is false) it may be kept in registers, or not at all.
- `Memory.last_use` and `lasts`: how long the memory of a temporary is needed. In which order its
  axes lie is free; `Variable.order` is that of the recording, and sums run along it.
- Views: a call of target ``"view"`` moves no number. Which element of its base each of its
  elements is, its row's function says, applied to the numbered elements of an array of the
  base's shape; where it only moves axes, `Instruction.axes_moved` says in which order.
- Calls of target ``"maybe"`` give fresh memory or that of their bases; where nothing is written
  to it, a copy is as good.
"""

from __future__ import annotations

from bisect import bisect_left

from autodiff.compiler.program import Program, Variable

__all__ = ["Memory"]


class Memory:
    """What is known of the memory of a program as it stands.

    Positions are those of its calls; what is assigned to states is written at position
    ``end``, and what the step returns is read after that.

    Args:
        program: the program. It may be changed only by taking equal arrays for one another.

    Attributes:
        end: the number of calls.
        last: for each owner of memory the position at which it is needed last.
    """

    def __init__(self, program: Program) -> None:
        self.end: int = len(program.calls)
        self.last: dict[Variable, int] = {}
        self._owners: dict[Variable, frozenset[Variable]] = {}
        self._writes: dict[Variable | None, list[int]] = {}
        self._lasting: set[Variable] = set()
        for position, call in enumerate(program.calls):
            for variable in (*call.reads(), call.result):
                self._needed(variable, position)
            if call.target == "out":
                self._written(call.result, position)
        for target, _ in program.write_back:
            self._written(target, self.end)
        for variable in program.final():
            self._needed(variable, self.end + 1)
            self._lasting |= self.owners(variable)

    def owners(self, variable: Variable) -> frozenset[Variable]:
        """In whose memory a variable may lie."""
        found = self._owners.get(variable)
        if found is None:
            found = self._owners[variable] = variable.owners()
        return found

    def _needed(self, variable: Variable, position: int) -> None:
        for owner in self.owners(variable):
            self.last[owner] = max(position, self.last.get(owner, -1))

    def _written(self, variable: Variable, position: int) -> None:
        for place in self._places(variable):
            self._writes.setdefault(place, []).append(position)

    def _places(self, variable: Variable) -> set[Variable | None]:
        return {None if owner.is_outside else owner for owner in self.owners(variable)}

    def last_use(self, variable: Variable) -> int:
        """Where a variable, or something that may lie in its memory, is needed last."""
        return max(self.last.get(owner, -1) for owner in self.owners(variable))

    def is_written(self, variable: Variable) -> bool:
        """Whether its memory is written after it was made, at any time."""
        return not self._writes.keys().isdisjoint(self._places(variable))

    def lasts(self, variable: Variable) -> bool:
        """Whether its memory holds something that is needed when the step ends."""
        return not self._lasting.isdisjoint(self.owners(variable))

    def stays(self, variable: Variable, since: int, until: int) -> bool:
        """Whether nothing is written to its memory after a call, until another has run."""
        writes = (p for place in self._places(variable) for p in self._writes.get(place, ()))
        return not any(since < position <= until for position in writes)

    def version(self, variable: Variable, position: int) -> frozenset[tuple[Variable | None, int]]:
        """What the call at a position reads there: each place, and how often it was written."""
        return frozenset(
            (place, bisect_left(self._writes.get(place, ()), position))
            for place in self._places(variable)
        )

    def can_replace(self, kept: Variable, dropped: Variable, position: int) -> bool:
        """Whether one array can be taken for a copy of it made by the call at a position.

        Neither is written as long as the copy would be needed, and the copy is not the
        caller's to keep.
        """
        apart = self.is_written(dropped) or self.lasts(dropped)
        return not apart and self.stays(kept, position, self.last_use(dropped))
