"""What all parameters of a step share, as source: new counts, and numbers of the settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from nn.optim.formulas.formula import Formula, sources
from nn.optim.formulas.printing import applied, fresh, infix, strength

__all__ = ["NumberSource"]


class NumberSource:
    """Source that computes the numbers of a rule and brings the counts up to date.

    Args:
        counts: symbols of the numbers that are kept, by name.
        finals: their new values.
        wanted: the numbers that updates need, which get the names ``c0``, ``c1`` ….
        taken: names that mean something else.

    Attributes:
        lines: the statements.
        names: of the wanted numbers, in their order.
    """

    def __init__(
        self,
        counts: Mapping[str, Formula],
        finals: Mapping[str, Formula],
        wanted: list[Formula],
        taken: Collection[str],
    ) -> None:
        self.lines: list[str] = []
        self.names: list[str] = []
        self._named: dict[Formula, str] = {}
        self._fresh = fresh("a", taken)
        self._uses = _uses([*finals.values(), *wanted])
        late: dict[str, str] = {}
        given = fresh("c", taken)
        for name, new in finals.items():
            if self._moves_on(counts[name], new):
                self._write(new, name)
            else:
                late[name] = self._name(new, next(self._fresh))
        for e in wanted:
            self.names.append(self._name(e, next(given)))
        self.lines += [f"np.positive({value}, out={name})" for name, value in late.items()]

    def _moves_on(self, old: Formula, new: Formula) -> bool:
        """Whether nothing but the new value needs the old one, so that it can take its place."""
        return self._uses[old] == 1 and any(a is old for a in new.args) and new not in self._named

    def _write(self, e: Formula, name: str) -> None:
        self.lines.append(applied(e, self._text, out=name))
        self._named[e] = name

    def _name(self, e: Formula, name: str) -> str:
        if e not in self._named:
            # A copy, since the array itself may be given its new value before it is used.
            value = self._written(e) if e.function else f"np.positive({e.name})"
            self.lines.append(f"{name} = {value}")
            self._named[e] = name
        return self._named[e]

    def _text(self, a: Any) -> str:
        if not isinstance(a, Formula):
            return repr(a)
        if a in self._named:
            return self._named[a]
        if a.function is None:
            return a.name
        if self._uses[a] > 1:
            return self._name(a, next(self._fresh))
        return self._written(a)

    def _written(self, e: Formula) -> str:
        if e.function is None:
            return e.name
        return infix(e, self._text, self._strength) or applied(e, self._text)

    def _strength(self, a: Any) -> int:
        if not isinstance(a, Formula) or a in self._named or self._uses[a] > 1:
            return 3
        return strength(a)


def _uses(finals: list[Formula]) -> Counter[Formula]:
    """How often each formula is needed by others and as a result."""
    uses: Counter[Formula] = Counter()
    stack = list(finals)
    while stack:
        e = stack.pop()
        uses[e] += 1
        if uses[e] == 1:
            stack += sources((*e.args, *e.kwargs.values()))
    return uses
