"""Which package may import which, and the check of it.

The arrows point one way: ``nn → autodiff`` and ``viz → autodiff``; inside a package the rooms
stand on floors (`tests.floors`). Run as a program, this prints the verdict.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("autodiff", "nn", "viz")


@dataclass(frozen=True)
class Contract:
    """``source`` (a package) reaches none of ``forbidden``, neither directly nor indirectly.

    The modules in ``applications`` are not libraries but programs: inside their
    functions they may import what they bring together.
    """

    source: str
    forbidden: tuple[str, ...]
    applications: tuple[str, ...] = ()


CONTRACTS = (
    Contract("autodiff", forbidden=("nn", "viz")),
    Contract("nn", forbidden=("viz",), applications=("nn.__main__", "nn.jobs")),
    Contract("viz", forbidden=("nn",)),
)


@dataclass(frozen=True)
class Import:
    """One imported module, where, and whether only when a function runs."""

    module: str
    line: int
    lazy: bool


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Every module of the three packages: dotted name → file."""
    found: dict[str, Path] = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _targets(node: ast.AST, package: list[str], known: Mapping[str, object]) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            above = package[: len(package) - level + 1] if level else []
            base = ".".join([*above, *([module] if module else [])])
            for alias in names:
                # `from a import b` names the module a.b where there is one, else an object in a.
                yield f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base
        case ast.Call(
            func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(module)), *_],
        ):
            yield module


def imports(name: str, path: Path, known: Mapping[str, object]) -> list[Import]:
    """What the module imports, at any depth of its code, but not for type checkers only."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    return [
        Import(target, getattr(node, "lineno", 0), lazy)
        for node, lazy in _importing(path.read_text(encoding="utf-8"))
        for target in _targets(node, package, known)
    ]


@cache
def _importing(source: str) -> list[tuple[ast.AST, bool]]:
    """Statements and calls that may import, and whether they do when a function runs."""
    found: list[tuple[ast.AST, bool]] = []

    def visit(node: ast.AST, lazy: bool) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Call):
            found.append((node, lazy))
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return  # for type checkers only
        inside = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(ast.parse(source), lazy=False)
    return found


def _within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def violations(root: Path = ROOT) -> list[str]:
    """One line for every broken contract, naming file, line and the chain of imports."""
    known = modules(root)
    graph = {name: imports(name, path, known) for name, path in known.items()}
    broken: list[str] = []
    for contract in CONTRACTS:
        # Each module is walked through once, with the chain by which it was first reached.
        chains = {name: [name] for name in graph if _within(name, (contract.source,))}
        queue = list(chains)
        while queue:
            name = queue.pop(0)
            for found in graph[name]:
                if found.lazy and _within(name, contract.applications):
                    continue
                if _within(found.module, contract.forbidden):
                    where = f"{known[name].relative_to(root).as_posix()}:{found.line}"
                    chain = " → ".join([*chains[name], found.module])
                    broken.append(f"{where}: {contract.source} may not import {chain}")
                elif found.module in graph and found.module not in chains:
                    chains[found.module] = [*chains[name], found.module]
                    queue.append(found.module)
    return broken


if __name__ == "__main__":
    complaints = violations()
    print("\n".join(complaints) or f"{len(CONTRACTS)} import contracts hold")
    sys.exit(bool(complaints))
