"""The page about linear algebra."""

from __future__ import annotations

import doctest
from pathlib import Path


def test_the_page_about_linear_algebra_is_true() -> None:
    page = Path(__file__).parents[3] / "docs" / "linalg" / "README.md"
    found = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert found.attempted > 10
    assert found.failed == 0
