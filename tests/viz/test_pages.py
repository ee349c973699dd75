"""The pages on pictures: every example runs, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.page_pictures import PAGES, PICTURES, draw_page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = draw_page(page)
    assert result.attempted > 0
    assert result.failed == 0
    for drawn in tmp_path.glob("*.svg"):
        shown = PICTURES / drawn.name
        if shown.exists():
            fresh = drawn.read_text("utf-8") == shown.read_text("utf-8")
            assert fresh, f"docs/pictures/{drawn.name} is not what {page.name} draws: make pictures"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), f"{page.name} links to {target}, which is gone"
