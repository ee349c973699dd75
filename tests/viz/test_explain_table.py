"""`viz.explain` through every entry of the table: it is checked by differences, and written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import viz
from autodiff.ops import Elementwise, Structural, every_primitive
from autodiff.tensors.operations import apply
from tests.autodiff.table import elementwise_samples as elementwise
from tests.autodiff.table.structural_samples import samples


def of_the_table(entry: Any) -> Iterator[tuple[list[Any], Any]]:
    """Operands of an entry, and a number made of its result."""
    if isinstance(entry, Elementwise):
        drawn = elementwise.operands_for(entry, np.random.default_rng(0), (2, 3))
        cases: Any = [(drawn, {})]
    else:
        cases = samples(entry) if entry.samples is not None else []
    for operands, params in cases:
        nodes = [
            ad.Tensor(x, requires_grad=np.asarray(x).dtype.kind in "fc", name=name)
            for x, name in zip(operands, "ABCD", strict=False)
        ]
        if isinstance(entry, Elementwise):
            made = elementwise.apply(entry, *nodes)
        else:
            made = apply(entry, *nodes, **params)
        real = ad.real(made) if made.dtype.kind == "c" else made
        yield nodes, ad.sum(ad.sin(real)) if real.ndim else real


def explained_through(entry: Any, most: int) -> None:
    for nodes, loss in islice(of_the_table(entry), most):
        for node in nodes:
            if node.requires_grad:
                told = viz.explain(loss, node, engine="builtin")
                assert all(check.agrees for check in told.checks), told.text
                assert not re.search(r"\{\d\}|None", told.text)
                assert told.latex.split("\n", 1)[1].isascii()
                assert told.latex.count("{") == told.latex.count("}")
                assert "<svg" in told.svg


TABLE = [
    entry
    for entry in every_primitive().values()
    if entry.differentiable and isinstance(entry, Elementwise | Structural)
]


@pytest.mark.parametrize(
    "entry", [e for e in TABLE if isinstance(e, Structural)], ids=lambda entry: entry.name
)
def test_every_structural_entry_is_explained(entry: Any) -> None:
    explained_through(entry, 1)


@pytest.mark.exhaustive
@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_every_entry_is_explained_in_all_its_samples(entry: Any) -> None:
    explained_through(entry, 1_000)
