"""Elementwise primitives on Values: the table's rules run on floats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff.backends.scalars import on_arrays, scalars
from autodiff.graph import next_sequence
from autodiff.modes import current_mode
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.origin import user_frame
from autodiff.value import Value, lift, scalar_functions

__all__ = ["make"]

_ARITHMETIC = (ValueError, OverflowError, ZeroDivisionError)


def make(entry: Elementwise) -> Callable[..., Any]:
    """The function that applies an elementwise primitive to Values and numbers."""
    forward, partials = entry.forward, entry.partials

    def local(xp: Any, *x: Any, **params: Any) -> tuple[Any, ...]:
        y = forward(xp, *x, **params)
        return y, *(p(xp, y, *x, **params) if callable(p) else float(p) for p in partials)

    def function(*values: Any, **params: Any) -> Any:
        operands = tuple(lift(v) for v in values)
        data = [operand.data for operand in operands]
        try:
            y, *local_partials = local(scalars, *data, **params)
        except _ARITHMETIC:
            y, *local_partials = on_arrays(local, *data, **params)
        node: Any = Value.__new__(Value)
        node.data = float(y)
        node.grad = node._a = node._b = node._da = node._db = node._mark = node.op = None
        node.sequence = next_sequence()
        mode = current_mode()
        node.requires_grad = mode.grad and any(o.requires_grad for o in operands)
        if not node.requires_grad:
            return node
        node.op = entry
        wanted = tuple(
            float(d) if o.requires_grad else None
            for o, d in zip(operands, local_partials, strict=True)
        )
        if len(operands) > 2:
            node._a, node._da = operands, wanted
        else:
            node._a, node._da = operands[0], wanted[0]
            if len(operands) == 2:
                node._b, node._db = operands[1], wanted[1]
        if mode.scope or params:
            node._info = {"scope": mode.scope, "params": params}
        frame = user_frame(2)
        node._code = frame.f_code
        node._instruction = frame.f_lasti
        return node

    function.__name__ = function.__qualname__ = entry.name
    function.__doc__ = entry.doc
    return function


def _install() -> None:
    for entry in TABLE.values():
        if isinstance(entry, Elementwise):
            if entry.differentiable:
                scalar_functions[entry.name] = make(entry)
            else:
                scalar_functions[entry.name] = _predicate(entry)


def _predicate(entry: Elementwise) -> Callable[..., Any]:
    def function(*values: Any) -> Any:
        return entry.forward(scalars, *(lift(v).data for v in values))

    return function


_install()
