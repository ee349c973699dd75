"""Tables out of delimited text: types, categories, missing values, and what is said of mistakes."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.data import DataFileError, DataLoader, Table, read_csv
from nn.data.readers import rows


def read(tmp_path: Path, text: str, **settings: Any) -> Table:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read_csv(path, **settings)


HOUSES = "rooms,town,price\n3,Bern,1.5\n4,Chur,0.5\n2,Bern,2\n"


def test_types_are_found_and_said(tmp_path: Path) -> None:
    table = read(tmp_path, HOUSES, target="price")
    assert table["rooms"].dtype == np.int64
    assert (table["price"].dtype, table["price"].tolist()) == (np.float32, [1.5, 0.5, 2.0])
    assert (table["town"].tolist(), table.categories) == ([0, 1, 0], {"town": ("Bern", "Chur")})
    x, y = table.xy()
    assert x.tolist() == [[3, 1, 0], [4, 0, 1], [2, 1, 0]]
    assert y.tolist() == [1.5, 0.5, 2.0]
    assert table.matrix_names() == ["rooms", "town=Bern", "town=Chur"]
    assert repr(table).splitlines()[3] == "  price: float32 from 0.5 to 2 (target)"
    assert read(tmp_path, HOUSES, target=-2, dtype="f8").xy()[1].tolist() == [0, 1, 0]
    again = read(tmp_path, HOUSES, categories={"town": ["Chur", "Basel", "Bern"]})
    assert again["town"].tolist() == [2, 0, 2]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_and_headers_are_found(mark: str, tmp_path: Path) -> None:
    table = read(tmp_path, HOUSES.replace(",", mark))
    assert list(table.columns) == ["rooms", "town", "price"]
    bare = read(tmp_path, HOUSES.replace(",", mark).split("\n", 1)[1], target=2)
    assert (list(bare.columns), bare.target) == (["0", "1", "2"], "2")
    assert len(bare) == 3


NINES = {"missing": "keep", "missing_values": ["-9"]}


@pytest.mark.parametrize(
    ("text", "settings", "columns"),
    [
        ("1\n2\n", {}, {"0": [1, 2]}),
        ("\ufeffa,b\r\n1,2\r\n\r\n3,4\r\n", {}, {"a": [1, 3], "b": [2, 4]}),
        ('a,b\n"1","x, ""y"""\n2,"two\nlines"\n', {}, {"a": [1, 2], "b": [1, 0]}),
        ("a;b\n1,5;x\n2;y\n", {"decimal": ",", "dtype": "f8"}, {"a": [1.5, 2], "b": [0, 1]}),
        ("a,b\n1,x\n-,y\n", {"missing": "keep", "missing_values": ["-"]}, {"a": [1, np.nan]}),
        ("a,b\n-9,x\n1,-9\n", NINES, {"a": [np.nan, 1], "b": [0, -1]}),
        ("a\n" + "1\n" * 2500 + "-9\n", NINES, {"a": [*[1] * 2500, np.nan]}),
        ("a,b\n1,x\n ,NA\n", {"missing": "keep"}, {"a": [1, np.nan], "b": [0, -1]}),
        ("a,b\n1,2\n3,nan\n", {"missing": "keep"}, {"b": [2, np.nan]}),
        ("a\n007\n8\n", {"types": {"a": "text"}}, {"a": [0, 1]}),
        ("a\n1\n2\n", {"types": {"a": "float"}, "dtype": "f8"}, {"a": [1.0, 2.0]}),
        ("a\n9223372036854775807\n-1\n", {}, {"a": [2**63 - 1, -1]}),
        ("a\n9223372036854775808\n-1\n", {"dtype": "f8"}, {"a": [2.0**63, -1]}),
        ("a,\n1,2\n", {}, {"a": [1], "1": [2]}),
        ("x\n1_0\ny\n", {"header": True}, {"x": [0, 1]}),
        ("x,y\nu,v\n", {"header": False}, {"0": [1, 0], "1": [1, 0]}),
    ],
)
def test_what_cells_become(
    text: str, settings: Any, columns: dict[str, Any], tmp_path: Path
) -> None:
    table = read(tmp_path, text, **settings)
    for name, values in columns.items():
        np.testing.assert_array_equal(table[name], values)
        assert table[name].dtype == np.asarray(values).dtype or table[name].dtype == np.float32


