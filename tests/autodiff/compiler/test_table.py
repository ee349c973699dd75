"""Every primitive of the table, recorded with its backward pass and replayed on new inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Elementwise, Structural, every_primitive
from autodiff.ops.primitive import Primitive
from autodiff.tensors.operations import apply
from tests.autodiff.compiler.twins import assert_same
from tests.autodiff.table.elementwise_samples import operands_for

_ELEMENTWISE = [e for e in every_primitive().values() if isinstance(e, Elementwise)]
_STRUCTURAL = [
    e for e in every_primitive().values() if isinstance(e, Structural) and e.samples is not None
]


# Not everything of the right shape is an operand of these.
_PARTICULAR = {"cholesky", "eig", "sqrtm", "sqrtm_derivative"}


def _title(entry: Primitive) -> str:
    return entry.name


def _leaves(operands: list[Any]) -> list[ad.Tensor]:
    return [ad.Tensor(x, requires_grad=np.asarray(x).dtype.kind == "f") for x in operands]


def _step(entry: Primitive, leaves: list[ad.Tensor], params: dict[str, Any]) -> Any:
    def step(weights: Any) -> Any:
        for leaf in leaves:
            leaf.zero_grad()
        y = apply(entry, *leaves, **params)
        if y.requires_grad:
            parts = [y] if y.dtype.kind == "f" else [ad.real(y), ad.imag(y) + ad.real(y)]
            sum((part * weights).sum() for part in parts).backward()
        return y

    return step


def _compare(entry: Primitive, sets: list[list[Any]], params: dict[str, Any]) -> None:
    """Record on the first set of operands and replay on the others."""
    eager, compiled = _leaves(sets[0]), _leaves(sets[0])
    ordinary, recorded = _step(entry, eager, params), ad.compile(_step(entry, compiled, params))
    with np.errstate(all="ignore"):
        for number, operands in enumerate([*sets, sets[0]]):
            for side in (eager, compiled):
                for leaf, array in zip(side, operands, strict=True):
                    leaf.data[...] = array
            shape = apply(entry, *eager, **params).shape
            weights = np.random.default_rng(number).uniform(0.5, 2.0, shape)
            assert_same(ordinary(weights), recorded(weights))
            assert_same([leaf.grad for leaf in eager], [leaf.grad for leaf in compiled])
    assert recorded.recordings == 1


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("entry", _ELEMENTWISE, ids=_title)
def test_an_elementwise_primitive_is_replayed_as_it_runs(entry: Elementwise, dtype: Any) -> None:
    """Values and gradients are those of the ordinary code, to the last bit."""
    rng = np.random.default_rng(2)
    sets = [operands_for(entry, rng, (3, 4), dtype=dtype) for _ in range(3)]
    _compare(entry, sets, _defaults(entry))


@pytest.mark.parametrize("entry", [e for e in _ELEMENTWISE if e.arity == 2], ids=_title)
def test_broadcast_operands_are_replayed(entry: Elementwise) -> None:
    """The sums that undo a broadcast are recorded too."""
    rng = np.random.default_rng(3)
    sets = [operands_for(entry, rng, (3, 1), (4,), dtype=np.float32) for _ in range(3)]
    _compare(entry, sets, _defaults(entry))


def _defaults(entry: Elementwise) -> dict[str, Any]:
    from autodiff.ops.parameters import keyword_parameters

    return dict(keyword_parameters(entry))


def _samples(entry: Structural, seed: int) -> list[Any]:
    assert entry.samples is not None
    return list(entry.samples(np.random.default_rng(seed)))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("entry", _STRUCTURAL, ids=_title)
def test_a_structural_primitive_is_replayed_as_it_runs(entry: Structural, dtype: Any) -> None:
    """Values and gradients are those of the ordinary code, to the last bit."""
    rng = np.random.default_rng(4)
    for operands, params in _samples(entry, 5):
        first = [np.asarray(x, dtype) for x in operands]
        if entry.name in _PARTICULAR:
            others = [[x * (2 + i) for x in first] for i in range(2)]
            _compare(entry, [first, *others], params)
            continue
        others = [[rng.permutation(x.ravel()).reshape(x.shape) for x in first] for _ in range(2)]
        _compare(entry, [first, *others], params)
