"""Elementwise primitives on Values, as Python functions generated when first needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from sys import _getframe
from typing import Any

from autodiff.backends.scalars import NOTHING, on_arrays, scalars
from autodiff.graph.clock import next_sequence
from autodiff.graph.extras import own_extras
from autodiff.graph.finiteness import check_result
from autodiff.graph.modes import ORDINARY, current_mode
from autodiff.graph.origin import is_library, user_frame
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.values.source import function_source
from autodiff.values.value import ConstantValue, Value, lift, lift_operand
from autodiff.writers.build import build

__all__ = ["ScalarFunctions", "make", "placed_functions", "scalar_functions"]


def _local(entry: Elementwise) -> Callable[..., Any]:
    def local(xp: Any, *x: Any, **params: Any) -> tuple[Any, ...]:
        y = entry.forward(xp, *x, **params)
        partials = (p(xp, y, *x, **params) if callable(p) else p for p in entry.partials)
        return y, *partials

    return local


def make(entry: Elementwise, kind: str = "function") -> Callable[..., Any]:
    """The function or operator of a primitive on Values; see `function_source`."""
    namespace: dict[str, Any] = {
        **{name: getattr(math, name) for name in dir(math) if not name.startswith("_")},
        "Value": Value,
        "caller": _getframe,
        "check": check_result,
        "ConstantValue": ConstantValue,
        "current_mode": current_mode,
        "entry": entry,
        "is_library": is_library,
        "known": None,
        "lift": lift_operand if kind in ("operator", "reflected") else lift,
        "local": _local(entry),
        "new": Value.__new__,
        "nothing": NOTHING,
        "next_sequence": next_sequence,
        "on_arrays": on_arrays,
        "ordinary": ORDINARY,
        "own_extras": own_extras,
        "scalars": scalars,
        "user_frame": user_frame,
    }
    title = f"{entry.name} of Values" if kind == "function" else f"{entry.name} of Values, {kind}"
    function = build(function_source(entry, kind), f"value_{entry.name}", title, namespace)
    function.__name__ = function.__qualname__ = entry.name
    return function


def _predicate(entry: Elementwise) -> Callable[..., Any]:
    def function(*values: Any) -> Any:
        return entry.forward(scalars, *(lift(v).data for v in values))

    function.__name__ = function.__qualname__ = entry.name
    function.__doc__ = entry.doc
    return function


class ScalarFunctions(dict[str, Callable[..., Any]]):
    """The functions on Values by name, each generated when first needed.

    Args:
        kind: of the functions, see `function_source`.
    """

    def __init__(self, kind: str = "function") -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, name: str) -> Callable[..., Any]:
        entry = TABLE[name]
        assert isinstance(entry, Elementwise)
        function = make(entry, self._kind) if entry.differentiable else _predicate(entry)
        self[name] = function
        return function


scalar_functions: ScalarFunctions = ScalarFunctions()
placed_functions: ScalarFunctions = ScalarFunctions("placed")
