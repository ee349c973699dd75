"""Every entry of the table is expanded into scalars that agree with it, or refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import TABLE, Elementwise, Fused, Primitive, Structural, every_primitive
from autodiff.ops.parameters import keyword_parameters
from autodiff.scalarizing.table import REFUSED
from autodiff.tensors.operations import apply
from autodiff.values.fusions import weighted_sum
from tests.autodiff.reference import same, weights
from tests.autodiff.table import elementwise_samples
from tests.autodiff.table.structural_samples import samples

ENTRIES = [entry for entry in every_primitive().values() if not isinstance(entry, Fused)]
EXPANDED = [entry for entry in ENTRIES if entry.name not in REFUSED]
CONSTANT = {"imag"}
"""Entries of whose result nothing depends on real operands."""

Case = tuple[list[Any], dict[str, Any]]


def _cases(entry: Primitive) -> Iterator[Case]:
    rng = np.random.default_rng(4)
    if isinstance(entry, Elementwise):
        for shapes in ([(2, 3)], [(2, 1), (3,), (2, 3)][: entry.arity]):
            if len(shapes) in (1, entry.arity):
                operands = elementwise_samples.operands_for(entry, rng, *shapes)
                yield operands, keyword_parameters(entry)
    elif entry.name == "from_values":
        yield list(rng.normal(size=6)), {"shape": (2, 3)}
    elif entry.name == "to_value":
        yield [rng.normal(size=(2, 3))], {"index": (1, 2)}
    elif entry.name == "determined":
        yield [rng.normal(size=(2, 2)), np.zeros((2, 2))], {"of": "slopes"}
    else:
        assert isinstance(entry, Structural)
        yield from samples(entry)


def _gathered_gradients(graph: ad.ScalarGraph, w: Any) -> dict[Any, float]:
    """The backward pass over Values from Σ w · result."""
    result = graph.elements[graph.root].reshape(-1).tolist()
    found: dict[Any, float] = ad.gradients(weighted_sum(w.reshape(-1).tolist(), result))
    return found


def _check(entry: Primitive, operands: list[Any], params: dict[str, Any]) -> None:
    nodes = [ad.Tensor(x, requires_grad=np.asarray(x).dtype.kind == "f") for x in operands]
    y = apply(entry, *nodes, **params)
    graph = ad.scalarize(y)
    numbers = [getattr(x, "data", x) for x in graph.elements[y].reshape(-1)]
    scale = float(np.max(np.abs(y.detach().numpy()), initial=0.0))
    same(np.array(numbers, float).reshape(y.shape), y, rtol=1e-12, atol=1e-13 * scale)
    if entry.name in CONSTANT:
        assert not any(isinstance(x, ad.Value) for x in graph.elements[y].reshape(-1))
        return
    w = weights(y.shape)
    there, here = _gathered_gradients(graph, w), ad.gradients(y, w)
    for node in nodes:
        if node.requires_grad:
            wanted = here.get(node, np.zeros(node.shape))
            scale = float(np.max(np.abs(wanted), initial=0.0))
            same(graph.gathered(there, node), wanted, rtol=1e-11, atol=1e-12 * scale)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    "entry", [e for e in EXPANDED if e.differentiable], ids=elementwise_samples.title
)
def test_numbers_and_gradients_are_those_of_the_entry(entry: Primitive) -> None:
    count = 0
    for operands, params in _cases(entry):
        if not any(np.asarray(x).dtype.kind == "c" for x in operands):
            _check(entry, operands, params)
            count += 1
    assert count


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_its_name_and_why(name: str) -> None:
    y = ad.Tensor(np.eye(2), requires_grad=True) * 1.0
    y.op = TABLE[name]
    with pytest.raises(ad.ScalarizingError, match=f"'{name}' cannot be expanded .* it .*"):
        ad.scalarize(y)


def test_comparisons_are_the_only_entries_left() -> None:
    left = [e for e in EXPANDED if not e.differentiable]
    assert all(isinstance(e, Elementwise) for e in left)
    assert {e.name for e in left} >= {"equal", "less", "isnan"}


def test_no_other_entries_are_refused() -> None:
    assert set(REFUSED) == set(
        """
        cholesky cofactor cofactor_pull complement det eig eigh enter_batch expm expm_derivative
        fft ifft independent inv irfft leave_batch lu make_complex mirror pinv qr rfft
        share_in_batch slogdet solve spread_in_batch sqrtm sqrtm_derivative sum_of_batch svd
        undetermined
        """.split()
    )
    assert set(REFUSED) <= {entry.name for entry in ENTRIES}
