"""Calls of recorded programs are entries of the operation table, given what the calls are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autodiff.backends.arrays import arrays
from autodiff.compiler.instructions import GETITEM, Instruction, of_kernel, of_method, of_ufunc
from autodiff.compiler.meanings import meaning
from autodiff.compiler.numpy_functions import NUMPY

_X = np.arange(24.0).reshape(2, 3, 4) % 7
_M = _X[0]
_WINDOW = {"stride": (1, 1), "padding": ((0, 0), (0, 0)), "dilation": (1, 1), "groups": 1}
_IMAGES, _FILTERS = np.ones((1, 2, 3, 3)), np.ones((4, 2, 2, 2))
_LABELS = np.array([0, 3, 1])


def _row(function: Any) -> Instruction:
    if isinstance(function, str):
        return of_kernel(getattr(arrays, function))
    return NUMPY[function] if function in NUMPY else of_ufunc(function, "__call__")


@pytest.mark.parametrize(
    ("row", "args", "kwargs"),
    [
        (_row(np.arctan2), (_M, _M + 1), {}),
        (_row(np.matmul), (_M, _M.T), {}),
        (_row(np.clip), (_M, 1.0, 3.0), {}),
        (_row(np.where), (_M > 2, _M, 0.0), {}),
        (_row(np.concatenate), ((_M, _M), 1), {}),
        (_row(np.stack), ((_M, _M),), {"axis": -1}),
        (_row(np.einsum), ("ij,kj->ik", _M, _M), {}),
        (_row(np.transpose), (_X, (1, 0, 2)), {}),
        (_row(np.transpose), (_X,), {}),
        (_row(np.reshape), (_X, (6, 4)), {}),
        (_row(np.expand_dims), (_M, 1), {}),
        (_row(np.roll), (_M, 1, 0), {}),
        (_row(np.pad), (_M, 1), {"mode": "constant", "constant_values": 2.0}),
        (_row(np.var), (_X,), {"axis": (0, 2), "ddof": 1, "keepdims": True}),
        (_row(np.take_along_axis), (_M, np.array([[0], [1], [2]]), 1), {}),
        (of_ufunc(np.maximum, "reduce"), (_X,), {"axis": 0}),
        (of_method("astype"), (_M, np.dtype(np.float32)), {"copy": True}),
        (GETITEM, (_X, (0, slice(1, 3))), {}),
        (_row("power"), (_M, np.float64(3)), {}),
        (_row("label_loss"), (np.ones(3), _M, _LABELS, 1, None), {}),
        (_row("convolution"), (_IMAGES, _FILTERS), _WINDOW),
        (_row("convolution"), (_IMAGES, _FILTERS, np.ones(4)), _WINDOW),
        (_row("index_max"), (_M, (_LABELS[:1],), np.ones((1, 4))), {}),
    ],
)
def test_an_entry_gives_what_the_call_gives(row: Instruction, args: Any, kwargs: Any) -> None:
    found = meaning(row, args, kwargs)
    assert found is not None
    value = found.entry.forward(arrays, *found.operands, **found.settings)
    expected = row.function(*args, **kwargs)
    np.testing.assert_allclose(value, expected, rtol=1e-14)
    assert value.dtype == expected.dtype


def test_what_the_table_does_not_know_has_no_meaning() -> None:
    assert meaning(_row(np.var), (_M,), {"dtype": np.float32}) is None
    assert meaning(_row(np.add), (_M, _M), {"where": _M > 2}) is None
    assert meaning(_row(np.argsort), (_M,), {}) is None
