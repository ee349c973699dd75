"""The pages on pictures: every example runs, every link leads somewhere."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from tests.checkout import ROOT

PAGES = sorted((ROOT / "docs" / "viz").glob("*.md"))
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = doctest.testfile(str(page), module_relative=False, optionflags=FLAGS)
    assert result.attempted > 0
    assert result.failed == 0
    for drawn in tmp_path.glob("*.svg"):
        shown = ROOT / "docs" / "pictures" / drawn.name
        if shown.exists():
            fresh = drawn.read_text("utf-8") == shown.read_text("utf-8")
            assert fresh, f"docs/pictures/{drawn.name} is not what {page.name} draws now"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), f"{page.name} links to {target}, which is gone"
