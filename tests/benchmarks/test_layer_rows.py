"""The table of layers: its rows, its lines, its summary, and how it judges."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

import nn
from benchmarks.__main__ import main
from benchmarks.layers import command, table
from benchmarks.layers.row import Indices, Row, chosen, families, row
from benchmarks.measure import Result, measure
from benchmarks.peer import Line

ROWS = [row for rows in families().values() for row in rows]


def _measured(layer: Row, theirs: list[float], eager: list[float]) -> table.Measured:
    samples = {"PyTorch": theirs, "eager": eager, "compiled": theirs}
    return table.Measured(
        layer,
        [
            Result(Line(name, "", Row, lambda _: None, True), samples=times)  # type: ignore[arg-type, return-value]
            for name, times in samples.items()
        ],
    )


def test_every_row_is_a_layer_of_its_own() -> None:
    assert len({r.title for r in ROWS}) == len(ROWS) > 0
    for r in ROWS:
        assert isinstance(r.make(nn), nn.Module), r.title
        assert [x.shape for x in r.arrays] == [
            x.shape if isinstance(x, Indices) else x for x in r.inputs
        ]


def test_rows_are_chosen_by_family_or_layer() -> None:
    assert {r.layer for r in chosen(["linear_maps"])["linear_maps"]} >= {"Linear"}
    assert {r.layer for rows in chosen(["ReLU"]).values() for r in rows} == {"ReLU"}
    assert chosen([]) == families()
    with pytest.raises(ValueError, match=r"no family and no layer here is named 'Rely'; .*ReLU"):
        chosen(["Rely"])


def test_a_line_has_ratios_and_what_is_above_its_bound() -> None:
    slow = _measured(row("ReLU", x=(2, 3)), [1e-5] * 6, [4e-5] * 6)
    assert slow.row.title == "ReLU() on 2×3"
    assert "| 10 µs | 40 µs | **4.00** (4.00 – 4.00) | 10 µs | 1.00 (" in table.line(slow)
    fast = _measured(row("Linear", 3, 4, x=(2, 3), bias=False), [1e-5] * 6, [1e-5] * 6)
    eager, compiled = table.summary([fast, slow]).splitlines()
    assert eager.startswith("- eager: 1 of 2 above their bound; slowest: ReLU() on 2×3 4.00; Lin")
    assert "Linear(3, 4, bias=False) on 2×3 1.00" in eager
    assert compiled.startswith("- compiled: 0 of 2 above")


def test_other_results_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    from benchmarks.layers.ways import COMPILED, EAGER, PYTORCH

    layer = row("Linear", 3, 4, x=(2, 3))
    lines = [PYTORCH, EAGER, COMPILED]
    right = table.Measured(layer, measure(layer, lines, 0))
    assert right.failures == []

    class Wrong(nn.Linear):
        def forward(self, x: Any) -> Any:
            return super().forward(x) * 1.01

    monkeypatch.setattr(nn, "Linear", Wrong)
    wrong = table.Measured(layer, measure(layer, lines, 0))
    assert [said.partition(" ")[0] for said in wrong.failures] == ["eager", "compiled"]
    assert "**eager differs (" in table.line(wrong)
    assert "2 failed" not in table.summary([right, wrong])
    assert table.summary([right, wrong]).endswith("- 1 failed or differ: Linear(3, 4) on 2×3\n")


def test_the_command_hands_its_arguments_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(command.environment, "is_pinned", lambda: False)
    monkeypatch.setattr(subprocess, "call", lambda given, env: started.append(given) or 0)
    assert main(["layers", "ReLU", "--rounds", "6"]) == 0
    assert started[0][1:] == ["-m", "benchmarks", "layers", "ReLU", "--rounds", "6"]
    with pytest.raises(SystemExit):
        main(["layers", "Rely"])
    assert "no family and no layer here is named 'Rely'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["layers", "--rounds", "5"])
    assert "--rounds takes a number from 6 on" in capsys.readouterr().err
