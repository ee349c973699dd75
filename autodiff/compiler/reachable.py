"""What a step's own code reaches by name, and what of it is to be guarded."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.compiler.code_names import SPECIAL, attributes, modules, variables
from autodiff.compiler.guards import Guard
from autodiff.compiler.user_code import is_users
from autodiff.graph.node import Node
from autodiff.graph.origin import is_library_module

__all__ = ["SMALL_ARRAY", "Reachable"]

SMALL_ARRAY = 1024
"""So many numbers at most are looked at in every call."""

_SMALL = 64
_MOST = 2000
_CONTAINERS = (dict, list, tuple, set, frozenset, deque)
_PLAIN = (int, float, complex, str, bytes, np.generic, np.dtype, Node)


class Reachable:
    """Globals, closure variables and attributes that a step and its helpers refer to.

    Followed are functions of the user's own, objects with the names that their code
    mentions, lists, tuples and dicts. The library's objects (layers, optimizers), large
    containers and large arrays are among what is looked at seldom.

    Args:
        function: the step.
        arguments: what it is given beside arrays.

    Attributes:
        always: guards of what is to be looked at in every call.
        seldom: of what is to be looked at from time to time.
        own: of the step's own names.
        theirs: of what would be looked at in every call if it were not so much.
        codes: of the step and of the functions of the user's own that it calls.
        generators: sources of random numbers, each with its label and its state.
    """

    def __init__(self, function: Callable[..., Any], arguments: Iterable[Any] = ()) -> None:
        self._names: set[str] = {*SPECIAL, "forward"}
        self._function = function
        arguments = list(arguments)
        found = -1
        # Code that is found late may mention names that were passed over before.
        while found != len(self._names):
            found = len(self._names)
            self.always: list[Guard] = []
            self.seldom: list[Guard] = []
            self.own: list[Guard] = []
            self.theirs: list[Guard] = []
            self.codes: list[CodeType] = []
            self.generators: list[tuple[str, Any, Any]] = []
            self._seen: dict[int, Any] = {}
            self._visit(function, getattr(function, "__name__", "the step"), False)
            for argument in arguments:
                self._visit(argument, type(argument).__name__, False)

    def _visit(self, value: Any, label: str, seldom: bool) -> None:
        if value is None or isinstance(value, _PLAIN):
            return
        if id(value) in self._seen or len(self._seen) > _MOST:
            return
        self._seen[id(value)] = value
        if isinstance(value, np.random.Generator):
            self.generators.append((label, value, repr(value.bit_generator.state)))
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
                self._add(Guard.of_array(value, label), seldom or value.size > SMALL_ARRAY)
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
            self.theirs.append(guard)
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
            self.own += guards
        defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
        for name, value in (*held, *((f"a default of {label}", v) for v in defaults)):
            self._visit(value, name, False)

    def _visit_container(self, value: Any, label: str, seldom: bool) -> None:
        many = len(value) > _SMALL
        if many and not seldom:
            self.theirs.append(Guard.of_length(value, label))
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
            return
        held = getattr(value, "__dict__", None)
        if held and not getattr(type(value), "settings_are_live", False):
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
            self.own.append(guard)
        for name, entry in zip(labels, guard.held, strict=False):
            if isinstance(entry, property):
                entry = entry.fget
            self._visit(getattr(entry, "__func__", entry), name, seldom)


def _static(value: Any, name: str) -> Any:
    return inspect.getattr_static(value, name, None)


def _is_filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True
