"""Operands of two precisions: derivatives are worked out in that of the result."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Elementwise
from tests.autodiff.reference import same
from tests.autodiff.table.elementwise_samples import DIFFERENTIABLE, apply, operands_for, title

SEVERAL = [entry for entry in DIFFERENTIABLE if entry.arity > 1]


def gradients(entry: Elementwise, operands: list[Any], create_graph: bool) -> list[Any]:
    nodes = [ad.Tensor(x, requires_grad=x.dtype.kind == "f") for x in operands]
    ad.sum(apply(entry, *nodes)).backward(create_graph=create_graph)
    found = [node.grad for node in nodes]
    found = [g.data if isinstance(g, ad.Tensor) else g for g in found]
    for node in nodes:
        node.zero_grad()
    return found


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("entry", SEVERAL, ids=title)
def test_a_short_operand_does_not_round_the_gradient_of_a_long_one(
    entry: Elementwise, create_graph: bool
) -> None:
    operands = [
        x if x.dtype == bool else x.astype(np.float32)
        for x in operands_for(entry, np.random.default_rng(0), (5,))
    ]
    long = [x if x.dtype == bool else x.astype(np.float64) for x in operands]
    for short in range(entry.arity):
        mixed = [
            x if i == short else y for i, (x, y) in enumerate(zip(operands, long, strict=True))
        ]
        found = gradients(entry, mixed, create_graph)
        expected = gradients(entry, long, create_graph)
        for i, (g, e) in enumerate(zip(found, expected, strict=True)):
            if g is None:
                continue
            assert g.dtype == mixed[i].dtype
            same(g, e, *((1e-6, 1e-7) if i == short else (1e-13, 1e-14)))
