"""Jacobians from one sweep over all directions are those from a sweep for each."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.transforms import basis, jacobian_blocks
from tests.autodiff.reference import normal, same
from tests.autodiff.transforms.test_forward_table import cases, each_entry

W, X = normal((6, 6), (6,))
BOTH = [ad.jacrev, ad.jacfwd]


def one_by_one(monkeypatch: pytest.MonkeyPatch, call: Callable[[], Any]) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr(basis, "_FEW", 10**9)
        return call()


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[int]:
    """How often a sweep of that name is made from now on."""
    calls = [0]
    sweep = getattr(jacobian_blocks, name)

    def counting(*args: Any, **options: Any) -> Any:
        calls[0] += 1
        return sweep(*args, **options)

    monkeypatch.setattr(jacobian_blocks, name, counting)
    return calls


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@each_entry
def test_every_entry(entry: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for function, operands in cases(entry)[:2]:
        for jacobian in BOTH:

            def call(jacobian: Any = jacobian, f: Any = function, xs: Any = operands) -> Any:
                return jacobian(lambda *x: ad.real(f(*x)), tuple(range(len(xs))))(*xs)

            for found, expected in zip(call(), one_by_one(monkeypatch, call), strict=True):
                same(found, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(
    ("jacobian", "name"), [(ad.jacrev, "gradients_by"), (ad.jacfwd, "tangents_of")]
)
def test_one_sweep_is_enough(jacobian: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, name)
    found = jacobian(lambda x: ad.tanh(W @ x))(X)
    assert calls == [1]
    same(found, (1 - np.tanh(W @ X) ** 2)[:, None] * W, rtol=1e-13)


@pytest.mark.parametrize("jacobian", BOTH)
def test_a_large_graph_is_swept_some_directions_at_a_time(
    jacobian: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = counted(monkeypatch, "gradients_by" if jacobian is ad.jacrev else "tangents_of")
    monkeypatch.setattr(basis, "_MOST_NUMBERS", 4 * 36)
    same(jacobian(lambda x: ad.sum(W * x, 1) ** 2)(X), 2 * (W @ X)[:, None] * W, rtol=1e-12)
    assert calls == [2]
    monkeypatch.setattr(basis, "_MOST_NUMBERS", 36)
    same(jacobian(lambda x: ad.sum(W * x, 1) ** 2)(X), 2 * (W @ X)[:, None] * W, rtol=1e-12)
    assert calls == [8]


def test_a_hessian_makes_one_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, "tangents_of")
    same(ad.hessian(lambda x: ad.sum((W @ x) ** 3))(X), 6 * (W.T * (W @ X)) @ W, rtol=1e-11)
    assert calls == [1]


@pytest.mark.parametrize("jacobian", BOTH)
def test_rules_that_work_on_one_array_at_a_time(jacobian: Any) -> None:
    @ad.custom_function
    def halved(x: Any) -> Any:
        return ad.tanh(x) / 2

    @halved.vjp
    def back(g: Any, y: Any, x: Any) -> Any:
        return g * (0.5 - 2 * y * y) if float(ad.sum(g)) else 0.0 * g

    @halved.jvp
    def forth(t: Any, y: Any, x: Any) -> Any:
        (t,) = t if isinstance(t, tuple) else (t,)
        return t * (0.5 - 2 * y * y) if float(ad.sum(t)) else 0.0 * t

    same(jacobian(halved)(X), np.diag(0.5 - np.tanh(X) ** 2 / 2), rtol=1e-13)


@pytest.mark.parametrize("jacobian", BOTH)
def test_a_way_through_single_values(jacobian: Any) -> None:
    def function(x: Any) -> Any:
        values = [ad.to_value(part) for part in x]
        return ad.stack([a * b for a, b in pairwise(values)])

    expected = np.zeros((5, 6))
    for i in range(5):
        expected[i, i], expected[i, i + 1] = X[i + 1], X[i]
    same(jacobian(function)(X), expected, rtol=1e-13)


def test_hooks_see_one_gradient_at_a_time() -> None:
    seen = []

    def function(x: Any) -> Any:
        y = x * 2
        y.register_hook(lambda g: seen.append(g.shape))
        return y

    same(ad.jacrev(function)(X), 2 * np.eye(6))
    assert seen == [(6,)] * 6


def test_within_other_transforms_and_for_several_results() -> None:
    def function(p: Any) -> Any:
        return {"a": ad.sin(p[0]) * p[1], "b": p[0] @ p[0]}

    found = ad.jacrev(function)((X, 2.0))
    same(found["a"][0], 2 * np.diag(np.cos(X)), rtol=1e-14)
    same(found["a"][1], np.sin(X), rtol=1e-14)
    same(found["b"][0], 2 * X, rtol=1e-14)
    assert found["b"][1] == 0.0
    third = ad.jacobian(ad.jacobian(ad.grad(lambda x: ad.sum(x**4))))(X)
    expected = np.zeros((6, 6, 6))
    expected[range(6), range(6), range(6)] = 24 * X
    same(third, expected, rtol=1e-12)
    rows = np.stack([X, 2 * X])
    same(ad.vmap(ad.jacrev(ad.sin))(rows), [np.diag(np.cos(row)) for row in rows], rtol=1e-14)
