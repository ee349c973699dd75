"""The methods of arrays that tensors have too."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.methods import lazy_methods
from autodiff.methods.tensor_methods import TENSOR_METHODS
from autodiff.methods.value_operators import VALUE_METHODS
from tests.autodiff.reference import leaves, normal, pull, same

X, ROW = normal((3, 4), (4,))
CALLS: list[tuple[str, Any, dict[str, Any]]] = [
    ("argsort", (), {"axis": 0}),
    ("compress", ([True, False, True],), {"axis": 0}),
    ("conj", (), {}),
    ("conjugate", (), {}),
    ("copy", (), {}),
    ("cumprod", (1,), {}),
    ("diagonal", (1,), {}),
    ("ptp", (), {"axis": 0, "keepdims": True}),
    ("repeat", (2,), {"axis": 1}),
    ("repeat", ([1, 0, 2],), {"axis": 0}),
    ("round", (1,), {}),
    ("take", ([0, 2],), {"axis": 1}),
    ("take", ([0, 9],), {"mode": "clip"}),
    ("argmax", (0,), {}),
    ("all", (), {"axis": 1}),
]


@pytest.mark.parametrize(("name", "args", "options"), CALLS)
def test_a_method_is_that_of_arrays(name: str, args: Any, options: dict[str, Any]) -> None:
    (x,) = leaves([X])
    # The newest arrays have no method of that name, but the function.
    arrays: Any = np.ptp if name == "ptp" else getattr(np.ndarray, name)
    expected = arrays(X, *args, **options)
    y = getattr(x, name)(*args, **options)
    same(y.data, expected, rtol=1e-14)
    same(x.data, X)
    if expected.dtype.kind == "f" and name != "round":
        assert y.requires_grad
        assert ad.gradcheck(lambda x: getattr(x, name)(*args, **options), X)


def test_what_arrays_do_in_place_gives_a_copy() -> None:
    t = ad.Tensor(X)
    same(t.sort().data, np.sort(X))
    same(t.sort(0).data, np.sort(X, 0))
    for k in range(4):
        same(t.partition(k).data[:, k], np.sort(X)[:, k])
        same(np.take_along_axis(X, t.argpartition(k).data, 1)[:, k], np.sort(X)[:, k])
    same(t.data, X)


def test_places_and_numbers() -> None:
    row = ad.Tensor(np.sort(ROW))
    same(row.searchsorted(0.0, side="right").data, np.sort(ROW).searchsorted(0.0, side="right"))
    for found, expected in zip(ad.Tensor(X > 0).nonzero(), (X > 0).nonzero(), strict=True):
        same(found.data, expected)
    same(ad.Tensor([1, 0, 1, 2]).choose(X).data, np.array([1, 0, 1, 2]).choose(X))
    assert (row.nbytes, row.itemsize) == (32, 8)


def test_parts_of_complex_tensors() -> None:
    z = ad.Tensor(ROW + 2j, requires_grad=True)
    same(z.real.data, ROW)
    same(z.imag.data, np.full(4, 2.0))
    same(pull((z.real * z.imag).sum(), [z], np.ones(()))[0], 2.0 + 1j * ROW)


@pytest.mark.parametrize(("kind", "table"), [("tensor", TENSOR_METHODS), ("value", VALUE_METHODS)])
def test_each_is_declared_for_type_checkers(kind: str, table: dict[str, Any]) -> None:
    text = (
        Path(lazy_methods.__file__)
        .with_name(f"{kind}_declarations.pyi")
        .read_text(encoding="utf-8")
    )
    wanted = {n for n, m in table.items() if n[0] != "_" and type(m).__name__ != "OtherName"}
    assert wanted <= set(re.findall(r"    def (\w+)\(\s*self", text))


def test_each_says_what_it_does() -> None:
    assert all(getattr(ad.Tensor, name).__doc__ for name in lazy_methods.LAZY_METHODS)


# The tensor is the second operand of `autodiff.compress`; properties have no signature.
OTHERS = {"compress", "imag", "real"}
NAMES = sorted({n for n in TENSOR_METHODS if n[0] != "_" and n in ad.__all__} - OTHERS)


@pytest.mark.parametrize("name", NAMES)
def test_a_method_is_described_by_its_function(name: str) -> None:
    method, function = getattr(ad.Tensor, name), getattr(ad, name)
    assert method.__doc__ == function.__doc__
    kinds = {p.kind for p in inspect.signature(method).parameters.values()}
    assert inspect.Parameter.VAR_KEYWORD not in kinds
