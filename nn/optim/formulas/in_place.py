"""What is done to the arrays of one parameter, as source that writes into them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from nn.optim.formulas.formula import Formula, sources
from nn.optim.formulas.printing import applied, fresh

__all__ = ["InPlaceSource"]


class InPlaceSource:
    """One statement for each operation, into memory that is no longer needed.

    The new value of an array is written over the old one, what comes between into it, too, where
    nobody needs it any more, or into temporaries. The gradient is never written to.

    Args:
        targets: symbols of the arrays that change, by name.
        finals: their new values.
        names: of the numbers and of the gradient.
        taken: names that mean something else.

    Attributes:
        lines: the statements.
        temporaries: names of the arrays that are needed in between.
    """

    def __init__(
        self,
        targets: Mapping[str, Formula],
        finals: Mapping[str, Formula],
        names: Mapping[Formula, str],
        taken: Collection[str],
    ) -> None:
        self.lines: list[str] = []
        self.temporaries: list[str] = []
        self._free: list[str] = []
        self._fresh = fresh("t", taken)
        self._made = fresh("x", taken)
        self._place: dict[Formula, str] = {**names, **{e: name for name, e in targets.items()}}
        # What each array that may be written to holds now; None where nobody needs it.
        self._held: dict[str, Formula | None] = dict(targets)
        finals = self._of_their_own(targets, finals)
        self._home = {e: name for name, e in finals.items()}
        nodes = _in_order(list(finals.values()), set(self._place))
        self._last = {a: e for e in nodes for a in sources((*e.args, *e.kwargs.values()))}
        late: list[str] = []
        for e in nodes:
            self._compute(e)
            home = self._home.get(e)
            if home is not None and self._place[e] != home:
                late.append(f"np.positive({self._place[e]}, out={home})")
        self.lines += late

    @staticmethod
    def _of_their_own(
        targets: Mapping[str, Formula], finals: Mapping[str, Formula]
    ) -> dict[str, Formula]:
        """New values as formulas of their own: not a bare symbol, not that of another array."""
        made: dict[str, Formula] = {}
        for name, e in finals.items():
            if e is targets[name]:
                continue
            bare = e.function is None or e.kind != "array"
            twice = any(other is e for other in made.values())
            made[name] = Formula("array", "", np.positive, (e,)) if bare or twice else e
        return made

    def _compute(self, e: Formula) -> None:
        """The statement for one operation."""
        ending = self._ending(e)
        text = self._text
        takes_out = e.kind == "array" and isinstance(e.function, np.ufunc)
        if not takes_out:
            name = next(self._made)
            self.lines.append(f"{name} = {applied(e, text)}")
            self._place[e] = name
            self._release(ending)
            return
        place = self._memory(e, ending)
        self.lines.append(applied(e, text, out=place))
        self._release([name for name in ending if name != place])
        self._place[e] = place
        if place in self._held:
            self._held[place] = e

    def _ending(self, e: Formula) -> list[str]:
        """The arrays whose values nobody needs after this operation."""
        operands = dict.fromkeys(sources((*e.args, *e.kwargs.values())))
        return [
            self._place[a]
            for a in operands
            if self._last[a] is e and a not in self._home and self._may_be_written(a)
        ]

    def _may_be_written(self, a: Formula) -> bool:
        name = self._place[a]
        return name in self._held or name in self.temporaries

    def _memory(self, e: Formula, ending: list[str]) -> str:
        home = self._home.get(e)
        if home is not None and (self._held[home] is None or home in ending):
            return home
        if home is not None:
            # It waits for its own place outside of the others'.
            ending = [name for name in ending if name not in self._held]
        # Memory of a parameter or state first: its new value then needs no way back.
        for name in sorted(ending, key=lambda n: n not in self._held):
            return name
        if self._free:
            return self._free.pop()
        self.temporaries.append(next(self._fresh))
        return self.temporaries[-1]

    def _release(self, names: list[str]) -> None:
        for name in names:
            if name in self._held:
                self._held[name] = None
            else:
                self._free.append(name)

    def _text(self, a: Any) -> str:
        return self._place[a] if isinstance(a, Formula) else repr(a)


def _in_order(finals: list[Formula], known: set[Formula]) -> list[Formula]:
    """The operations that are needed, in the order in which the rule made them."""
    found: set[Formula] = set()
    stack = list(finals)
    while stack:
        e = stack.pop()
        if e not in found and e not in known:
            found.add(e)
            stack += sources((*e.args, *e.kwargs.values()))
    return sorted(found, key=lambda e: e.order)
