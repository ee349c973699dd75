"""Forward mode under `vmap` and through it, for every entry of the table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Elementwise, Structural
from tests.autodiff.batching.cases import (
    ELEMENTWISE,
    SAMPLED,
    SIZE,
    Case,
    elementwise_cases,
    example,
    floating,
    structural_cases,
)
from tests.autodiff.reference import same, weights

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def tangent(function: Any, operands: list[Any], tangents: list[Any]) -> Any:
    """The derivative of a function along tangents of its floating operands."""
    places = floating(operands)

    def of_floating(*given: Any) -> Any:
        filled = list(operands)
        for place, x in zip(places, given, strict=True):
            filled[place] = x
        return function(*filled)

    chosen = tuple(tangents[i] for i in places)
    return ad.jvp(of_floating, tuple(operands[i] for i in places), chosen)[1]


def check(case: Case) -> None:
    function, operands, axes = case
    tangents = [weights(x.shape) if x.dtype.kind == "f" else x for x in operands]
    count = len(operands)
    each = [
        tangent(function, example(operands, axes, i), example(tangents, axes, i))
        for i in range(SIZE)
    ]
    expected = np.stack([np.asarray(getattr(y, "data", y)) for y in each])

    def one(*given: Any) -> Any:
        return tangent(function, list(given[:count]), list(given[count:]))

    inside = ad.vmap(one, in_axes=(*axes, *axes))(*operands, *tangents)
    same(getattr(inside, "data", inside), expected, rtol=1e-9, atol=1e-10)
    through = tangent(ad.vmap(function, in_axes=axes), operands, tangents)
    same(getattr(through, "data", through), expected, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda e: e.name)
def test_elementwise_entries(entry: Elementwise) -> None:
    if entry.differentiable:
        for case in elementwise_cases(entry):
            check(case)


@pytest.mark.parametrize("entry", SAMPLED, ids=lambda e: e.name)
def test_structural_entries(entry: Structural) -> None:
    for case in structural_cases(entry):
        check(case)
