"""Operators and methods are attached at one place, and classes have nothing else beneath them."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import autodiff as ad
from autodiff.methods import attach

PACKAGE = Path(ad.__file__).parent


@pytest.mark.parametrize("kind", [ad.Node, ad.Value, ad.Tensor])
def test_a_node_has_no_base_but_node(kind: type) -> None:
    assert set(kind.__mro__) <= {kind, ad.Node, object}


def test_only_one_function_gives_classes_of_other_files_attributes() -> None:
    found = {
        (path.name, call.args[0].id)
        for path in PACKAGE.rglob("*.py")
        for tree in [ast.parse(path.read_text(encoding="utf-8"))]
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id == "setattr" and isinstance(call.args[0], ast.Name)
        if call.args[0].id[0].isupper()
        if not any(isinstance(n, ast.ClassDef) and n.name == call.args[0].id for n in tree.body)
    }
    assert found == set()
    assert "setattr(kind, name, method)" in inspect.getsource(attach)


def test_backward_and_trace_are_the_functions_themselves() -> None:
    assert ad.Value.backward is ad.Tensor.backward is ad.backward
    assert inspect.signature(ad.Node.trace).parameters.keys() == {"root", "depth", "limit"}
