"""The command line: what it writes and prints, and how it complains."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.checkout import run
from viz.commands import doctor, main
from viz.draw import raster

PROGRAM = """\
import sys
import numpy as np
import autodiff as ad

def loss(scale=2.0):
    x, w = ad.Value(scale, name="x"), ad.Value(0.25, name="w")
    return (ad.tanh(w * x) - 1.0) ** 2

def spent():
    result = loss()
    result.backward()
    return result

def dead():
    w, b = ad.Value(0.5, name="w"), ad.Value(-9.0, name="b")
    return ad.relu(w * 2.0 + b)

def tensors():
    w = ad.Tensor(np.ones((2, 3)), requires_grad=True, name="W")
    return ad.tanh(w @ np.ones((3, 2))).sum()

def gamma():
    return ad.special.gammaln(ad.Value(2.0, name="x"))

def constant():
    return ad.Tensor([1.0])

def helper(x):
    return x @ np.ones((3, 4))

def shapes():
    return helper(ad.Tensor(np.ones((3, 4)), name="x"))

def fails():
    return {}["nothing"]

def leaves():
    sys.exit(3)

def needs(a, b, c=1, *, d): return a
def nothing(): pass
def pair(): return loss(), 1

NUMBER = 3
LOSS = loss()
if __name__ == "__main__":
    raise AssertionError
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "prog.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "broken.py").write_text("def f(:\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "file", "begins", "holds"),
    [
        ("draw prog.py:loss", "loss.svg", b"<svg", "∂d/∂a = 1"),
        ("draw prog.py:loss --no-gradients", "loss.svg", b"<svg", "tanh"),
        ("draw prog.py:spent --out a.HTML --theme dark", "a.HTML", b"<!DOCTYPE html>", "prog.py:7"),
        ("draw prog.py:tensors --out t.dot --title Net", "t.dot", b"digraph", "label=Net"),
        ("draw prog.py:loss --out a.png --engine builtin", "a.png", b"\x89PNG", ""),
        ("draw prog.py:loss --out a.json --focus w --hops 1", "a.json", b"{", "2 of 6 nodes"),
        ("draw prog.py:constant --out a.json", "a.json", b"{", ""),
        ("live prog.py:loss", "loss.html", b"<!DOCTYPE html>", "script"),
        ("live prog.py:tensors --title T --out a.htm", "a.htm", b"<!DOCTYPE html>", "T</title>"),
        ("explain prog.py:loss w --out a.md", "a.md", b"", "Node by node"),
        ("explain prog.py:tensors W --element 0,1 --k 1 --out a.txt", "a.txt", b"", "W[0, 1]"),
        ("why prog.py:dead w --out a.svg --title T", "a.svg", b"<svg", "relu"),
        ("why prog.py:spent w --out a.json", "a.json", b"{", "healthy"),
    ],
)
def test_it_writes_what_the_ending_says(
    words: str, file: str, begins: bytes, holds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"{file}: ")
    assert said.out.count("\n") == 1
    content = Path(file).read_bytes()
    assert content.lstrip().startswith(begins) or b"<svg" in content[:200]
    assert not holds or holds in content.decode()


def test_gradients_are_drawn_unless_they_are_not_wanted() -> None:
    def gradients(*more: str) -> set[str]:
        assert main(["draw", "prog.py:loss", "--out", "a.json", *more]) == 0
        cards = json.loads(Path("a.json").read_text("utf-8"))["cards"]
        return {card["gradient"] for card in cards if card["name"] == "w"}

    assert gradients() == {"−1.692"}
    assert gradients("--no-gradients") == {"—"}


