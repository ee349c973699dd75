"""The user's source as far as it is surely what ran: the expression behind an instruction.

Nothing is imported or evaluated. The text is parsed and compiled, and what is told of a code
object holds only if the same code comes out again; a file that was changed since, or that is not
there, tells nothing.
"""

from __future__ import annotations

import ast
import linecache
import warnings
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType

__all__ = ["Expressions", "expressions"]

_KINDS = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Attribute, ast.Subscript, ast.AugAssign)
_FUTURE_ANNOTATIONS = 0x1000000

Span = tuple[int | None, int | None, int | None, int | None]


class Expressions:
    """The expressions of one file.

    Attributes:
        parents: for each part of the syntax tree the part around it.
        imported: names that may be those of modules, in a notebook also where another cell
            imports them.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.parents: dict[ast.AST, ast.AST] = {}
        self.imported: set[str] = {"ad", "nn", "np", "F"}
        self._found: dict[Span, ast.AST | None] = {}
        for outer in ast.walk(tree):
            for inner in ast.iter_child_nodes(outer):
                self.parents[inner] = outer
            if isinstance(outer, _KINDS):
                # In strings with expressions two may claim the same place.
                self._found[_span(outer)] = None if _span(outer) in self._found else outer
            if isinstance(outer, ast.Import | ast.ImportFrom):
                self.imported |= {alias.asname or alias.name for alias in outer.names}

    def at(self, positions: list[Span], instruction: int) -> ast.AST | None:
        """The expression that an instruction computes, if it is known exactly."""
        place = instruction // 2
        span = positions[place] if place < len(positions) else (None,) * 4
        return None if None in span else self._found.get(span)


def _span(part: ast.expr | ast.AugAssign) -> Span:
    return part.lineno, part.end_lineno, part.col_offset, part.end_col_offset


def expressions(code: CodeType) -> Expressions | None:
    """The expressions of the file that a code object came from; None if that is not sure."""
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename)
    if not lines:
        return None
    read = _read("".join(lines))
    if read is None:
        return None
    tree, found = read
    future = code.co_flags & _FUTURE_ANNOTATIONS
    if any(_same(code, other) for other in _compiled("".join(lines))):
        return found
    if code.co_name != "<module>":
        return None
    # A notebook compiles every statement for itself, and an example of a docstring as well.
    for statement in tree.body:
        for whole in (ast.Module([statement], []), ast.Interactive([statement])):
            mode = "exec" if isinstance(whole, ast.Module) else "single"
            again = compile(whole, code.co_filename, mode, future, dont_inherit=True)
            if _same(code, again):
                return found
    return None


@lru_cache(maxsize=64)
def _read(source: str) -> tuple[ast.Module, Expressions] | None:
    with warnings.catch_warnings(action="ignore"):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return None
    return tree, Expressions(tree)


@lru_cache(maxsize=64)
def _compiled(source: str) -> list[CodeType]:
    """All code objects of a text."""
    with warnings.catch_warnings(action="ignore"):
        try:
            return list(_nested(compile(source, "", "exec", dont_inherit=True)))
        except (SyntaxError, ValueError):
            return []


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _same(code: CodeType, other: CodeType) -> bool:
    return (
        code.co_firstlineno == other.co_firstlineno
        and code.co_name == other.co_name
        and code.co_code == other.co_code
        and code.co_names == other.co_names
        and code.co_varnames == other.co_varnames
        and code.co_freevars == other.co_freevars
        and _constants(code) == _constants(other)
        and list(code.co_positions()) == list(other.co_positions())
    )


def _constants(code: CodeType) -> list[str]:
    return [c.co_name if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
