"""Complex operands under `vmap`, for every entry of the table that takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same
from tests.autodiff.table.test_complex_table import ENTRIES, cases, loss

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def batched(x: Any, rng: np.random.Generator) -> Any:
    """An operand and two others near to it."""
    x = np.asarray(x)
    if x.dtype.kind not in "fc":
        return np.stack([x] * 3)
    turn = 1j if x.dtype.kind == "c" else 0.0
    noise = [rng.standard_normal(x.shape) + turn * rng.standard_normal(x.shape) for _ in range(2)]
    return np.stack([x, *(x + 0.02 * n for n in noise)])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_values_and_gradients(entry: Any) -> None:
    rng = np.random.default_rng(1)
    for function, given in cases(entry):
        operands = [batched(x, rng) for x in given]
        rows = list(zip(*operands, strict=True))
        try:
            expected = [function(*map(ad.Tensor, row)).numpy() for row in rows]
        except TypeError:
            with pytest.raises(TypeError):
                ad.vmap(function)(*operands)
            continue
        same(ad.vmap(function)(*operands), np.stack(expected), rtol=1e-9, atol=1e-10)
        argnums = tuple(i for i, x in enumerate(operands) if x.dtype.kind in "fc")
        scalar = lambda *x, f=function: loss(f(*x))  # noqa: E731
        try:
            each = [ad.grad(scalar, argnums)(*row) for row in rows]
        except ad.NonDifferentiableError:
            with pytest.raises(ad.NonDifferentiableError):
                ad.vmap(ad.grad(scalar, argnums))(*operands)
            continue
        inside = ad.vmap(ad.grad(scalar, argnums))(*operands)
        through = ad.grad(lambda *x, f=scalar: ad.sum(ad.vmap(f)(*x)), argnums)(*operands)
        for found in (inside, through):
            for g, parts in zip(found, zip(*each, strict=True), strict=True):
                same(g, np.stack(parts), rtol=1e-7, atol=1e-8)
