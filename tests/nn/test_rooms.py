"""The rooms of `nn`: what stands at the top, who imports whom, and where names are listed."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import nn
from tests.import_contracts import ROOT, imports, modules

TOP = {"__init__", "__main__", "functional", "init", "io", "data", "layers", "losses", "metrics",
       "module", "names", "optim", "training", "inspect", "report", "jobs", "scalar"}  # fmt: skip
FLOORS = (
    {"names"},
    {"module", "metrics"},
    {"functional", "init", "io", "data"},
    {"layers", "losses", "optim"},
    {"training", "inspect"},
    {"report"},
    {"jobs"},
)
"""Rooms import those on floors under their own; `scalar` is over `autodiff` alone."""
MODULES = {name: path for name, path in modules().items() if name.partition(".")[0] == "nn"}
ROOMS = sorted(path for path in (ROOT / "nn").rglob("__init__.py"))


def test_at_the_top_are_the_rooms_and_what_users_import() -> None:
    assert {path.stem for path in (ROOT / "nn").iterdir() if path.suffix == ".py" or (
        path.is_dir() and (path / "__init__.py").exists())} == TOP  # fmt: skip


def test_rooms_import_the_floors_under_them() -> None:
    floor = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    wrong = []
    for name, path in MODULES.items():
        own = name.split(".")[1] if "." in name else ""
        for found in imports(name, path, MODULES):
            room = found.module.split(".")[1] if found.module.startswith("nn.") else ""
            if own in floor and room in floor and room != own and floor[room] >= floor[own]:
                wrong.append(f"{path.relative_to(ROOT)}:{found.line}: {own} may not import {room}")
    assert not wrong


def test_no_imports_run_in_a_circle() -> None:
    waiting = {
        name: {
            found.module
            for found in imports(name, path, MODULES)
            if found.module in MODULES and found.module != name
        }
        for name, path in MODULES.items()
    }
    while free := [name for name, wanted in waiting.items() if not wanted]:
        for name in free:
            del waiting[name]
        for wanted in waiting.values():
            wanted.difference_update(free)
    assert not waiting


def _late(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield inner.lineno


def test_an_import_inside_a_function_has_its_reason_beside_it() -> None:
    bare = []
    for path in MODULES.values():
        lines = path.read_text(encoding="utf-8").splitlines()
        for number in _late(path):
            if not any("#" in line for line in lines[number - 3 : number]):
                bare.append(f"{path.relative_to(ROOT)}:{number}")
    assert not bare


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.parent.name)
def test_a_room_says_what_it_is_in_at_most_ten_lines(path: Path) -> None:
    sign = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert sign
    if path.parent != ROOT / "nn":
        assert len(sign.splitlines()) <= 10


def _listed(path: Path) -> list[str]:
    """A file's ``__all__``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    names: list[str] = found[0] if found else []
    return names


@pytest.mark.parametrize("room", ["layers", "losses", "optim", "functional", "init"])
def test_what_a_family_lists_is_exported_and_named_nowhere_else(room: str) -> None:
    """To add one is to write it and to list it in its own file."""
    face = getattr(nn, room)
    # `nn` itself names the functions of losses that it had before there were rooms.
    signs = [face] if room == "functional" else [face, nn]
    trees = [ast.parse(Path(str(sign.__file__)).read_text(encoding="utf-8")) for sign in signs]
    named = {
        alias.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if node.module != f"nn.{room}"
    }
    families = [
        node.module
        for node in ast.walk(trees[0])
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]
    listed = [name for family in families for name in _listed(MODULES[str(family)])]
    assert listed
    assert len(set(listed)) == len(listed)
    assert not named.intersection(listed)
    assert set(listed) <= set(face.__all__) & set(dir(face))
    if room in ("layers", "losses"):
        assert all(getattr(nn, name) is getattr(face, name) for name in listed)


@pytest.mark.parametrize("room", ["layers", "losses", "optim"])
def test_help_shows_parameters_and_an_example(room: str) -> None:
    face = getattr(nn, room)
    for name in set(face.__all__) - {"Optimizer"}:
        kind = getattr(face, name)
        assert "Example:" in kind.__doc__, name
        _, *wanted = inspect.signature(kind.__init__).parameters
        assert list(inspect.signature(kind).parameters) == wanted, name
