"""The array API standard's functions in compiled steps, on batches and in second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "asarray": lambda a: ad.asarray(a, copy=True),
    "arange": lambda a: ad.arange(4.0) * a,
    "bitwise": lambda a: ad.where((a > 0) & (a < 1) | ~(a > -1), a, 0.5),
    "broadcast_arrays": lambda a: ad.broadcast_arrays(a, np.ones((2, 4, 4)))[0],
    "clip": lambda a: ad.clip(a, max=0.3),
    "copysign": lambda a: ad.copysign(a, -a),
    "cumulative_sum": lambda a: ad.cumulative_sum(a, axis=0, include_initial=True),
    "diff": lambda a: ad.diff(a, append=0.5),
    "eye": lambda a: ad.eye(4) @ a,
    "full": lambda a: ad.full((2,), a[0, 0]),
    "full_like": lambda a: ad.full_like(a, 2.0) * a,
    "linspace": lambda a: ad.linspace(a, a * 2, 3),
    "matrix_transpose": ad.matrix_transpose,
    "meshgrid": lambda a: ad.meshgrid(a[0], a[1])[0],
    "repeat": lambda a: ad.repeat(a, 2, axis=0),
    "repeat by place": lambda a: ad.repeat(a, [1, 2, 0, 1], axis=0),
    "reshape": lambda a: ad.reshape(a, (2, 8), copy=False),
    "round": lambda a: ad.round(a, 1) * a,
    "signbit": lambda a: ad.where(ad.signbit(a), a, 1.0),
    "tile": lambda a: ad.tile(a, (2, 1)),
    "triangles": lambda a: ad.tril(ad.triu(a, -1), 1),
    "unstack": lambda a: ad.unstack(a)[1],
    "zeros_like": lambda a: ad.zeros_like(a) + a,
}
each = pytest.mark.parametrize("name", FUNCTIONS)
X = np.random.default_rng(11).normal(size=(3, 4, 4))


def loss(name: str, w: Any) -> Any:
    return (FUNCTIONS[name](w) ** 3).sum()


@each
def test_in_a_compiled_step(name: str) -> None:
    eager, recorded = (ad.Tensor(X[0], requires_grad=True) for _ in range(2))

    def step(w: Any) -> Callable[[Any], Any]:
        def run(factor: Any) -> Any:
            w.zero_grad()
            y = loss(name, w * factor)
            y.backward()
            return y

        return run

    ordinary, compiled = step(eager), ad.compile(step(recorded))
    for factor in (np.array(1.0), np.array(-0.7)):
        np.testing.assert_allclose(compiled(factor).data, ordinary(factor).data)
        np.testing.assert_allclose(recorded.grad, eager.grad)
    assert compiled.recordings == 1


@each
def test_on_a_batch(name: str) -> None:
    batch = ad.vmap(FUNCTIONS[name])(ad.Tensor(X)).numpy()
    np.testing.assert_allclose(batch, np.stack([FUNCTIONS[name](x).numpy() for x in X]))


@each
def test_first_and_second_derivatives(name: str) -> None:
    assert ad.gradcheck(lambda w: loss(name, w), X[0], order=2).passed
