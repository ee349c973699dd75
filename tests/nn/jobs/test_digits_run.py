"""``python -m nn train digits`` from end to end: its files, and how it fails."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

import nn
from nn.inspect import GradientCheck
from nn.jobs import main
from nn.jobs.bench import Bench
from nn.jobs.commands.train import job_plan
from nn.jobs.flags import chosen
from nn.jobs.main import build_parser
from nn.jobs.plan import Plan
from nn.jobs.registry import JOBS
from nn.jobs.results import NAMES as FILES
from tests.checkout import run
from tests.import_contracts import ROOT
from tests.nn.test_report import Page, assert_self_contained

pytest.importorskip("sklearn")

SMALL = ["--hidden", "16", "8", "--epochs", "2", "--seed", "3"]
JOB = ["train", "digits"]


def plan_of(**given: Any) -> Plan:
    """What the job does with some options."""
    return job_plan("digits", JOBS["digits"], given)


@dataclass(frozen=True)
class Finished:
    """A run that has ended."""

    folder: Path
    out: str
    err: str
    history: dict[str, Any]

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


class Terminal(io.StringIO):
    """A stream that is read by a person."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("runs") / "new" / "digits"
    out, err = io.StringIO(), Terminal()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        assert main([*JOB, *SMALL, "--out", str(folder)]) == 0
    history = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    return Finished(folder, out.getvalue(), err.getvalue(), history)


