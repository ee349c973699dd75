"""docs/special/README.md: its examples run, and its table names all functions there are."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import autodiff as ad

PAGE = Path(__file__).parents[3] / "docs" / "special" / "README.md"
# These go along axes, or are described as elementwise functions elsewhere.
ELSEWHERE = {"exp2", "expm1", "log1p", "log_softmax", "logsumexp", "psi", "softmax"}


def test_the_examples_run() -> None:
    done = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert done.attempted > 10
    assert done.failed == 0


def test_the_table_is_complete() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    named = set(re.findall(r"`(\w+)`", "".join(rows)))
    assert named == set(ad.special.__all__) - ELSEWHERE
