"""What the families of `nn` list is what users find, and what they are told of it."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import nn
from tests.import_contracts import modules

MODULES = {name: path for name, path in modules().items() if name.partition(".")[0] == "nn"}


def _starred(module: str) -> list[str]:
    """The families whose lists a room's face exports, those of rooms within it as well."""
    inside = MODULES[module].parent
    if MODULES[module].name != "__init__.py":
        return [module]
    tree = ast.parse((inside / "__init__.py").read_text(encoding="utf-8"))
    stars = [
        str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]
    return [family for name in stars if name.startswith(f"{module}.") for family in _starred(name)]


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


@pytest.mark.parametrize("room", ["layers", "losses", "optim", "functional", "init", "data"])
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
    listed = [name for family in _starred(face.__name__) for name in _listed(MODULES[family])]
    assert listed
    assert len(set(listed)) == len(listed)
    assert not named.intersection(listed)
    assert set(listed) <= set(face.__all__) & set(dir(face))
    if room in ("layers", "losses"):
        assert all(getattr(nn, name) is getattr(face, name) for name in listed)


@pytest.mark.parametrize("room", ["layers", "losses", "optim"])
def test_help_shows_parameters_and_an_example(room: str) -> None:
    face = getattr(nn, room)
    for name in set(face.__all__) - {"LRScheduler", "Optimizer"}:
        kind = getattr(face, name)
        assert "Example:" in kind.__doc__, name
        if inspect.isclass(kind):
            _, *wanted = inspect.signature(kind.__init__).parameters
            assert list(inspect.signature(kind).parameters) == wanted, name


@pytest.mark.parametrize(
    ("room", "name"),
    [("layers", "batch_norm"), ("layers", "dropout"), ("layers", "flatten"), ("layers", "linear")]
    + [("losses", name) for name in ("cross_entropy", "ctc_loss", "kl_div", "mse_loss")],
)
def test_functions_are_found_beside_their_modules(room: str, name: str) -> None:
    face = getattr(nn, room)
    assert getattr(face, name) is getattr(nn.functional, name)
    assert name not in face.__all__
    with pytest.raises(AttributeError, match=f"module 'nn.{room}' has no attribute 'nothing'"):
        face.nothing  # noqa: B018