def test_answers_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "prog.py:loss", "w"]) == 0
    assert capsys.readouterr().out.startswith("∂L/∂w = −1.692067")
    assert main(["why", "prog.py:dead", "w"]) == 0
    assert "relu is off" in capsys.readouterr().out
    assert main(["why", "prog.py:dead"]) == 0
    assert capsys.readouterr().out.startswith("2 of 2 gradients have something to tell")
    assert main([]) == 0
    assert "python -m viz doctor" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("draw prgo.py:loss", "the file 'prgo.py' is not there; did you mean 'prog.py'?"),
        ("draw absent/x.py:loss", "is not there; give the path of a .py file"),
        ("draw .:loss", "the file '.' is a folder"),
        ("draw prog.py", "names no function; give it as in prog.py:function; prog.py has loss, "),
        ("draw loss", "give it as in FILE.py:function"),
        ("draw prog.py:lose", "prog.py has no function 'lose'; did you mean 'loss'?"),
        ("draw prog.py:zzz", "no function 'zzz'; there are loss, spent, dead"),
        ("draw prog.py:NUMBER", "'NUMBER' of prog.py is no function, but of the type int"),
        ("draw prog.py:LOSS", "define def LOSS(): and return the node"),
        ("draw prog.py:needs", "needs() of prog.py takes a and b and d; give a function without"),
        ("draw prog.py:nothing", "nothing() of prog.py returns nothing (None)"),
        ("draw prog.py:pair", "returns a tuple, and a Value or a Tensor"),
        ("draw prog.py:pair", "; return one of its nodes alone"),
        ("draw prog.py:fails", 'prog.py:35, in fails: return {}["nothing"] → KeyError'),
        ("draw prog.py:shapes", "prog.py:29, in helper: return x @ np.ones((3, 4)) → ShapeError"),
        ("draw prog.py:shapes", "; shapes.svg shows the graph up to there"),
        ("draw prog.py:leaves", "ended the program by SystemExit(3)"),
        ("draw broken.py:f", "broken.py:1: SyntaxError: "),
        ("draw prog.py:loss --out a.doc", "must end in one of .svg, .html"),
        ("draw prog.py:loss --out no/a.svg", "there is no folder 'no'"),
        ("draw prog.py:loss --focus q", "no node of the graph has the name 'q'"),
        ("explain prog.py:loss q", "no node of the graph has the name 'q'; names are: "),
        ("explain prog.py:loss w --k 0", "k=0 is not a number of paths"),
        ("live prog.py:gamma", "gammaln"),
        ("live prog.py:loss --out a.svg", ".html"),
        ("why prog.py:loss q", "no node behind the root is called 'q'"),
        ("why prog.py:constant", "no leaf behind the result needs a gradient"),
    ],
)
def test_a_complaint_is_one_line(words: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words.split()) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"python -m viz {words.split()[0]}: ")
    assert said.err.count("\n") == 1
    assert says in said.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("drow", "there is no command 'drow'; did you mean 'draw'?"),
        ("draw", "the following arguments are required: FILE.py:function"),
        ("draw prog.py:loss --thme dark", "there is no option --thme; did you mean '--theme'?"),
        ("draw prog.py:loss more", "'more' was not expected here"),
        ("draw prog.py:loss --theme drk", "there is no theme 'drk'; did you mean 'dark'?"),
        ("draw prog.py:loss --depth x", "expected a whole number from 0 up, not 'x'"),
        ("explain prog.py:loss w --element a", "expected whole numbers with commas between"),
    ],
)
def test_wrong_options_are_named(words: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_the_doctor_tries_what_is_here(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    found = {line.split()[0]: line.split()[1] for line in said.splitlines() if line[:2] == "  "}
    assert (found["dot"], found["rsvg-convert"], found["built-in"]) == (
        "absent", "absent", "works",
    )  # fmt: skip
    assert "graphviz" in found


def test_the_doctor_says_how_to_get_what_is_absent_and_what_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> bytes:
        raise raster.ConversionError("no font\nat all")

    monkeypatch.setattr(doctor, "importable", lambda module: module == "viz")
    monkeypatch.setattr(doctor.shutil, "which", lambda name: name)
    monkeypatch.setattr(doctor, "rasterise", fails)
    monkeypatch.setattr(doctor, "_drawing", lambda _: doctor_drawing)
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any("pygraphviz" in line and "pip install 'glassgrad[layout]'" in line for line in lines)
    assert any("matplotlib" in line and "pip install 'glassgrad[plot]'" in line for line in lines)
    assert any("rsvg-convert   fails   no font at all" in line for line in lines)
    assert lines[-1] == "In use: dot for the layout of graphs, SVG and HTML, no PNG or PDF."


doctor_drawing = doctor._drawing("builtin")


def test_it_runs_as_a_program(folder: Path) -> None:
    done = run(sys.executable, "-m", "viz", "draw", "prog.py:loss", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "loss.svg").is_file()
    done = run(sys.executable, "-m", "viz", "draw", "prog.py:fails", cwd=folder)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
