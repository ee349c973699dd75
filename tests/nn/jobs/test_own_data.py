"""A user's own data: what is read of them, what is made of it, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.jobs import main
from nn.jobs.bench import Bench
from nn.jobs.job import decided, options_for
from nn.jobs.materials import Material, MaterialError, Scaling
from nn.jobs.materials.reading import read
from nn.jobs.materials.source import Source
from nn.jobs.materials.targets import choose_task
from nn.jobs.plan import Plan
from tests.nn.jobs.own_data import houses, idx, insects, picture_folder, strokes, write_table
from tests.nn.test_report import Page, assert_self_contained


def material(path: Path, **settings: Any) -> Material:
    """What is read of a file."""
    return read(Source(path, **settings))


def _parts(**other: Any) -> dict[str, Any]:
    """An archive with a test part, and something else in it."""
    found = {"x_train": np.ones((4, 2)), "y_train": np.arange(4) % 2}
    return {**found, "x_test": np.ones((1, 2)), "y_test": np.ones(1, int), **other}


class TestTables:
    def test_columns_are_taken_by_what_they_say(self, tmp_path: Path) -> None:
        found = material(houses(tmp_path), target="price")
        assert found.classes == ()
        assert found.columns == ("rooms", "area", "town=A", "town=B", "town=C")
        assert found.x.shape == (120, 5)
        assert found.x.dtype == np.float64
        uses = {field.name: field.use for field in found.fields}
        assert uses["rooms"] == "input"
        assert uses["name"] == (
            "left out: it has 120 different texts, and says nothing of other rows"
        )
        assert uses["land"] == "left out: it is the same in all rows"
        assert uses["price"] == "is predicted"
        assert len(found.notes) == 2

    def test_text_is_predicted_as_classes(self, tmp_path: Path) -> None:
        found = material(insects(tmp_path), target="kind")
        assert found.classes == ("ant", "bee", "cat")
        assert found.y.tolist()[:4] == [0, 1, 2, 0]
        assert "ant (30), bee (30), cat (30)" in found.fields[-1].values

    def test_columns_without_names_have_numbers(self, tmp_path: Path) -> None:
        found = material(insects(tmp_path, head=False), target="2")
        assert found.columns == ("0", "1")

    def test_a_missing_number_becomes_the_mean(self, tmp_path: Path) -> None:
        found = material(houses(tmp_path, gaps=True), target="price", missing="mean")
        gone = np.isnan(found.x[:, 1])
        assert gone.sum() == 4
        scaling = Scaling.of(found, found.x)
        assert scaling.mean[1] == pytest.approx(np.nanmean(found.x[:, 1]))
        assert np.all(scaling.apply(found.x)[gone, 1] == 0)
        assert "In 4 rows 'area' is missing: its mean is taken." in found.notes

    def test_a_constant_column_divides_by_one(self) -> None:
        scaling = Scaling.along(np.full((5, 1), 0.1, np.float32), (0,))
        assert scaling.scale.tolist() == [1.0]

    @pytest.mark.parametrize(
        ("y", "texts", "task"),
        [
            ([0, 1] * 5, None, "classification"),
            ([0.0, 1.0] * 5, None, "classification"),
            (list(range(10)), None, "regression"),
            ([0.5, 1.0] * 5, None, "regression"),
            (list(range(30)) * 4, None, "regression"),
            ([0, 1], ("a", "b"), "classification"),
        ],
    )
    def test_the_task_follows_from_the_target(self, y: Any, texts: Any, task: str) -> None:
        assert choose_task(np.array(y), texts) == task

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({}, "which column of .* is to be predicted\\? give --target, one of name, rooms"),
            ({"target": "prise"}, "has no column 'prise'; did you mean 'price'\\?"),
            ({"target": "price", "ignore": ("romms",)}, "did you mean 'rooms'"),
            ({"target": "town", "task": "regression"}, "holds text \\(A, B, C, …\\)"),
            ({"target": "name"}, "120 different values in 120 samples"),
            ({"target": "land"}, "is 'CH' in all 120 samples: nothing can be learnt"),
            ({"target": "price", "task": "classification"}, "too many to be classes"),
            ({"target": "price", "image": (2, 2)}, "--image 2 2 are 4 pixels, and a sample has 5"),
            ({"target": "price", "size": (2, 2)}, "--size is for images"),
            ({"target": "price", "labels": Path("x")}, "--labels is for idx"),
            ({"target": "price", "grey": True}, "--grey is for images"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, tmp_path: Path, settings: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(MaterialError, match=message):
            material(houses(tmp_path), **settings)

    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ([["1", "2"], ["", "3"]], "the column 'a' has no value in 1 of 2 rows, the first is"),
            ([["1", "2"], ["2", ""]], "the column 'y' is missing in 1 of 2 samples"),
            ([["1", "2"]], "has 1 row; nothing can be learnt from it"),
            ([["1", "2"], ["1", "3"]], "beside the target 'y' there is no column to learn from"),
        ],
    )
    def test_values_that_are_missing_are_named(
        self, tmp_path: Path, rows: list[list[str]], message: str
    ) -> None:
        with pytest.raises(MaterialError, match=message):
            material(write_table(tmp_path / "t.csv", ["a", "y"], rows), target="y")


class TestArrays:
    def test_an_archive_may_bring_its_test_part(self, tmp_path: Path) -> None:
        x, y = np.random.default_rng(0).normal(size=(30, 3)), np.arange(30) % 3 + 4
        path = tmp_path / "d.npz"
        np.savez(path, x_train=x[:20], y_train=y[:20], x_test=x[20:], y_test=y[20:])
        found = material(path)
        assert found.classes == ("4", "5", "6")
        bench = Bench.build(Plan(found, options_for(found, 20), options_for(found, 20), ()))
        assert bench.tested.tolist() == list(range(20, 30))
        assert len(bench.y_train) == 20

    def test_images_with_channels_last_are_turned(self, tmp_path: Path) -> None:
        images = np.random.default_rng(0).integers(0, 256, (8, 5, 6, 3))
        np.savez(tmp_path / "d.npz", x=images, y=np.array(["a", "b"] * 4))
        found = material(tmp_path / "d.npz")
        assert found.inputs == (3, 5, 6)
        assert np.array_equal(found.x[0, 2], images[0, :, :, 2])
        assert found.classes == ("a", "b")

    def test_the_labels_of_an_idx_file_lie_beside_it(self, tmp_path: Path) -> None:
        images, labels = strokes(20)
        path = idx(tmp_path / "a-images-idx3-ubyte.gz", images)
        with pytest.raises(MaterialError, match="which file holds their labels\\? give --labels"):
            material(path)
        idx(tmp_path / "a-labels-idx1-ubyte.gz", labels)
        found = material(path)
        assert found.inputs == (1, 14, 14)
        assert found.y.tolist() == labels.tolist()
        assert options_for(found, 16).model == "cnn"

    def test_libsvm_may_be_an_image(self, tmp_path: Path) -> None:
        path = tmp_path / "d.libsvm"
        path.write_text("\n".join(f"{i % 2} 1:{i} 256:1" for i in range(8)), encoding="utf-8")
        found = material(path, image=(16, 16))
        assert found.picturing is not None
        assert found.picturing.shape == (1, 16, 16)
        assert found.columns == ()
        options = decided(found, options_for(found, 6), {"model": "cnn", "channels": [2]})
        bench = Bench.build(Plan(found, options, options, ()))
        assert bench.x_train.shape == (6, 1, 16, 16)

    @pytest.mark.parametrize(
        ("arrays", "settings", "message"),
        [
            ({"a": np.ones(3)}, {}, "has no array x or X or x_train for the inputs; there are a"),
            ({"x": np.ones((3, 2))}, {}, "for the targets; .* give --target NAME"),
            ({"x": np.ones((3, 2)), "y": np.ones(2)}, {}, "one target for each of N inputs"),
            ({"x": np.ones((4, 2)), "y": np.ones((4, 3))}, {}, "has shape \\(4, 3\\); one number"),
            ({"x": np.full((4, 2), np.nan), "y": np.arange(4) % 2}, {}, "4 of 4 samples hold NaN"),
            ({"x": np.ones((4, 2, 3, 2)), "y": np.arange(4) % 2}, {}, "1 or 3 channels"),
            ({"x": np.array(["a"] * 4), "y": np.arange(4) % 2}, {}, "have to be numbers"),
            ({"x": np.ones((4, 2)), "y": np.arange(4) * 1j}, {}, "y holds complex128"),
            ({"x": np.ones((4, 2)), "y": np.zeros(4, "M8[D]")}, {}, "y holds datetime64"),
            ({"x": np.ones((0, 2)), "y": np.ones(0)}, {}, "none of them empty"),
            ({"x": np.ones((4, 0)), "y": np.arange(4) % 2}, {}, "none of them empty"),
            (_parts(x_test=np.ones((1, 3))), {}, "the test part needs a sample at least, of the"),
            (_parts(x_test=np.ones((0, 2)), y_test=np.ones(0)), {}, "a sample at least"),
            (_parts(y_test=np.array(["a"])), {}, "they have to be of one kind"),
            (
                {"x": np.ones((4, 2, 2)), "y": np.arange(4) % 2},
                {"image": (2, 2)},
                "these are images already",
            ),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, tmp_path: Path, arrays: dict[str, Any], settings: dict[str, Any], message: str
    ) -> None:
        np.savez(tmp_path / "d.npz", **arrays)
        with pytest.raises(MaterialError, match=message):
            material(tmp_path / "d.npz", **settings)

    def test_an_ending_that_says_nothing_asks_for_the_format(self, tmp_path: Path) -> None:
        (tmp_path / "d.dat").write_text("a,y\n1,2\n", encoding="utf-8")
        with pytest.raises(MaterialError, match="give --format, one of csv \\(delimited"):
            material(tmp_path / "d.dat")
        with pytest.raises(FileNotFoundError, match="there is no file or folder"):
            material(tmp_path / "e.csv")

    def test_too_few_to_set_some_aside(self, tmp_path: Path) -> None:
        found = material(insects(tmp_path, 7), target="kind")
        options = options_for(found, 6)
        with pytest.raises(MaterialError, match="7 rows are too few"):
            Bench.build(Plan(found, options, options, ()))


class TestFolders:
    def test_grey_pictures_have_one_channel(self, tmp_path: Path) -> None:
        pytest.importorskip("PIL")
        found = material(picture_folder(tmp_path))
        assert found.inputs == (1, 14, 14)
        assert found.classes == ("lies", "stands")

    def test_one_picture_is_no_folder(self, tmp_path: Path) -> None:
        pytest.importorskip("PIL")
        with pytest.raises(MaterialError, match="is one picture; to learn, give the folder"):
            material(next((picture_folder(tmp_path) / "lies").iterdir()))

    def test_sizes_that_differ_ask_for_one(self, tmp_path: Path) -> None:
        from PIL import Image

        folder = picture_folder(tmp_path)
        Image.new("L", (9, 9)).save(folder / "lies" / "other.png")
        with pytest.raises(MaterialError, match="give --size HEIGHT WIDTH"):
            material(folder)
        assert material(folder, size=(12, 10)).inputs == (1, 12, 10)


class TestOptions:
    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"model": "cnn"}, "--model cnn is for images"),
            ({"channels": [4]}, "--channels has no meaning here: it is for --model cnn"),
            ({"loss": "huber"}, "--loss has no meaning here: it is for numbers"),
            ({"model": "linear", "hidden": [4]}, "--hidden has no meaning here"),
        ],
    )
    def test_what_means_nothing_is_refused(
        self, tmp_path: Path, given: dict[str, Any], message: str
    ) -> None:
        found = material(insects(tmp_path), target="kind")
        with pytest.raises(MaterialError, match=message):
            decided(found, options_for(found, 70), given)

    def test_smoothing_of_labels_is_for_classes(self, tmp_path: Path) -> None:
        found = material(houses(tmp_path), target="price")
        with pytest.raises(MaterialError, match="it is for classes, and numbers are predicted"):
            decided(found, options_for(found, 90), {"label_smoothing": 0.1})


class TestRuns:
    def test_numbers_from_the_file_to_the_report(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = houses(tmp_path, 200, gaps=True)
        words = ["train", "--data", str(path), "--target", "price", "--missing", "mean"]
        out = tmp_path / "out"
        assert main([*words, "--epochs", "40", "--lr", "0.01", "--out", str(out)]) == 0
        said = capsys.readouterr().out
        assert "The column 'land' is left out: it is the same in all rows." in said
        history = json.loads((out / "history.json").read_text(encoding="utf-8"))
        assert history["test_r2"] > 0.9
        assert history["test_rmse"] < 0.3 * history["rmse_of_guessing"]
        assert len(history["gradients"]) == 41
        assert history["command"].endswith("--missing mean --lr 0.01 --epochs 40 --seed 0")
        page = Page((out / "report.html").read_text(encoding="utf-8"))
        assert_self_contained((out / "report.html").read_text(encoding="utf-8"))
        for words_ in ("Residuals", "Predicted over true", "Inputs that matter", "town=C"):
            assert words_ in page.text, words_
        assert "left out: it is the same in all rows" in page.text
        assert "--label-smoothing" not in page.text

    def test_the_input_that_matters_is_found(self, tmp_path: Path) -> None:
        path = insects(tmp_path)
        out = tmp_path / "out"
        words = ["train", "--data", str(path), "--target", "kind", "--quiet"]
        assert main([*words, "--epochs", "20", "--out", str(out)]) == 0
        page = Page((out / "report.html").read_text(encoding="utf-8"))
        bars = [word for word in page.words if word in ("length", "width")]
        assert bars[0] == "length"
        assert any(div.get("aria-label") == "Regions" for div in page.all("div"))
        history = json.loads((out / "history.json").read_text(encoding="utf-8"))
        assert history["test_accuracy"] > 0.9
        assert history["options"]["lr"] == "auto"
        assert 0 < history["learning_rate"] < 1

    def test_pictures_are_learnt_by_convolutions(self, tmp_path: Path) -> None:
        pytest.importorskip("PIL")
        out = tmp_path / "out"
        words = ["train", "--data", str(picture_folder(tmp_path, 60)), "--quiet"]
        words += ["--channels", "4", "8", "--hidden", "8", "--dropout", "0"]
        assert main([*words, "--epochs", "25", "--out", str(out)]) == 0
        history = json.loads((out / "history.json").read_text(encoding="utf-8"))
        assert history["options"]["model"] == "cnn"
        assert history["test_accuracy"] > 0.8
        page = Page((out / "report.html").read_text(encoding="utf-8"))
        assert "a kernel of the first convolution" in page.text
        assert not (out / "neuron.svg").exists()
        assert "neuron.svg" not in page.text

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["--data", "nothing.csv", "--target", "y"], "there is no file or folder nothing.csv"),
            (["digits", "--init", "dirac"], "dirac takes the shape of a kernel"),
            (["digits", "--loss", "huber"], "--loss has no meaning here"),
            (["--data", "x.csv", "digits"], "digits has its own data; leave out digits, or"),
        ],
    )
    def test_a_failure_is_one_line(
        self,
        words: list[str],
        message: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        pytest.importorskip("sklearn")
        monkeypatch.chdir(tmp_path)
        assert main(["train", *words, "--quiet"]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1, err
        assert message in err

    def test_options_without_data_ask_for_them(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["train", "--target", "price"])
        assert ended.value.code == 2
        assert "what is to be learnt? give --data PATH" in capsys.readouterr().err
