"""The families of functions that are imported when first asked for."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import autodiff as ad
from autodiff.functions import catalogue

FOLDER = Path(catalogue.__file__).parent


def test_every_module_of_functions_gives_its_names_to_the_package() -> None:
    for path in FOLDER.glob("*/[a-z]*.py"):
        if path.parent.name in {"fourier", "linalg"}:  # namespaces of their own
            continue
        names = import_module(f"autodiff.functions.{path.parent.name}.{path.stem}").__all__
        assert set(names) <= set(ad.__all__), path.stem


@pytest.mark.parametrize("home", catalogue.FAMILIES)
def test_the_catalogue_is_what_the_modules_say(home: str) -> None:
    assert sorted(import_module(f"autodiff.functions.{home}").__all__) == sorted(
        catalogue.FAMILIES[home]
    )


def test_no_name_is_given_twice() -> None:
    assert len(ad.__all__) == len(set(ad.__all__))


def test_type_checkers_see_the_families() -> None:
    source = (FOLDER.parent / "__init__.py").read_text(encoding="utf-8")
    stars = {
        node.module
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    }
    assert {f"autodiff.functions.{home}" for home in catalogue.FAMILIES} <= stars


def test_a_family_is_imported_only_when_asked_for() -> None:
    homes = [f"autodiff.functions.{home}" for home in catalogue.FAMILIES]
    code = f"import sys, autodiff; print(sorted(set({homes}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_no_family_has_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="'frobnicate'"):
        ad.frobnicate  # noqa: B018
