"""Cases of a test, most of which only the exhaustive run takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[Any], every: int) -> list[Any]:
    """The cases for ``parametrize``: the first and every n-th always, the others marked."""
    marked = []
    for i, case in enumerate(cases):
        values = case if isinstance(case, tuple) else (case,)
        marks = [pytest.mark.exhaustive] if i % every else []
        marked.append(pytest.param(*values, marks=marks))
    return marked
