"""What notebooks show: plain tables of the engine, and what `viz` makes of them."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
import viz
from autodiff import notebooks
from autodiff.testing import gradcheck
from nn.training.history import History
from tests.checkout import ROOT, run
from tests.viz.browser import open_browser
from tests.viz.test_svg import HOSTILE
from viz.draw.palette import LIGHT
from viz.notebooks.parts import pale


def parsed(html: str) -> ET.Element:
    return ET.fromstring(f"<div>{html}</div>")


def said(element: ET.Element) -> str:
    return "".join(element.itertext())


def cells(html: str) -> list[str]:
    return [said(cell) for cell in parsed(html).iter("td")]


def shown(thing: Any) -> str:
    html = thing._repr_html_()
    assert isinstance(html, str)
    parsed(html)
    return html


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """As without `viz`."""
    monkeypatch.setattr(notebooks, "_RENDERERS", {})


def weight() -> ad.Tensor:
    w = ad.Tensor([[1.0, -2.0], [0.0, 4.0]], requires_grad=True, name="W")
    (w * w).sum().backward()
    return w


def history(epochs: int) -> History:
    made = History()
    for n in range(1, epochs + 1):
        made.epochs.append({"epoch": n, "loss": 1.0 / n, "val_loss": 2.0 / n})
    return made


def model() -> nn.Sequential:
    parts = {"hidden": nn.Linear(4, 8), "act": nn.ReLU(), "out": nn.Linear(8, 3)}
    made = nn.Sequential(parts)
    made[0].bias.requires_grad = False
    return made


def report(wrong: bool) -> Any:
    return gradcheck(lambda x: x * (x.detach() if wrong else x), 3.0, names=["<x>"])


class TestPlain:
    @pytest.mark.usefixtures("plain")
    def test_a_tensor_tells_what_it_is(self) -> None:
        html = shown(weight())
        assert "rgba" not in html
        rows = {said(row[0]): said(row[1]) for row in parsed(html).iter("tr")}
        assert (rows["name"], rows["shape"]) == ("W", "(2, 2)")
        assert rows["gradient"].split() == ["[[", "2.,", "-4.],", "[", "0.,", "8.]]"]

    @pytest.mark.usefixtures("plain")
    def test_all_of_them_are_tables(self) -> None:
        for thing in (ad.Value(2.0), model(), report(True), history(3), History()):
            assert shown(thing).startswith("<table><caption")
        assert len(list(parsed(shown(history(100))).iter("tr"))) == 22

    def test_without_viz_nothing_of_it_is_loaded(self) -> None:
        code = (
            "import sys, autodiff as ad, nn; assert '<table' in ad.Value(1.0)._repr_html_(); "
            "assert '<table' in nn.ReLU()._repr_html_(); assert 'viz' not in sys.modules"
        )
        done = run(sys.executable, "-c", code, cwd=ROOT)
        assert done.returncode == 0, done.stderr


class TestNodes:
    def test_value_and_gradient_stand_side_by_side(self) -> None:
        html = shown(weight())
        assert cells(html) == ["1", "−2", "0", "4", "2", "−4", "0", "8"]
        text = said(parsed(html))
        assert "(2, 2) · float64 · leaf that needs a gradient" in text
        assert "value rms 2.29 · −2 … 4 · 1 zero" in text

    def test_colour_tells_sign_and_size(self) -> None:
        looks = re.findall(r"background:([^\"]+)\">", shown(weight()))[:4]
        assert looks == ["rgba(46,125,50,0.125)", "rgba(138,42,155,0.25)", "none",
                         "rgba(46,125,50,0.5)"]  # fmt: skip

    def test_large_ones_end_in_an_ellipsis(self) -> None:
        numbers = cells(shown(ad.Tensor(np.arange(4000.0).reshape(100, 40))))
        assert len(numbers) == 49
        assert (numbers[0], numbers[3], numbers[21], numbers[-1]) == ("0", "⋯", "⋮", "4·10³")
        assert len(shown(ad.Tensor(np.zeros((500, 500))))) < 10_000

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            ([1.0, np.nan, -np.inf], "2 of 3 not finite"),
            (np.zeros((0, 3)), "empty, 0×3"),
            (np.zeros((2, 3, 4)), "shown: [0, :, :]"),
            (3.5, "3.5"),
            ([True, False], "False"),
            ([1 + 2j], "1 + 2i"),
            ([np.nan], "nan"),
        ],
    )
    def test_what_is_special_is_said(self, data: Any, says: str) -> None:
        assert says in said(parsed(shown(ad.Tensor(data))))

    def test_a_result_says_where_it_was_made(self) -> None:
        y = ad.tanh(ad.Value(1.0, name="x1"))
        assert re.search(r"Value made by tanh · at test_notebooks\.py:\d+", said(parsed(shown(y))))

    @pytest.mark.filterwarnings("error")
    def test_looking_warns_of_nothing_and_changes_nothing(self) -> None:
        w = ad.Tensor([1.0], requires_grad=True)
        y = w * 2.0
        z = y.sum()
        z.backward(retain_graph=True)
        shown(y)
        assert y.requires_grad
        assert w.grad is not None
        assert shown(w) == shown(w)

    def test_what_has_no_numbers_is_left_to_its_text(self) -> None:
        seen: list[Any] = []
        ad.vmap(lambda x: seen.append(x._repr_html_()) or x * 2.0)(ad.Tensor([1.0, 2.0]))
        ad.compile(lambda x: seen.append(x._repr_html_()) or x * 2.0)(ad.Tensor([1.0, 2.0]))
        assert seen == [None, None]

    @pytest.mark.parametrize("name", HOSTILE)
    def test_names_are_text(self, name: str) -> None:
        for thing in (ad.Value(1.0, name=name), ad.Tensor([1.0], name=name)):
            html = shown(thing)
            assert "<script" not in html
            assert "onload=" not in re.sub(r"&[a-z#0-9]+;.*", "", html)


class TestOthers:
    def test_a_model_part_by_part(self) -> None:
        html = shown(model())
        assert cells(html)[:3] == ["Sequential", "67", "8"]
        assert cells(html)[3:6] == ["hidden: Linear(4, 8)", "40", "8"]
        assert "padding-left:1.3em" in html
        assert "linear-gradient(90deg,rgba(63,154,120,0.3) 100.0%" in html
        shared = nn.Linear(2, 2)
        assert "shared" in cells(shown(nn.Sequential(shared, shared)))
        assert "and 41 more parts" in shown(nn.Sequential(*[nn.ReLU() for _ in range(100)]))

    def test_a_gradient_check(self) -> None:
        good, bad = report(False), report(True)
        assert cells(shown(good))[-1] == "ok"
        (place, analytic, numeric, verdict) = cells(shown(bad))
        assert (place, analytic, numeric[:2], verdict) == ("<x>", "3", "6 ", "wrong")
        assert shown(bad).count(pale(LIGHT.failed[1], 0.18)) == 1
        assert "hint: " in shown(bad)
        assert repr(bad) == str(bad)
        second = gradcheck(ad.sin, 0.3, order=2)
        assert "second-order gradient check" in shown(second)

    def test_a_history_is_its_curves(self) -> None:
        html = shown(history(4))
        assert html.count("<svg ") == 1
        assert "epoch 4, loss 0.25, val_loss 0.5" in said(parsed(html))
        assert shown(History()).startswith("<table><caption")

    def test_a_picture_is_never_wider_than_its_cell(self) -> None:
        picture = viz.draw(ad.Value(2.0) * 3.0, engine="builtin")
        html = shown(picture)
        assert html.startswith(
            '<div style="max-width:100%"><svg style="max-width:100%;height:auto"'
        )
        assert picture._repr_svg_() == picture.svg

    def test_in_a_browser_nothing_is_wider_than_its_cell(self, tmp_path: Path) -> None:
        things = (weight(), ad.Tensor(np.full((50, 50), 1.2345e-7)), model(), report(True),
                  history(4), viz.draw(weight() @ np.ones((2, 2))), ad.Value(1.0, "x"))  # fmt: skip
        outputs = "".join(f'<div class="cell">{shown(thing)}</div>' for thing in things)
        path = tmp_path / "notebook.html"
        head = (
            "<!DOCTYPE html><meta charset='utf-8'><title>t</title><style>.cell{width:360px}</style>"
        )
        path.write_text(head + outputs, "utf-8")
        for browser in open_browser():
            browser.open(path)
            wide = "return [...document.querySelectorAll('.cell')].map(c => c.scrollWidth)"
            assert max(browser.ask(wide)) <= 360
            assert browser.complaints() == []
            assert browser.requests() == [path.resolve().as_uri()]

    def test_a_library_of_layers_can_do_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from autodiff.extending import notebook_table

        told = notebook_table(None, "mine", "T", [("a", "<b>")], note="n & m")
        assert "&lt;b&gt;" in told
        assert "<p>n &amp; m</p>" in told
        monkeypatch.setitem(notebooks._RENDERERS, "mine", lambda thing, table: table.title * 2)
        assert notebook_table(None, "mine", "T", []) == "TT"
