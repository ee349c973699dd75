"""``python -m nn predict``: a trained network on new data."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.io.container import encode
from nn.io.safetensors_reader import read_file
from nn.jobs import main
from nn.jobs.bench import divided
from nn.jobs.kept import NOTE, load_kept
from nn.jobs.materials.reading import read
from nn.jobs.materials.source import Source
from tests.nn.jobs.own_data import houses, idx, insects, picture_folder, strokes, write_table


def trained(folder: Path, path: Path, *words: str) -> Path:
    """The model of a short run."""
    out = folder / "trained"
    settings = ["--epochs", "8", "--lr", "0.01", "--quiet", "--out", str(out)]
    assert main(["train", "--data", str(path), *words, *settings]) == 0
    return out / "model.safetensors"


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("kinds")
    path = insects(folder)
    return trained(folder, path, "--target", "kind"), path


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("prices")
    path = houses(folder, gaps=True)
    return trained(folder, path, "--target", "price", "--missing", "mean"), path


def asked(capsys: pytest.CaptureFixture[str], *words: Any) -> tuple[list[list[str]], str]:
    """The table that is printed, and what is said."""
    assert main(["predict", *map(str, words)]) == 0
    out, err = capsys.readouterr()
    return list(csv.reader(out.splitlines())), err


def _reading(**other: Any) -> dict[str, Any]:
    """How the insects are read, and something else."""
    note = {"kind": "table", "columns": ["length", "width"], "categories": {}, "target": "kind"}
    return {**note, "all": ["length", "width", "kind"], "missing": "error", "manner": {}, **other}


def complaint(capsys: pytest.CaptureFixture[str], *words: Any) -> str:
    assert main(["predict", *map(str, words)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    return err


class TestTables:
    def test_classes_come_with_their_probabilities(
        self, kinds: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        table, said = asked(capsys, *kinds)
        assert table[0] == [
            "sample",
            "kind",
            *(f"probability of {k}" for k in ("ant", "bee", "cat")),
        ]
        assert len(table) == 91
        shares = np.array(table[1:])[:, 2:].astype(float)
        assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
        assert [row[1] for row in table[1:]] == [
            ["ant", "bee", "cat"][k] for k in shares.argmax(axis=1)
        ]
        assert "Accuracy: " in said

    def test_the_figures_of_the_test_part_are_met_again(
        self, kinds: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        model, path = kinds
        history = json.loads((model.parent / "history.json").read_text(encoding="utf-8"))
        material = read(Source(path, "kind"))
        stream = np.random.default_rng(np.random.SeedSequence(0).spawn(4)[0])
        _, tested = divided(material, 0.2, stream)
        table, _ = asked(capsys, model, path)
        right = [table[1 + i][1] == material.classes[material.y[i]] for i in tested]
        assert np.mean(right) == history["test_accuracy"]

    def test_columns_may_come_in_any_order_and_without_the_target(
        self, kinds: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        model, path = kinds
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]
        other = write_table(
            tmp_path / "n.csv", ["width", "x", "length"], [[w, "y", a] for a, w, _ in rows]
        )
        table, said = asked(capsys, model, other)
        assert table == asked(capsys, model, path)[0]
        assert "Not used: x." in said
        assert "Accuracy" not in said

    def test_without_names_the_target_may_be_left_out(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = insects(tmp_path, head=False)
        model = trained(tmp_path, path, "--target", "2")
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        short = write_table(tmp_path / "s.csv", [], [row[:2] for row in rows])
        assert asked(capsys, model, short)[0] == asked(capsys, model.parent, path)[0]

    def test_numbers_are_in_the_units_of_the_target(
        self, prices: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "p.csv"
        assert main(["predict", *map(str, prices), "--out", str(out)]) == 0
        said = capsys.readouterr().out
        table = list(csv.reader(out.read_text(encoding="utf-8").splitlines()))
        assert table[0] == ["sample", "price"]
        assert 200 < np.mean([float(row[1]) for row in table[1:]]) < 900
        assert "In 4 rows 'area' is missing." in said
        assert "R²: " in said
        assert f"120 predictions are in {out}." in said

    @pytest.mark.parametrize(
        ("head", "row", "message"),
        [
            (
                ["rooms", "aria", "town"],
                ["1", "2", "A"],
                "no column 'area', .* did you mean 'aria'",
            ),
            (["rooms", "area", "town"], ["1", "2", "Z"], "'Z'"),
            (["rooms", "area", "town"], ["1", "big", "A"], "'big'"),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self,
        prices: tuple[Path, Path],
        head: list[str],
        row: list[str],
        message: str,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        path = write_table(tmp_path / "n.csv", head, [row, ["1", "2", "A"]])
        assert re.search(message, complaint(capsys, prices[0], path))

    def test_what_is_too_far_is_refused(
        self, prices: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for area, message in (
            ("inf", "is inf in row 1"),
            ("1e90", "no finite number for sample 1"),
        ):
            path = write_table(tmp_path / "n.csv", ["rooms", "area", "town"], [["1", area, "A"]])
            assert message in complaint(capsys, prices[0], path)

    def test_a_gap_is_refused_where_none_was_learnt(
        self, kinds: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = write_table(tmp_path / "n.csv", ["length", "width"], [["1", ""], ["2", "1"]])
        assert "the first is row 1, and the model was trained where none" in complaint(
            capsys, kinds[0], path
        )


class TestImages:
    def test_pictures_are_called_by_their_files(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pytest.importorskip("PIL")
        folder = picture_folder(tmp_path, 24)
        model = trained(tmp_path, folder, "--channels", "2", "3", "--hidden", "4")
        table, said = asked(capsys, model, folder)
        assert table[1][0] == str(Path("lies") / "1.png")
        assert "Accuracy" in said
        table, said = asked(capsys, model, folder / "lies")
        assert len(table) == 13
        assert "Accuracy" not in said
        alone = asked(capsys, model, folder / "lies" / "1.png")[0][1]
        assert alone[:2] == table[1][:2]
        np.testing.assert_allclose(
            [float(n) for n in alone[2:]], [float(n) for n in table[1][2:]], 1e-4
        )

    def test_arrays_of_the_same_size_are_taken_in_any_form(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        images, labels = strokes(24)
        idx(tmp_path / "a-labels-idx1-ubyte.gz", labels)
        path = idx(tmp_path / "a-images-idx3-ubyte.gz", images)
        model = trained(tmp_path, path, "--channels", "2", "3", "--hidden", "4")
        np.savez(tmp_path / "b.npz", x=images.reshape(24, -1), y=labels)
        np.save(tmp_path / "c.npy", images)
        tables = [
            asked(capsys, model, f)[0] for f in (path, tmp_path / "b.npz", tmp_path / "c.npy")
        ]
        assert tables[0] == tables[1] == tables[2]
        np.save(tmp_path / "d.npy", images[:, 1:])
        assert (
            "inputs of shape (13, 14), and the model learnt from inputs of shape (1, 14, 14)"
            in (complaint(capsys, model, tmp_path / "d.npy"))
        )


class TestFiles:
    def test_what_is_no_model_is_refused(
        self, kinds: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "m.safetensors"
        nn.save(nn.Linear(2, 3), path)
        assert "holds weights, but not how data are read" in complaint(capsys, path, kinds[1])
        assert "there is no file or folder" in complaint(capsys, tmp_path / "no", kinds[1])

    @pytest.mark.parametrize(
        "change",
        [
            {"version": 2},
            {"inputs": [10**12]},
            {"inputs": []},
            {"outputs": 10**12},
            {"network": {}},
            {"classes": ["a"]},
            {"scaling": {"mean": "x", "scale": []}},
            {"reading": 3},
            {"scaling": {"mean": [float("nan")] * 2, "scale": [1, 1]}},
            {"scaling": {"mean": [0, 0], "scale": [0, 1]}},
            {"scaling": {"mean": [], "scale": []}},
            {"reading": {}},
            {"reading": {"kind": "images", "size": [10**9, 10**9], "mode": "L"}},
            {"reading": {"kind": "arrays", "shape": [3]}},
            {"reading": _reading(columns=["length", ["width"]])},
            {"reading": _reading(columns=["length"])},
            {"reading": _reading(categories={"length": 3})},
            {"reading": _reading(target=None)},
            {"reading": _reading(manner={"encoding": "none such"})},
            {"reading": _reading(manner={"delimiter": 3})},
            {"reading": _reading(manner=[1])},
        ],
    )
    def test_a_note_that_lies_is_refused(
        self, kinds: tuple[Path, Path], tmp_path: Path, change: dict[str, Any]
    ) -> None:
        arrays, notes = read_file(kinds[0])
        note = {**json.loads(notes[NOTE]), **change}
        path = tmp_path / "m.safetensors"
        path.write_bytes(encode(arrays, {**notes, NOTE: json.dumps(note)}))
        with pytest.raises(nn.CheckpointError, match="cannot be understood"):
            load_kept(path)

    @pytest.mark.parametrize("units", [[10**9, 64], [64] * 10_000])
    def test_no_memory_is_asked_for_by_a_claim(
        self, kinds: tuple[Path, Path], tmp_path: Path, units: list[int]
    ) -> None:
        arrays, notes = read_file(kinds[0])
        note = json.loads(notes[NOTE])
        note["network"]["hidden"] = units
        path = tmp_path / "m.safetensors"
        path.write_bytes(encode(arrays, {**notes, NOTE: json.dumps(note)}))
        with pytest.raises(nn.CheckpointError, match="the sizes are not those of the weights"):
            load_kept(path)
