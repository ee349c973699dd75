"""One path for an operation's function, rule, test and page: the family's name."""

from __future__ import annotations

import doctest

import pytest

from autodiff.names import FUNCTIONS
from tests.family_pages import families, page_of
from tests.import_contracts import ROOT, imports, modules

MOST_FILES = 12
ENGINE = "engine"
"""The family of rules that no function of arrays names: crossings, and fused sums."""
BORROWED = {("autodiff.functions.networks.local_response", "images")}
"""Functions that compute with a rule of another family: one normalises over windows."""

KNOWN = modules()


def of(room: str, family: str) -> list[str]:
    start = f"autodiff.{room}.{family}."
    return [name for name in KNOWN if name.startswith(start)]


def test_rules_have_the_families_of_functions() -> None:
    rules = {name.split(".")[2] for name in KNOWN if name.startswith("autodiff.ops.")}
    folders = {name for name in rules if (ROOT / "autodiff" / "ops" / name).is_dir()}
    assert folders - {ENGINE} <= set(families())


@pytest.mark.parametrize("family", families())
def test_a_family_has_few_files_a_page_and_tests(family: str) -> None:
    assert 1 <= len(of("functions", family)) <= MOST_FILES
    assert len(of("ops", family)) <= MOST_FILES
    assert list((ROOT / "tests" / "autodiff" / family).glob("test_*.py"))
    page = str(page_of(family))
    done = doctest.testfile(
        page, module_relative=False, encoding="utf-8", optionflags=doctest.ELLIPSIS
    )
    assert done.attempted > 2
    assert done.failed == 0


@pytest.mark.parametrize("family", families())
def test_functions_compute_with_the_rules_of_their_family(family: str) -> None:
    for name in of("functions", family):
        for found in imports(name, KNOWN[name], KNOWN):
            used = found.module.removeprefix("autodiff.ops.").split(".")[0]
            if found.module.startswith("autodiff.ops.") and used in families():
                assert used == family or (name, used) in BORROWED, (name, found.module)


def test_a_family_imports_nothing() -> None:
    for family in families():
        for name in (f"autodiff.functions.{family}", f"autodiff.ops.{family}"):
            assert name not in KNOWN or not imports(name, KNOWN[name], KNOWN)


def test_every_function_of_arrays_has_a_family() -> None:
    assert {home.split(".")[2] for home in FUNCTIONS.values()} <= set(families())
