"""The rooms of the three packages, the floors on which they stand, and the check of it.

A room is a folder, or a file beside the folders. It imports rooms of the floors under its own,
never one above or beside it; within a room no files import each other in a circle. An import
inside a function counts as any other, and has a comment with its reason; so does a string that
names a module. What only type checkers import does not count. Run as a program, this prints
the verdict.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.import_contracts import Import, imports, modules  # noqa: E402 - also as a program

FLOORS = {
    "autodiff": (
        "names errors random notebooks",
        "ops",
        "symbolic backends",
        "writers",
        "dtypes",
        "graph",
        "live values trees",
        "tensors",
        "batching scalarizing",
        "functions",
        "sweeps",
        "methods",
        "transforms custom compiler",
        "linalg fft special tree array_api extending typing",
        "diagnosis testing",
        "autodiff",
        "__main__",
    ),
    "nn": (
        "names",
        "module",
        "scalar functional init data metrics optim utils",
        "io layers losses",
        "inspect training",
        "checks report estimators",
        "nn",
        "jobs",
        "__main__",
    ),
    "viz": (
        "files geometry installed model",
        "text",
        "draw layout",
        "picture read",
        "exports",
        "cards charts pages plan networks",
        "differences notebooks",
        "alive api paths elements",
        "api paths elements networkx",
        "causes",
        "viz",
        "commands",
        "__main__",
    ),
}
"""For each package its rooms, the ground floor first."""

LISTS = {
    "autodiff.names",
    "autodiff.methods.numpy_interface",
    "nn.names.absent",
    "nn.names.missing",
    "nn.names.views",
}
"""Modules whose strings list modules, in which something is looked for by name."""

LONGEST_SIGN = 10
"""So many lines at most say what a room is."""


class Arrow(NamedTuple):
    """One import of a module of ours."""

    importer: str
    imported: str
    place: str
    lazy: bool
    reason: bool

    def __str__(self) -> str:
        return f"{self.importer} → {self.imported}"


def room_of(module: str) -> str:
    """The folder or file in which a module lies; a package's face lies in a room of its own."""
    package, _, rest = module.partition(".")
    return ".".join(filter(None, [package, rest.partition(".")[0]]))


def floors(table: dict[str, tuple[str, ...]] = FLOORS) -> dict[str, int]:
    """How high each room stands in its package."""
    return {
        package if room == package else f"{package}.{room}": height
        for package, rows in table.items()
        for height, row in enumerate(rows)
        for room in row.split()
    }


def arrows(root: Path = ROOT) -> Iterator[Arrow]:
    """Every import of one of our modules by another."""
    known = modules(root)
    for name, path in known.items():
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [*imports(name, path, known), *(_named(name, path, known))]
        for one in found:
            if one.module in known and one.module != name:
                place = f"{path.relative_to(root).as_posix()}:{one.line}"
                beside = lines[max(one.line - 2, 0) : one.line]
                reason = any(re.search(r"# (?!noqa|type:)", line) for line in beside)
                yield Arrow(name, one.module, place, one.lazy, reason)


def _named(name: str, path: Path, known: Mapping[str, Path]) -> Iterator[Import]:
    """Modules that strings name."""
    if name in LISTS:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            if "." in text and text in known:
                yield Import(text, node.lineno, lazy=False)


def circles(graph: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows that lie on a circle."""
    ahead: dict[str, set[str]] = {}
    for a, b in graph:
        ahead.setdefault(a, set()).add(b)
    reached: dict[str, set[str]] = {}
    for start in ahead:
        seen: set[str] = set()
        queue = [start]
        while queue:
            for step in ahead.get(queue.pop(), ()):
                if step not in seen:
                    seen.add(step)
                    queue.append(step)
        reached[start] = seen
    return {(a, b) for a in ahead for b in ahead[a] if a in reached.get(b, ())}


def violations(root: Path = ROOT, table: dict[str, tuple[str, ...]] = FLOORS) -> list[str]:
    """One line for each import that the floors forbid, and for each room without one."""
    heights = floors(table)
    rooms = {room_of(module) for module in modules(root)}
    said = {f"{room}: stands on no floor" for room in rooms - heights.keys()}
    said |= {f"{room}: has a floor, but is not there" for room in heights.keys() - rooms}
    within: dict[tuple[str, str], Arrow] = {}
    for arrow in arrows(root):
        importer, imported = room_of(arrow.importer), room_of(arrow.imported)
        if importer == imported:
            within[arrow.importer, arrow.imported] = arrow
        elif _runs_up(importer, imported, heights):
            said.add(f"{arrow.place}: {arrow}: {imported} does not stand under {importer}")
        if arrow.lazy and not arrow.reason:
            said.add(f"{arrow.place}: {arrow}: an import inside a function says why in a comment")
    said |= {f"{within[pair].place}: {within[pair]}: runs in a circle" for pair in circles(within)}
    return sorted(said)


def _runs_up(importer: str, imported: str, heights: dict[str, int]) -> bool:
    one_package = importer.partition(".")[0] == imported.partition(".")[0]
    return one_package and heights.get(imported, 0) >= heights.get(importer, 0)


def signs(root: Path = ROOT) -> list[str]:
    """One line for each folder of which its ``__init__.py`` does not say shortly what it is."""
    said = []
    for path in modules(root).values():
        where, depth = path.relative_to(root), len(path.relative_to(root).parts)
        if path.name == "__init__.py" and depth > len(("package", "__init__.py")):
            text = sign(path)
            if not 1 <= len(text.splitlines()) <= LONGEST_SIGN:
                said.append(
                    f"{where.as_posix()}: says in 1 to {LONGEST_SIGN} lines what lives there"
                )
            if depth == len(("package", "room", "__init__.py")) and "import" not in text.lower():
                said.append(f"{where.as_posix()}: says what the room may import")
    return said


def sign(path: Path) -> str:
    """What a file says of itself."""
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


if __name__ == "__main__":
    complaints = [*violations(), *signs()]
    print("\n".join(complaints) or f"{len(floors())} rooms stand on their floors")
    sys.exit(bool(complaints))
