"""What the user's program calls a node: the variable that its line assigns it to, or is given.

In ``c = aa * bb`` the product is c, and its operands are aa and bb. Only names that are sure are
told: those of an operator, or of a function that is one entry of the table, whose result goes
into a variable as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from types import CodeType
from typing import Any

from autodiff.graph.origin import made_by
from viz.read.source import Expressions, Span, expressions

__all__ = ["called"]

_OPERATORS: dict[type, frozenset[str]] = {
    ast.Add: frozenset({"add"}),
    ast.Sub: frozenset({"subtract"}),
    ast.Mult: frozenset({"multiply"}),
    ast.Div: frozenset({"divide"}),
    ast.FloorDiv: frozenset({"floor_divide"}),
    ast.Mod: frozenset({"remainder"}),
    ast.MatMult: frozenset({"matmul", "inner"}),
    ast.Pow: frozenset({"power", "square", "sqrt", "reciprocal"}),
    ast.USub: frozenset({"negative"}),
    ast.UAdd: frozenset({"positive"}),
}
_ATTRIBUTES = {"T": "transpose", "mT": "transpose", "real": "real", "imag": "imag"}
_FUNCTIONS = {
    "dot": frozenset({"weighted_sum", "matmul", "inner"}),
    "norm": frozenset({"vector_norm"}),
    "stack": frozenset({"stack", "from_values"}),
    **{f"conv{n}d": frozenset({"convolution"}) for n in (1, 2, 3)},
    **{f"max_pool{n}d": frozenset({"max_pool"}) for n in (1, 2, 3)},
}
_MAKERS = frozenset("Tensor tensor Parameter zeros ones full randn rand normal uniform".split())

Site = tuple[int, int]


def called(nodes: Sequence[Any]) -> list[str | None]:
    """For each node of a graph what its program calls it; None where that is not sure.

    Several nodes have the same name where a variable was assigned more than once.

    Args:
        nodes: operands before what is computed from them.
    """
    number = {node: index for index, node in enumerate(nodes)}
    sites = [_site(node) for node in nodes]
    reading = _Reading()
    assigned: list[str | None] = [None] * len(nodes)
    used: list[set[tuple[str, bool]]] = [set() for _ in nodes]
    unfinished = {
        number[parent]
        for site, node in zip(sites, nodes, strict=True)
        for parent in node.parents
        if parent in number
        and site is not None
        and sites[number[parent]] == site
        and not parent.is_leaf
        and parent.op is not node.op
    }
    for index, (node, site) in enumerate(zip(nodes, sites, strict=True)):
        if site is None:
            continue
        code, instruction = made_by(node) or (None, 0)
        found = reading.expression(code, instruction)
        if found is None or not _is_of(node, found):
            continue
        if index not in unfinished:
            assigned[index] = _target(found, reading.parents(code))
        outermost = code is not None and code.co_name == "<module>"
        for place, name in _operand_names(found, len(node.parents), reading.imported(code)):
            parent = number.get(node.parents[place])
            if parent is None or sites[parent] == site or _is_shared(nodes[parent]):
                continue
            used[parent].add((name, outermost))
    return [name or _agreed(uses) for name, uses in zip(assigned, used, strict=True)]


def _is_shared(node: Any) -> bool:
    """Whether a node stands for a plain number, wherever that occurs."""
    return node.is_leaf and not node.requires_grad and getattr(node, "size", 1) == 1


def _site(node: Any) -> Site | None:
    place = made_by(node)
    return None if place is None else (id(place[0]), place[1])


class _Reading:
    """The expressions behind code objects, each looked up once."""

    def __init__(self) -> None:
        self._read: dict[int, tuple[Expressions | None, list[Span]]] = {}
        self._found: dict[Site, ast.AST | None] = {}

    def _of(self, code: Any) -> tuple[Expressions | None, list[Span]]:
        if id(code) not in self._read:
            found = expressions(code)
            self._read[id(code)] = found, [] if found is None else list(code.co_positions())
        return self._read[id(code)]

    def expression(self, code: CodeType | None, instruction: int) -> ast.AST | None:
        site = id(code), instruction
        if site not in self._found:
            found, positions = self._of(code)
            self._found[site] = None if found is None else found.at(positions, instruction)
        return self._found[site]

    def imported(self, code: Any) -> Collection[str]:
        found, _ = self._of(code)
        return () if found is None else found.imported

    def parents(self, code: Any) -> dict[ast.AST, ast.AST]:
        found, _ = self._of(code)
        return {} if found is None else found.parents


def _is_of(node: Any, found: ast.AST) -> bool:
    """Whether a node is what an expression by itself gives."""
    if isinstance(found, ast.Call):
        if _returns_several(found):
            return False
        name = _last_name(found.func)
        if node.is_leaf:
            return name in _MAKERS
        return node.op.name == name or node.op.name in _FUNCTIONS.get(name, ())
    if node.is_leaf:
        return False
    if isinstance(found, ast.BinOp | ast.UnaryOp | ast.AugAssign):
        return node.op.name in _OPERATORS.get(type(found.op), ())
    if isinstance(found, ast.Attribute):
        return bool(node.op.name == _ATTRIBUTES.get(found.attr))
    return isinstance(found, ast.Subscript) and node.op.name == "getitem"


def _returns_several(call: ast.Call) -> bool:
    """Whether a function may have been asked for more than its result, as by return_indices."""
    asked = any((word.arg or "return").startswith("return") for word in call.keywords)
    return asked or any(isinstance(a, ast.Constant) and a.value is True for a in call.args)


def _last_name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _target(found: ast.AST, parents: dict[ast.AST, ast.AST]) -> str | None:
    """The variable that an expression's value goes into as it is."""
    if isinstance(found, ast.AugAssign):
        return _variable(found.target)
    outer = parents.get(found)
    while isinstance(outer, ast.IfExp) and found is not outer.test:
        found, outer = outer, parents.get(outer)
    if isinstance(outer, ast.Assign) and outer.value is found:
        return next(filter(None, map(_variable, outer.targets)), None)
    if isinstance(outer, ast.AnnAssign | ast.NamedExpr) and outer.value is found:
        return _variable(outer.target)
    if isinstance(outer, ast.Tuple):
        return _target_of_part(found, outer, parents.get(outer))
    return None


