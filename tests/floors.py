"""The rooms of the three packages, the floors on which they stand, and the check of it.

A room is a folder, or a file beside the folders. It imports rooms of the floors under its own,
never one above or beside it; within a room no files import each other in a circle. An import
inside a function counts as any other, and has a comment with its reason; so does a string that
names a module. What only type checkers import does not count. Run as a program, this prints
the verdict.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.import_contracts import Import, imports, modules  # noqa: E402 - also as a program

FLOORS = {
    "autodiff": (
        "names errors random",
        "ops",
        "symbolic backends",
        "writers",
        "dtypes",
        "graph",
        "live values trees",
        "tensors",
        "batching",
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
        "scalar functional init io data metrics optim",
        "layers losses",
        "inspect training",
        "report",
        "nn",
        "jobs",
        "__main__",
    ),
    "viz": (
        "brackets files gradients installed model words",
        "labels layout roles statistics",
        "draw skeleton",
        "drawing names",
        "build rollup",
        "assemble",
        "api",
        "viz",
    ),
}
"""For each package its rooms, the ground floor first."""

LISTS = {"autodiff.names", "autodiff.methods.numpy_interface", "nn.names.missing"}
"""Modules whose strings list modules, in which something is looked for by name."""

KNOWN = frozenset([])
"""Imports that run up or in a circle, or lack a reason, and are to go: ``importer → imported``."""

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
                reason = any("#" in line for line in lines[max(one.line - 2, 0) : one.line])
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


def violations(root: Path = ROOT, known: frozenset[str] = KNOWN) -> list[str]:
    """One line for each import that the floors forbid, and for each exception that is stale."""
    heights, said, needed = floors(), [], set()
    every = list(arrows(root))
    for arrow in every:
        importer, imported = room_of(arrow.importer), room_of(arrow.imported)
        complaint = ""
        if importer not in heights or imported not in heights:
            missing = importer if importer not in heights else imported
            complaint = f"{missing} stands on no floor"
        elif _runs_up(importer, imported, heights):
            complaint = f"{imported} does not stand under {importer}"
        if not complaint and arrow.lazy and not arrow.reason:
            complaint = "an import inside a function says its reason in a comment"
        if complaint and str(arrow) in known:
            needed.add(str(arrow))
        elif complaint:
            said.append(f"{arrow.place}: {arrow}: {complaint}")
    within = {
        (one.importer, one.imported): one
        for one in every
        if room_of(one.importer) == room_of(one.imported)
    }
    needed |= known & {str(within[pair]) for pair in circles(within)}
    for pair in circles(pair for pair, one in within.items() if str(one) not in known):
        said.append(f"{within[pair].place}: {within[pair]}: runs in a circle")
    said += [f"{arrow}: is an exception no longer" for arrow in sorted(known - needed)]
    return sorted(set(said))


def _runs_up(importer: str, imported: str, heights: dict[str, int]) -> bool:
    one_package = importer.partition(".")[0] == imported.partition(".")[0]
    return one_package and importer != imported and heights[imported] >= heights[importer]


def signs(root: Path = ROOT) -> list[str]:
    """One line for each folder of which its ``__init__.py`` does not say shortly what it is."""
    return [
        f"{path.relative_to(root).as_posix()}: says in 1 to {LONGEST_SIGN} lines what lives there"
        for path in modules(root).values()
        if path.name == "__init__.py"
        and path.parent.parent != root
        and not 1 <= len(_sign(path).splitlines()) <= LONGEST_SIGN
    ]


def _sign(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


if __name__ == "__main__":
    complaints = [*violations(), *signs()]
    print("\n".join(complaints) or f"{len(floors())} rooms stand on their floors")
    sys.exit(bool(complaints))
