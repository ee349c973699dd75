"""The source of the library's functions of arrays, with all that they need, to stand alone."""

from __future__ import annotations

import ast
import builtins
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any

from autodiff.errors import TracingError

__all__ = ["Inlined"]

_Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
_OURS = "autodiff"


class Inlined:
    """Functions written out with their helpers, constants and errors, each name once.

    Attributes:
        imports: the import statements needed, of NumPy and the standard library.
        parts: the definitions, in an order in which they can be made.
    """

    def __init__(self) -> None:
        self.imports: dict[str, str] = {}
        self.parts: list[str] = []
        self._names: dict[tuple[str, str], str] = {}

    def add(self, function: Callable[..., Any]) -> None:
        """Write out a function under its own name.

        Raises:
            TracingError: it needs something that cannot be written out.
        """
        plain = inspect.unwrap(function)
        self._require(sys.modules[plain.__module__], plain.__name__)

    def _require(self, module: ModuleType, name: str) -> str:
        key = module.__name__, name
        if key in self._names:
            return self._names[key]
        found = _definitions(module).get(name)
        if found is None:
            if hasattr(builtins, name):
                return name
            raise _refused(module, name)
        if isinstance(found, (ast.Import, ast.ImportFrom)):
            return self._import(module, name, found)
        taken = set(self._names.values())
        new, count = name, 1
        while new in taken:
            count += 1
            new = f"{name}_{count}"
        self._names[key] = new
        needed = dict.fromkeys(n for n in _free_names(found) if n in _definitions(module))
        renamed = {n: self._require(module, n) for n in needed} | {name: new}
        self.parts.append(_text(module, found, {a: b for a, b in renamed.items() if a != b}))
        return new

    def _import(self, module: ModuleType, name: str, found: ast.Import | ast.ImportFrom) -> str:
        alias = next(a for a in found.names if (a.asname or a.name.partition(".")[0]) == name)
        as_name = f" as {alias.asname}" if alias.asname else ""
        if isinstance(found, ast.Import):
            line = f"import {alias.name}{as_name}"
        else:
            source = found.module or ""
            if source.partition(".")[0] == _OURS:
                home = sys.modules.get(source)
                if home is None or not hasattr(home, "__file__"):
                    raise _refused(module, name)
                return self._require(home, alias.name)
            line = f"from {source} import {alias.name}{as_name}"
        if self.imports.setdefault(name, line) != line:
            raise _refused(module, name)
        return name


def _refused(module: ModuleType, name: str) -> TracingError:
    return TracingError(
        f"a compiled step uses {name!r} of {module.__name__}, which cannot be written out as plain "
        "NumPy, so its source does not run by itself; leave that function outside the step"
    )


@cache
def _definitions(module: ModuleType) -> dict[str, Any]:
    """What a module's own names stand for, as nodes of its source."""
    found: dict[str, Any] = {}
    for node in _source(module)[1].body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update((a.asname or a.name.partition(".")[0], node) for a in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = node
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name))
            found.update((name, node) for name in names)
    for node in _source(module)[1].body:
        # Functions that a namespace holds as they are.
        if isinstance(node, ast.ClassDef) and node.name.endswith("Namespace"):
            methods = (n for n in node.body if isinstance(n, ast.FunctionDef))
            held = {n.name: n for n in methods if _is_static(n)}
            found = held | found
    return found


def _is_static(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)


@cache
def _source(module: ModuleType) -> tuple[list[str], ast.Module]:
    text = inspect.getsource(module)
    return text.splitlines(), ast.parse(text)


def _free_names(node: _Definition) -> Iterator[str]:
    """The names that a definition reads, but for those in annotations."""
    static = isinstance(node, ast.FunctionDef) and _is_static(node)
    skipped: set[int] = set()
    for part in ast.walk(node):
        if isinstance(part, (ast.arg, ast.AnnAssign)) and part.annotation:
            skipped.update(map(id, ast.walk(part.annotation)))
        if isinstance(part, ast.FunctionDef) and part.returns:
            skipped.update(map(id, ast.walk(part.returns)))
        if _is_for_recordings(part):
            skipped.update(map(id, ast.walk(part)))
    if static and isinstance(node, ast.FunctionDef):
        skipped.update(id(p) for d in node.decorator_list for p in ast.walk(d))
    for part in ast.walk(node):
        if (
            isinstance(part, ast.Name)
            and isinstance(part.ctx, ast.Load)
            and id(part) not in skipped
        ):
            yield part.id


def _is_for_recordings(node: ast.AST) -> bool:
    """Whether a statement is for stand-ins only, which no program meets when it runs."""
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Call) and ast.unparse(test).endswith(", StandIn)")


def _text(module: ModuleType, node: _Definition, renamed: dict[str, str]) -> str:
    """The source of a definition, with the first lines of docstrings only."""
    lines = list(_source(module)[0])
    static = isinstance(node, ast.FunctionDef) and _is_static(node)
    decorators = [] if static else getattr(node, "decorator_list", [])
    first = min([node.lineno, *(d.lineno for d in decorators)]) - 1
    dropped: set[int] = set()
    for part in ast.walk(node):
        if _is_for_recordings(part) and isinstance(part, ast.If):
            dropped.update(range(part.lineno - 1, part.end_lineno or part.lineno))
        if isinstance(part, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(part):
            doc = part.body[0]
            start, end = doc.lineno - 1, doc.end_lineno or doc.lineno
            if end - start > 1:
                lines[start] = lines[start].rstrip() + '"""'
                dropped.update(range(start + 1, end))
    kept = [lines[i] for i in range(first, node.end_lineno or 0) if i not in dropped]
    text = textwrap.dedent("\n".join(kept))
    if renamed:
        text = ast.unparse(_Renamed(renamed).visit(ast.parse(text)))
    return text


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A function under its new name, and what it reads."""
        node.name = self._names.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """A class under its new name, and what it reads."""
        node.name = self._names.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """A name, if it is one of those, under its new one."""
        return ast.copy_location(ast.Name(self._names.get(node.id, node.id), node.ctx), node)
