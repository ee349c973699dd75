"""The options of ``python -m nn``: what they do, how help explains them, how errors do."""

from __future__ import annotations

import re
import shlex
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.jobs import main
from nn.jobs.bench import Bench
from nn.jobs.commands.train import job_plan
from nn.jobs.flags import chosen
from nn.jobs.main import build_parser
from nn.jobs.options import ACTIVATIONS
from nn.jobs.pictures import neuron_picture
from nn.jobs.plan import Plan
from nn.jobs.registry import JOBS
from nn.jobs.results import NAMES as FILES
from nn.jobs.training import train

pytest.importorskip("sklearn")

SMALL = ["--hidden", "16", "8", "--epochs", "2", "--seed", "3"]
JOB = ["train", "digits"]


def plan_of(*words: str, **given: Any) -> Plan:
    """What the job does with some words of the command line, or some options."""
    return job_plan(
        "digits", JOBS["digits"], {**chosen(build_parser().parse_args([*JOB, *words])), **given}
    )


def complaint(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line with which wrong options end, and nothing else."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1, err
    return err.rstrip()


class TestOptions:
    def test_a_dry_run_writes_nothing(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main([*JOB, *SMALL, "--dry-run", "--out", str(tmp_path / "new")]) == 0
        assert list(tmp_path.iterdir()) == []
        out = capsys.readouterr().out
        losses = re.search(r"One step on 64 images: loss ([\d.]+) → ([\d.]+)\.\n", out)
        assert losses is not None
        assert float(losses[2]) < float(losses[1])
        assert "Gradient check: " in out
        assert "nothing was written" in out
        assert all(name in out for name in FILES)

    @pytest.mark.parametrize("optimizer", ["sgd", "adam"])
    def test_other_optimizers_learn(self, optimizer: str, tmp_path: Path) -> None:
        bench = Bench.build(plan_of(*SMALL, "--optimizer", optimizer))
        train(bench, tmp_path, resume=False, show=False)
        assert bench.figures["accuracy"] > 0.25
        assert bench.options.lr == (0.1 if optimizer == "sgd" else 0.003)

    @pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
    def test_every_activation_can_be_drawn_and_measured(self, activation: str) -> None:
        bench = Bench.build(
            plan_of(hidden=(6,), activation=activation, batch_norm=False, dropout=0.0, seed=1)
        )
        drawn = neuron_picture(bench.network, bench.x_test[0], (), "an image of a 4")
        ElementTree.fromstring(drawn.svg)
        assert "an image of a 4" in drawn.text
        assert "normalisation" not in drawn.text
        assert [layer.name for layer in bench.probe().layers] == ["hidden1", "output"]

    def test_names_may_be_written_with_hyphens(self) -> None:
        plan = plan_of("--init", "Xavier-Normal", "--activation", "leaky-relu", "--no-batch-norm")
        assert (plan.options.init, plan.options.activation) == ("xavier_normal", "leaky_relu")
        assert "--no-batch-norm" in plan.command()

    def test_the_seed_decides_everything(self) -> None:
        one, same, other = (Bench.build(plan_of(hidden=(4,), seed=seed)) for seed in (1, 1, 2))
        assert np.array_equal(one.x_test, same.x_test)
        assert not np.array_equal(one.y_test, other.y_test)
        weights = [next(bench.network.parameters()).data for bench in (one, same, other)]
        assert np.array_equal(weights[0], weights[1])
        assert not np.array_equal(weights[0], weights[2])
        batches = [next(iter(bench.loader))[1] for bench in (one, same, other)]
        assert np.array_equal(batches[0], batches[1])

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            (["--lr", "-1"], "--lr: expected a number above 0, not -1"),
            (["--lr", "nan"], "--lr: expected a number above 0, not nan"),
            (["--lr", "fast"], "--lr: expected a number above 0, not 'fast'"),
            (["--hidden", "0"], "--hidden: expected a whole number from 1 to 4096, not '0'"),
            (["--hidden", "8", "x"], "--hidden: expected a whole number from 1 to 4096, not 'x'"),
            (["--hidden"], "--hidden: expected at least one argument"),
            (["--epochs", "1.5"], "--epochs: expected a whole number from 1 to 100000, not '1.5'"),
            (["--batch-size", "1"], "--batch-size: expected a whole number from 2 to 100000"),
            (["--lr", "autom"], "--lr: expected a number above 0, not 'autom'"),
            (["--model", "cn"], "'cn' is not known; did you mean 'cnn'?"),
            (["--resume", "--restart"], "--restart: not allowed with argument --resume"),
            (["--seed", "-1"], "--seed: expected a whole number from 0 to 4294967295, not '-1'"),
            (["--dropout", "1"], "--dropout: expected a number from 0 to below 1, not 1"),
            (["--weight-decay", "-0.1"], "--weight-decay: expected a number from 0 up, not -0.1"),
            (["--activation", "rely"], "'rely' is not known; did you mean 'relu'?"),
            (["--activation", "foo"], "'foo' is not known; choose one of relu, tanh, sigmoid"),
            (["--init", "he-norml"], "'he-norml' is not known; did you mean 'he_normal'?"),
            (["--optimizer", "adan"], "'adan' is not known; did you mean 'adam'?"),
            (["--epoch", "3"], "there is no option --epoch; did you mean '--epochs'?"),
            (["--zzz=1"], "there is no option --zzz; see python -m nn train digits --help"),
            (["seven"], "'seven' was not expected here; see python -m nn train digits --help"),
            (["--activation", "a\nb"], "--activation: 'a\\nb' is not known"),
        ],
    )
    def test_a_wrong_option_ends_in_one_line(
        self, words: list[str], expected: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        line = complaint(capsys, *JOB, *words)
        assert line.startswith("python -m nn train digits: ")
        assert expected in line

    @pytest.mark.parametrize(
        ("words", "line"),
        [
            (["trian"], "python -m nn: there is no command 'trian'; did you mean 'train'?"),
            (["fly"], "python -m nn: there is no command 'fly'; choose one of list, run, train,"
             " predict"),
            (["train", "digit"], "python -m nn train: there is no job 'digit'; did you mean"
             " 'digits'?"),
            (["--vers"], "python -m nn: there is no option --vers; did you mean '--version'?"),
        ],
    )  # fmt: skip
    def test_a_wrong_command_ends_in_one_line(
        self, words: list[str], line: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert complaint(capsys, *words) == line


class TestHelp:
    def help(self, capsys: pytest.CaptureFixture[str], *words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main([*words, "--help"])
        assert ended.value.code == 0
        return capsys.readouterr().out

    def test_of_the_job_says_what_a_newcomer_asks(self, capsys: pytest.CaptureFixture[str]) -> None:
        text = " ".join(self.help(capsys, *JOB).split())
        assert "nothing is downloaded" in text
        assert "python -m nn train digits --dry-run" in text
        for name in (*FILES, *ACTIVATIONS, "he_normal", "adamw"):
            assert name in text, name
        for words in ("default: 256 128", "default: relu", "default: runs/digits"):
            assert words in text, words

    def test_every_example_is_right(self, capsys: pytest.CaptureFixture[str]) -> None:
        lines = self.help(capsys, *JOB).splitlines()
        examples = [line.strip() for line in lines if line.startswith("  python -m nn")]
        assert len(examples) >= 4
        for example in examples:
            plan = plan_of(*shlex.split(example)[5:])
            assert plan.command().startswith("python -m nn train digits")

    def test_every_option_has_a_default_or_is_a_switch(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = self.help(capsys, *JOB)
        listed = text[text.index("the network:") : text.index("examples:")]
        options = re.split(r"\n  (?=--)", listed)[1:]
        assert len(options) == 21
        without = [option.split()[0] for option in options if "default:" not in option]
        assert without == ["--resume", "--restart", "--dry-run", "--quiet"]

    @pytest.mark.parametrize(("words", "expected"), [([], "predict"), (["train"], "--target")])
    def test_of_the_program_leads_on(
        self, words: list[str], expected: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = self.help(capsys, *words)
        assert expected in text
        assert "python -m nn train digits" in text
        assert main(words) == 0
        assert capsys.readouterr().out == text
