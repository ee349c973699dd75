"""Delimited text as something to learn from."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.data import DataFileError, Table, read_csv
from nn.data.readers.dialects import is_numeric
from nn.jobs.materials.describing import class_counts, span
from nn.jobs.materials.material import Field, Material, MaterialError, Picturing
from nn.jobs.materials.picturing import pictured
from nn.jobs.materials.source import Source
from nn.jobs.materials.targets import FARTHEST, taken
from nn.jobs.parser import suggestion

__all__ = ["from_csv"]

Array = np.ndarray[Any, Any]

FEW = 20
"""A column of text with no more categories than this is always taken."""
MOST = 1000
_SIGNS = re.compile(r"[$€£¥%'\s,]")
LISTED = 60
"""So many columns are listed one by one."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns are taken, and what is said of each."""

    names: list[str]
    fields: list[Field]
    notes: list[str]


def from_csv(source: Source) -> Material:
    """Read a file, find out what its columns are, and take those that say something.

    Columns of text whose values are nearly all different, such as names, are left out, and so
    are those with one value only; both is said.

    Raises:
        DataFileError: the file is malformed.
        MaterialError: there is no such column, or nothing to learn from.
        OSError: it cannot be read.
    """
    settings = source.manner.settings()
    try:
        table = read_csv(source.path, types=dict.fromkeys(source.manner.text, "text"), **settings)
    except DataFileError:
        raise
    except ValueError as error:
        raise MaterialError(f"{source.path}: {error}") from None
    target = _target(table, source)
    table.target = target
    if len(table) < 2:
        raise MaterialError(f"{source.path} has {len(table)} row; nothing can be learnt from it")
    texts = table.categories.get(target)
    y, classes = taken(table[target], texts, source.task, f"the column {target!r}")
    columns = _chosen(table, source, target)
    if not columns.names:
        raise MaterialError(
            f"{source.path}: beside the target {target!r} there is no column to learn from"
        )
    x = table.matrix(columns.names, dtype=np.float64)
    names = tuple(table.matrix_names(columns.names))
    picturing = pictured(x, source.image)
    said = class_counts(y, classes) if classes else span(y)
    kind = f"{len(classes)} classes" if classes else "numbers"
    return Material(
        f"Predicting {target}",
        f"{len(x)} rows of {source.path.name}",
        "rows",
        x,
        y,
        target,
        classes,
        () if picturing else names,
        picturing,
        (*_listed(columns.fields, picturing), Field(target, kind, said, "is predicted")),
        {
            "kind": "table",
            "columns": columns.names,
            "categories": {n: list(table.categories[n]) for n in columns.names if _text(table, n)},
            "target": target,
            "all": list(table.columns),
            "missing": source.missing,
            "manner": source.manner.noted(),
        },
        tuple(columns.notes),
    )


def _text(table: Table, name: str) -> bool:
    return name in table.categories


def _listed(fields: list[Field], picturing: Picturing | None) -> list[Field]:
    taken_in = [field for field in fields if field.use == "input"]
    if picturing is None and len(fields) <= LISTED:
        return fields
    rest = [field for field in fields if field.use != "input"]
    kinds = ", ".join(sorted({field.kind.split(" ", 1)[-1] for field in taken_in}))
    return [Field(f"{len(taken_in)} columns", kinds, "", "inputs"), *rest[:LISTED]]


def _target(table: Table, source: Source) -> str:
    """The name of the column to predict."""
    names = list(table.columns)
    if source.target is None:
        raise MaterialError(
            f"which column of {source.path} is to be predicted? give --target, one of "
            f"{', '.join(names[:20])}{' …' * (len(names) > 20)}"
        )
    return _known(source.target, names, source)


def _known(name: str, names: list[str], source: Source) -> str:
    if name in names:
        return name
    hint = suggestion(name, names) or f"; there are {', '.join(names[:20])}"
    raise MaterialError(f"{source.path} has no column {name!r}{hint}")


