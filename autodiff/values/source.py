"""The source of functions and operators on Values, printed from the operation table.

For each primitive its value and its partials are run on symbols and written as plain
float arithmetic inside one function that makes the node. So building a scalar graph
costs no look-up of rules and no call of them, and there is no second copy of any.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

from autodiff.backends.kernels import SPECIAL_FUNCTIONS
from autodiff.backends.scalars import MATH_NAMES
from autodiff.ops.parameters import keyword_parameters
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.symbolic import Symbol, lift, symbols_namespace
from autodiff.values.partial_formulas import formulas, lines_of_strong_zeros
from autodiff.values.record import lines_of_constant, lines_of_node
from autodiff.writers.python_code import indented
from autodiff.writers.scalar_source import python_scalar

__all__ = ["function_source"]

_OPERANDS = ("a", "b", "c")
_FROM_ARRAYS = frozenset(
    "sign exp2 logaddexp logaddexp2 rint ceil floor trunc floor_divide remainder".split()
)
_LOOK_FOR_THE_USER = """\
frame = caller(1)
code = frame.f_code
if code is not known:
    if is_library(code.co_filename, True):
        frame = user_frame(1)
        code = frame.f_code
    else:
        known = code
instruction = frame.f_lasti
""".splitlines()


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
    return _Function(entry, kind).source()


class _Function:
    def __init__(self, entry: Elementwise, kind: str) -> None:
        self.entry, self.kind = entry, kind
        self.operands = _OPERANDS[: entry.arity]
        self.defaults = keyword_parameters(entry)
        self.slopes = [f"d{i}" for i in range(entry.arity)]
        self.numbers = [f"x{i}" for i in range(entry.arity)]

    def source(self) -> str:
        order = self.operands[::-1] if self.kind == "reflected" else self.operands
        given = ("code", "instruction") if self.kind == "placed" else ()
        defaults = (f"{name}={value!r}" for name, value in self.defaults.items())
        plain = " and ".join(f"{name}.__class__ is Value" for name in self.operands)
        x, d, s = ", ".join(self.numbers), ", ".join(self.slopes), "s" * (self.entry.arity > 1)
        lines = [
            f"def value_{self.entry.name}({', '.join([*order, *given, *defaults])}):",
            f'    """{self.entry.doc}"""',
            f"    # From the table: y = {self.entry.name}({x}), and its derivative{s} {d}.",
            *([] if given else ["    global known  # the user's code that called last"]),
            f"    if {plain} and current_mode() is ordinary:",
            *indented(indented(self.when_ordinary())),
            "",
            "    # In general: numbers become constants, which need no derivative.",
            *indented(self.in_general()),
        ]
        return "\n".join(lines) + "\n"

    def when_ordinary(self) -> list[str]:
        """The common case: Values alone, and nothing else to be heeded."""
        return [*self.arithmetic(all_wanted=True), *self.node(scoped=False), "return node"]

    def in_general(self) -> list[str]:
        """Numbers among the operands, gradients switched off, modules, or anomaly mode."""
        given = f"({', '.join(self.operands)}{',' * (len(self.operands) == 1)})"
        wanted = " or ".join(f"{name}.requires_grad" for name in self.operands)
        lines = []
        for name in self.operands:
            lines += [f"if not isinstance({name}, Value):", f"    {name} = lift({name})"]
            if self.kind in ("operator", "reflected"):
                lines += [f"    if {name} is NotImplemented:", "        return NotImplemented"]
        return [
            *lines,
            *self.arithmetic(all_wanted=False),
            "mode = current_mode()",
            "block = mode.block  # of no_grad(), if it is within one",
            f"if block or not {wanted if len(self.operands) == 1 else f'({wanted})'}:",
            *indented(lines_of_constant()),
            *indented(self.handed_on()),
            "    if mode.anomaly:",
            f"        check(entry, node, {given})",
            "    return node",
            *self.node(scoped=True),
            "if mode.anomaly:",
            "    check(entry, node, node.parents)",
            "return node",
        ]

    def handed_on(self) -> list[str]:
        """Lines that note of a constant which block, or which cut before, left it without history.

        Written out, since who switches recording off wants speed; see `autodiff.graph.cuts`.
        """
        lines: list[str] = []
        for x in self.operands:
            lines += [
                f"{'elif' if lines else 'if'} {x}.requires_grad:",
                f"    node._da, node._db = block, {x}.sequence",
            ]
        for x in self.operands:
            lines += [f"elif {x}._da:", f"    node._da, node._db = {x}._da, {x}._db"]
        return lines

    def arithmetic(self, *, all_wanted: bool) -> list[str]:
        """Lines that compute the value ``y`` and the partials ``d0``, ``d1`` and so on."""
        statements, partials = _arithmetic(self.entry)
        again = [] if all_wanted else [f"    {d} = {self.if_wanted(d, d)}" for d in self.slopes]
        slopes = [
            f"    {d} = {text if all_wanted else self.if_wanted(d, text)}"
            for d, text in zip(self.slopes, partials, strict=True)
        ]
        given = ", ".join(self.numbers + [f"{name}={name}" for name in self.defaults])
        return [
            *(f"{x} = {name}.data" for x, name in zip(self.numbers, self.operands, strict=True)),
            "try:",
            *indented(statements),
            *slopes,
            "except (ValueError, OverflowError, ZeroDivisionError):",
            f"    y, {', '.join(self.slopes)} = on_arrays(local, {given})",
            *again,
            *lines_of_strong_zeros(self.entry),
        ]

    def if_wanted(self, slope: str, text: str) -> str:
        """A partial that is not worked out for a constant: its formula may not even exist."""
        name = self.operands[self.slopes.index(slope)]
        return f"{f'({text})' if ' ' in text else text} if {name}.requires_grad else None"

    def node(self, *, scoped: bool) -> list[str]:
        """Lines that make the node."""
        place = [] if self.kind == "placed" else _LOOK_FOR_THE_USER
        lines = [*place, *lines_of_node(self.links(), scoped=scoped)]
        if self.defaults:
            pairs = ", ".join(f'"{name}": {name}' for name in self.defaults)
            lines.append(f'own_extras(node)["params"] = {{{pairs}}}')
        return lines

    def links(self) -> list[str]:
        if len(self.operands) > 2:
            return [
                f"node._a = ({', '.join(self.operands)})",
                f"node._da = ({', '.join(self.slopes)})",
                "node._b = node._db = None",
            ]
        pairs = zip(self.operands, self.slopes, strict=True)
        lines = [line for x, d in pairs for line in (f"node._{x} = {x}", f"node._d{x} = {d}")]
        return lines if len(self.operands) == 2 else [*lines, "node._b = node._db = None"]


@cache
def _arithmetic(entry: Elementwise) -> tuple[list[str], list[str]]:
    """Statements that end with the value in ``y``, and an expression for each partial."""
    symbols = [Symbol(f"x{i}") for i in range(entry.arity)]
    params = {name: Symbol(name) for name in keyword_parameters(entry)}
    forward = lift(entry.forward(symbols_namespace, *symbols, **params))
    names = _names()
    before, (value,) = python_scalar([forward], names, prefix="u")
    between, partials = python_scalar(formulas(entry), names, prefix="t")
    return [*before, f"y = {value}", *between], partials


def _names() -> Mapping[str, str]:
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
