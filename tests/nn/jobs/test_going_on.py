"""Runs that were interrupted and go on; the list; and what it runs."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from nn.jobs import main
from nn.jobs.commands import examples as shown
from nn.jobs.registry import JOBS
from nn.jobs.training import _Now
from tests.checkout import run
from tests.nn.jobs.own_data import insects

JOB = ["train", "moons", "--epochs", "6", "--quiet"]


def interrupted(out: Path, monkeypatch: pytest.MonkeyPatch, event: str = "on_step") -> None:
    """A run that Ctrl-C ends in its third epoch."""

    def interrupt(progress: Any, at: Any) -> None:
        if at.epoch == 3 and at.batch_number == 4:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(f"nn.jobs.progress.Progress.{event}", interrupt)
        assert main([*JOB, "--out", str(out)]) == 130


class TestResume:
    def test_gives_what_it_would_have_given(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        interrupted(tmp_path / "a", monkeypatch)
        assert "the same command with --resume goes on" in capsys.readouterr().err
        page = (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
        assert "the same command with --resume goes on" in page
        assert main([*JOB, "--resume", "--out", str(tmp_path / "a")]) == 0
        assert main([*JOB, "--out", str(tmp_path / "b")]) == 0
        names = {path.name for path in (tmp_path / "b").iterdir()}
        assert names == {path.name for path in (tmp_path / "a").iterdir()}
        for name in names:
            again = (tmp_path / "a" / name).read_bytes()
            assert again == (tmp_path / "b" / name).read_bytes(), name

    def test_nothing_is_lost_unasked(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        interrupted(tmp_path, monkeypatch)
        capsys.readouterr()
        for words, message in (
            ([], "an interrupted run is in"),
            (["--resume", "--lr", "0.5"], "the interrupted run in .* was another: python -m nn"),
        ):
            assert main([*JOB, *words, "--out", str(tmp_path)]) == 1
            assert re.search(message, capsys.readouterr().err)
        assert main([*JOB, "--restart", "--out", str(tmp_path)]) == 0
        assert not (tmp_path / "checkpoints").exists()

    def test_it_goes_on_with_the_same_data_only(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ["train", "--data", str(insects(tmp_path)), "--target", "kind", "--quiet"]
        words += ["--epochs", "4", "--lr", "0.01", "--out", str(tmp_path / "out")]
        place = tmp_path / "out" / "checkpoints"
        place.mkdir(parents=True)
        monkeypatch.setattr("nn.jobs.training.SECONDS", 0.0)
        monkeypatch.setattr("nn.jobs.performing.shutil.rmtree", lambda *a, **k: None)
        assert main(words) == 0
        assert main([*words, "--resume"]) == 0
        text = (tmp_path / "insects.csv").read_text(encoding="utf-8")
        (tmp_path / "insects.csv").write_text(text.replace("ant", "ann"), encoding="utf-8")
        assert main([*words, "--resume"]) == 1
        assert "the data are no more those of the interrupted run" in capsys.readouterr().err

    def test_it_goes_on_where_the_drawing_was_cut_short(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def cut(*_: object) -> None:
            raise SystemExit

        monkeypatch.setattr("nn.jobs.training.SECONDS", 0.0)
        with monkeypatch.context() as patched:
            patched.setattr("nn.jobs.performing._looked_at", cut)
            with pytest.raises(SystemExit):
                main([*JOB, "--out", str(tmp_path / "cut")])
        assert main([*JOB, "--resume", "--out", str(tmp_path / "cut")]) == 0
        assert main([*JOB, "--out", str(tmp_path / "whole")]) == 0
        for file in (tmp_path / "whole").iterdir():
            assert file.read_bytes() == (tmp_path / "cut" / file.name).read_bytes()

    def test_there_has_to_be_something_to_go_on_with(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for more in ([], ["--dry-run"]):
            assert main([*JOB, "--resume", *more, "--out", str(tmp_path)]) == 1
            assert "there is no interrupted run in" in capsys.readouterr().err

    def test_a_second_run_in_the_same_folder_is_told_of_the_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def busy(*_: Any, **__: Any) -> None:
            raise FileExistsError("has checkpoints; give fit resume=")

        monkeypatch.setattr("nn.jobs.performing.train", busy)
        assert main([*JOB, "--out", str(tmp_path)]) == 1
        assert "another run writes to" in capsys.readouterr().err

    def test_checkpoints_come_by_the_clock(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        written: list[int] = []
        monkeypatch.setattr("nn.jobs.training.SECONDS", 0.0)
        monkeypatch.setattr(_Now, "_write", lambda self, at: written.append(at.epoch))
        assert main([*JOB, "--out", str(tmp_path)]) == 0
        assert written == [1, 2, 3, 4, 5]


class TestList:
    def test_names_what_there_is(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["list"]) == 0
        out = capsys.readouterr().out
        for name in (*JOBS, "--target", "predict", "01_sigmoid_chain", "maml"):
            assert name in out, name

    def test_without_the_sources_says_where_examples_are(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(shown, "SOURCES", tmp_path)
        shown.examples.cache_clear()
        try:
            assert main(["list"]) == 0
        finally:
            shown.examples.cache_clear()
        assert "The worked examples come with the sources" in capsys.readouterr().out


class TestRun:
    def test_a_job_as_it_is(self, tmp_path: Path) -> None:
        assert main(["run", "moons", "--quiet", "--out", str(tmp_path)]) == 0
        assert (tmp_path / "report.html").exists()

    def test_an_example(self, tmp_path: Path) -> None:
        done = run(
            sys.executable, "-m", "nn", "run", "neuron", "--out", str(tmp_path), cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "neuron.svg").exists()
        assert "neuron" in done.stdout

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["mons"], "there is nothing called 'mons'; did you mean 'moons'?"),
            (["xyzzy"], "python -m nn list shows what there is"),
            (["moons", "--quick"], "moons has no --quick"),
            (["neuron", "--quick"], "neuron has no --quick"),
        ],
    )
    def test_a_wrong_name_ends_in_one_line(
        self, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["run", *words])
        assert ended.value.code == 2
        assert message in capsys.readouterr().err
