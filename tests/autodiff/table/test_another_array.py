"""The whole table, and its backward rules, on an array type that the library does not know."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Elementwise, Primitive
from autodiff.ops.parameters import keyword_parameters
from autodiff.tensors.operations import apply
from tests.autodiff.reference import same, weights
from tests.autodiff.table import elementwise_samples
from tests.autodiff.table.counted import Counted, Counter
from tests.autodiff.table.structural_samples import SAMPLED, samples

_ENTRIES = [*elementwise_samples.ENTRIES, *SAMPLED]


def _cases(entry: Primitive) -> list[tuple[list[Any], dict[str, Any]]]:
    if not isinstance(entry, Elementwise):
        return list(samples(entry))
    rng = np.random.default_rng(4)
    return [(elementwise_samples.operands_for(entry, rng, (2, 3)), keyword_parameters(entry))]


def _run(entry: Primitive, operands: list[Any], params: dict[str, Any]) -> list[Any]:
    """The result and all gradients, as they are held."""
    nodes = [ad.Tensor(x, requires_grad=x.dtype.kind == "f") for x in operands]
    y = apply(entry, *nodes, **params)
    if y.requires_grad:
        parts = [y] if y.dtype.kind == "f" else [ad.real(y), ad.imag(y)]
        sum((part * weights(part.shape)).sum() for part in parts).backward()
    return [y._data, *(node._grad for node in nodes)]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("entry", _ENTRIES, ids=lambda entry: entry.name)
def test_results_and_gradients_are_those_of_numpy(entry: Primitive) -> None:
    for operands, params in _cases(entry):
        counter = Counter()
        expected = _run(entry, operands, params)
        found = _run(entry, [counter.wrap(x) for x in operands], params)
        assert counter.count
        for there, here in zip(found, expected, strict=True):
            if here is None:
                assert there is None
                continue
            assert isinstance(there, Counted)
            assert there.dtype == here.dtype
            same(there.value, here, rtol=1e-12, atol=1e-13)


def _f(x: Any) -> Any:
    return ad.sum(ad.tanh(x)[1:] ** 2) + ad.sum(ad.softmax(x) * x[::-1])


def _hessian(x: Any) -> Any:
    return ad.vmap(ad.grad(lambda v: ad.sum(ad.grad(_f)(v) * x)))(ad.stack([x, 2 * x]))


@pytest.mark.parametrize(
    "function",
    [
        ad.grad(_f),
        lambda x: ad.vmap(ad.grad(_f))(ad.stack([x, x + 1])),
        lambda x: ad.jvp(_f, (x,), (x,))[1],
        lambda x: ad.grad(lambda v: ad.sum(ad.grad(_f)(v) ** 2))(x),
        _hessian,
    ],
    ids=["grad", "vmap", "jvp", "second", "second in vmap"],
)
def test_transforms_take_it(function: Any) -> None:
    x = np.array([0.3, -1.2, 0.7])
    counter = Counter()
    found = function(ad.Tensor(counter.wrap(x)))._data
    assert isinstance(found, Counted)
    same(found.value, function(ad.Tensor(x)), rtol=1e-12)


def test_of_two_interpreters_the_later_carries_out() -> None:
    early, late = Counter(), Counter()
    late.start = 1
    inner = early.wrap(np.ones(2))
    outer = late.wrap(inner)
    for a, b in [(inner, outer), (outer, inner)]:
        for result in (a + b, np.concatenate([a, b])[:2] * 2):
            assert result.interpreter is late
            same(result.value.value, 2 * np.ones(2))
    assert early.count == late.count == 8


@pytest.mark.parametrize("asked", [bool, float, int, complex, np.asarray, Counted.item, len])
def test_plain_numbers_are_refused(asked: Any) -> None:
    with pytest.raises(TypeError, match="array"):
        asked(Counter().wrap(1.0))
