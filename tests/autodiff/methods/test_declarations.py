"""Methods as type checkers and editors see them, compared with what is there at run time."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import autodiff as ad
from autodiff import methods

FOLDER = Path(methods.__file__).parent
KINDS = {"tensor": ad.Tensor, "value": ad.Value}


def declared(kind: str) -> dict[str, list[str]]:
    """The public methods that are declared, with the names of their parameters."""
    text = (FOLDER / f"{kind}_declarations.pyi").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            given = node.args
            several = [given.vararg] if given.vararg else []
            parameters = [*given.posonlyargs, *given.args, *several, *given.kwonlyargs]
            found[node.name] = [parameter.arg for parameter in parameters][1:]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_declarations_have_the_parameters_of_the_methods(kind: str) -> None:
    for name, parameters in declared(kind).items():
        method = getattr(KINDS[kind], name)
        if not isinstance(method, property):
            assert list(inspect.signature(method).parameters)[1:] == parameters, name


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_public_method_is_declared_or_written_in_its_class(kind: type) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*_declarations.pyi"))
    text += "".join(map(inspect.getsource, kind.__mro__[:-1]))
    for name in dir(kind(1.0)):
        if not name.startswith("_"):
            assert re.search(rf"\bdef {name}\(|^    {name}: ", text, re.MULTILINE), name
