"""What code mentions: names of attributes and variables, and special methods that it may call."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dis import get_instructions
from types import CodeType, FunctionType, ModuleType

import numpy as np

__all__ = ["SPECIAL", "attributes", "modules", "variables", "where_changed", "where_drawn"]

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

_CHANGES = frozenset(
    "append extend insert add update pop popitem remove discard clear setdefault appendleft "
    "popleft sort reverse __setitem__ STORE_SUBSCR DELETE_SUBSCR".split()
)
_DRAWS = frozenset(name for name in (*vars(np.random), *vars(random)) if name.islower())
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


def where_changed(codes: Iterable[CodeType], label: str) -> str:
    """File and line of the code that seems to change a thing; empty if none mentions it.

    Args:
        codes: what ran.
        label: what the thing is called in messages, such as ``the length of net.seen``.
    """
    name = re.findall(r"\w+", re.sub(r"\[.*", "", label))[-1]

    def score(named: set[str], stored: set[str]) -> int:
        return 3 * (name in stored) or (name in named) + bool(name in named and _CHANGES & named)

    return _best_line(codes, score)


def where_drawn(codes: Iterable[CodeType], source: str) -> str:
    """File and line of the code that seems to draw random numbers; empty if none is found.

    Args:
        codes: what ran.
        source: the name of a module or generator that is drawn from.
    """
    name = re.findall(r"\w+", source)[-1]

    def score(named: set[str], stored: set[str]) -> int:
        return bool(_DRAWS & named) + bool(name in named and _DRAWS & named - {name})

    return _best_line(codes, score)


def _best_line(codes: Iterable[CodeType], score: Callable[[set[str], set[str]], int]) -> str:
    """The first of the lines with the highest score for what they name and what they set."""
    found, best = "", 0
    for code in (part for whole in codes for part in _parts(whole)):
        lines: dict[int | None, tuple[set[str], set[str]]] = {}
        for instruction in get_instructions(code):
            line = instruction.positions.lineno if instruction.positions else None
            named, stored = lines.setdefault(line, (set(), set()))
            if instruction.opname.endswith("_SUBSCR"):
                named.add(instruction.opname)
            elif isinstance(instruction.argval, str) and instruction.opname != "LOAD_CONST":
                (stored if instruction.opname.startswith("STORE_") else named).add(
                    instruction.argval
                )
        for line, names in lines.items():
            if score(*names) > best:
                best, found = score(*names), f"{code.co_filename}:{line}"
    return found


def _parts(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts(constant)


def _strings(code: CodeType) -> Iterator[str]:
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield from (part for part in constant.split(".") if part.isidentifier())
