"""docs/images/README.md: its examples run, its choices hold, its functions exist."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import numpy as np

import autodiff as ad
from tests.autodiff.reference import leaves, pull, same

PAGE = Path(__file__).parents[3] / "docs" / "images" / "README.md"


def test_the_examples_run() -> None:
    done = doctest.testfile(str(PAGE), module_relative=False)
    assert done.failed == 0
    assert done.attempted >= 7


def test_the_functions_exist() -> None:
    table = re.findall(r"^\|.*\|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    names = re.findall(r"`(\w+)`", " ".join(table))
    assert len(names) > 25
    for name in names:
        if name not in ("1d", "2d", "3d"):
            assert any(f"{name}{n}" in ad.__all__ for n in ("", "1d", "2d")), name


def test_windows_of_zeros_have_no_gradient() -> None:
    (x,) = leaves([np.zeros((1, 4))])
    same(pull(ad.lp_pool1d(x, 2, 2), [x])[0], np.zeros((1, 4)))


def test_of_a_place_named_twice_the_last_wins() -> None:
    (x,) = leaves([np.array([[3.0, 4.0]])])
    y = ad.max_unpool1d(x, [[1, 1]], 2)
    assert y.tolist() == [[0.0, 4.0, 0.0, 0.0]]
    same(pull(y, [x], np.ones((1, 4)))[0], [[0.0, 1.0]])
