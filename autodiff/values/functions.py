"""Elementwise primitives on Values, as Python functions generated from the table.

For each primitive its value and its partials are run on symbols and written as plain
float arithmetic inside one function that makes the node. So building a scalar graph
costs no look-up of rules and no call of them, and there is no second copy of any.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from sys import _getframe
from typing import Any

from autodiff.backends.arrays import SPECIAL_FUNCTIONS
from autodiff.backends.scalars import MATH_NAMES, NOTHING, on_arrays, scalars
from autodiff.finiteness import check_result
from autodiff.graph import next_sequence
from autodiff.modes import ORDINARY, current_mode
from autodiff.ops.parameters import keyword_parameters
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.origin import is_library, user_frame
from autodiff.symbolic import Symbol, symbols_namespace
from autodiff.symbolic import lift as lift_symbol
from autodiff.value import Value, constant_value, lift, lift_operand
from autodiff.values.partials import formulas, settled
from autodiff.writers.scalar_source import python_scalar

__all__ = ["ScalarFunctions", "function_source", "make", "placed_functions", "scalar_functions"]

_OPERANDS = ("a", "b", "c")
_FROM_ARRAYS = frozenset(
    "sign exp2 logaddexp logaddexp2 rint ceil floor trunc floor_divide remainder".split()
)


def function_source(entry: Elementwise, kind: str = "function") -> str:
    """The source of the function that applies a primitive to Values, to be read.

    Args:
        entry: an elementwise entry of the table that carries a gradient.
        kind: ``"operator"`` for a method such as ``__sub__``, which leaves operands that
            it does not know to the other side; ``"reflected"`` for ``__rsub__``; ``"placed"``
            for a function that is told the user's code object and instruction, and so need
            not look for them.

    Returns:
        Python source.
    """
    operands = _OPERANDS[: entry.arity]
    defaults = keyword_parameters(entry)
    order = operands[::-1] if kind == "reflected" else operands
    placed = kind == "placed"
    given = ("code", "instruction") if placed else ()
    signature = ", ".join([*order, *given, *(f"{k}={v!r}" for k, v in defaults.items())])
    plain = " and ".join(f"{name}.__class__ is Value" for name in operands)
    arithmetic = _arithmetic(entry, operands, defaults)
    lines = [
        f"def value_{entry.name}({signature}):",
        "    global known",
        f"    if {plain} and current_mode() is ordinary:",
        *_indented(_computation(entry, operands, defaults, arithmetic, all_wanted=True)),
        *_indented(_node_lines(entry, operands, defaults, placed, scoped=False)),
    ]
    for name in operands:
        lines.append(f"    if not isinstance({name}, Value):")
        lines.append(f"        {name} = lift({name})")
        if kind in ("operator", "reflected"):
            lines.append(f"        if {name} is NotImplemented:")
            lines.append("            return NotImplemented")
    wanted = " or ".join(f"{name}.requires_grad" for name in operands)
    lines += [
        *_computation(entry, operands, defaults, arithmetic, all_wanted=False),
        "    mode = current_mode()",
        f"    if not (mode.grad and ({wanted})):",
        "        node = constant(y)",
        "        if mode.anomaly:",
        f"            check(entry, node, ({', '.join(operands)},))",
        "        return node",
        *_node_lines(entry, operands, defaults, placed, scoped=True),
    ]
    return "\n".join(lines) + "\n"


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _computation(
    entry: Elementwise,
    operands: Sequence[str],
    defaults: Mapping[str, Any],
    arithmetic: tuple[list[str], list[str]],
    *,
    all_wanted: bool,
) -> list[str]:
    """Lines that compute the value ``y`` and the partials ``d0``, ``d1`` and so on."""
    statements, partials = arithmetic
    count = len(operands)
    results = ", ".join(f"d{i}" for i in range(count))
    given = "".join(f", {name}={name}" for name in defaults)
    numbers = ", ".join(f"x{i}" for i in range(count))
    if not all_wanted:
        partials = [_if_wanted(text, i, operands) for i, text in enumerate(partials)]
    lines = [
        *(f"    x{i} = {name}.data" for i, name in enumerate(operands)),
        "    try:",
        *(f"        {line}" for line in statements),
        *(f"        d{i} = {text}" for i, text in enumerate(partials)),
        "    except (ValueError, OverflowError, ZeroDivisionError):",
        f"        y, {results} = on_arrays(local, {numbers}{given})",
    ]
    if not all_wanted:
        lines += [f"        d{i} = {_if_wanted(f'd{i}', i, operands)}" for i in range(count)]
    return lines + settled(entry, operands, defaults)


def _node_lines(
    entry: Elementwise,
    operands: Sequence[str],
    defaults: Mapping[str, Any],
    placed: bool,
    *,
    scoped: bool,
) -> list[str]:
    """Lines that make the node and return it."""
    lines = [
        "    node = new(Value)",
        "    node.data = y",
        "    node.op = entry",
        *_links(operands),
        "    node.grad = node._total = None",
        "    node.sequence = next_sequence()",
    ]
    if scoped:
        lines += ["    if mode.scope:", '        node._info = {"scope": mode.scope}']
    check = ["    if mode.anomaly:", "        check(entry, node, node.parents)"] if scoped else []
    if defaults:
        pairs = ", ".join(f"{name!r}: {name}" for name in defaults)
        lines.append(f'    node._set_info("params", {{{pairs}}})')
    if placed:
        return [
            *lines,
            "    node._code = code",
            "    node._instruction = instruction",
            *check,
            "    return node",
        ]
    return [
        *lines,
        "    frame = caller(1)",
        "    code = frame.f_code",
        "    if code is not known:",
        "        if is_library(code.co_filename, True):",
        "            frame = user_frame(1)",
        "            code = frame.f_code",
        "        else:",
        "            known = code",
        "    node._code = code",
        "    node._instruction = frame.f_lasti",
        *check,
        "    return node",
    ]


def _if_wanted(text: str, position: int, operands: Sequence[str]) -> str:
    """A partial that is not worked out for a constant: its formula may not even exist."""
    return f"({text}) if {operands[position]}.requires_grad else None"


def _links(operands: Sequence[str]) -> list[str]:
    if len(operands) > 2:
        parts = ", ".join(f"d{i}" for i in range(len(operands)))
        return [
            f"    node._a = ({', '.join(operands)})",
            f"    node._da = ({parts})",
            "    node._b = node._db = None",
        ]
    lines = []
    for i, name in enumerate(operands):
        slot = _OPERANDS[i]
        lines.append(f"    node._{slot} = {name}")
        lines.append(f"    node._d{slot} = d{i}")
    return lines if len(operands) == 2 else [*lines, "    node._b = node._db = None"]


def _arithmetic(
    entry: Elementwise, operands: Sequence[str], defaults: Mapping[str, Any]
) -> tuple[list[str], list[str]]:
    """Statements that end with the value in ``y``, and an expression for each partial."""
    symbols = [Symbol(f"x{i}") for i in range(len(operands))]
    params = {name: Symbol(name) for name in defaults}
    forward = lift_symbol(entry.forward(symbols_namespace, *symbols, **params))
    before, (value,) = python_scalar([forward], _names(), prefix="u")
    between, partials = python_scalar(formulas(entry, operands, defaults), _names(), prefix="t")
    return [*before, f"y = {value}", *between], partials


def _names() -> dict[str, str]:
    """The callable for each operation that Python has no operator for."""
    names = {"absolute": "fabs", "abs": "fabs", "power": "pow"}
    for name in SPECIAL_FUNCTIONS:
        names[name] = name if hasattr(math, name) else f"scalars.{name}"
    for entry in TABLE.values():
        if not isinstance(entry, Elementwise) or entry.ufunc is None:
            continue
        # What math lacks, or where it gives whole numbers instead of floats.
        if entry.name in _FROM_ARRAYS:
            names[entry.name] = f"scalars.{entry.name}"
        elif hasattr(math, MATH_NAMES.get(entry.ufunc, entry.ufunc)):
            names[entry.name] = MATH_NAMES.get(entry.ufunc, entry.ufunc)
    return names


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
        "constant": constant_value,
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
        "scalars": scalars,
        "user_frame": user_frame,
    }
    source = function_source(entry, kind)
    exec(compile(source, f"<glassgrad Value {entry.name}>", "exec"), namespace)
    function: Callable[..., Any] = namespace[f"value_{entry.name}"]
    function.__name__ = function.__qualname__ = entry.name
    function.__doc__ = entry.doc
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