class TestResults:
    def test_exactly_the_promised_files_are_there(self, finished: Finished) -> None:
        assert {path.name for path in finished.folder.iterdir()} == set(FILES)

    def test_history_has_the_accuracy_at_the_top(self, finished: Finished) -> None:
        history = finished.history
        assert next(iter(history)) == "test_accuracy"
        assert history["test_accuracy"] == history["epochs"][-1]["test_accuracy"]
        assert [epoch["epoch"] for epoch in history["epochs"]] == [1, 2]
        assert history["epochs"][1]["train_loss"] < history["epochs"][0]["train_loss"]
        assert history["epochs"][-1]["lr_at_end"] == pytest.approx(0.0, abs=1e-12)
        assert history["seed"] == 3
        assert history["interrupted"] is False
        assert history["options"]["hidden"] == [16, 8]

    def test_confusion_agrees_with_the_accuracy(self, finished: Finished) -> None:
        confusion = np.array(finished.history["confusion"])
        tested = finished.history["samples"]["test"]
        assert confusion.sum() == tested
        assert np.trace(confusion) / tested == pytest.approx(finished.history["test_accuracy"])

    def test_gradients_were_checked(self, finished: Finished) -> None:
        check = finished.history["gradient_check"]
        assert check["passed"] is True
        assert check["parameters"] == finished.history["parameters"] == 1290
        assert 0 < check["largest_relative_error"] < 1e-4
        assert "Gradient check: " in finished.out
        assert "1,290" in next(line for line in finished.out.splitlines() if "Gradient" in line)

    def test_weights_give_the_accuracy_again(self, finished: Finished) -> None:
        bench = Bench.build(plan_of(hidden=(16, 8), seed=3))
        before = nn.evaluate(bench.network, bench.loss, (bench.x_test, bench.y_test))
        notes = nn.load(bench.network, finished.folder / "model.safetensors")
        after = nn.evaluate(
            bench.network,
            bench.loss,
            (bench.x_test, bench.y_test),
            metrics=["accuracy"],
        )
        assert after["accuracy"] == finished.history["test_accuracy"]
        assert after["loss"] == pytest.approx(finished.history["test_loss"])
        assert after["loss"] < before["loss"]
        assert float(notes["mean"]) == bench.scaling.mean
        assert float(notes["scale"]) == bench.scaling.scale

    def test_weights_are_readable_by_others(self, finished: Finished) -> None:
        arrays = safetensors.numpy.load_file(finished.folder / "model.safetensors")
        assert arrays["hidden1.linear.weight"].shape == (16, 64)
        assert arrays["output.bias"].dtype == np.float32

    def test_the_graph_has_a_frame_for_each_module(self, finished: Finished) -> None:
        text = finished.read("graph.svg")
        ElementTree.fromstring(text)
        for name in ("hidden1", "hidden2", "output", "BatchNorm1d(16)", "Linear(8, 10)"):
            assert name in text, name
        assert "mask" in text

    def test_the_neuron_shows_its_numbers(self, finished: Finished) -> None:
        text = finished.read("neuron.svg")
        ElementTree.fromstring(text)
        assert "rest" in text
        assert "∂a/∂z" in text

    def test_the_report_is_complete_and_offline(self, finished: Finished) -> None:
        text = finished.read("report.html")
        assert_self_contained(text)
        page = Page(text)
        wrong = round((1 - finished.history["test_accuracy"]) * 359)
        assert f"{wrong} of 359 test images were misread" in page.text
        assert len([i for i in page.all("img") if "taken for" in (i["alt"] or "")]) == min(
            wrong, 24
        )
        assert {"Filters", "Saliency"} <= {d.get("aria-label") for d in page.all("div")}
        assert "Gradients over time" in page.text
        for name in ("graph.svg", "neuron.svg"):
            drawn = re.search(r'<svg [^>]*id="(\w+)"', finished.read(name))
            assert drawn is not None
            assert drawn[1] in {svg.get("id") for svg in page.all("svg")}
        for row in ("--hidden", "--seed", "--label-smoothing"):
            assert row in page.text
        assert "Correct. All 1,290 parameters" in page.text

    def test_the_command_makes_the_same_run(self, finished: Finished) -> None:
        command = finished.history["command"]
        assert command in Page(finished.read("report.html")).text
        words = shlex.split(command)
        assert words[:3] == ["python", "-m", "nn"]
        options = plan_of(**chosen(build_parser().parse_args(words[3:]))).options
        assert options == plan_of(hidden=(16, 8), epochs=2, seed=3).options

    def test_the_summary_says_where_to_look(self, finished: Finished) -> None:
        last = finished.out.splitlines()[-3:]
        assert re.match(r"Test accuracy: \d+\.\d % \(\d+ of 359 images", last[0])
        assert str(finished.folder) in last[1]
        assert "report.html" in last[2]
        assert "browser" in last[2]

    def test_a_bar_is_shown_on_a_terminal(self, finished: Finished) -> None:
        assert "epoch 2/2, test accuracy" in finished.err

    def test_same_seed_same_bytes(self, finished: Finished, tmp_path: Path) -> None:
        done = run(
            sys.executable, "-m", "nn", *JOB, *SMALL, "--quiet", "--out", str(tmp_path / "x"),
            cwd=tmp_path, PYTHONHASHSEED="1",
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        for name in FILES:
            again = (tmp_path / "x" / name).read_bytes()
            assert again == (finished.folder / name).read_bytes(), name


class TestDefaults:
    def test_read_98_of_100_digits(self, tmp_path: Path) -> None:
        assert main([*JOB, "--quiet", "--out", str(tmp_path)]) == 0
        history = json.loads((tmp_path / "history.json").read_text(encoding="utf-8"))
        assert history["test_accuracy"] >= 0.98
        assert history["gradient_check"]["passed"]
        assert all(flow["healthy"] for flow in history["layers"].values())


class TestFailures:
    def failure(self, capsys: pytest.CaptureFixture[str], status: int, *words: str) -> str:
        assert main([*JOB, *SMALL, "--quiet", *words]) == status
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1, err
        assert err.startswith("python -m nn train digits: ")
        return err

    def test_without_scikit_learn(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
        err = self.failure(capsys, 1, "--out", str(tmp_path / "x"))
        assert "pip install 'glassgrad[data]'" in err

    # An epoch that has come to its end is finished before Ctrl-C takes effect.
    @pytest.mark.parametrize(("event", "finished"), [("on_epoch", 1), ("on_step", 0)])
    def test_ctrl_c_keeps_what_there_is(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        event: str,
        finished: int,
    ) -> None:
        def interrupt(progress: Any, at: Any) -> None:
            if at.epoch == finished + (event == "on_step"):
                signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(f"nn.jobs.progress.Progress.{event}", interrupt)
        out = tmp_path / "x"
        err = self.failure(capsys, 130, "--out", str(out))
        assert f"interrupted after {finished} of 2 epochs; the results so far are in {out}" in err
        assert {path.name for path in out.iterdir()} == {*FILES, "checkpoints"}
        history = json.loads((out / "history.json").read_text(encoding="utf-8"))
        assert history["interrupted"] is True
        assert len(history["epochs"]) == finished
        bench = Bench.build(plan_of(hidden=(16, 8), seed=3))
        nn.load(bench.network, out / "model.safetensors")
        data = bench.x_test, bench.y_test
        figures = nn.evaluate(bench.network, bench.loss, data, metrics=["accuracy"])
        assert figures["accuracy"] == history["test_accuracy"]
        page = Page((out / "report.html").read_text(encoding="utf-8"))
        assert f"interrupted after {finished} of 2 epochs" in page.text
        assert "byte for byte" not in page.text

    def test_ctrl_c_after_the_training_keeps_the_weights(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(
            "nn.jobs.performing.check_gradients", lambda *_: signal.raise_signal(signal.SIGINT)
        )
        err = self.failure(capsys, 130, "--epochs", "1", "--out", str(tmp_path))
        assert "the weights are in" in err
        assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]

    def test_ctrl_c_before_the_training_leaves_nothing_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(
            "nn.jobs.performing.train", lambda *_, **__: signal.raise_signal(signal.SIGINT)
        )
        err = self.failure(capsys, 130, "--out", str(tmp_path / "x"))
        assert err == "python -m nn train digits: interrupted; nothing was written\n"
        assert list(tmp_path.iterdir()) == []

    def test_a_network_that_learnt_nothing_is_said_to_and_no_bar_is_written_to_a_log(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ["--hidden", "4", "--epochs", "1", "--lr", "1e-12", "--out", str(tmp_path)]
        assert main([*JOB, *words]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert re.search(
            r"It is not surely better than guessing: .* is right for 10\.\d %\. Try another --lr "
            r"\(it was 1e-12\)",
            out,
        )

    def test_ctrl_c_while_files_are_written_waits(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from nn.jobs import folder

        write = folder.write_atomically

        def interrupted(path: Path, content: bytes) -> None:
            if path.name == "a":
                signal.raise_signal(signal.SIGINT)
            write(path, content)

        monkeypatch.setattr(folder, "write_atomically", interrupted)
        folder.fill_folder(tmp_path, {"a": b"1", "b": b"2"})
        assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a": b"1", "b": b"2"}

    def test_a_learning_rate_that_is_too_large(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ["--optimizer", "sgd", "--lr", "1e30", "--out", str(tmp_path)]
        err = self.failure(capsys, 1, *words)
        assert re.search(r"the loss became \S+ in epoch 1, step \d+; try a smaller learning", err)
        assert list(tmp_path.iterdir()) == []

    def test_a_file_in_the_place_of_the_folder(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").write_text("mine", encoding="utf-8")
        err = self.failure(capsys, 1, "--out", str(tmp_path / "file" / "digits"))
        assert "is not a folder; choose another with --out" in err
        assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"

    def test_a_folder_that_may_not_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # Permissions do not bind the superuser, as whom tests may run.
        monkeypatch.setattr("os.access", lambda *_: False)
        err = self.failure(capsys, 1, "--out", str(tmp_path))
        assert f"no permission to write to {tmp_path}; choose another with --out" in err

    @pytest.mark.parametrize("call", ["mkdir", "TemporaryFile"])
    def test_a_disk_that_may_only_be_read(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        call: str,
    ) -> None:
        def refuse(*args: Any, **options: Any) -> None:
            raise OSError(30, "Read-only file system")

        where = {"mkdir": "pathlib.Path.mkdir", "TemporaryFile": "tempfile.TemporaryFile"}
        monkeypatch.setattr(where[call], refuse)
        monkeypatch.setattr("nn.jobs.performing.train", lambda *_, **__: 1 / 0)
        err = self.failure(capsys, 1, "--out", str(tmp_path / "new" / "x"))
        assert f"cannot write to {tmp_path / 'new' / 'x'}: Read-only file system; choose" in err
        monkeypatch.undo()
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_in_the_place_of_a_file(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "report.html").mkdir()
        err = self.failure(capsys, 1, "--out", str(tmp_path))
        assert f"cannot write {tmp_path / 'report.html'}: it is a folder" in err

    def test_a_reader_who_leaves_early(self, tmp_path: Path) -> None:
        words = [sys.executable, "-m", "nn", *JOB, *SMALL, "--dry-run", "--out", str(tmp_path)]
        process = subprocess.Popen(
            words,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read()
        process.stderr.close()
        assert process.wait() == 1
        assert complaints == b""

    def test_wrong_gradients_are_told_and_end_in_failure(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        found = GradientCheck(False, "wrong", 7, 3, 0.5, 8, ("w[0]: analytic 1, numeric 2",))
        monkeypatch.setattr("nn.jobs.performing.check_gradients", lambda *_: found)
        assert main([*JOB, *SMALL, "--out", str(tmp_path)]) == 1
        assert "Gradient check: wrong (7 parameters, error 0.5)." in capsys.readouterr().out
        page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
        assert "Wrong. All 7 parameters" in page.text
        assert "w[0]: analytic 1, numeric 2" in page.text
        assert main([*JOB, *SMALL, "--dry-run"]) == 1
