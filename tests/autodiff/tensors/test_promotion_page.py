"""docs/promotion.md: its examples run, and each cell of its table is what every function does."""

from __future__ import annotations

import doctest
import operator
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff import tree
from tests.autodiff.tensors.promotion_samples import CASES, Case

PATH = Path(__file__).parents[3] / "docs" / "promotion.md"
LINES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PATH.read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not line.startswith("|--")
]
COLUMNS = LINES[0][1:]
ROWS = {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in LINES[1:]}
WEAK = [row for row in ROWS if row.startswith("`")]
# An operand of it may not be of integers.
OF_FLOATS = {"scaled_dot_product_attention"}
STRONG = [row for row in ROWS if not row.startswith("`")]


def values(operand: Any) -> Any:
    return [values(x) for x in operand] if isinstance(operand, list) else ad.Value(operand)


def test_the_examples_run() -> None:
    found = doctest.testfile(str(PATH), module_relative=False)
    assert found.attempted > 0
    assert found.failed == 0


def test_the_table_is_whole() -> None:
    assert STRONG == COLUMNS
    assert len(WEAK) == 9


def of_type(dtype: str) -> list[Any]:
    array = np.ones(2, dtype)
    return [array, ad.Tensor(array), array[0], array[:1].reshape(()), ad.Tensor(array[0])]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_products(row: str) -> None:
    for column, expected in ROWS[row].items():
        for strong in of_type(column):
            text = re.fullmatch(r"`(.*)`", row)
            for other in [eval(text[1], {"Value": ad.Value})] if text else of_type(row):
                number = isinstance(strong, np.generic) or getattr(strong, "ndim", 1) == 0
                if isinstance(other, ad.Value) and number and not isinstance(strong, ad.Tensor):
                    continue
                for a, b in ((strong, other), (other, strong)):
                    assert ad.multiply(a, b).dtype == expected
                    if isinstance(a, (ad.Tensor, ad.Value)) or isinstance(b, (ad.Tensor, ad.Value)):
                        assert _operator(a, b).dtype == expected


def _operator(a: Any, b: Any) -> Any:
    if isinstance(a, list) or isinstance(b, list):
        return ad.multiply(a, b)
    return operator.mul(a, b)


def types(case: Case, kinds: list[Callable[[Any], Any]]) -> list[Any]:
    given = [kind(x) for kind, x in zip(kinds, case.operands, strict=True)]
    return [x.dtype for x in tree.leaves(case.call(*given)) if hasattr(x, "dtype")]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("column", ["int64", "float16", "float32", "float64"])
def test_a_column_in_every_function(column: str) -> None:
    def array(operand: Any, dtype: str = column) -> Any:
        rounded = np.ceil(operand) if dtype == "int64" else operand
        return np.asarray(rounded, dtype)

    for case in CASES:
        if column == "int64" and case.name in OF_FLOATS:
            continue
        for weak in (lambda x: x, values):
            for i, operand in enumerate(case.operands):
                row = "`[0.5, 1.5]`" if isinstance(operand, list) else "`0.5`"
                taken = ROWS[row][column]
                kinds: list[Any] = [array] * len(case.operands)
                kinds[i] = weak
                found = types(case, kinds)
                kinds[i] = lambda x, taken=taken: np.asarray(x, taken)
                assert found == types(case, kinds), (case.name, i)
