"""`vmap` within `vmap`, for every entry of the table: the inner mapping in a loop is the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.batching.cases import (
    ELEMENTWISE,
    SAMPLED,
    Case,
    elementwise_cases,
    floating,
    loss,
    structural_cases,
)
from tests.autodiff.reference import same

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def check(case: Case, outer: list[int | None], differentiable: bool) -> None:
    function, operands, axes = case
    rng = np.random.default_rng(4)
    given = [
        x
        if axis is None
        else np.stack([x, x + 0.01 * rng.standard_normal(x.shape)])
        if x.dtype.kind == "f"
        else np.stack([x, x])
        for x, axis in zip(operands, outer, strict=True)
    ]
    rows = [
        [x if axis is None else x[i] for x, axis in zip(given, outer, strict=True)]
        for i in range(2)
    ]
    found = ad.vmap(ad.vmap(function, axes), tuple(outer))(*given)
    expected = np.stack([ad.vmap(function, axes)(*row) for row in rows])
    same(found, expected, rtol=1e-9, atol=1e-10)
    if differentiable:
        each = ad.vmap(ad.grad(loss(function), floating(operands)), axes)
        plain = zip(*[each(*row) for row in rows], strict=True)
        for g, parts in zip(ad.vmap(each, tuple(outer))(*given), plain, strict=True):
            same(g, np.stack(parts), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("entry", [*ELEMENTWISE, *SAMPLED], ids=lambda entry: entry.name)
def test_every_entry(entry: Any) -> None:
    cases = structural_cases(entry) if entry in SAMPLED else elementwise_cases(entry)
    for case in cases:
        count = len(case[1])
        check(case, [0] * count, entry.differentiable)
        if count > 1:
            # What the inner mapping shares the outer one may map over, and the other way round.
            alternating: list[int | None] = [
                0 if i % 2 == count % 2 else None for i in range(count)
            ]
            check(case, alternating, entry.differentiable)
