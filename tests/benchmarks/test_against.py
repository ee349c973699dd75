"""Two checkouts beside each other: the intervals, who takes turns with whom, the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import against, environment
from benchmarks.against import Comparison
from benchmarks.ratios import FEWEST_ROUNDS, interval, of_a_turn
from benchmarks.worker import HERE, Worker, WorkerError

ROW = ("small-8", "glassgrad", "glassgrad")


def test_a_steady_drift_cancels_in_a_turn() -> None:
    drift = [1.0, 1.3, 1.3**2, 1.3**3]
    ours, theirs = 2.0, 1.6
    taken = [side * d for side, d in zip((ours, theirs, theirs, ours), drift, strict=True)]
    assert of_a_turn(*taken) == pytest.approx(1.25)


@pytest.mark.parametrize("rounds", [6, 7, 8, 12])
@pytest.mark.parametrize("law", ["normal", "heavy tails"])
def test_the_interval_holds_the_truth_as_often_as_it_says(rounds: int, law: str) -> None:
    rng = np.random.default_rng(rounds)
    held = 0
    for _ in range(60):
        noise = rng.normal(size=rounds) if law == "normal" else rng.standard_t(2, size=rounds)
        low, high = interval([[value] for value in np.exp(0.03 * noise)])[1:]
        held += low <= 1 <= high
    assert held >= 54


def test_the_interval_narrows_around_what_is_there() -> None:
    rng = np.random.default_rng(0)
    widths = []
    for rounds in (8, 200):
        ratio, low, high = interval(1.1 * np.exp(rng.normal(0, 0.03, (rounds, 3))))
        assert low <= 1.1 <= high
        assert low <= ratio <= high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_one_disturbed_turn_in_each_round_changes_little() -> None:
    assert interval([[1.0, 1.0, 5.0]] * 8) == (1.0, 1.0, 1.0)


def test_too_few_rounds_are_refused() -> None:
    with pytest.raises(ValueError, match=f"takes {FEWEST_ROUNDS}"):
        interval([[1.0]] * (FEWEST_ROUNDS - 1))


class _Fake:
    """A process whose steps take the time that its engine's name says."""

    log: ClassVar[list[str]] = []

    def __init__(self, engine: Path) -> None:
        self.ours = engine == HERE
        self.name = "ours" if self.ours else engine.name

    def ask(self, **request: Any) -> Any:
        if request["do"] == "make":
            if self.name == "broken":
                raise WorkerError("it cannot")
            return 1.0 if self.name == "other work" else 0.5
        if request["do"] == "plan":
            return 7
        assert request == {"do": "time", "steps": 7}
        _Fake.log.append(self.name)
        return 1.2 if self.ours else {"faster": 1.0, "slower": 1.5}.get(self.name, 1.2)

    def __enter__(self) -> _Fake:
        return self

    def __exit__(self, *_: object) -> None:
        _Fake.log.append(f"end of {self.name}")


def _compared(other: str) -> Comparison:
    _Fake.log.clear()
    row = Comparison(*ROW)
    against.measure([row], Path(other), 6, 2, start=_Fake)
    return row


def test_fresh_processes_take_turns_in_each_round() -> None:
    _compared("there")
    turn = ["ours", "there", "there", "ours"]
    assert _Fake.log == (turn * 2 + ["end of there", "end of ours"]) * 6


@pytest.mark.parametrize(
    ("other", "ratio", "said"),
    [("faster", 1.2, "**slower**"), ("there", 1.0, "| |"), ("slower", 0.8, "faster")],
)
def test_the_verdict(other: str, ratio: float, said: str) -> None:
    row = _compared(other)
    assert row.interval.ratio == pytest.approx(ratio)
    assert row.slower == (ratio > against.ALLOWED)
    assert said in against.table([row]).splitlines()[-1].replace("|  |", "| |")
    data = against.as_data([row])["small-8: glassgrad"]
    assert data["interval"]["low"] == pytest.approx(ratio)
    assert np.shape(data["rounds"]) == (6, 2, 4)


@pytest.mark.parametrize("other", ["broken", "other work"])
def test_what_cannot_be_compared_says_why(other: str) -> None:
    row = _compared(other)
    assert row.failure is not None
    assert not row.slower
    assert row.failure in against.table([row])


def test_all_lines_of_the_engine_take_part() -> None:
    titles = [row.title for row in against.comparisons(against.HOT)]
    assert titles == [
        "moons: glassgrad",
        "moons: glassgrad, single operators",
        "chain: glassgrad",
        "small-8: glassgrad",
        "small-8: glassgrad compiled",
        "mlp-64: glassgrad",
        "mlp-64: glassgrad compiled",
    ]


def test_a_real_process_steps_the_engine_it_was_given() -> None:
    with Worker(HERE) as worker:
        workload, peer, line = ROW
        loss = worker.ask(do="make", workload=workload, peer=peer, line=line)
        assert np.isfinite(loss)
        assert worker.ask(do="time", steps=2) > 0
        with pytest.raises(WorkerError, match="KeyError"):
            worker.ask(do="make", workload="none such", peer=peer, line=line)


def test_an_engine_that_cannot_be_imported_is_told(tmp_path: Path) -> None:
    for package in ("autodiff", "nn"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise OSError('half a checkout')\n")
    with Worker(tmp_path) as worker, pytest.raises(WorkerError, match="half a checkout"):
        worker.ask(do="plan")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--against", "/nowhere"], "has no autodiff/"),
        (["--against", str(HERE), "--rounds", "5"], "from 6 on"),
        (["--against", str(HERE), "--peers", "pytorch"], "not pytorch"),
        (["--against", str(HERE), "none-such"], "no workload is named"),
    ],
)
def test_the_command_refuses(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("other", "status"), [("faster", 1), ("there", 0), ("broken", 1)])
def test_the_exit_status(
    other: str,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures = _compared(other).rounds

    def measure(rows: list[Comparison], path: Path, rounds: int, **_: Any) -> None:
        assert (path, rounds) == (HERE, against.ROUNDS)
        assert [row.workload for row in rows] == ["small-8"]
        for row in rows:
            row.rounds = figures
            row.failure = "it cannot" if other == "broken" else None

    monkeypatch.setattr(environment, "is_pinned", lambda: True)
    monkeypatch.setattr(against, "measure", measure)
    out = tmp_path / "figures.json"
    arguments = ["small-8", "--against", str(HERE), "--peers", "glassgrad", "--json", str(out)]
    assert command.main(arguments) == status
    assert "here ÷ there" in capsys.readouterr().out
    assert '"small-8: glassgrad"' in out.read_text("utf-8")
