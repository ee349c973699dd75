"""Graphs in the forms of other tools: NetworkX, Mermaid, TikZ."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
import viz
from tests.viz.test_svg import HOSTILE
from viz.exports.tex import to_tex
from viz.exports.tikz import MOST


def square() -> ad.Value:
    x, w = ad.Value(2.0, name="x"), ad.Value(-3.0, name="w")
    p = w * x
    return p * p


def step() -> ad.Tensor:
    rng = np.random.default_rng(0)
    model = nn.Sequential({"hidden": nn.Linear(4, 8, rng=rng), "out": nn.Linear(8, 3, rng=rng)})
    x = ad.Tensor(rng.standard_normal((5, 4)), name="x")
    return nn.CrossEntropyLoss()(model(x), rng.integers(0, 3, 5))


def hostile() -> ad.Value:
    total: Any = ad.Value(1.0, name="a")
    for name in [*HOSTILE, "$$x$$", "%%{init: {}}%%", "\\input{x}", "привет", "end", "|c|"]:
        total = total * ad.Value(1.0, name=name)
    return ad.tanh(total)


class TestNetworkx:
    def test_two_uses_are_two_edges_and_their_slopes_add_up(self) -> None:
        pytest.importorskip("networkx")
        graph = viz.to_networkx(square(), gradients=True)
        data = dict(graph.nodes(data=True))
        assert [data[node]["name"] for node in graph] == ["x", "w", "p", "L"]
        assert [data[node]["gradient"] for node in graph] == [36.0, -24.0, -12.0, 1.0]
        uses = graph["n2"]["n3"]
        assert {key: use["slope"] for key, use in uses.items()} == {0: -6.0, 1: -6.0}
        # The chain rule, on the graph that was handed out.
        for node in graph:
            into = [
                slope * data[reader]["gradient"]
                for _, reader, slope in graph.out_edges(node, data="slope")
            ]
            assert not into or sum(into) == data[node]["gradient"]

    def test_its_algorithms_and_its_files_take_it(self, tmp_path: Path) -> None:
        networkx = pytest.importorskip("networkx")
        graph = viz.to_networkx(step(), gradients=True)
        assert networkx.is_directed_acyclic_graph(graph)
        assert [n for n in graph if not graph.out_degree(n)] == [f"n{len(graph) - 1}"]
        networkx.write_graphml(graph, tmp_path / "g.graphml")
        back = networkx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
        assert back.nodes["n0"]["name"] == graph.nodes["n0"]["name"]
        json.dumps(networkx.node_link_data(graph, edges="edges"))
        modules = {data["module"] for _, data in graph.nodes(data=True)}
        assert any(name.endswith("hidden") for name in modules)

    def test_it_has_what_is_known(self) -> None:
        pytest.importorskip("networkx")
        loss = square()
        assert "gradient" not in viz.to_networkx(loss).nodes["n0"]
        assert viz.to_networkx(loss, nodes=True).nodes["n3"]["node"] is loss
        w = ad.Tensor([3.0, 4.0], requires_grad=True, name="w")
        result = (w * 2.0).sum()
        result.backward()
        graph = viz.to_networkx(result)
        (node,) = (n for n, data in graph.nodes(data=True) if data["name"] == "w")
        assert graph.nodes[node]["gradient"] == 2.0
        assert graph.nodes[node]["value"] == pytest.approx(np.sqrt(12.5))
        assert graph.nodes[node]["size"] == 2

    def test_what_is_missing_says_how_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "networkx", None)
        with pytest.raises(ad.MissingExtraError, match=r"pip install 'glassgrad\[networkx\]'"):
            viz.to_networkx(square())
        with pytest.raises(TypeError, match=r"to_networkx\(\) was given 'int'"):
            viz.to_networkx(3)


class TestMermaid:
    def test_cards_edges_and_frames(self) -> None:
        text = viz.draw(step(), gradients=True, title="A step", engine="builtin").mermaid()
        lines = text.splitlines()
        assert lines[:4] == ["---", 'title: "A step"', "---", "flowchart LR"]
        assert sum(line.strip().startswith("subgraph ") for line in lines) == lines.count(
            "  end"
        ) + lines.count("    end")
        assert re.search(r'n\d+\["W₁ parameter<br/>8×4 float32<br/>rms .*<br/>gradient rms ', text)
        assert re.search(r'-->\|"∂L/∂\w+ = #40;p − y#41;/n"\|', text)
        assert "-.->" in text
        assert "classDef parameter fill:#e6f4ee" in text

    def test_two_uses_are_two_edges(self) -> None:
        text = viz.draw(square(), engine="builtin", direction="down").mermaid()
        assert text.startswith("flowchart TB\n")
        assert len(re.findall(r"^  n2 -->.* n3$", text, re.MULTILINE)) == 2

    def test_names_are_text(self) -> None:
        text = viz.draw(hostile(), title='"<x>"', engine="builtin", roll_up=False).mermaid()
        assert 'title: "\\"<x>\\""' in text
        for label in re.findall(r'"(.*)"', text.partition("flowchart")[2]):
            told = re.sub(r"<br/>|#\d+;", "", label)
            assert not set(told) & set('"#<>&`$\\%*_~;@[]{}()|'), label
        assert "$$" not in re.sub(r"#36;", "$", text)


class TestTikz:
    def test_cards_stand_where_the_layout_has_them(self) -> None:
        drawing = viz.draw(step(), gradients=True, engine="builtin")
        text = drawing.tikz()
        for card, rect in zip(drawing.graph.cards, drawing.layout.cards, strict=True):
            x, y = rect.middle
            assert f"({card.id}) at ({x:.1f}, {y:.1f})" in text
        flows = sum(edge.rms is not None for edge in drawing.graph.edges)
        assert text.count(r"\draw[forward lane]") == len(drawing.graph.edges)
        assert text.count(r"\draw[backward lane,") == flows > 0
        assert text.count(r"\node[frame title]") == len(drawing.layout.frames) > 0

    def test_a_lane_leads_from_card_to_card(self) -> None:
        drawing = viz.draw(square(), gradients=True, engine="builtin", direction="right")
        places = {c.id: r for c, r in zip(drawing.graph.cards, drawing.layout.cards, strict=True)}
        edges = drawing.graph.edges
        for lane in ("forward", "backward"):
            ways = re.findall(rf"\\draw\[{lane} lane[^\]]*\] (.*);", drawing.tikz())
            for edge, way in zip(edges, ways, strict=True):
                points = [
                    [float(x) for x in p.split(", ")] for p in re.findall(r"\(([^)]*)\)", way)
                ]
                assert points[0][0] == pytest.approx(places[edge.source].right, abs=0.1)
                assert points[-1][0] == pytest.approx(places[edge.target].x, abs=0.1)

    @pytest.mark.parametrize(
        ("text", "tex"),
        [
            ("W₁₂ᵀ", "W$_{12}$$^{T}$"),
            ("−1.2·10⁻⁵", r"$-$1.2$\cdot $10$^{-5}$"),
            ("a&b_{c}^\\%$#", r"a\&b\_\{c\}\textasciicircum{}\textbackslash{}\%\$\#"),
            ("--", "{-}{-}"),
            ("σ(Ω) \u0391 λ", r"$\sigma $($\Omega $) $\mathrm{A}$ $\lambda $"),
        ],
    )  # fmt: skip
    def test_text_is_text(self, text: str, tex: str) -> None:
        assert to_tex(text) == tex

    def test_too_many_cards_are_refused(self) -> None:
        x: Any = ad.Value(1.0)
        for _ in range(MOST):
            x = ad.sin(x)
        drawing = viz.draw(x, roll_up=False, engine="builtin")
        with pytest.raises(ValueError, match="too large for TikZ, which takes 400; save it as"):
            drawing.tikz()

    @pytest.mark.skipif(not shutil.which("pdflatex"), reason="there is no pdflatex")
    @pytest.mark.parametrize("make", [square, step, hostile])
    def test_latex_sets_it(self, make: Any, tmp_path: Path) -> None:
        viz.draw(make(), gradients=True, title="5 %", engine="builtin").save(tmp_path / "a.tex")
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        log = done.stdout.decode("utf-8", "replace")
        if "not found" in log and "! LaTeX Error: File" in log:
            pytest.skip("this TeX lacks the packages standalone or tikz")
        assert done.returncode == 0, log[-2000:]
        assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_every_ending_is_written(tmp_path: Path) -> None:
    drawing = viz.draw(square(), engine="builtin")
    assert drawing.save(tmp_path / "a.mmd").read_text("utf-8") == drawing.mermaid()
    assert drawing.save(tmp_path / "a.tex").read_text("utf-8") == drawing.tikz()
