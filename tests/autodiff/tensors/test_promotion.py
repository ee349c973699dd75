"""Bare numbers, lists of them and Values take the float type of the arrays beside them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff import tree
from autodiff.ops import Structural
from autodiff.tensors.operations import apply
from tests.autodiff.table.elementwise_samples import ENTRIES, operands_for, title
from tests.autodiff.table.elementwise_samples import apply as function_of
from tests.autodiff.table.structural_samples import SAMPLED, samples
from tests.autodiff.tensors.promotion_samples import CASES, NAMES, OTHERS, Case

Kind = Callable[[Any], Any]

# The default float type is the other one, so that it cannot be taken for the type of the arrays.
DEFAULTS = {"float32": "float64", "float64": "float32"}


def bare(operand: Any) -> Any:
    return operand


def values(operand: Any) -> Any:
    if isinstance(operand, list):
        return [values(x) for x in operand]
    return ad.Value(operand)


def taken(call: Callable[..., Any], kinds: list[Kind], operands: tuple[Any, ...]) -> list[Any]:
    given = [kind(x) for kind, x in zip(kinds, operands, strict=True)]
    return [np.asarray(x.data) for x in tree.leaves(call(*given)) if hasattr(x, "data")]


def mixtures(count: int, strong: Kind, weak: Kind) -> Iterator[list[Kind]]:
    """One strong operand among weak ones, and one weak one among strong ones."""
    for i in range(count):
        yield [strong if j == i else weak for j in range(count)]
        if count > 2:
            yield [weak if j == i else strong for j in range(count)]


def check(call: Callable[..., Any], operands: tuple[Any, ...]) -> None:
    """With weak operands as with arrays of the type of the strong ones."""
    for dtype, default in DEFAULTS.items():

        def strong(operand: Any, dtype: str = dtype) -> Any:
            return np.asarray(operand, dtype)

        with ad.default_dtype(default):
            expected = taken(call, [strong] * len(operands), operands)
            for kinds in chain(*(mixtures(len(operands), strong, weak) for weak in (bare, values))):
                found = taken(call, kinds, operands)
                assert [x.dtype for x in found] == [x.dtype for x in expected]
                for x, y in zip(found, expected, strict=True):
                    np.testing.assert_allclose(x, y, rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_weak_operands_take_the_type_of_the_arrays(case: Case) -> None:
    check(case.call, case.operands)


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.arity > 1], ids=title)
def test_in_every_elementwise_function(entry: Any) -> None:
    operands = operands_for(entry, np.random.default_rng(3), (3,))
    if entry.name == "where":
        operands = operands[1:]
        call: Any = partial(ad.where, [True, False, True])
    else:
        call = partial(function_of, entry)
    check(call, tuple(x.tolist() for x in operands))
    check(call, tuple(x[0].item() if i else x.tolist() for i, x in enumerate(operands)))


@pytest.mark.parametrize("entry", SAMPLED, ids=title)
def test_in_every_structural_entry(entry: Structural) -> None:
    for operands, params in samples(entry):
        if len(operands) > 1 and all(x.dtype.kind == "f" for x in operands):
            given = tuple(x.round(3).tolist() for x in operands)
            check(partial(apply, entry, **params), given)
            break


def test_in_functions_with_rules_of_their_own() -> None:
    @ad.custom_function
    def scaled(x: Any, factor: Any) -> Any:
        return x * factor

    @scaled.vjp
    def _(g: Any, y: Any, x: Any, factor: Any) -> Any:
        return g * factor, ad.sum(g * x)

    for dtype, default in DEFAULTS.items():
        x = ad.Tensor(np.array([0.1, 0.7], dtype), requires_grad=True)
        with ad.default_dtype(default):
            for factor in (0.3, ad.Value(0.3)):
                y = scaled(x, factor)
                assert y.dtype == dtype
                np.testing.assert_array_equal(y.data, x.data * 0.3)
                ad.sum(y).backward()
        assert factor.grad == pytest.approx(0.8, rel=4 * float(np.finfo(dtype).eps))


_OPERANDS = frozenset(
    """a abs angle append ar1 ar2 arr arrays ary attn_mask aweights b base batch1 batch2 bias bins c
    choicelist default element f fill_value fp grid imag initial input input1 input2 key left m
    mat mat1 mat2 middle operands p per_sample_weights prepend q query r real right running_mean
    sample source src start stop tau tensor1 tensor2 tensors test_elements to_begin to_end tup v
    val vals value values varargs vec vec1 vec2 weight weights x x1 x2 xp y z""".split()
)


def test_every_function_of_several_operands_is_in_the_table() -> None:
    for module in (ad, ad.linalg):
        for name in module.__all__:
            function = getattr(module, name)
            if not inspect.isfunction(function) or name in NAMES | OTHERS:
                continue
            operands = [p for p in inspect.signature(function).parameters if p in _OPERANDS]
            several = len(operands) > 1 or {"tup", "tensors", "arrays"} & set(operands)
            assert not several, f"{name} has the operands {operands}, and no row in the table"
