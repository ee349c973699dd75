"""What the benchmarks print, and who is reported as absent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import environment, report
from benchmarks.__main__ import main
from benchmarks.measure import Result
from benchmarks.peer import ORDER, Line, load
from benchmarks.problems import MLP, TITLES, WORKLOADS
from benchmarks.targets import TARGETS, compared_with

ROOT = Path(__file__).parents[2]


def _result(title: str, *samples: float, numpy_products: bool = False) -> Result:
    peer, _, way = title.partition(", ")
    line = Line(peer, way, MLP, lambda _: None, numpy_products)  # type: ignore[arg-type, return-value]
    return Result(line, samples=list(samples))


def test_a_peer_that_is_not_installed_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "benchmarks.peers.pytorch", raising=False)
    here, absent = load(["numpy_by_hand", "pytorch"])
    assert [peer.name for peer in here] == ["NumPy by hand"]
    assert "torch" in absent["pytorch"]
    text = report.header({"CPU": "a CPU"}, absent)
    assert "- CPU: a CPU" in text
    assert "- absent: pytorch (import of torch halted" in text


def test_a_table_has_medians_ratios_and_verdicts() -> None:
    results = [
        _result("PyTorch", 90e-6, 100e-6, 150e-6),
        _result("glassgrad", 39e-6, 40e-6, 60e-6),
        _result("glassgrad compiled", 20e-6),
    ]
    text = report.table("small-8", results, native=True)
    ours, compiled = text.splitlines()[-2:]
    assert "÷ PyTorch" in text
    assert "÷ JAX" not in text
    assert "| glassgrad | 40 µs | 39 µs – 60 µs | 0.40 |" in ours
    assert ours.endswith("| ≤ 0.40 of PyTorch: met |")
    assert "≤ 0.15 of PyTorch: **missed**; ≤ 1.00 of JAX: not measured" in compiled


def test_a_target_without_a_line_is_listed_below_the_table() -> None:
    text = report.table("chain", [_result("PyTorch", 1.0), _result("glassgrad", 0.05)], native=True)
    assert "≤ 0.10 of PyTorch: met" in text
    assert text.endswith("\n\n- glassgrad compiled ≤ 1/40 of PyTorch: not measured\n")


def test_ratios_are_taken_within_each_round() -> None:
    # The machine slowed down between the first round and the second.
    ours, theirs = [1.0, 10.0, 10.0], [2.0, 20.0, 2.0]
    assert report.compared(ours, theirs) == 0.5
    assert report.compared(ours[:2], theirs) == 0.5
    assert report.compared(ours, None) is None


def test_bounds_follow_the_kernels() -> None:
    results = [_result("PyTorch", 1.0), _result("glassgrad", 0.7)]
    verdicts = {
        native: report.verdicts("mlp-64", results, native=native)[0] for native in (True, False)
    }
    assert (verdicts[True]["bound"], verdicts[True]["met"]) == (0.55, False)
    assert (verdicts[False]["bound"], verdicts[False]["met"]) == (0.80, True)


def test_a_bound_out_of_reach_is_told_from_one_that_was_missed() -> None:
    results = [_result("PyTorch", 1.0), _result("glassgrad", 0.9)]
    assert "≤ 0.55 of PyTorch: **missed** |" in report.table("mlp-64", results, native=True)
    results.insert(0, _result("NumPy by hand", 0.76))
    text = report.table("mlp-64", results, native=True)
    assert "≤ 0.55 of PyTorch: **missed** (NumPy by hand: 0.76) |" in text


def test_bare_products_are_taken_off_on_both_sides() -> None:
    results = [
        _result("NumPy by hand, bare products", 2.0, numpy_products=True),
        _result("PyTorch", 10.0),
        _result("PyTorch, bare products", 4.0),
        _result("JAX", 5.0),
        _result("glassgrad", 5.0, numpy_products=True),
    ]
    net = [report.net_of_products(result, results) for result in results]
    assert net == [None, [6.0], None, None, [3.0]]
    text = report.table("mlp-64", results, native=True)
    row = next(line for line in text.splitlines() if line.startswith("| glassgrad |"))
    assert "| 0.50 | 1.00 | 0.50 |" in row


def test_a_failure_is_reported_as_what_happened() -> None:
    failed = _result("micrograd")
    failed.failure = "RecursionError: too deep"
    results = [_result("PyTorch", 1.0), failed]
    assert "| micrograd | – | – | – | RecursionError: too deep |" in report.table(
        "chain", results, native=True
    )


def test_other_work_is_marked() -> None:
    other = _result("PyTorch", 1.0)
    other.distances, other.agrees = {"loss": 0.0, "gradient": 0.25}, False
    assert "**differs** (gradient by 2.5e-01)" in report.table("wide", [other], native=True)


@pytest.mark.parametrize(
    ("seconds", "text"), [(2.1e-6, "2.1 µs"), (0.00122, "1.22 ms"), (4.1, "4 100 ms")]
)
def test_durations(seconds: float, text: str) -> None:
    assert report.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.4, "0.40"), (0.025, "1/40"), (1 / 1341, "1/1 341"), (57.6, "58")]
)
def test_ratios(value: float, text: str) -> None:
    assert report.ratio(value) == text


def test_every_target_is_of_a_workload_and_in_its_columns() -> None:
    assert set(TITLES) == set(WORKLOADS) >= set(TARGETS)
    for workload, targets in TARGETS.items():
        assert {target.against for target in targets} <= set(compared_with(workload))


def test_the_environment_pins_threads_and_drops_the_core_type() -> None:
    found = {"OPENBLAS_CORETYPE": "Haswell", "XLA_FLAGS": "--a", "HOME": "/h"}
    kept = environment.pinned(found, 2, native=False, tuned_malloc=False)
    assert kept["OPENBLAS_CORETYPE"] == "Haswell"
    assert kept["OPENBLAS_NUM_THREADS"] == kept["OMP_NUM_THREADS"] == "2"
    assert kept["XLA_FLAGS"].startswith("--a --xla")
    assert "MALLOC_TRIM_THRESHOLD_" not in kept
    native = environment.pinned(found, 1, native=True, tuned_malloc=True)
    assert "OPENBLAS_CORETYPE" not in native
    assert "MALLOC_TRIM_THRESHOLD_" in native
    assert found["OPENBLAS_CORETYPE"] == "Haswell"


def test_wrong_options_end_in_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["smal-8"])
    assert "no workload is named 'smal-8'; there are moons, chain" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--rounds", "0"])
    assert "--rounds and --threads take a number from 1 on" in capsys.readouterr().err


def test_the_command_line_end_to_end(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "small-8", "--rounds", "2"]
    command += ["--peers", "numpy_by_hand", "glassgrad", "--json", str(figures), "--native"]
    environ = {**os.environ, "OPENBLAS_CORETYPE": "Haswell"}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, encoding="utf-8", check=True
    )
    assert "- OPENBLAS_CORETYPE: not set (native)" in done.stdout
    assert "- threads: 1" in done.stdout
    assert "### small-8: tanh(x*y+x).sum()" in done.stdout
    data = json.loads(figures.read_text("utf-8"))
    lines = data["workloads"]["small-8"]["lines"]
    assert [line["line"] for line in lines] == ["NumPy by hand", "glassgrad"]
    assert all(line["agrees"] and len(line["samples"]) == 2 for line in lines)


def test_all_adapters_are_listed() -> None:
    files = {path.stem for path in (ROOT / "benchmarks" / "peers").glob("*.py")}
    assert files - {"__init__"} == set(ORDER)