@pytest.mark.parametrize(
    ("text", "settings", "message", "row", "column"),
    [
        ("a,b\n1,2\n3\n", {}, "1 fields, where the first line has 2", 3, None),
        ("a,b\n1,2\n\n3,4,5\n", {}, "3 fields, where", 4, None),
        ("a,b\n1,2\n,4\n", {}, "the cell is empty; mend it, or give missing='keep'", 3, "a"),
        ("a,b\n1,2\n1,NA\n", {}, "'NA', which marks a missing value", 3, "b"),
        (
            "a\n1\n2\nx3\n4\n",
            {},
            r"'x3' is no number, and 3 of the column's 4.*types=\{'a'",
            4,
            "a",
        ),
        ("a;b\n1,5;1\n2,5;2\n", {}, "'1,5' is no number.*give decimal=','", 2, "a"),
        ("a\n1\n2.5\n", {"types": {"a": "int"}}, "'2.5' is no whole number", 3, "a"),
        ("a\n1\n1_0\n", {"types": {"a": "float"}}, "'1_0' is no number", 3, "a"),
        ("a\n1\n99999999999999999999\n", {"types": {"a": "int"}}, "no whole number of 64", 3, "a"),
        ("a,b\n1,x\n2,y\n", {"categories": {"b": ["x"]}}, "'y' is none of the categories", 3, "b"),
        ('a,b\n1,"x\n2,y\n', {}, "unexpected end of data; a quoted field", 2, None),
        ('a,b\n1,"x"y\n', {}, "expected after", 2, None),
        ("a,a\n1,2\n", {}, "two columns have this name", 1, "a"),
        ("a,b\n", {"header": True}, "no line after the names", None, None),
        ("", {}, "the file is empty", None, None),
        ("a,b\nx,y\n", {}, "may name the columns or be the first sample", None, None),
        ("1,5;2,5\n1,5;3,5\n", {}, "the delimiter may be ',' and ';'; say which", None, None),
    ],
)
def test_mistakes_are_named(
    text: str, settings: Any, message: str, row: int | None, column: str | None, tmp_path: Path
) -> None:
    with pytest.raises(DataFileError, match=message) as caught:
        read(tmp_path, text, **settings)
    assert (caught.value.row, caught.value.column) == (row, column)
    assert str(caught.value).startswith(str(tmp_path / "t.csv"))


