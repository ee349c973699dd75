"""The one list of names: what the modules define, what users find, what type checkers see."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import autodiff as ad
from autodiff.names import FUNCTIONS, HOMES, SUBMODULES
from tests.public_api import namespaces
from tests.public_names import API, written

PACKAGE = Path(ad.__file__).parent
NAMESPACES = {"fourier": "fft", "linalg": "linalg"}
"""Families whose functions are in a namespace of their own."""
LATER = {"estimators", "inspect", "NetClassifier", "NetRegressor"}
"""What is loaded when it is asked for, and left out of ``from nn import *``."""


def in_a_new_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_list_is_what_the_modules_say() -> None:
    said = {
        (name, home)
        for path in (PACKAGE / "functions").glob("*/[a-z]*.py")
        if path.parent.name not in NAMESPACES
        for home in [f"autodiff.functions.{path.parent.name}.{path.stem}"]
        for name in import_module(home).__all__
    }
    assert said == set(FUNCTIONS.items())
    for name, home in HOMES.items():
        assert name in import_module(home).__all__, (name, home)


@pytest.mark.parametrize("family", NAMESPACES)
def test_a_namespace_has_every_function_of_its_family(family: str) -> None:
    names = import_module(f"autodiff.{NAMESPACES[family]}").__all__
    for path in (PACKAGE / "functions" / family).glob("[a-z]*.py"):
        said = import_module(f"autodiff.functions.{family}.{path.stem}").__all__
        assert set(said) <= set(names), path.stem


@pytest.mark.parametrize("path", written(), ids=lambda path: path.name)
def test_what_follows_from_the_list_is_fresh(path: Path) -> None:
    there = path.read_text(encoding="utf-8")
    if path == API and find_spec("sklearn") is None:
        # What needs that package is not seen without it.
        there = re.sub(r"(?m)^(class )?nn\.(estimators|Net[CR]).*\n", "", there)
    assert there == written()[path], "run: make names"


def test_users_are_shown_the_list() -> None:
    assert dir(ad) == sorted(ad.__all__) == sorted([*HOMES, *SUBMODULES])
    for namespace in namespaces():
        later = {*dir(namespace)} - {*namespace.__all__}
        assert later == (LATER if namespace.__name__ == "nn" else set()), namespace
        assert {*namespace.__all__} <= {*dir(namespace)}
        assert dir(namespace) == sorted(dir(namespace))


def test_a_name_is_found_also_where_a_module_shares_it() -> None:
    shared = [name for name in HOMES if (PACKAGE / name).is_dir()]
    shared += [name for name in HOMES if (PACKAGE / f"{name}.py").exists()]
    assert "values" in shared
    code = f"import autodiff as ad; print([callable(getattr(ad, name)) for name in {shared}])"
    assert in_a_new_process(code) == str([True] * len(shared))


def test_what_not_every_program_needs_is_imported_when_asked_for() -> None:
    late = ["bessel", "histograms", "pooling", "sorting", "quantiles", "polynomials"]
    homes = {home for home in HOMES.values() if home.rpartition(".")[2] in late}
    assert len(homes) == len(late)
    code = f"import sys, autodiff; print(sorted({homes} & set(sys.modules)))"
    assert in_a_new_process(code) == "[]"


def test_what_no_module_has_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="'frobnicate'"):
        ad.frobnicate  # noqa: B018
