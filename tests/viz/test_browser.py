"""What a real browser makes of every kind of picture: it is whole, quiet, legible and prints."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from tests.viz.browser import Browser, Line, open_browser
from tests.viz.gallery import KINDS
from viz.draw.palette import DARK, LIGHT
from viz.picture import Picture

SMALLEST = 9.5
"""Pixels of the smallest font in a picture."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from open_browser()


@pytest.fixture(scope="module")
def pictures() -> dict[str, Picture]:
    return {}


@pytest.fixture(params=KINDS)
def picture(request: pytest.FixtureRequest, pictures: dict[str, Picture]) -> Picture:
    if request.param not in pictures:
        pictures[request.param] = KINDS[request.param]()
    return pictures[request.param]


def saved(picture: Picture, folder: Path, form: str) -> Path:
    return picture.save(folder / f"picture.{form}")


def colour(text: str) -> str:
    """``rgb(31, 41, 51)`` as ``#1f2933``."""
    numbers = text[text.index("(") + 1 : -1].split(",")[:3]
    return "#" + "".join(f"{int(float(number)):02x}" for number in numbers)


def overlapping(texts: list[Line]) -> list[tuple[str, str]]:
    """Pairs of lines that lie over each other."""
    found = []
    for one, other in combinations(texts, 2):
        across = min(one[3], other[3]) - max(one[1], other[1])
        # A line's box is higher than its letters.
        down = min(one[4], other[4]) - max(one[2], other[2])
        if across > 1 and down > 0.35 * min(one[5], other[5]):
            found.append((one[0], other[0]))
    return found


def fill(browser: Browser, selector: str) -> str:
    script = "return getComputedStyle(document.querySelector(arguments[0])).fill"
    return colour(browser.ask(script, selector))


@pytest.mark.parametrize("form", ["svg", "html"])
def test_nothing_is_fetched_and_nothing_is_complained_of(
    browser: Browser, picture: Picture, tmp_path: Path, form: str
) -> None:
    path = saved(picture, tmp_path, form)
    browser.open(path)
    assert browser.complaints() == []
    assert browser.requests() == [path.resolve().as_uri()]
    assert browser.ask("return document.querySelectorAll('svg').length") == 1
    ids = browser.ask("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_text_is_inside_legible_and_never_over_text(
    browser: Browser, picture: Picture, tmp_path: Path
) -> None:
    browser.open(saved(picture, tmp_path, "svg"))
    texts = [entry for entry in browser.texts() if entry[0].strip()]
    assert texts
    width, height = picture.scene.width, picture.scene.height
    for said, left, top, right, bottom, size, _ in texts:
        assert min(left, top) >= 0, said
        assert right <= width + 0.5, said
        assert bottom <= height + 0.5, said
        assert size >= SMALLEST, said
    assert overlapping(texts) == []


def test_it_is_dark_where_dark_is_preferred(
    browser: Browser, picture: Picture, tmp_path: Path
) -> None:
    path = saved(picture, tmp_path, "html")
    for dark, palette in ((False, LIGHT), (True, DARK)):
        browser.open(path, dark=dark)
        assert fill(browser, "svg rect.background") == palette.background
        assert fill(browser, "svg .ink") == palette.ink
    browser.prefer("light", "print")
    assert fill(browser, "svg rect.background") == LIGHT.background


def test_it_prints(browser: Browser, picture: Picture, tmp_path: Path) -> None:
    browser.open(saved(picture, tmp_path, "html"))
    assert base64.b64decode(browser.driver.print_page()).startswith(b"%PDF")


def test_a_narrow_window_scrolls_the_picture_alone(
    browser: Browser, picture: Picture, tmp_path: Path
) -> None:
    browser.open(saved(picture, tmp_path, "html"), width=520)
    page = browser.ask("return [document.documentElement.scrollWidth, innerWidth]")
    assert page[0] <= page[1] + 1


def test_two_pictures_stand_in_one_page(browser: Browser, tmp_path: Path) -> None:
    made = [make() for make in KINDS.values()]
    body = "".join(picture.svg for picture in made)
    path = tmp_path / "page.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>t</title>{body}", "utf-8")
    browser.open(path)
    ids = browser.ask("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids)) > len(made)


def test_the_checks_see_what_they_are_for(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "bad.html"
    text = "<text x='{}' y='40'><tspan font-size='20'>{}</tspan></text>"
    path.write_text(
        "<!DOCTYPE html><title>t</title><meta charset=utf-8>"
        f"<svg width='200' height='90'>{text.format(10, 'one')}{text.format(20, 'two')}</svg>"
        "<img src='http://127.0.0.1:9/x.png'><script>nothing.here()</script>",
        "utf-8",
    )
    browser.open(path)
    assert overlapping(browser.texts()) == [("one", "two")]
    assert browser.requests() == [path.resolve().as_uri(), "http://127.0.0.1:9/x.png"]
    assert any("nothing is not defined" in said for said in browser.complaints())
