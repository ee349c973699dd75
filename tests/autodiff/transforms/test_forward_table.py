"""Every entry of the table in forward mode: the transpose of its backward pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Structural
from autodiff.tensors.operations import apply as apply_entry
from autodiff.transforms.pushforward import tangents_of
from tests.autodiff.reference import same, weights
from tests.autodiff.table import elementwise_samples, structural_samples
from tests.autodiff.table.test_complex_table import cases as complex_cases

ENTRIES = [*elementwise_samples.DIFFERENTIABLE, *structural_samples.SAMPLED]
# These stand in other rules, to refuse what has no derivative.
REFUSING = {"complement", "determined", "independent", "undetermined"}
# Reads one triangle, but its gradient is that of a Hermitian matrix as a whole.
OF_HERMITIAN = {"mirror"}
each_entry = pytest.mark.parametrize(
    "entry",
    [e for e in ENTRIES if e.name not in REFUSING | OF_HERMITIAN],
    ids=lambda entry: entry.name,
)


def cases(entry: Any) -> list[tuple[Callable[..., Any], list[Any]]]:
    """The entry as a function of its floating operands, with samples of them."""
    if isinstance(entry, Structural):
        given = list(structural_samples.samples(entry))
    else:
        rng = np.random.default_rng(8)
        shapes = [(3, 2)] if entry.arity == 1 else [(3, 1), (2,), (3, 2)][: entry.arity]
        operands = elementwise_samples.operands_for(entry, rng, *shapes)
        given = [(operands, {})]
    found = []
    for operands, params in given:
        arrays = [np.asarray(x) for x in operands]
        floating = [i for i, x in enumerate(arrays) if x.dtype.kind == "f"]

        def function(
            *xs: Any, arrays: Any = arrays, floating: Any = floating, params: Any = params
        ) -> Any:
            filled = list(arrays)
            for i, x in zip(floating, xs, strict=True):
                filled[i] = x
            if isinstance(entry, Structural):
                return apply_entry(entry, *filled, **params)
            return elementwise_samples.apply(entry, *filled, **params)

        found.append((function, [arrays[i] for i in floating]))
    return found


def directions(operands: list[Any]) -> list[Any]:
    return [np.cos(weights(x.shape) * (i + 2)) for i, x in enumerate(operands)]


def dot(a: Any, b: Any) -> Any:
    return np.real(np.sum(np.conjugate(np.asarray(a)) * np.asarray(b)))


@each_entry
def test_forward_mode_is_the_transpose_of_reverse_mode(entry: Any) -> None:
    for function, operands in cases(entry):
        y, pullback = ad.vjp(function, *operands)
        w = weights(y.shape)
        along = directions(operands)
        again, t = ad.jvp(function, operands, along)
        same(again, y)
        assert (t.shape, t.dtype) == (y.shape, y.dtype)
        sent = pullback(w)
        same(dot(w, t), sum(map(dot, sent, along)), rtol=1e-11, atol=1e-12)
        for i, (x, v) in enumerate(zip(operands, along, strict=True)):
            only = [v if k == i else None for k in range(len(operands))]
            if any(o is not None for o in only):
                t = ad.jvp(function, operands, only)[1]
                same(dot(w, t), dot(sent[i], v), rtol=1e-11, atol=1e-12)
                assert x.dtype == sent[i].dtype


@each_entry
def test_forward_over_reverse_is_reverse_over_forward(entry: Any) -> None:
    for function, operands in cases(entry)[:3]:
        w = weights(function(*operands).shape)
        along = directions(operands)
        every = tuple(range(len(operands)))

        def number(*xs: Any, function: Any = function, w: Any = w) -> Any:
            total = ad.sum(function(*xs) * w)
            return ad.real(total) if total.dtype.kind == "c" else total

        def slope(*xs: Any, number: Any = number, along: Any = along) -> Any:
            return ad.jvp(number, xs, along)[1]

        forward = ad.jvp(ad.grad(number, argnums=every), operands, along)[1]
        backward = ad.grad(slope, argnums=every)(*operands)
        twice = ad.jvp(slope, operands, along)[1]
        for one, other in zip(forward, backward, strict=True):
            same(one, other, rtol=1e-9, atol=1e-9)
        same(twice, sum(map(dot, forward, along)), rtol=1e-9, atol=1e-9)


@each_entry
def test_complex_operands(entry: Any) -> None:
    try:
        found = list(complex_cases(entry))
        function, operands = found[0]
        function(*[ad.Tensor(x, requires_grad=x.dtype.kind in "fc") for x in operands])
    except (ad.NonDifferentiableError, TypeError, IndexError):
        pytest.skip("has no meaning for complex numbers")
    for function, operands in found:
        if any(x.dtype.kind not in "fc" for x in operands):
            continue
        try:
            y, pullback = ad.vjp(function, *operands)
            w = weights(y.shape) if y.dtype.kind != "c" else weights(y.shape) * (1 - 0.5j)
            sent = pullback(w)
        except (ad.NonDifferentiableError, TypeError):
            continue
        rng = np.random.default_rng(3)
        along = [
            np.asarray(rng.standard_normal(x.shape))
            + (1j * rng.standard_normal(x.shape) if x.dtype.kind == "c" else 0.0)
            for x in operands
        ]
        t = ad.jvp(function, operands, along)[1]
        assert t.dtype == y.dtype
        exact = 1e-10 if y.dtype == np.complex128 or y.dtype == np.float64 else 1e-6
        same(dot(w, t), sum(map(dot, sent, along)), rtol=exact, atol=exact)


@each_entry
def test_single_precision_stays(entry: Any) -> None:
    for function, operands in cases(entry)[:1]:
        if isinstance(entry, Structural) and len(operands) != len(
            next(structural_samples.samples(entry))[0]
        ):
            pytest.skip("has operands of other kinds")
        single = [x.astype(np.float32) for x in operands]
        y, t = ad.jvp(function, single, [np.ones_like(x) for x in single])
        if y.dtype == np.float32:
            assert t.dtype == np.float32


def test_what_does_not_vary_costs_nothing() -> None:
    x, c = ad.Tensor(np.ones(3), requires_grad=True), ad.Tensor(np.ones(3), requires_grad=True)
    y = ad.sum(ad.exp(c))
    assert tangents_of([y], {x: np.ones(3)}, 0, record=False) == [None]
