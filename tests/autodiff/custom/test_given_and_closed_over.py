"""A node that a function is given and closes over, too: each use counts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.testing import gradcheck

A = np.array([0.7, -1.3])
ONE = np.array([1.0, 0.5])


def scaled(x: Any, a: Any) -> Any:
    return ad.sin(x) * a * a + x


def square(x: Any, a: Any) -> Any:
    return x**3 * a


# Each is a function of one variable that reaches an inner function in two ways.
CASES: dict[str, Callable[[Any], Any]] = {
    "checkpoint": lambda a: ad.checkpoint(lambda x: scaled(x, a))(a),
    "checkpoint, given twice": lambda a: ad.checkpoint(lambda x, y: scaled(x, a) * y)(a, a),
    "checkpoint, of a result": lambda a: (lambda h: ad.checkpoint(lambda x: scaled(x, h) * a)(h))(
        ad.sin(a)
    ),
    "checkpoint, the argument itself": lambda a: ad.checkpoint(lambda x: x)(a) * a,
    "checkpoint in checkpoint": lambda a: ad.checkpoint(
        lambda x: ad.checkpoint(lambda y: scaled(y, x) * a)(x)
    )(a),
    "checkpoint in vmap": lambda a: ad.vmap(lambda b: ad.checkpoint(lambda x: scaled(x, a) * b)(a))(
        a
    ),
    "checkpoint of vmap": lambda a: ad.checkpoint(lambda x: ad.vmap(lambda b: b * x * a)(x))(a),
    "vmap": lambda a: ad.vmap(lambda x: scaled(x, a))(a),
    "fixed_point": lambda a: ad.fixed_point(lambda x, b: 0.3 * ad.sin(x) * a + b, A, a),
    "find_root": lambda a: ad.find_root(lambda x, b: x**3 + a * a * x + b, A, a),
    "grad": lambda a: ad.grad(lambda x: ad.sum(square(x, a)))(a),
    "grad of checkpoint": lambda a: ad.grad(
        lambda x: ad.sum(ad.checkpoint(lambda y: square(y, x) * a)(x))
    )(a),
    "jvp": lambda a: ad.jvp(lambda x: square(x, a), (a,), (a,))[1],
    "jvp of checkpoint": lambda a: ad.jvp(
        lambda x: ad.checkpoint(lambda y: square(y, x) * a)(x), (a,), (a,)
    )[1],
    "vjp": lambda a: ad.vjp(lambda x: square(x, a), a)[1](a)[0],
    "linearize": lambda a: ad.linearize(lambda x: square(x, a), a)[1](a),
    "jacrev": lambda a: ad.jacrev(lambda x: square(x, a))(a),
    "jacfwd": lambda a: ad.jacfwd(lambda x: square(x, a))(a),
}


@pytest.mark.parametrize("name", CASES)
def test_both_uses_count(name: str) -> None:
    assert gradcheck(CASES[name], A, order=2).passed


@pytest.mark.parametrize("create_graph", [False, True])
def test_values(create_graph: bool) -> None:
    a = ad.Value(3.0)
    ad.checkpoint(lambda x: x * a)(a).backward(create_graph=create_graph)
    assert getattr(a.grad, "data", a.grad) == 6.0
    assert ad.grad(ad.grad(lambda a: ad.checkpoint(lambda x: x * a * a)(a)))(3.0) == 18.0


def test_a_weight_given_to_the_module_that_has_it() -> None:
    found = []
    for wrap in (lambda function: function, ad.checkpoint):
        layer = nn.Linear(3, 3, rng=np.random.default_rng(0))
        forward = wrap(lambda w, layer=layer: (layer(w) * w).sum())
        forward(layer.weight).backward()
        found.append(layer.weight.grad)
    np.testing.assert_array_equal(*found)


def test_a_residual_block() -> None:
    found = []
    for wrap in (lambda function: function, ad.checkpoint):
        x = ad.Tensor(A, requires_grad=True)
        h = ad.tanh(x)
        wrap(lambda y, h=h: h + ad.sin(y))(h).sum().backward()
        found.append(x.grad)
    np.testing.assert_array_equal(*found)


def test_a_transform_in_a_recorded_step() -> None:
    def step(x: Any) -> Any:
        return ad.value_and_grad(lambda y: ad.sum(ad.checkpoint(lambda z: z * y * x)(y)))(x)

    for plain, recorded in zip(step(A), ad.compile(step)(A), strict=True):
        np.testing.assert_allclose(plain, np.asarray(recorded))


def test_backward_in_a_recorded_step() -> None:
    w = ad.Tensor(A, requires_grad=True)

    def step(x: Any) -> Any:
        w.zero_grad()
        (ad.checkpoint(lambda z: z * w * x)(w)).sum().backward()
        return w.grad

    np.testing.assert_allclose(ad.compile(step)(ONE), step(ONE))
