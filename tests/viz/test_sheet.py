"""Very many cards: a sheet that is quickly made, small, and found in by a search."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from tests.viz.browser import Browser, open_browser
from tests.viz.geometry import within
from tests.viz.samples import parsed, scattered, tensor_card
from tests.viz.test_page import chain
from viz import Drawing
from viz.draw.search import SEARCH
from viz.geometry import Rect
from viz.layout.sheet import CARD
from viz.model import Card, Edge, Graph


def many(count: int) -> Graph:
    """A sum of products, with operands that are used again and numbers that are long."""
    cards = [Card("n0", "w₁", "parameter", value="−1.234·10⁻¹²", gradient="−9.876·10⁻¹²",
                  gradient_label="∂L/∂w₁")]  # fmt: skip
    edges: list[Edge] = []
    for i in range(1, count):
        formula, where = f"= v{i - 1} · w₁", f"program.py:{i % 7}"
        cards.append(Card(f"n{i}", f"v{i}", "op", formula, value="0.5", gradient="1",
                          gradient_label="∂L/∂v", tooltip=where))  # fmt: skip
        edges.append(Edge(f"n{i - 1}", f"n{i}", 0, "w₁", rms=1.0))
        edges.append(Edge("n0", f"n{i}", 1, "v", rms=1.0, zero=i % 2 == 0))
    return Graph(tuple(cards), tuple(edges))


def test_a_sheet_has_every_card_once_in_rows_of_a_page() -> None:
    graph = many(2_000)
    drawing = Drawing(graph)
    placed = drawing.layout
    assert placed.sheet
    assert 0.5 < drawing.scene.width / drawing.scene.height < 3.0
    places = sorted(placed.cards, key=lambda rect: (rect.y, rect.x))
    for a, b in pairwise(places):
        assert a.right < b.x or a.bottom < b.y
    ids = re.findall(r'<g class="small card" id="gg\w+-(n\d+)"', drawing.svg)
    assert sorted(ids) == sorted(card.id for card in graph.cards)
    assert len(drawing.svg.encode()) < 640 * len(graph.cards)
    parsed(drawing.svg)


def test_operands_stand_before_what_uses_them() -> None:
    graph = many(1_600)
    placed = Drawing(graph).layout
    order = {card.id: (r.y, r.x) for card, r in zip(graph.cards, placed.cards, strict=True)}
    assert all(order[edge.source] < order[edge.target] for edge in graph.edges)


def test_numbers_lose_digits_rather_than_their_end() -> None:
    svg = Drawing(many(1_600)).svg
    texts = re.findall(r'<text class="(?:forward|backward)"[^>]*>([^<]*)<', svg)
    assert "−1.2·10⁻¹²" in texts
    assert "−9.9·10⁻¹²" in texts
    assert not any("…" in text for text in texts)


def test_few_cards_with_very_long_wires_are_a_sheet_too() -> None:
    assert Drawing(many(400)).layout.sheet
    assert not Drawing(scattered(5, size=40)).layout.sheet


def test_the_page_of_a_large_picture_has_one_script_that_its_policy_names() -> None:
    page = Drawing(chain(160), engine="builtin").html
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert f"script-src 'sha256-{SEARCH.digest}'" in policy[1]
    assert page.count("<script") == 1
    assert not re.search(r"<link|<img|<iframe|\shref=|\ssrc=|\son\w+=", page)
    assert "<script" not in Drawing(chain(20), engine="builtin").html


def test_bands_of_a_page_show_every_card_once() -> None:
    drawing = Drawing(many(3_000))
    page = drawing.html
    views = [tuple(map(float, view.split())) for view in re.findall(r'viewBox="([^"]*)"', page)]
    assert len(views) > 2
    covered = sum(width * height for _, _, width, height in views)
    assert covered == pytest.approx(drawing.scene.width * drawing.scene.height, rel=1e-4)
    tiles = [Rect(*view) for view in views]
    assert not any(a.overlaps(b, -0.2) for a, b in combinations(tiles, 2))
    ids = re.findall(r'<g class="small card" id="gg\w+-(n\d+)"', page)
    assert sorted(ids) == sorted(card.id for card in drawing.graph.cards)
    scopes = re.findall(r'<svg [^>]*id="(gg\w+)"', page)
    assert len(set(scopes)) == len(views)
    for tile, part in zip(tiles, page.split("<svg ")[1:], strict=True):
        blocks = re.findall(r'<rect class="(?:op|parameter)" x="([\d.]+)" y="([\d.]+)"', part)
        assert blocks
        assert all(within(Rect(float(x), float(y), *CARD), tile) for x, y in blocks)


def test_tensors_in_a_sheet_have_no_bars() -> None:
    cards = tuple(tensor_card(i, f"v{i}") for i in range(1_600))
    edges = tuple(Edge(a.id, b.id, rms=0.1) for a, b in pairwise(cards))
    svg = Drawing(Graph(cards, edges)).svg
    assert svg.count('<rect class="forward"') == 0
    assert len(svg) < 600 * len(cards)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from open_browser()


def test_the_search_finds_marks_and_shows_a_card(browser: Browser, tmp_path: Path) -> None:
    path = Drawing(many(1_000)).save(tmp_path / "many.html")
    browser.open(path)
    assert browser.complaints() == []

    def find(text: str) -> tuple[str, str, list[float]]:
        return tuple(  # type: ignore[return-value]
            browser.ask(
                """
                const field = document.querySelector("[type=search]");
                field.value = arguments[0];
                field.dispatchEvent(new Event("input"));
                await new Promise(done => setTimeout(done, 600));
                const found = document.querySelector(".found");
                const box = found?.getBoundingClientRect();
                return [document.querySelector("output").value, found?.textContent ?? "",
                        box ? [box.left, box.top, box.right, box.bottom] : []];
                """,
                text,
            )
        )

    said, text, box = find("v834")
    assert said.startswith("1 of ")
    assert "v834= v833" in text
    assert box[0] >= 0
    assert box[1] >= 0
    assert box[2] <= 1440
    assert box[3] <= 1000
    marked = "return getComputedStyle(document.querySelector('.found rect')).strokeWidth"
    assert browser.ask(marked) == "5px"
    assert find("w1")[1].endswith("−1.2·10⁻¹²−9.9·10⁻¹²")
    assert find("program.py:3")[0] == "1 of 143"
    assert find("no such card") == ("nothing found", "", [])
    assert browser.requests() == [path.resolve().as_uri()]


def test_no_two_cards_of_a_sheet_overlap() -> None:
    placed = Drawing(many(500)).layout
    assert not any(a.overlaps(b) for a, b in combinations(placed.cards, 2))
