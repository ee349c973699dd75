"""What code mentions: names of attributes and variables, and special methods that it may call."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dis import get_instructions
from types import CodeType, FunctionType, ModuleType

__all__ = ["SPECIAL", "attributes", "modules", "variables"]

_OPERATORS = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
SPECIAL = frozenset(
    f"__{name}__"
    for name in (
        *("call", "iter", "next", "getitem", "len", "contains", "bool", "getattr", "enter"),
        *("float", "int", "index", "neg", "pos", "abs"),
        *(prefix + name for name in _OPERATORS for prefix in ("", "r")),
    )
)
"""Methods that are called without being named."""

_BY_STRING = {"getattr", "hasattr", "vars", "__dict__", "attrgetter", "methodcaller"}


def attributes(code: CodeType) -> Iterator[str]:
    """Names that may be those of attributes, strings included where one may be read by a string."""
    for part in _parts(code):
        yield from part.co_names
        if _BY_STRING & set(part.co_names):
            yield from _strings(part)


def variables(code: CodeType) -> set[str]:
    """Names of global variables, strings included where the code asks for ``globals()``."""
    found: set[str] = set()
    for part in _parts(code):
        found |= {
            instruction.argval
            for instruction in get_instructions(part)
            if instruction.opname.endswith(("_GLOBAL", "_NAME"))
        }
        if "globals" in part.co_names:
            found |= set(_strings(part))
    return found


def modules(function: FunctionType) -> Iterator[tuple[str, ModuleType]]:
    """Modules that a function may import by itself, with the names it has for them."""
    package = function.__globals__.get("__package__")
    for name in sorted(set(attributes(function.__code__))):
        for path in (name, f"{package}.{name}"):
            if path in sys.modules:
                yield name, sys.modules[path]


def _parts(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts(constant)


def _strings(code: CodeType) -> Iterator[str]:
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield from (part for part in constant.split(".") if part.isidentifier())
