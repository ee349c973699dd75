"""The rows of the functions that programs consist of say what the functions do."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from autodiff.backends.arrays import arrays
from autodiff.backends.kernels import KERNELS
from autodiff.compiler.instructions import (
    COPY,
    COPYTO,
    GETITEM,
    RANDOM,
    SETITEM,
    VIEW,
    Instruction,
    of_kernel,
    of_method,
    of_ufunc,
)
from autodiff.compiler.numpy_functions import NUMPY
from autodiff.ops import every_primitive

_X = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (np.transpose, ()),
        (np.transpose, ((2, 0, 1),)),
        (np.transpose, ((-1, 0, -2),)),
        (np.swapaxes, (0, -1)),
        (np.moveaxis, (0, 2)),
        (np.moveaxis, (-1, 0)),
    ],
)
def test_moved_axes_are_those_of_numpy(function: Any, args: tuple[Any, ...]) -> None:
    assert NUMPY[function].moves_axes
    order = NUMPY[function].axes_moved(args, _X.ndim)
    np.testing.assert_array_equal(np.transpose(_X, order), function(_X, *args))


def test_rows_are_right_about_memory() -> None:
    for function, row in NUMPY.items():
        given = inspect.signature(function).parameters
        assert not row.takes_out or "out" in given, row
        assert not (row.is_view and row.takes_out), row
        assert row.name in (function.__name__, f"linalg.{function.__name__}")


def test_there_is_one_row_for_each_function() -> None:
    assert of_ufunc(np.add, "reduce") is of_ufunc(np.add, "reduce")
    assert of_kernel(arrays.one_hot) is of_kernel(arrays.one_hot)
    assert of_method("copy") is of_method("copy")
    rows: list[Instruction] = [*NUMPY.values(), of_ufunc(np.add, "__call__")]
    assert len({row.name for row in rows}) == len(rows)
    assert str(of_ufunc(np.add, "reduce")) == "numpy.add.reduce"


def _ufuncs() -> list[np.ufunc]:
    found = {f for f in vars(np).values() if isinstance(f, np.ufunc) and f.nout == 1}
    return sorted(found, key=lambda f: f.__name__)


def test_every_row_is_an_entry_of_the_table_or_says_what_else_it_is() -> None:
    """A writer finds the formula of each, or is told why there is none."""
    rows = [of_ufunc(f, method) for f in _ufuncs() for method in ("__call__", "reduce")]
    own = ("one_hot", "add_at", "last_writers", "strong_zero", "short_rows", "power")
    rows += [of_kernel(getattr(arrays, name)) for name in (*KERNELS, *own)]
    rows += [*NUMPY.values(), COPY, VIEW, of_method("astype"), COPYTO, RANDOM, GETITEM, SETITEM]
    for row in rows:
        assert (row.entry is None) == bool(row.without_entry), row
        assert not row.without_entry or row.name not in every_primitive(), row
    meant = {"absolute": "abs", "add.reduce": "sum", "maximum.reduce": "max", "gelu": "gelu"}
    entries = {row.name: row.entry for row in rows}
    assert {name: entries[name] for name in meant} == {
        name: every_primitive()[entry] for name, entry in meant.items()
    }
