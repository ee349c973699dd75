"""The pages on pictures: every example runs, every link leads somewhere."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import viz
from tests.page_pictures import GALLERY, PAGES, PICTURES, draw_page, with_mermaid


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
    for drawn in tmp_path.glob("*.mmd"):
        text = page.read_text("utf-8")
        assert with_mermaid(text, drawn.read_text("utf-8")) == text, "make pictures"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), f"{page.name} links to {target}, which is gone"


def test_the_gallery_has_every_kind_and_every_picture() -> None:
    text = GALLERY.read_text("utf-8")
    functions = {name for name in viz.__all__ if inspect.isfunction(getattr(viz, name))}
    left = {name for name in functions if not re.search(rf"viz\.{name}\b", text)}
    assert left == {"snapshot"}, "docs/gallery.md shows what every function of viz draws"
    shown = set(re.findall(r"\]\(pictures/([\w.]+)\)", text))
    assert shown == {path.name for path in PICTURES.glob("*.svg")}
