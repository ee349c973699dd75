"""The page about compiled steps: its examples run and give what they show."""

from __future__ import annotations

import doctest

from tests.checkout import ROOT


def test_the_examples_run() -> None:
    found = doctest.testfile(
        str(ROOT / "docs" / "compile.md"),
        module_relative=False,
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS,
    )
    assert found.attempted > 10
    assert found.failed == 0
