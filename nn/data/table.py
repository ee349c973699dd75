"""Columns with names, of equal length: what a file with a header holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from nn.data.datasets import Dataset
from nn.module.dtypes import as_data, floating

__all__ = ["Table"]

Array = np.ndarray[Any, Any]

_WIDEST = 1000
"""A column of text becomes so many columns of 0 and 1 at most."""


class Table(Dataset):
    """Columns with names; sample i is a dict of their i-th entries.

    Args:
        columns: arrays by name; or a data frame of pandas or another library, whose columns are
            arrays by name. Columns of text become whole numbers: their categories in sorted
            order, counted from 0, and -1 for none.
        categories: the categories of columns that are whole numbers already; or of columns of
            text, instead of those found in them.
        target: the column to be predicted, if there is one.

    Attributes:
        columns: the arrays by name.
        categories: the texts that the numbers of a column stand for, by its name.
        target: the name of the target, or None.

    Raises:
        ShapeError: the columns differ in length, or are no columns.
        ValueError: a column holds what is none of its categories, or there is no such target.

    Example:
        >>> table = Table({"size": [1.0, 2.0, 4.0], "town": ["B", "A", "B"]})
        >>> table["town"], table.categories["town"], len(table)
        (array([1, 0, 1]), ('A', 'B'), 3)
        >>> table.matrix()
        array([[1., 0., 1.],
               [2., 1., 0.],
               [4., 0., 1.]], dtype=float32)
        >>> table.matrix_names()
        ['size', 'town=A', 'town=B']
    """

    def __init__(
        self,
        columns: Any,
        *,
        categories: Mapping[str, Iterable[str]] | None = None,
        target: str | None = None,
    ) -> None:
        given = {str(name): columns[name] for name in list(getattr(columns, "columns", columns))}
        self.columns: dict[str, Array] = {}
        self.categories: dict[str, tuple[str, ...]] = {}
        named = {name: tuple(texts) for name, texts in (categories or {}).items()}
        for name, values in given.items():
            array = as_data(values if hasattr(values, "__array__") else list(values))
            if array.dtype.kind in "OUST":
                array, found = _codes(name, array, named.get(name))
                self.categories[name] = found
            elif name in named:
                self.categories[name] = named[name]
            self.columns[name] = array
        shapes = {name: array.shape for name, array in self.columns.items()}
        if not shapes or len({shape[:1] for shape in shapes.values()}) > 1 or () in shapes.values():
            raise ShapeError(f"columns of shapes {shapes} do not make a table")
        self.target: str | None = None if target is None else self._known(target)

    def _known(self, name: str) -> str:
        if name not in self.columns:
            raise ValueError(f"there is no column {name!r}; there are {', '.join(self.columns)}")
        return name

    def __len__(self) -> int:
        """Number of samples."""
        return len(next(iter(self.columns.values())))

    def __getitem__(self, index: Any) -> Any:
        """A column by its name; the samples at an index, a slice or an array as a dict."""
        if isinstance(index, str):
            return self.columns[self._known(index)]
        return {name: array[index] for name, array in self.columns.items()}

    def rows(self, selection: Any) -> dict[str, Array]:
        """The batch of a slice or an array of numbers."""
        found: dict[str, Array] = self[selection]
        return found

    def _features(self, names: Iterable[str] | None) -> list[str]:
        if names is None:
            return [name for name in self.columns if name != self.target]
        return [self._known(name) for name in names]

    def matrix_names(self, names: Iterable[str] | None = None) -> list[str]:
        """What the columns of `matrix` are: a name, or ``"name=category"``."""
        found = []
        for name in self._features(names):
            texts = self.categories.get(name)
            found += [name] if texts is None else [f"{name}={text}" for text in texts]
        return found

    def matrix(self, names: Iterable[str] | None = None, *, dtype: Any = None) -> Array:
        """Columns side by side as floats; a column of text gives a 0 or 1 for each category.

        Args:
            names: which columns; all but the target if not given.
            dtype: floating dtype; `nn.get_default_dtype` if not given.

        Returns:
            An array of shape (N, F).

        Raises:
            ValueError: a column of text has more than 1000 categories; it is a name or number
                of the sample, which says nothing of others.
        """
        kind = floating(dtype)
        parts: list[Array] = []
        for name in self._features(names):
            texts, array = self.categories.get(name), self.columns[name]
            if texts is not None and len(texts) > _WIDEST:
                raise ValueError(
                    f"the column {name!r} has {len(texts)} categories, which would be as many "
                    "columns; leave it out: matrix([names of the others])"
                )
            if texts is not None:
                array = array[:, None] == np.arange(len(texts))
            parts.append(array.reshape(len(self), -1).astype(kind))
        return np.concatenate(parts, axis=1) if parts else np.zeros((len(self), 0), kind)

    def xy(self, *, dtype: Any = None) -> tuple[Array, Array]:
        """Inputs and targets: `matrix` of all other columns, and the target's column.

        Raises:
            ValueError: the table has no target.
        """
        if self.target is None:
            raise ValueError("the table has no target; give target=NAME when it is made")
        target = self.columns[self.target]
        if target.dtype.kind == "f":
            target = target.astype(floating(dtype))
        return self.matrix(dtype=dtype), target

    def __repr__(self) -> str:
        lines = [f"Table of {len(self)} rows"]
        for name, array in self.columns.items():
            mark = " (target)" if name == self.target else ""
            lines.append(f"  {name}: {self._said(name, array)}{mark}")
        return "\n".join(lines)

    def _said(self, name: str, array: Array) -> str:
        texts = self.categories.get(name)
        if texts is not None:
            none = int((array < 0).sum())
            said = f"{len(texts)} categories, {', '.join(texts[:4])}{' …' * (len(texts) > 4)}"
        else:
            shape = "" if array.ndim == 1 else f"{list(array.shape[1:])}"
            said = f"{array.dtype}{shape}"
            none = int(np.isnan(array).sum()) if array.dtype.kind == "f" else 0
            if array.size > none and array.dtype.kind in "iuf":
                low, high = np.nanmin(array), np.nanmax(array)
                said += f" from {low:g} to {high:g}"
        return said + (f", {none} missing" if none else "")


def _codes(name: str, array: Array, known: tuple[str, ...] | None) -> tuple[Array, tuple[str, ...]]:
    """Texts as the numbers of their categories."""
    texts = ["" if text is None or text != text else str(text) for text in array.tolist()]
    found = sorted(set(texts) - {""}) if known is None else list(known)
    number = {text: i for i, text in enumerate(found)}
    number.setdefault("", -1)
    strange = next((text for text in texts if text not in number), None)
    if strange is not None:
        raise ValueError(
            f"the column {name!r} holds {strange!r}, which is none of {', '.join(found[:8])}"
        )
    return np.array([number[text] for text in texts], dtype=np.int64), tuple(found)