def _target_of_part(found: ast.AST, values: ast.Tuple, outer: ast.AST | None) -> str | None:
    """That of one of several values that go into as many variables."""
    if not (isinstance(outer, ast.Assign) and outer.value is values):
        return None
    place = next(i for i, value in enumerate(values.elts) if value is found)
    for target in outer.targets:
        if not isinstance(target, ast.Tuple | ast.List):
            continue
        starred = any(isinstance(part, ast.Starred) for part in (*target.elts, *values.elts))
        if len(target.elts) == len(values.elts) and not starred:
            return _variable(target.elts[place])
    return None


def _variable(part: ast.AST) -> str | None:
    """The name of a variable, or of an attribute of ``self``."""
    name = part.id if isinstance(part, ast.Name) else ""
    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
        name = part.attr if part.value.id == "self" else ""
    return name if name.strip("_") else None


def _operand_names(
    found: ast.AST, count: int, imported: Collection[str]
) -> Iterator[tuple[int, str]]:
    """Which operands of an operation are variables, by position."""
    if isinstance(found, ast.BinOp):
        parts: list[ast.AST] = [found.left, found.right]
    elif isinstance(found, ast.AugAssign):
        parts = [found.target, found.value]
    elif isinstance(found, ast.UnaryOp):
        parts = [found.operand]
    elif isinstance(found, ast.Attribute | ast.Subscript):
        parts = [found.value]
    elif isinstance(found, ast.Call):
        parts = [*found.args]
        if isinstance(found.func, ast.Attribute) and len(parts) < count:
            owner = found.func.value
            if parts and isinstance(owner, ast.Name) and owner.id in imported:
                return
            parts.insert(0, owner)
    else:
        return
    if len(parts) == count:
        for place, part in enumerate(parts):
            name = _variable(part)
            if name is not None:
                yield place, name


def _agreed(uses: set[tuple[str, bool]]) -> str | None:
    """The name that all uses agree on, or all in the main program."""
    names = {name for name, _ in uses}
    if len(names) > 1:
        names = {name for name, outermost in uses if outermost}
    return names.pop() if len(names) == 1 else None
