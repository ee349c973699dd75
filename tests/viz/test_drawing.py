"""`Drawing`: what can be taken from it and where it can be saved."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from autodiff.errors import MissingExtraError
from tests.viz.samples import mlp, neuron, parsed
from tests.viz.test_svg import HOSTILE, named
from viz import Drawing, Graph
from viz.draw import raster
from viz.layout import graphviz
from viz.text.formatting import clean


@pytest.fixture
def drawing() -> Drawing:
    return Drawing(neuron(), title="A neuron", engine="builtin")


def test_notebooks_get_the_svg(drawing: Drawing) -> None:
    assert drawing._repr_svg_() == drawing.svg
    assert ">A neuron</tspan>" in drawing.svg
    assert repr(drawing) == "<Drawing of 10 nodes and 9 edges>"


def test_save_svg(drawing: Drawing, tmp_path: Path) -> None:
    path = drawing.save(tmp_path / "neuron.svg")
    assert path.read_text(encoding="utf-8") == drawing.svg
    assert list(tmp_path.iterdir()) == [path]


def test_save_json_holds_the_plain_data(drawing: Drawing, tmp_path: Path) -> None:
    data = json.loads(drawing.save(tmp_path / "neuron.json").read_text(encoding="utf-8"))
    assert [card["name"] for card in data["cards"]] == [c.name for c in drawing.graph.cards]
    assert data["edges"][0]["local"] == "∂p₁/∂w₁ = x₁ = 2"
    assert data["clusters"] == []


def test_json_has_no_numbers_that_json_lacks() -> None:
    graph = neuron()
    odd = graph.edges[0].__class__("n0", "n2", rms=float("nan"))
    text = Drawing(Graph(graph.cards, (odd,))).json()
    assert json.loads(text)["edges"][0]["rms"] is None


def test_save_html_is_one_offline_page(drawing: Drawing, tmp_path: Path) -> None:
    page = drawing.save(tmp_path / "neuron.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "default-src 'none'" in page
    assert drawing.svg.strip() in page
    assert not re.search(r"<script|<link|<img|<iframe|\shref=|\ssrc=", page)
    assert page.count("<tr") == 11
    assert "tanh(z)" in page


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_html(name: str) -> None:
    from viz.cards.table import table
    from viz.draw.page import to_page

    drawing = Drawing(named(name), title=name, engine="builtin")
    page = to_page(drawing.svg, name, name, "dark", table(drawing.graph))
    assert not re.search(r"<script|<svg[^>]*onload|<style>\*", page)
    body = page.split("<body>")[1].split("</body>")[0]
    ET.fromstring(f"<body>{body}</body>")


def test_dot_reads_well_by_itself(drawing: Drawing) -> None:
    source = drawing.dot().source
    assert 'n0 [label="w₁ parameter\\nvalue −3\\n∂o/∂w₁ 1"' in source
    assert 'n0 -> n2 [label="∂p₁/∂w₁ = x₁ = 2\\n0.5 × 2 = 1"]' in source


def test_dot_has_the_clusters(tmp_path: Path) -> None:
    path = Drawing(mlp()).save(tmp_path / "mlp.dot")
    source = path.read_text(encoding="utf-8")
    assert source.count("subgraph cluster_") == 3
    assert Drawing(mlp()).save(tmp_path / "mlp.gv").read_text(encoding="utf-8") == source


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_dot_are_labels(name: str) -> None:
    source = Drawing(named(name), title=name).dot().source
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", source, flags=re.DOTALL)
    # What is left outside of quotes is ours.
    assert set(re.findall(r"\w+", outside)) <= {
        "digraph", "subgraph", "cluster_0", "graph", "node", "edge", "n0", "n1", "label",
        "labeljust", "labelloc", "rankdir", "LR", "fontname", "Helvetica", "fontsize", "shape",
        "box", "style", "rounded", "color", "fontcolor", "fillcolor", "tooltip", "l", "t", "9",
        "11", *re.findall(r"^\w+$", clean(name)),
    }  # fmt: skip
    assert "<script" not in outside


@pytest.mark.parametrize("name", HOSTILE)
def test_graphviz_shows_hostile_names_as_they_are(name: str) -> None:
    pygraphviz = pytest.importorskip("pygraphviz")
    source = Drawing(named(name)).dot().source
    found = pygraphviz.AGraph(string=source)
    assert sorted(found.nodes()) == ["n0", "n1"]
    assert found.number_of_edges() == 1


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_save_a_bitmap_by_matplotlib(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(raster, "_importable", lambda name: name == "matplotlib")
    monkeypatch.setattr(raster.shutil, "which", lambda name: None)
    graph = mlp()
    part = Graph(graph.cards[:5], graph.edges[:4], graph.clusters[:2], notice="part")
    drawing = Drawing(part, engine="builtin", theme="dark", title="$\\frac$")
    content = drawing.save(tmp_path / f"a.{form}", scale=1).read_bytes()
    assert content.startswith(b"\x89PNG" if form == "png" else b"%PDF")
    if form == "png":
        width = int.from_bytes(content[16:20], "big")
        assert abs(width - drawing.scene.width) <= 1
    assert drawing.save(tmp_path / f"b.{form}", scale=1).read_bytes() == content


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_save_a_bitmap_by_whatever_there_is(form: str, drawing: Drawing, tmp_path: Path) -> None:
    try:
        path = drawing.save(tmp_path / f"neuron.{form}")
    except MissingExtraError:
        pytest.skip("no converter is installed")
    assert path.stat().st_size > 1000


def test_a_bitmap_without_any_converter_says_what_to_install(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raster, "_importable", lambda name: False)
    monkeypatch.setattr(raster.shutil, "which", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'glassgrad\[plot\]'"):
        drawing.save(tmp_path / "neuron.png")
    assert list(tmp_path.iterdir()) == []


def test_a_bitmap_that_would_be_huge_is_refused(drawing: Drawing, tmp_path: Path) -> None:
    with pytest.raises(raster.ConversionError, match=r"save it as \.svg or \.pdf, give a smaller"):
        drawing.save(tmp_path / "neuron.png", scale=100)


def test_a_converter_that_fails_is_reported(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "rsvg-convert"
    script.write_text("#!/bin/sh\necho out of ink >&2\nexit 3\n")
    script.chmod(0o755)
    monkeypatch.setattr(raster, "_importable", lambda name: False)
    monkeypatch.setattr(raster.shutil, "which", lambda name: str(script))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(raster.ConversionError, match=r"could not write the png: out of ink"):
        drawing.save(tmp_path / "neuron.png")


def test_an_unknown_ending_is_refused(drawing: Drawing, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"'x\.bmp': the name must end in one of \.svg, \.html"):
        drawing.save(tmp_path / "x.bmp")
    with pytest.raises(ValueError, match=r"must end in one of"):
        drawing.save(tmp_path / "svg")


def test_a_file_is_replaced_whole_or_not_at_all(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "neuron.svg"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("viz.files.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        drawing.save(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match=r"engine='neato' is not known; expected one of auto"):
        Drawing(neuron(), engine="neato")


@pytest.mark.parametrize("engine", graphviz.available())
def test_graphviz_gives_the_same_ids_edges_and_labels(engine: str) -> None:
    from tests.viz.samples import texts

    ours = parsed(Drawing(mlp(), engine="builtin").svg)
    theirs = parsed(Drawing(mlp(), engine=engine).svg)
    assert texts(ours) == texts(theirs)
