"""Delimited text as people have it, and complaints in the words of the command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.jobs import main
from nn.jobs.materials import Material, MaterialError, Scaling
from nn.jobs.materials.manner import Manner
from nn.jobs.materials.reading import read
from nn.jobs.materials.source import Source
from tests.nn.jobs.own_data import write_table


def material(path: Path, target: str = "y", **settings: Any) -> Material:
    """What is read of a file that is written in some manner."""
    return read(Source(path, target, manner=Manner(**settings)))


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "t.csv"
    path.write_bytes(text.encode(encoding))
    return path


SPREADSHEET = "note;Größe;y\r\n" + "".join(
    f'"one\r\nand ""two""";{i},5;{i % 2}\r\n' for i in range(24)
)
NUMBERS = "a,b,y\n" + "".join(f"{i}.5,{i * i},{i % 2}\n" for i in range(24))


class TestWhatIsAskedFor:
    @pytest.mark.parametrize(
        ("text", "encoding", "message", "settings"),
        [
            (SPREADSHEET, "utf-8-sig", "give --decimal ,$", {"decimal": ","}),
            (
                SPREADSHEET,
                "utf-16",
                "give --encoding utf-16$",
                {"encoding": "utf-16", "decimal": ","},
            ),
            (
                SPREADSHEET,
                "latin-1",
                "give --encoding, perhaps latin-1$",
                {"encoding": "latin-1", "decimal": ","},
            ),
            (NUMBERS.replace(",", "  "), "utf-8", "give --delimiter space$", {"delimiter": " "}),
            ("y,a\n" + "k,m\nl,n\n" * 12, "utf-8", "--header or --no-header$", {"header": True}),
            (
                NUMBERS.replace("3.5", "o.5"),
                "utf-8",
                "give --text a if the column is text, or --missing-values o.5 if",
                {"text": ("a",)},
            ),
        ],
    )
    def test_an_option_mends_it(
        self, tmp_path: Path, text: str, encoding: str, message: str, settings: dict[str, Any]
    ) -> None:
        path = written(tmp_path, text, encoding)
        with pytest.raises(MaterialError, match=message) as refused:
            material(path)
        assert not re.search(r"\w=['({A-Z]", str(refused.value))
        assert len(material(path, **settings).y) == 24

    @pytest.mark.parametrize("shown", ["${}.5", "{} %", "1'{:03d}"])
    def test_numbers_with_signs_are_no_text(self, tmp_path: Path, shown: str) -> None:
        rows = [[shown.format(i), i % 3, i % 2] for i in range(30)]
        with pytest.raises(MaterialError, match=r"numbers written as .* give --ignore a$"):
            material(write_table(tmp_path / "t.csv", ["a", "b", "y"], rows))

    def test_options_of_text_are_for_text(self, tmp_path: Path) -> None:
        np.savez(tmp_path / "d.npz", x=np.ones((4, 2)), y=np.arange(4) % 2)
        with pytest.raises(MaterialError, match=r"--header is for csv, and .* is read as npz"):
            read(Source(tmp_path / "d.npz", manner=Manner(header=True)))

    def test_the_words_say_the_same(self) -> None:
        manner = Manner(";", ",", "latin-1", False, ("-",), ("code",))
        assert manner.words() == [
            *("--delimiter", "semicolon", "--decimal", ",", "--encoding", "latin-1"),
            *("--no-header", "--missing-values", "-", "--text", "code"),
        ]
        assert Manner().after(manner.noted()).noted() == manner.noted()
        assert Manner("|").after(manner.noted()).delimiter == "|"


class TestDigits:
    def test_numbers_keep_them_until_they_are_scaled(self, tmp_path: Path) -> None:
        rows = [[1.7e9 + i, 1e9 + 0.25 * i] for i in range(40)]
        found = material(write_table(tmp_path / "t.csv", ["a", "y"], rows))
        assert found.classes == ()
        for column in (found.x[:, 0], found.y):
            scaled = Scaling.along(column, (0,)).apply(column)
            assert scaled.dtype == np.float32
            assert np.allclose(np.diff(scaled), np.diff(scaled)[0], rtol=1e-4)
            assert scaled.std() == pytest.approx(1, abs=1e-6)

    @pytest.mark.parametrize(("value", "message"), [("inf", "is inf in "), ("1e300", "1e.300")])
    def test_what_is_too_large_is_not_missing(
        self, tmp_path: Path, value: str, message: str
    ) -> None:
        rows = [[value if i == 1 else i, i % 3, i % 2] for i in range(30)]
        path = write_table(tmp_path / "t.csv", ["a b", "b", "y"], rows)
        with pytest.raises(MaterialError, match=f"{message}.* or --ignore 'a b'$"):
            material(path)
        rows = [[i, value if i == 1 else i + 0.5] for i in range(30)]
        with pytest.raises(MaterialError, match=message):
            material(write_table(tmp_path / "t.csv", ["a", "y"], rows))

    def test_classes_of_large_numbers_have_names_of_their_own(self, tmp_path: Path) -> None:
        rows = [[i, 1234567.0 + i % 2] for i in range(30)]
        found = material(write_table(tmp_path / "t.csv", ["a", "y"], rows))
        assert found.classes == ("1234567", "1234568")

    def test_a_column_that_numbers_the_rows_is_noted(self, tmp_path: Path) -> None:
        rows = [[i + 1, i % 3, i % 2] for i in range(30)]
        found = material(write_table(tmp_path / "t.csv", ["id", "b", "y"], rows))
        assert found.notes == ("The column 'id' only numbers the rows; --ignore id leaves it out.",)


class TestAnew:
    def test_new_data_are_written_as_the_first(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Also where a column of no use holds anything, and the only row is of text."""
        path = tmp_path / "t.csv"
        rows = "".join(f"{'rs'[i % 2]};{i},5;{i % 2 + 1},0\n" for i in range(40))
        path.write_text(f"kind;a;y\n{rows}", encoding="utf-8")
        words = ["--target", "y", "--decimal", ",", "--epochs", "2", "--lr", "0.01", "--quiet"]
        out = str(tmp_path / "out")
        assert main(["train", "--data", str(path), *words, "--out", out]) == 0
        assert main(["predict", out, str(path)]) == 0
        said = capsys.readouterr().err
        assert "Accuracy: " in said
        assert "(0 of 40)" not in said, "1,0 is the class 1"
        new = tmp_path / "n.csv"
        new.write_text("a;junk;kind\n1,5;1;r\n2,5;2;s\n3,5;x;s\n", encoding="utf-8")
        assert main(["predict", out, str(new)]) == 0
        assert capsys.readouterr().out.count("\n") == 4
        new.write_text("a|kind\n1.5|r\n", encoding="utf-8")
        assert main(["predict", out, str(new), "--decimal", "."]) == 0
