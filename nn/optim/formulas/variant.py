"""The code of a rule, for one way that the settings which decide its course are."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autodiff.extending import build
from nn.optim.formulas.formula import Formula, sources
from nn.optim.formulas.in_place import InPlaceSource
from nn.optim.formulas.numbers import NumberSource
from nn.optim.formulas.tracing import Asked, Setting, Settings, State

__all__ = ["Variant"]

Rule = Callable[[Any, Any, Any, Any], Any]


class Variant:
    """A rule read once, and written as code that works in place.

    Args:
        title: what the code is called in tracebacks.
        rule: ``rule(p, g, state, h)``: the new value of the parameter, from its value, its
            gradient, its state and the settings; new state is assigned to attributes.
        settings: as they are.
        start: a parameter's state when it begins: numbers are counts, which parameters that
            are updated together share, arrays are in the parameter's own memory.
        like: the parameter's array.

    Attributes:
        asked: what of the settings decided the course.
        shaped: whether the shape of the parameter did.
        counts, arrays: names of the state.
        computed: settings that ``numbers`` takes after the counts.
        plain: settings that ``update`` takes after the arrays.
        numbers: brings the counts up to date and gives what else ``update`` takes; None where
            there is nothing to be computed.
        changed: which of the arrays ``update`` gives new values.
        update: changes a parameter and its state in place.
        temporaries: how many more arrays in its shape it needs.
        source: the code.
    """

    def __init__(
        self,
        title: str,
        rule: Rule,
        settings: Mapping[str, Any],
        start: Mapping[str, Any],
        like: Any,
    ) -> None:
        self.shaped = False

        def known(what: str) -> Any:
            self.shaped = self.shaped or what != "ndim"
            return getattr(like, what)

        p, g = Formula("array", "p", like=known), Formula("array", "g", like=known)
        self.kinds: str = getattr(settings, "kinds", "")
        self.like: tuple[Any, ...] = (like.shape, like.dtype)
        self.names: tuple[str, ...] = tuple(start)
        counts = {n: Formula("number", n) for n, v in start.items() if not _is_array(v)}
        arrays = {
            n: Formula("array" if np.shape(v) == np.shape(like) else "other", n, like=known)
            for n, v in start.items()
            if _is_array(v)
        }
        h, state = Settings(settings), State({**counts, **arrays})
        new = rule(p, g, state, h)
        self.asked: list[Asked] = list(h.asked.values())
        finals = {"p": new} | {n: e for n, e in state.new.items() if n in arrays}
        lifted = {name: _lifted(name, e) for name, e in finals.items()}
        moved = {n: _number(n, e) for n, e in state.new.items() if n in counts}
        plain, wanted = _numbers_in(lifted, set(h.used))
        taken = {"p", "g", "np", *counts, *arrays, *(s.name for s in h.used.values())}
        if len(taken) < 3 + len(counts) + len(arrays) + len(h.used):
            raise ValueError(
                f"{title}: state and settings need names of their own, other than p, g and np; "
                f"they are {', '.join([*start, *(s.name for s in h.used.values())])}"
            )
        shared = NumberSource(counts, moved, wanted, taken)
        names = {
            g: "g",
            **{e: e.name for e in plain},
            **dict(zip(wanted, shared.names, strict=True)),
        }
        each = InPlaceSource({"p": p, **arrays}, lifted, names, taken)
        self.counts: list[str] = list(counts)
        self.arrays: list[str] = list(arrays)
        self.changed: list[str] = [n for n in finals if n != "p"]
        inside = _inside([*moved.values(), *wanted])
        self.computed: list[Setting] = [s for e, s in h.used.items() if e in inside]
        self.plain: list[Setting] = [s for e, s in h.used.items() if e in plain]
        self.temporaries: int = len(each.temporaries)
        takes = [*counts, *(s.name for s in self.computed)]
        gives = ", ".join(shared.names) + "," * (len(shared.names) == 1)
        first = _function("numbers", takes, [*shared.lines, f"return ({gives})"])
        takes = ["p", "g", *arrays, *(s.name for s in self.plain)]
        takes += [*shared.names, *each.temporaries]
        second = _function("update", takes, each.lines or ["pass"])
        needed = bool(moved or wanted)
        self.source: str = f"{first}\n\n{second}" if needed else second
        pair = f"{self.source}\n\ndef both():\n    return {'numbers' if needed else None}, update\n"
        self.numbers: Any
        self.update: Any
        self.numbers, self.update = _built(pair, title)

    def fits(self, settings: Mapping[str, Any], start: Mapping[str, Any], like: Any) -> bool:
        """Whether these settings, state and parameter lead to this code."""
        return (
            self.kinds == getattr(settings, "kinds", "")
            and self.names == tuple(start)
            and (not self.shaped or self.like == (like.shape, like.dtype))
            and all(asked.holds(settings) for asked in self.asked)
        )


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _lifted(name: str, e: Any) -> Formula:
    if isinstance(e, Formula):
        return e
    if isinstance(e, int | float):
        return Formula("array", "", np.positive, (e,))
    raise TypeError(
        f"a rule gives {'the new parameter' if name == 'p' else f'state.{name}'} as a formula of "
        f"what it is given, and gave a {type(e).__name__}; see that it returns the new parameter"
    )


def _number(name: str, e: Any) -> Formula:
    if isinstance(e, Formula) and e.kind == "number":
        return e
    if isinstance(e, int | float):
        return Formula("number", "", np.positive, (float(e),))
    raise TypeError(
        f"state.{name} begins as a number, so that parameters updated together share it, and the "
        "rule gives it a value made of arrays; let start() give an array: numpy.zeros_like(p)"
    )


def _numbers_in(
    finals: Mapping[str, Formula], settings: set[Formula]
) -> tuple[set[Formula], list[Formula]]:
    """Numbers beside arrays: bare settings, and what is computed from settings and counts."""
    plain: set[Formula] = set()
    wanted: set[Formula] = set()
    seen: set[Formula] = set()
    stack = list(finals.values())
    while stack:
        e = stack.pop()
        if e in seen:
            continue
        seen.add(e)
        if e.kind == "number":
            (plain if e in settings else wanted).add(e)
        else:
            stack += sources((*e.args, *e.kwargs.values()))
    return plain, sorted(wanted, key=lambda e: e.order)


def _inside(finals: list[Formula]) -> set[Formula]:
    found: set[Formula] = set()
    stack = list(finals)
    while stack:
        e = stack.pop()
        if e not in found:
            found.add(e)
            stack += sources((*e.args, *e.kwargs.values()))
    return found


@functools.lru_cache(maxsize=512)
def _built(pair: str, title: str) -> tuple[Any, Any]:
    """The two functions of a source, the same ones for all optimizers that come to it."""
    both: tuple[Any, Any] = build(pair, "both", title, {"np": np})()
    return both


def _function(name: str, takes: list[str], lines: list[str]) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"def {name}({', '.join(takes)}):\n{body}\n"
