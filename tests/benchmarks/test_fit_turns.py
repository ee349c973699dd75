"""`nn.fit` beside the loop by hand: both do the same, and the command hands its arguments on."""

from __future__ import annotations

import subprocess

import pytest

import nn
from benchmarks.__main__ import main
from benchmarks.fitting import command
from benchmarks.fitting.rows import ROWS, Row
from benchmarks.fitting.turns import turns


@pytest.mark.parametrize("accuracy", [False, True])
def test_fit_and_the_loop_come_to_the_same_loss(
    accuracy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With all that other tests have left, it takes half a second each time.
    monkeypatch.setattr("benchmarks.fitting.turns.gc.collect", lambda: 0)
    data = nn.data.make_moons(96, rng=0)
    times = turns(Row("small", lambda: data, (2, 4, 2), 32, accuracy, 1.0), 4)
    assert len(times.fit) == len(times.hand) == 4
    assert times.losses[0] == times.losses[1] > 0
    assert min(*times.fit, *times.hand) >= 0


def test_the_command_hands_its_arguments_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(command.environment, "is_pinned", lambda: False)
    monkeypatch.setattr(subprocess, "call", lambda given, env: started.append(given) or 0)
    assert main(["fit", "--rounds", "6"]) == 0
    assert started[0][1:] == ["-m", "benchmarks", "fit", "--rounds", "6"]
    with pytest.raises(SystemExit):
        main(["fit", "--rounds", "5"])
    assert "--rounds takes a number from 6 on" in capsys.readouterr().err
    assert {row.accuracy for row in ROWS} == {True, False}
