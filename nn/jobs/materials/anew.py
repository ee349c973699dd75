"""New data for a trained network, read as those were that it learnt from."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nn.data import (
    DataFileError,
    ImageFolder,
    Table,
    read_cifar10,
    read_csv,
    read_idx,
    read_libsvm,
    read_npy,
    read_npz,
)
from nn.data.readers.csv_files import column_names
from nn.data.readers.images import is_hidden
from nn.jobs.materials.arrays import as_floats
from nn.jobs.materials.folders import read_pictures
from nn.jobs.materials.manner import Manner, spoken
from nn.jobs.materials.material import MaterialError
from nn.jobs.materials.source import format_of
from nn.jobs.materials.targets import FARTHEST
from nn.jobs.parser import suggestion

__all__ = ["New", "read_new"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class New:
    """New data.

    Attributes:
        x: inputs as they were read, float32 of shape (N, ...).
        y: what is to be predicted as text, if the data tell; else None.
        names: what each sample is called; None if they are numbered.
        notes: what the user should know.
    """

    x: Array
    y: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()


def read_new(
    path: Path,
    reading: Mapping[str, Any],
    given: str | None = None,
    manner: Manner | None = None,
) -> New:
    """Read new data.

    Args:
        path: the file or folder.
        reading: what was kept of how the first data were read.
        given: the format; None to find out.
        manner: how delimited text is written; what it does not say is as it was then.

    Raises:
        MaterialError: the file is malformed, or not as those that were learnt from.
        OSError: it cannot be read.
    """
    kind = format_of(path, given)
    wanted = reading["kind"]
    said = (manner or Manner()).words()
    if said and kind != "csv":
        raise MaterialError(f"{said[0]} is for csv, and {path} is read as {kind}")
    with spoken():
        if wanted == "table":
            if kind != "csv":
                raise MaterialError(
                    f"the model takes rows of a table, and {path} is read as {kind}"
                )
            return _table(path, reading, (manner or Manner()).after(reading.get("manner") or {}))
        if wanted == "images":
            return _pictures(path, reading)
        return _arrays(path, reading, kind, manner or Manner())


def _table(path: Path, reading: Mapping[str, Any], manner: Manner) -> New:
    wanted, target = list(reading["columns"]), str(reading["target"])
    categories = {name: tuple(texts) for name, texts in dict(reading["categories"]).items()}
    everything = [str(name) for name in reading["all"]]
    settings = _headed(path, everything, wanted, manner.settings())
    names = _names(path, everything, target, settings)
    missing = [name for name in wanted if name not in names]
    if missing:
        hint = suggestion(missing[0], names) or f"; there are {', '.join(names[:20])}"
        raise MaterialError(f"{path} has no column {missing[0]!r}, which the model needs{hint}")
    plain = names == [str(i) for i in range(len(names))]
    place = {name: str(i) if plain else name for i, name in enumerate(names)}
    # What is not needed may hold anything.
    types = dict.fromkeys(place.values(), "text")
    types |= {place[name]: "float" for name in wanted if name not in categories}
    table = read_csv(
        path,
        types=types,
        categories={place[name]: texts for name, texts in categories.items()},
        **settings,
    )
    columns = [place[name] for name in wanted]
    notes = []
    for name, column in zip(wanted, columns, strict=True):
        array = table[column]
        gone = array < 0 if name in categories else np.isnan(array)
        far = np.flatnonzero(np.abs(array) > FARTHEST)
        if len(far):
            raise MaterialError(
                f"{path}: the column {name!r} is {array[far[0]]:g} in row {far[0] + 1}, which is "
                "beyond what the model can take; mend it, or remove this row"
            )
        if gone.any() and reading["missing"] == "error":
            raise MaterialError(
                f"{path}: the column {name!r} has no value in {_rows(gone)}, the first "
                f"is row {int(np.flatnonzero(gone)[0]) + 1}, and the model was trained where none "
                "was missing; remove these rows, or train with --missing mean"
            )
        if gone.any():
            notes.append(f"In {_rows(gone)} {name!r} is missing.")
    extra = [name for name in names if name not in wanted and name != target]
    if extra:
        notes.append(f"Not used: {', '.join(extra[:10])}{' …' * (len(extra) > 10)}.")
    return New(
        table.matrix(columns, dtype=np.float64),
        _texts(table, place[target], manner) if target in names else None,
        None,
        tuple(notes),
    )


def _rows(gone: Array) -> str:
    count = int(gone.sum())
    return "1 row" if count == 1 else f"{count} rows"


def _texts(table: Table, name: str, manner: Manner) -> tuple[str, ...] | None:
    texts = table.categories[name]
    if manner.decimal is not None:
        texts = tuple(text.replace(manner.decimal, ".") for text in texts)
    if (table[name] < 0).any():
        return None
    return tuple(texts[i] for i in table[name])


def _headed(
    path: Path, everything: list[str], wanted: list[str], settings: dict[str, Any]
) -> dict[str, Any]:
    """The settings, with a header where the first line holds the names that are needed."""
    if settings["header"] is not None or everything == [str(i) for i in range(len(everything))]:
        return settings
    with suppress(DataFileError):
        if set(wanted) <= set(column_names(path, **_heads(settings | {"header": True}))):
            return settings | {"header": True}
    return settings


def _heads(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name not in ("missing", "dtype")}


def _names(
    path: Path, everything: list[str], target: str, settings: Mapping[str, Any]
) -> list[str]:
    """The names of the columns; of a file without a header, those that were learnt from."""
    found = column_names(path, **_heads(settings))
    numbered = [str(i) for i in range(len(found))]
    if found != numbered or everything != [str(i) for i in range(len(everything))]:
        return found
    if len(found) == len(everything) - 1:
        return [name for name in everything if name != target]
    return found


def _pictures(path: Path, reading: Mapping[str, Any]) -> New:
    height, width = (int(n) for n in reading["size"])
    mode = str(reading["mode"])
    if path.is_dir() and any(entry.is_dir() and not is_hidden(entry) for entry in path.iterdir()):
        folder = ImageFolder(path, (height, width), mode, dtype=np.float32)
        x = np.stack([folder[i][0] for i in range(len(folder))])
        return New(
            x,
            tuple(folder.classes[label] for _, label in folder.samples),
            tuple(str(file.relative_to(path)) for file, _ in folder.samples),
        )
    files, x = read_pictures(path, (height, width), mode)
    return New(x, None, tuple(file.name for file in files))


def _arrays(path: Path, reading: Mapping[str, Any], kind: str, manner: Manner) -> New:
    shape = tuple(int(n) for n in reading["shape"])
    y: tuple[str, ...] | None = None
    if kind == "npz" and path.suffix.lower() == ".npy":
        x = read_npy(path)
    elif kind == "npz":
        arrays = read_npz(path)
        name = next(
            (n for n in ("x", "X", "x_test", "data", "features", "images") if n in arrays), ""
        )
        if not name:
            raise MaterialError(f"{path} has no array x; there are {', '.join(arrays) or 'none'}")
        x = arrays[name]
        labels = arrays.get({"x_test": "y_test", "X": "Y"}.get(name, "y"))
        y = None if labels is None or len(labels) != len(x) else tuple(map(str, labels.tolist()))
    elif kind == "idx":
        x = read_idx(path)
    elif kind == "libsvm":
        x, labels = read_libsvm(path, int(np.prod(shape)))
        y = tuple(f"{label:g}" for label in labels)
    elif kind == "cifar10":
        x, numbers, classes = read_cifar10(path)
        y = tuple(classes[i] for i in numbers)
    elif kind == "csv":
        x = read_csv(path, **manner.settings()).matrix(dtype=np.float64)
    else:
        raise MaterialError(f"the model takes arrays, and {path} is read as {kind}")
    if x.dtype.kind not in "biuf":
        raise MaterialError(f"{path} holds {x.dtype}, and the model takes numbers")
    return New(_as_learnt(as_floats(x), shape, path), y)


def _as_learnt(x: Array, shape: tuple[int, ...], path: Path) -> Array:
    """Inputs of the shape that was learnt from; images may have their channels last."""
    if x.ndim == 4 and len(shape) == 3 and x.shape[1:] == (*shape[1:], shape[0]):
        return np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    if x.ndim >= 2 and x.shape[1:] != shape and int(np.prod(x.shape[1:])) == int(np.prod(shape)):
        return x.reshape(len(x), *shape)
    if x.shape[1:] != shape or x.ndim != 1 + len(shape):
        raise MaterialError(
            f"{path} holds inputs of shape {x.shape[1:]}, and the model learnt from inputs of "
            f"shape {shape}"
        )
    if not np.isfinite(x).all():
        gone = int(np.flatnonzero(~np.isfinite(x.reshape(len(x), -1)).all(axis=1))[0])
        raise MaterialError(f"{path}: sample {gone + 1} holds NaN or infinite numbers")
    return x
