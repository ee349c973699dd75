"""Pages of prose and pictures: what they hold, how they look, and what they refuse."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

import autodiff as ad
import viz


def _picture(name: str = "x") -> viz.Picture:
    x = ad.Value(2.0, name=name)
    return viz.draw(x * x, engine="builtin")


def _page() -> viz.Page:
    page = viz.Page("A <b>title</b> & more", "What it is about.")
    page.section("First").text("Prose with `code` & <tags>.", "A second paragraph.")
    page.formula("y = x²", "  ∂y/∂x = 2x < 5")
    page.picture(_picture("a"), _picture("b"), caption="Two of them, `a` and `b`.")
    page.table(["name", "size"], [["one", 0.123456], ["two", 3]], caption="Sizes.")
    return page.picture(_picture("c"))


class _Checked(HTMLParser):
    """Whether every element that is opened is closed; the text, by element."""

    EMPTY = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, str]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [str(value) for name, value in attrs if name == "id"]
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [str(value) for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.seen.append((self.open[-1], data))


def test_a_page_holds_what_it_was_given_in_order() -> None:
    reader = _Checked()
    reader.feed(_page().html)
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    told = [pair for pair in reader.seen if pair[0] in ("h1", "h2", "p", "pre", "code", "td")]
    assert told == [
        ("h1", "A <b>title</b> & more"),
        ("p", "What it is about."),
        ("h2", "First"),
        ("p", "Prose with "),
        ("code", "code"),
        ("p", " & <tags>."),
        ("p", "A second paragraph."),
        ("pre", "y = x²\n  ∂y/∂x = 2x < 5"),
        ("code", "a"),
        ("code", "b"),
        ("td", "one"),
        ("td", "0.1235"),
        ("td", "two"),
        ("td", "3"),
    ]
    assert _page().html.count("<svg") == 3
    assert "Figure 1." in _page().html
    assert "Figure 2." not in _page().html


def test_a_page_loads_nothing_and_is_the_same_every_time(tmp_path: Path) -> None:
    path = _page().save(tmp_path / "page.html")
    text = path.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert text == _page().html


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_a_page_has_a_theme(theme: str) -> None:
    text = viz.Page("t", theme=theme).html
    assert ("prefers-color-scheme" in text) is (theme == "auto")
    assert ("#0f172a" in text) is (theme != "light")


def test_what_does_not_fit_on_a_page_is_refused(tmp_path: Path) -> None:
    page = viz.Page("t")
    with pytest.raises(TypeError, match="a str was given; for prose call"):
        page.picture("x.svg")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="row 1 of the table has 1 cells, and there are 2"):
        page.table(["a", "b"], [["1", "2"], ["1"]])
    with pytest.raises(ValueError, match="must end in"):
        page.save(tmp_path / "page.pdf")
    with pytest.raises(ValueError, match="theme='pink' is not known"):
        viz.Page("t", theme="pink")


def test_a_notebook_shows_it_in_a_frame_of_its_own() -> None:
    html = viz.Page('A "title" & <more>').text("Prose.")._repr_html_()
    frame = re.fullmatch(r'<iframe sandbox [^>]*srcdoc="([^"]*)"></iframe>', html)
    assert frame is not None
    assert unescape(frame[1]).startswith("<!DOCTYPE html>")