def test_text_that_is_none_and_arguments_that_are_wrong(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("a,b\n1,2\nß,3\n".encode("latin-1"))
    with pytest.raises(DataFileError, match=r"line 3: byte 0xdf is no text in utf-8.*'latin-1'"):
        read_csv(path)
    assert read_csv(path, encoding="latin-1", types={"a": "text"}).categories["a"] == ("1", "ß")
    path.write_bytes("a,b\n1,2\n".encode("utf-16"))
    with pytest.raises(DataFileError, match="give encoding='utf-16'"):
        read_csv(path)
    assert read_csv(path, encoding="utf-16")["b"].tolist() == [2]
    for settings, message in [
        ({"target": "c"}, "there is no column 'c'; there are a, b"),
        ({"target": 2}, "numbered 0 to 1"),
        ({"types": {"c": "int"}}, "there is no column 'c'"),
        ({"types": {"a": "real"}}, "one of int, float, text"),
        ({"missing": "drop"}, "'error' or 'keep'"),
        ({"delimiter": "::"}, "one character"),
    ]:
        with pytest.raises(ValueError, match=message):
            read(tmp_path, "a,b\n1,2\n", **settings)


def written(rng: np.random.Generator, count: int) -> str:
    """Lines whose columns change their minds late."""
    lines = ["i,f,late,t,gap"]
    for k in range(count):
        late = k if k < count - 2 else f"{k}.5"
        mixed = "many" if k % 3 else str(k)
        gap = "" if k % 7 == 6 else f"{rng.standard_normal():.3g}"
        lines.append(f"{k},{rng.standard_normal():.6g},{late},{mixed if k > 4 else k},{gap}")
    return "\n".join(lines)


def test_it_does_not_matter_where_pieces_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = written(np.random.default_rng(0), 40)
    whole = read(tmp_path, text, missing="keep")
    assert [whole[name].dtype.kind for name in whole.columns] == ["i", "f", "f", "i", "f"]
    assert whole.categories.keys() == {"t"}
    for size in (1, 2, 3, 7, 39, 40):
        monkeypatch.setattr(rows, "CHUNK", size)
        pieces = read(tmp_path, text, missing="keep")
        assert repr(pieces) == repr(whole)
        assert pieces.categories == whole.categories
        for name in whole.columns:
            np.testing.assert_array_equal(pieces[name], whole[name])
        with pytest.raises(DataFileError, match="'many' is no number") as culprit:
            read(tmp_path, text, types={"t": "float"}, missing="keep")
        assert (culprit.value.row, culprit.value.column) == (7, "t")
        with pytest.raises(DataFileError, match="the cell is empty") as caught:
            read(tmp_path, text)
        assert (caught.value.row, caught.value.column) == (8, "gap")


def test_the_fast_way_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    lines = [
        "n,x,y",
        *(f"{k},{a!r},{b:.4g}" for k, (a, b) in enumerate(rng.random((99, 2)).tolist())),
    ]
    text = "\n".join(lines)
    slow = read(tmp_path, text, dtype="f8")
    monkeypatch.setattr(rows, "CHUNK", 10)
    calls = []
    load = np.loadtxt
    monkeypatch.setattr(np, "loadtxt", lambda *a, **k: calls.append(1) or load(*a, **k))
    fast = read(tmp_path, text, dtype="f8")
    assert calls
    assert repr(fast) == repr(slow)
    for name in slow.columns:
        np.testing.assert_array_equal(fast[name], slow[name])
    for bad, message in [
        (text + "\n1,2", r"line 101: 2 fields"),
        (text + "\n1,2,", r"line 101, column 'y': the cell is empty"),
        (text + "\n1,2,nan", r"line 101, column 'y': the cell is 'nan'"),
        (text + "\n1,2,x", r"line 101, column 'y': 'x' is no number"),
    ]:
        with pytest.raises(DataFileError, match=message):
            read(tmp_path, bad)
    assert read(tmp_path, text + "\n1.5,2,3")["n"].dtype == np.float32
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    calls.clear()
    np.testing.assert_array_equal(read_csv(path, dtype="f8")["x"], slow["x"])
    assert not calls


class Frame:
    """What a DataLoader sees of a data frame: columns by name, rows by __array__."""

    def __init__(self, **columns: Any) -> None:
        self._columns = {name: np.asarray(values) for name, values in columns.items()}
        self.columns = list(self._columns)

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def __getitem__(self, name: str) -> Any:
        return self._columns[name]

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.stack(list(self._columns.values()), axis=1)


def frames() -> list[Any]:
    columns: Any = {
        "x": [0.5, 1.5, 2.5],
        "town": np.array(["b", "a", None], object),
        "n": [1, 2, 3],
    }
    found: list[Any] = [Frame(**columns), columns]
    for name in ("pandas", "polars"):
        try:
            found.append(__import__(name).DataFrame(columns))
        except ImportError:
            continue
    return found


def test_a_data_frame_gives_columns_by_name() -> None:
    for frame in frames():
        table = Table(frame)
        assert table.categories == {"town": ("a", "b")}
        assert table["town"].tolist() == [1, 0, -1]
        assert "1 missing" in repr(table)
        assert table.matrix(["x", "town"]).tolist() == [[0.5, 0, 1], [1.5, 1, 0], [2.5, 0, 0]]
        for data in (table, frame):
            if isinstance(data, dict):
                continue
            first, last = DataLoader(data, 2)
            assert {name: column.tolist() for name, column in last.items()} == {
                "x": [2.5],
                "town": [-1],
                "n": [3],
            }
            assert first["n"].tolist() == [1, 2]
    model = nn.Linear(2, 1)
    table = Table({"a": [1.0, 2.0], "b": [1, 0], "y": [1.0, 2.0]}, target="y")
    x, y = table.xy()
    nn.fit(
        model,
        nn.MSELoss(),
        nn.optim.SGD(model.parameters(), 0.1),
        (x, y[:, None]),
        epochs=1,
        progress=False,
    )
    with pytest.raises(nn.data.table.ShapeError, match=re.escape("do not make a table")):
        Table({"a": [1], "b": [1, 2]})
    with pytest.raises(ValueError, match="holds 'z', which is none of x, y"):
        Table({"a": ["x", "z"]}, categories={"a": ["x", "y"]})
    ids = Table({"id": [str(k) for k in range(1001)]})
    with pytest.raises(ValueError, match=r"'id' has 1001 categories.*leave it out"):
        ids.matrix()
    with pytest.raises(ValueError, match="the table has no target"):
        ids.xy()
