"""The report: a page from plain data, complete, escaped, and without outside references."""

from __future__ import annotations

import base64
import math
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from nn.report import (
    Bars,
    Block,
    Code,
    Confusion,
    Curve,
    Distribution,
    Fact,
    Flow,
    Gallery,
    Histogram,
    Layer,
    Mistake,
    Panel,
    Panels,
    Picture,
    Report,
    Rows,
    Scatter,
    Section,
    Text,
    Verdict,
    render,
)
from nn.report.confusion import confusion
from nn.report.curves import panel
from nn.report.filling import LARGEST, mistakes_of
from nn.report.flow import flow, histogram
from nn.report.gallery import gallery
from nn.report.png import png
from nn.report.scatter import scatter
from nn.report.text import escape, number, percent, ticks

VOID = {"meta", "img", "input", "br", "link"}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="9"><g id="{id}"/></svg>\n'


class Page(HTMLParser):
    """All elements of a page, in order; refuses a page whose tags do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def assert_self_contained(text: str) -> None:
    """No script, nothing loaded from elsewhere, and a policy that forbids both."""
    page = Page(text)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "iframe", "object", "embed", "foreignobject", "base"}
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), f"<{tag} {name}>"
            if name in ("href", "src", "xlink:href", "action", "srcset"):
                assert value is not None
                assert value.startswith(("#", "data:image/png;base64,")), f"<{tag} {name}={value}>"
    assert not re.search(r"url\(|@import", text)
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg\")", text)
    policy = next(
        m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "script-src" not in policy


def layer(name: str, alarming: bool = False) -> Layer:
    bins = Histogram((0, 4, 2), -1.0, 2.0)
    return Layer(name, bins, bins, 0.5, 1e-7, ("3 % of units dead",), alarming)


CONFUSION = Confusion(((5, 1), (0, 4)), ("0", "1"))
MISTAKES = (Mistake(((0.0, 1.0), (0.5, 0.0)), 0, 1, (0.25, 0.75)),)
PANELS = (
    Panel("Accuracy", (Curve("test", (0.5, 0.75)),), percent=True),
    Panel("Loss", (Curve("test", (2.0, 0.5)), Curve("training", (3.0, 0.6), "backward"))),
)
FLOWS = (
    Flow("Before", "healthy", True, "ratio 1", (layer("hidden1"), layer("output"))),
    Flow("After", "vanishing", False, "ratio 1e-9", (layer("hidden1", True),)),
)
REPORT = Report(
    title="A title",
    summary="A summary.",
    facts=(Fact("test accuracy", "98.6 %", "of 10", good=True), Fact("size", "7")),
    sections=(
        Section("curves", "Learning curves", (Text("About the curves."), Panels(PANELS))),
        Section("confusion", "Confusion matrix", (CONFUSION,)),
        Section("mistakes", "Mistakes", (Text("1 of 10 was misread."), Gallery(MISTAKES, "01"))),
        Section("predictions", "Predictions", (Scatter("Predicted", (1.0, 2.0), (1.5, 2.0), "y"),)),
        Section(
            "residuals", "Residuals", (Distribution("Residuals", Histogram((1, 2), -1.0, 1.0)),)
        ),
        Section("inputs", "Inputs", (Bars((("rooms", 2.0, "2.00"), ("area", 1.0, "1.00"))),)),
        Section("flow", "Layer by layer", FLOWS),
        Section("check", "Check", (Verdict(Fact("", "agree", "in all 7 parameters", good=True)),)),
        Section(
            "pictures",
            "Pictures",
            (
                Text("What it shows."),
                Picture("The graph", SVG.format(id="graph", width=9000)),
                Picture("A neuron", SVG.format(id="neuron", width=900)),
            ),
        ),
        Section("model", "The model", (Code("Linear(2, 1)"),)),
        Section(
            "again",
            "Make it again",
            (
                Code("python -m nn train digits"),
                Rows((("--lr", "0.1", "learning rate"),), ("flag", "value", "meaning"), code=True),
            ),
        ),
    ),
    versions=(("Python", "3.12"),),
)


def with_block(block: Block) -> Report:
    """A report with one block only."""
    return replace(REPORT, sections=(Section("only", "Only", (block,)),))


class TestPage:
    def test_holds_every_part(self) -> None:
        page = Page(render(REPORT))
        for words in (
            "A title", "A summary.", "98.6 %", "About the curves.", "1 of 10 was misread.",
            "healthy", "vanishing", "ratio 1e-9", "3 % of units dead", "in all 7 parameters",
            "What it shows.", "Linear(2, 1)", "learning rate", "python -m nn train digits",
            "Python 3.12",
        ):  # fmt: skip
            assert words in page.text, words
        assert len(page.all("section")) == len(REPORT.sections) == 11
        assert {"graph", "neuron"} <= {g.get("id") for g in page.all("g")}

    def test_each_link_leads_to_a_section(self) -> None:
        page = Page(render(REPORT))
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        links = [link["href"] for link in page.all("a")]
        assert [f"#{section['id']}" for section in page.all("section")] == links

    def test_loads_nothing_and_runs_nothing(self) -> None:
        assert_self_contained(render(REPORT))

    @pytest.mark.parametrize(
        "hostile",
        [
            lambda text: replace(REPORT, title=text),
            lambda text: replace(REPORT, summary=text),
            lambda text: with_block(Text(text)),
            lambda text: with_block(Code(text)),
            lambda text: with_block(Rows(((text, text),), (text, text))),
            lambda text: with_block(Bars(((text, 1.0, text),))),
            lambda text: with_block(Confusion(((1,),), (text,))),
            lambda text: with_block(Gallery(MISTAKES, (text, text))),
            lambda text: with_block(Panels((Panel(text, (Curve(text, (1.0,)),)),))),
            lambda text: with_block(Scatter(text, (1.0,), (2.0,), text)),
            lambda text: with_block(Distribution(text, Histogram((1,), 0.0, 1.0))),
            lambda text: with_block(Verdict(Fact("", text, text))),
        ],
    )
    def test_text_is_text(self, hostile: Callable[[str], Report]) -> None:
        text = render(hostile("<script>alert(1)</script>\x00\u202e\"'&"))
        assert_self_contained(text)
        assert "<script>alert(1)</script>\"'&" in Page(text).text

    def test_an_xml_prologue_of_a_picture_is_left_out(self) -> None:
        picture = Picture("A", '<?xml version="1.0"?>\n' + SVG.format(id="a", width=9))
        assert render(with_block(picture)).count("<?xml") == 0

    def test_only_a_very_wide_picture_starts_in_full_size(self) -> None:
        boxes = {box["id"]: "checked" in box for box in Page(render(REPORT)).all("input")}
        assert boxes == {"size-pictures2": True, "size-pictures3": False}

    def test_a_narrow_picture_keeps_its_size_and_a_wide_one_may_shrink_a_little(self) -> None:
        kinds = []
        for width in (600, 900):
            page = Page(render(with_block(Picture("A chain", SVG.format(id="x", width=width)))))
            kinds += [d["class"] for d in page.all("div") if "pict" in (d.get("class") or "")]
        assert kinds == ["picture", "picture wide"]

    def test_without_mistakes_there_are_no_images(self) -> None:
        assert not Page(render(with_block(Gallery((), "01")))).all("img")

    def test_same_report_same_text(self) -> None:
        assert render(REPORT) == render(replace(REPORT))


class TestCurves:
    def test_epochs_are_counted_from_where_they_begin(self) -> None:
        page = Page(panel(Panel("x", (Curve("a", (3.0, 2.0, 1.0), "depth1"),), first=0)))
        assert "a, epoch 0: 3" in page.text
        assert [w for w in page.words if w in ("0", "1", "2")][-3:] == ["0", "1", "2"]

    def test_better_is_higher(self) -> None:
        heights = [float(c["cy"] or "nan") for c in Page(panel(PANELS[0])).all("circle")]
        assert heights[0] > heights[1]

    def test_equal_steps_in_logarithm_are_equal_steps_on_paper(self) -> None:
        data = Panel("Loss", (Curve("test", (1.0, 0.1, 0.01)),), logarithmic=True)
        first, second, third = (float(c["cy"] or "nan") for c in Page(panel(data)).all("circle"))
        assert second - first == pytest.approx(third - second, abs=0.2)

    def test_what_cannot_be_drawn_is_left_out(self) -> None:
        values = (1.0, math.nan, 0.0, math.inf, 0.5)
        data = Panel("Loss", (Curve("test", values),), logarithmic=True)
        assert len(Page(panel(data)).all("circle")) == 2

    @pytest.mark.parametrize("values", [(0.5,), (0.5, 0.5), (0.0, 0.0), (1.0,), (math.nan,), ()])
    @pytest.mark.parametrize("logarithmic", [False, True])
    def test_draws_short_and_flat_curves(
        self, values: tuple[float, ...], logarithmic: bool
    ) -> None:
        page = Page(panel(Panel("x", (Curve("test", values),), logarithmic=logarithmic)))
        assert "nan" not in str([a.get("d") for a in page.all("path")])

    def test_names_at_the_ends_do_not_touch(self) -> None:
        curves = tuple(Curve(f"c{i}", (1.0, 0.5)) for i in range(4))
        ends = [
            float(t["y"] or "nan")
            for t in Page(panel(Panel("x", curves))).all("text")
            if "ending" in str(t["class"])
        ]
        assert all(b - a >= 12 for a, b in pairwise(ends))

    def test_labels_of_the_axis_differ(self) -> None:
        text = panel(Panel("Loss", (Curve("test", (2.3026, 2.3021)),), logarithmic=True))
        labels = re.findall(r'class="tick end"[^>]*>([^<]+)<', text)
        assert len(labels) >= 2
        assert len(set(labels)) == len(labels)

    def test_is_told_to_those_who_cannot_see_it(self) -> None:
        label = Page(panel(PANELS[0])).all("svg")[0]["aria-label"]
        assert label == "Accuracy over 2 epochs: test from 50.0 % to 75.0 %"


class TestClasses:
    def test_confusion_counts_and_shares(self) -> None:
        page = Page(confusion(CONFUSION.counts, CONFUSION.classes))
        assert "0511" not in page.text
        titles = [cell["title"] for cell in page.all("td") if "title" in cell]
        assert titles == ["0 taken for 0: 5 times", "0 taken for 1: once", "1 taken for 1: 4 times"]
        assert "83.3 %" in page.text
        assert "100 %" in page.text

    def test_a_class_that_does_not_occur_has_no_share(self) -> None:
        assert "—" in Page(confusion(((0, 0), (0, 3)), ("0", "1"))).text

    def test_the_true_class_is_always_shown(self) -> None:
        mistake = Mistake(((0.0,),), 0, 3, (0.01, 0.2, 0.3, 0.49))
        page = Page(gallery([mistake], "0123", shown=2))
        assert re.findall(r"\d+\.\d %", " ".join(page.words)) == ["49.0 %", "1.0 %"]
        assert page.all("img")[0]["alt"] == "image of 0, taken for 3"

    def test_images_are_the_pixels(self) -> None:
        page = Page(gallery(MISTAKES, "01"))
        source = page.all("img")[0]["src"] or ""
        data = base64.b64decode(source.removeprefix("data:image/png;base64,"))
        assert data == png(MISTAKES[0].pixels)
        chunks, place = {}, 8
        while place < len(data):
            length, kind = struct.unpack(">I4s", data[place : place + 8])
            content = data[place + 8 : place + 8 + length]
            assert zlib.crc32(kind + content) == int.from_bytes(
                data[place + 8 + length : place + 12 + length]
            )
            chunks[kind], place = content, place + 12 + length
        assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
        assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (2, 2, 8, 0, 0, 0, 0)
        assert zlib.decompress(chunks[b"IDAT"]) == bytes([0, 255, 0, 0, 128, 255])

    def test_coloured_pixels_keep_their_colours(self) -> None:
        file = png([[(1.0, 0.5, 0.0), (0.0, 2.0, -1.0)]])
        at = file.index(b"IDAT")
        size = int.from_bytes(file[at - 4 : at])
        pixels = zlib.decompress(file[at + 4 : at + 4 + size])
        assert pixels == bytes([0, 255, 128, 0, 0, 255, 0])
        assert file[25] == 2

    def test_mistakes_in_colours_and_large_ones_are_drawn(self) -> None:
        images = np.zeros((2, 2 * LARGEST, 3, 3))
        images[1, 2:4, :, 0] = [0.5, 1.0, 0.0]
        chances = np.array([[0.9, 0.1], [0.2, 0.8]])
        found = mistakes_of(images, np.array([0, 0]), chances)
        assert [m.predicted for m in found] == [1]
        assert len(found[0].pixels) == LARGEST
        assert found[0].pixels[:2] == (((0.0, 0.0, 0.0),), ((0.5, 0.0, 0.0),))
        small = mistakes_of(images[:, 2:4], np.array([0, 0]), chances)[0].pixels
        assert small == (((0.5, 0, 0), (1, 0, 0), (0, 0, 0)),) * 2
        page = Page(
            gallery([*found, *mistakes_of(images[..., 0], np.array([1, 1]), chances)], "ab")
        )
        assert len(page.all("img")) == 2

    @pytest.mark.parametrize("pixels", [[], [[]], [[0.0], [0.0, 1.0]]])
    def test_ragged_pixels_are_refused(self, pixels: list[list[float]]) -> None:
        with pytest.raises(ValueError, match="expected rows of one length above 0"):
            png(pixels)


class TestFlow:
    def test_every_layer_has_two_histograms(self) -> None:
        page = Page(flow(FLOWS[0]))
        labels = [svg["aria-label"] for svg in page.all("svg")]
        assert labels == [
            "activations of hidden1, from −1 to 2",
            "gradients at hidden1, from −1 to 2",
            "activations of output, from −1 to 2",
            "gradients at output, from −1 to 2",
        ]
        assert "rms 1e−7" in page.text

    def test_trouble_is_marked(self) -> None:
        good, bad = (Page(flow(data)).all("div") for data in FLOWS)
        assert good[0]["class"] == "flow healthy"
        assert bad[0]["class"] == "flow trouble"
        assert "layer alarming" in [div["class"] for div in bad]

    def test_bars_are_as_high_as_counts(self) -> None:
        path = Page(histogram(Histogram((0, 4, 2), -1.0, 2.0), "forward", "x")).all("path")[-1]["d"]
        assert re.findall(r"V(\d+\.\d)h", path or "") == ["0.0", "32.0"]

    def test_an_empty_histogram_is_drawn(self) -> None:
        assert (
            Page(histogram(Histogram((0, 0), 0.0, 1.0), "forward", "x")).all("path")[-1]["d"] == ""
        )


class TestNumbers:
    def test_points_on_the_diagonal_are_right(self) -> None:
        page = Page(scatter(Scatter("Predicted", (0.0, 1.0), (0.0, 0.5), "y")))
        axis = next(a["d"] for a in page.all("path") if a["class"] == "axis") or ""
        left, bottom, right, top = map(float, re.findall(r"[\d.]+", axis))
        below = []
        for point in page.all("circle"):
            x, y = float(point["cx"] or "nan"), float(point["cy"] or "nan")
            line = bottom + (x - left) / (right - left) * (top - bottom)
            below.append(y - line)
        assert below[0] == pytest.approx(0.0, abs=0.2)
        assert below[1] > 10

    @pytest.mark.parametrize("values", [(), (2.0,), (2.0, 2.0)])
    def test_few_and_equal_points_are_drawn(self, values: tuple[float, ...]) -> None:
        page = Page(scatter(Scatter("Predicted", values, values, "y")))
        assert len(page.all("circle")) == len(values)
        assert "nan" not in str([a.get("d") for a in page.all("path")])

    def test_bars_are_as_long_as_their_numbers(self) -> None:
        page = Page(render(with_block(Bars((("a", 4.0, "4"), ("b", 1.0, "1"), ("c", 0.0, "0"))))))
        assert [r["width"] for r in page.all("rect")] == ["100.0", "25.0", "0.3"]


class TestText:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0.0, "0"), (-0.0, "0"), (math.nan, "not a number"), (math.inf, "∞"),
            (-math.inf, "−∞"), (123456.0, "1.235e5"), (-0.5, "−0.5"),
        ],
    )  # fmt: skip
    def test_numbers(self, value: float, text: str) -> None:
        assert number(value) == text

    def test_shares_near_the_ends_are_not_rounded_to_them(self) -> None:
        assert [percent(x, 0) for x in (0.0, 0.004, 0.5, 0.996, 1.0)] == [
            "0 %", "< 1 %", "50 %", "> 99 %", "100 %",
        ]  # fmt: skip

    def test_attributes_cannot_be_left(self) -> None:
        assert escape("\"'<>&\u200f\ud800") == "&quot;&#x27;&lt;&gt;&amp;"

    @pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (2.3, 2.4), (-5.0, 300.0), (1e-9, 2e-9)])
    def test_ticks_lie_inside(self, low: float, high: float) -> None:
        found = ticks(low, high)
        assert 2 <= len(found) <= 7
        assert all(low <= t <= high for t in found)
