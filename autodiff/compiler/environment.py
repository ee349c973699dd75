"""What a step's own code takes for granted: all that it reaches by name, and the code itself."""

from __future__ import annotations

import inspect
import math
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.compiler.code_names import (
    SPECIAL,
    attributes,
    modules,
    variables,
    where_changed,
    where_drawn,
)
from autodiff.compiler.guards import UNREADABLE, Guard, all_the_same
from autodiff.compiler.refusals import changes_outside, draws_directly, title
from autodiff.compiler.user_code import is_users
from autodiff.graph.node import Node
from autodiff.graph.origin import is_library_module

__all__ = ["Environment"]

_SMALL = 64
_SMALL_ARRAY = 1024
_MOST = 2000
_ENOUGH = 3
_CONTAINERS = (dict, list, tuple, set, frozenset, deque)
_PLAIN = (int, float, complex, str, bytes, np.generic, np.dtype, Node)


class Environment:
    """Globals, closure variables and attributes that a step and its helpers refer to.

    Followed are functions of the user's own, objects with the names that their code
    mentions, lists, tuples and dicts. The library's objects (layers, optimizers), large
    containers and large arrays are among what is looked at seldom.

    Args:
        function: the step.
        arguments: what it is given beside arrays.

    Attributes:
        always: what is looked at in every call.
        seldom: what is looked at from time to time.
        shared: arrays that the recording reads anew, but which NumPy alone may have read too.
        in_doubt: whether one of these was refilled since the last comparison.
        codes: of the step and of the functions of the user's own that it calls.
    """

    def __init__(self, function: Callable[..., Any], arguments: Iterable[Any] = ()) -> None:
        self._names: set[str] = {*SPECIAL, "forward"}
        self._function = function
        self._arguments = list(arguments)
        self.shared: list[Guard] = []
        self.in_doubt: bool = False
        self._trusted: float = 0
        self._same: Callable[[], bool] = bool
        found = -1
        while found != len(self._names):
            found = len(self._names)
            self.always: list[Guard] = []
            self.seldom: list[Guard] = []
            self._own: list[Guard] = []
            self._theirs: list[Guard] = []
            self.codes: list[CodeType] = []
            self._generators: list[tuple[str, Any, Any]] = []
            self._seen: dict[int, Any] = {}
            self._visit(function, getattr(function, "__name__", "the step"), False)
            for argument in self._arguments:
                self._visit(argument, type(argument).__name__, False)

    def hold(self) -> bool:
        """Whether all that is looked at in every call is as it was."""
        try:
            # Most often every entry is the very same object.
            return self._same() or all(guard.holds() for guard in self.always)
        except UNREADABLE:
            return False

    def late_change(self) -> str | None:
        """What among the rest is not as it was; None if all is."""
        return next((label for guard in self.seldom for label in guard.changed()), None)

    def refilled(self, everything: bool) -> bool:
        """Whether an array has other numbers now, so that a comparison is due.

        Args:
            everything: look at large ones as well.
        """
        looked_at = (w for w in self.shared if everything or w.owner.size <= _SMALL_ARRAY)
        self.in_doubt = self.in_doubt or not all(guard.holds() for guard in looked_at)
        return self.in_doubt

    def compared(self, alike: bool) -> None:
        """Note what the comparison for refilled arrays found.

        Numbers may agree by chance, so several are made before a recording is taken to read
        all of them; after one that failed all are made.

        Args:
            alike: the recording gave what the ordinary code gives.
        """
        if not alike:
            self._trusted = -math.inf
        elif self.in_doubt:
            self._trusted += 1
            self.in_doubt = False
            self.shared = [] if self._trusted >= _ENOUGH else [w.anew() for w in self.shared]

    def after_recording(
        self, known: Callable[[Any, Any], bool], masks: Iterable[Any] = ()
    ) -> str | None:
        """Leave out what is looked at in another way.

        What the library's own objects changed in themselves is left out as well.

        Args:
            known: whether an entry of a mapping, or an array, is read anew in every call.
            masks: arrays of booleans that chose elements, so that their counts are shapes.

        Returns:
            What the step changed for later calls, or None.

        Raises:
            TracingError: it gave one of its own names a new meaning, or drew random numbers
                past the recording.
        """
        for guard in self._own:
            for label in guard.changed():
                where = where_changed(self.codes, label)
                raise changes_outside(title(self._function), repr(label), where, "assigns")
        for label, generator, state in self._generators:
            if repr(generator.bit_generator.state) != state and not known(generator, None):
                where = where_drawn(self.codes, label)
                raise draws_directly(title(self._function), f"the Generator {label!r}", where)
        arrays = (w for w in (*self.always, *self.seldom) if is_array(w.owner))
        self.shared = [guard for guard in arrays if known(guard.owner, None)]
        self.always = _kept(guard.without(known) for guard in self.always)
        theirs = [*self.always, *_kept(guard.without(known) for guard in self._theirs)]
        seldom = _kept(guard.without(known) for guard in self.seldom)
        self.seldom = _kept(guard.steady() for guard in seldom)
        self.always += map(Guard.of_count, masks)
        self._seen.clear()
        self._theirs.clear()
        self._same = all_the_same(self.always)
        return next((label for guard in theirs for label in guard.changed()), None)

    def _visit(self, value: Any, label: str, seldom: bool) -> None:
        if value is None or isinstance(value, _PLAIN):
            return
        if id(value) in self._seen or len(self._seen) > _MOST:
            return
        self._seen[id(value)] = value
        if isinstance(value, np.random.Generator):
            self._generators.append((label, value, repr(value.bit_generator.state)))
            return
        if isinstance(value, FunctionType):
            self._visit_function(value, label)
        elif isinstance(value, MethodType):
            self._visit(value.__func__, label, seldom)
            self._visit(value.__self__, "self", seldom)
        elif isinstance(value, partial):
            for part in (value.func, *value.args, *value.keywords.values()):
                self._visit(part, label, seldom)
        elif is_array(value):
            if value.dtype.kind in "biufcmM":
                self._add(Guard.of_array(value, label), seldom or value.size > _SMALL_ARRAY)
        elif isinstance(value, _CONTAINERS):
            self._visit_container(value, label, seldom)
        elif isinstance(value, (type, ModuleType)):
            if is_users(value):
                names = sorted(self._names & vars(value).keys())
                self._visit_entries(vars(value), names, label, seldom)
        elif is_library_module(type(value).__module__):
            self._visit_library(value, label)
        elif hasattr(value, "__dict__") or is_users(type(value)):
            self._visit_object(value, label, seldom)

    def _add(self, guard: Guard, seldom: bool) -> None:
        if not seldom and len(self.always) > _SMALL:
            seldom = True
            self._theirs.append(guard)
        (self.seldom if seldom else self.always).append(guard)

    def _visit_function(self, function: FunctionType, label: str) -> None:
        if not is_users(function):
            return
        code = function.__code__
        self.codes.append(code)
        self._names.update(attributes(code))
        own = getattr(self._function, "__func__", self._function) is function
        guards = [Guard.of_slots(function, ("__code__", "__defaults__"), label)]
        cells = [
            (name, cell)
            for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True)
            if _is_filled(cell)
        ]
        held = [(name, cell.cell_contents) for name, cell in cells]
        if cells:
            guards.append(Guard.of_cells([c for _, c in cells], [n for n, _ in cells]))
        found = sorted(variables(code) & function.__globals__.keys())
        if found:
            guards.append(Guard.of_mapping(function.__globals__, found, found))
        held += [(name, function.__globals__[name]) for name in found]
        held += modules(function)
        for guard in guards:
            self._add(guard, False)
        if own:
            self._own += guards
        defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
        for name, value in (*held, *((f"a default of {label}", v) for v in defaults)):
            self._visit(value, name, False)

    def _visit_container(self, value: Any, label: str, seldom: bool) -> None:
        many = len(value) > _SMALL
        if many and not seldom:
            self._theirs.append(Guard.of_length(value, label))
        seldom = seldom or many
        if isinstance(value, dict) and value:
            labels = [f"an entry of {label}"] * len(value)
            labels = labels if many else [f"{label}[{key!r}]" for key in value]
            self._add(Guard.of_mapping(value, value, labels), seldom)
        if not isinstance(value, tuple):
            self._add(Guard.of_entries(value, label), seldom)
        if many:
            return
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for key, entry in list(entries):
            self._visit(entry, f"{label}[{key!r}]", seldom)

    def _visit_library(self, value: Any, label: str) -> None:
        if hasattr(value, "__wrapped__"):
            self._visit(value.__wrapped__, label, False)
        held = getattr(value, "__dict__", None)
        # An optimizer reads its settings through autodiff.live by itself.
        if held and not held.keys() & {"_function", "param_groups"}:
            labels = [f"{label}.{name}" for name in held]
            self._add(Guard.of_mapping(held, held, labels), True)
            for name, entry in list(held.items()):
                self._visit(entry, f"{label}.{name}", True)

    def _visit_object(self, value: Any, label: str, seldom: bool) -> None:
        """Follow the attributes of an object that some code mentions, and its class."""
        held = getattr(value, "__dict__", {})
        own = value is getattr(self._function, "__self__", None)
        data = sorted(self._names & held.keys())
        self._visit_entries(held, data, data if own else label, seldom, own)
        kinds = [kind for kind in type(value).__mro__ if is_users(kind)]
        inherited = {name for kind in kinds for name in self._names & vars(kind).keys()}
        slots = [n for n in inherited if inspect.ismemberdescriptor(_static(value, n))]
        slots = [name for name in slots if hasattr(value, name)]
        if slots:
            self._add(Guard.of_slots(value, slots, label), seldom)
            for name in slots:
                self._visit(getattr(value, name), f"{label}.{name}", seldom)
        absent = sorted(inherited - held.keys())
        if absent and hasattr(value, "__dict__"):
            self._add(Guard.of_absence(held, absent, label), seldom)
        for kind in kinds:
            self._visit(kind, kind.__name__, seldom)

    def _visit_entries(
        self, held: Any, names: list[str], label: Any, seldom: bool, own: bool = False
    ) -> None:
        if not names:
            return
        labels = label if isinstance(label, list) else [f"{label}.{name}" for name in names]
        guard = Guard.of_mapping(held, names, labels)
        self._add(guard, seldom)
        if own:
            self._own.append(guard)
        for name, entry in zip(labels, guard.held, strict=False):
            if isinstance(entry, property):
                entry = entry.fget
            self._visit(getattr(entry, "__func__", entry), name, seldom)


def _kept(guards: Iterable[Guard | None]) -> list[Guard]:
    return [guard for guard in guards if guard is not None]


def _static(value: Any, name: str) -> Any:
    return inspect.getattr_static(value, name, None)


def _is_filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True
