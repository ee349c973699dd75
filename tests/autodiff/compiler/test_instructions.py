"""The rows of the functions that programs consist of say what the functions do."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from autodiff.compiler.instructions import NUMPY, Instruction, of_kernel, of_method, of_ufunc

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
    moved = NUMPY[function].moved
    assert moved is not None
    order = moved(args, _X.ndim)
    np.testing.assert_array_equal(np.transpose(_X, order), function(_X, *args))


def test_rows_are_right_about_memory() -> None:
    for function, row in NUMPY.items():
        given = inspect.signature(function).parameters
        assert not row.takes_out or "out" in given, row
        assert not (row.is_view and row.takes_out), row
        assert row.name in (f"np.{function.__name__}", f"np.linalg.{function.__name__}")


def test_there_is_one_row_for_each_function() -> None:
    assert of_ufunc(np.add, "reduce") is of_ufunc(np.add, "reduce")
    assert of_kernel("one_hot") is of_kernel("one_hot")
    assert of_method("copy") is of_method("copy")
    rows: list[Instruction] = [*NUMPY.values(), of_ufunc(np.add, "__call__")]
    assert len({row.name for row in rows}) == len(rows)
    assert str(of_ufunc(np.add, "reduce")) == "np.add.reduce"