def _chosen(table: Table, source: Source, target: str) -> _Columns:
    left = {_known(name, list(table.columns), source) for name in source.ignore}
    if target in left:
        raise MaterialError(f"--ignore {shlex.quote(target)} leaves out what is to be predicted")
    found = _Columns([], [], [])
    for name, array in table.columns.items():
        if name == target:
            continue
        kind, values, missing = _described(table, name)
        if array.dtype.kind == "f" and name not in left:
            _check_finite(name, array, source)
        use = "left out, as asked" if name in left else _useless(table, name)
        found.fields.append(Field(name, kind, values, use or "input"))
        if use:
            if name not in left and name not in source.manner.text:
                _check_signs(name, table, source)
            if name not in left:
                found.notes.append(f"The column {name!r} is {use}.")
            continue
        if missing and source.missing == "error":
            raise MaterialError(
                f"{source.path}: the column {name!r} has no value in {missing} of {len(table)} "
                f"rows, the first is row {_first_missing(array) + 1}; give --missing mean to take "
                f"the column's mean (of text, no category) there, or --ignore {shlex.quote(name)}"
            )
        if missing:
            rows = "1 row" if missing == 1 else f"{missing} rows"
            found.notes.append(f"In {rows} {name!r} is missing: {_filled(table, name)}.")
        if _counts(array) and not _text(table, name):
            found.notes.append(
                f"The column {name!r} only numbers the rows; --ignore {shlex.quote(name)} leaves "
                "it out."
            )
        found.names.append(name)
    return found


def _check_finite(name: str, array: Array, source: Source) -> None:
    far = np.flatnonzero(np.abs(array) > FARTHEST)
    if len(far):
        raise MaterialError(
            f"{source.path}: the column {name!r} is {array[far[0]]:g} in row {far[0] + 1}; numbers "
            f"up to {FARTHEST:g} can be learnt from: mend it, or --ignore {shlex.quote(name)}"
        )


def _check_signs(name: str, table: Table, source: Source) -> None:
    """Numbers that are written with signs are no text that says nothing."""
    texts = table.categories.get(name, ())
    signed = [text for text in texts if is_numeric(_SIGNS.sub("", text))]
    if len(texts) > FEW and 2 * len(signed) > len(texts):
        raise MaterialError(
            f"{source.path}: the column {name!r} holds numbers written as {signed[0]!r}; write "
            f"them as plain numbers, or give --ignore {shlex.quote(name)}"
        )


def _counts(array: Array) -> bool:
    """Whether a column is the number of the row."""
    if array.dtype.kind != "i" or len(array) < FEW:
        return False
    return bool(np.array_equal(array, array[0] + np.arange(len(array))))


def _filled(table: Table, name: str) -> str:
    return "none of its categories is taken" if _text(table, name) else "its mean is taken"


def _gone(array: Array) -> Array:
    found: Array = ~np.isfinite(array) if array.dtype.kind == "f" else array < 0
    return found


def _first_missing(array: Array) -> int:
    return int(np.flatnonzero(_gone(array))[0])


def _described(table: Table, name: str) -> tuple[str, str, int]:
    """Kind, values, and how many are missing."""
    array, texts = table[name], table.categories.get(name)
    if texts is None:
        missing = int((~np.isfinite(array)).sum()) if array.dtype.kind == "f" else 0
        return "whole numbers" if array.dtype.kind == "i" else "numbers", span(array), missing
    missing = int((array < 0).sum())
    listed = f"{', '.join(texts[:6])}{' …' * (len(texts) > 6)}"
    more = f"; {missing} missing" if missing else ""
    return f"{len(texts)} categories", listed + more, missing


def _useless(table: Table, name: str) -> str:
    """Why a column says nothing; empty if it may."""
    array, texts = table[name], table.categories.get(name)
    there = array[~_gone(array)] if array.dtype.kind == "f" or texts is not None else array
    values = len(np.unique(there))
    if values < 2 and len(there) == len(array):
        return "left out: it is the same in all rows"
    if values == 0:
        return "left out: it is empty"
    if texts is not None and len(texts) > FEW and 2 * len(texts) > len(table):
        return f"left out: it has {len(texts)} different texts, and says nothing of other rows"
    if texts is not None and len(texts) > MOST:
        return f"left out: it has {len(texts)} categories"
    return ""
