"""Derivatives of every example at once, and derivatives of mapped functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same

X = np.arange(6.0).reshape(3, 2) / 3
V = np.cos(X)


def number(x: Any) -> Any:
    return ad.sum(ad.softmax(x * x, axis=0) * ad.sin(x)) + ad.prod(x + 1)


def vector(x: Any) -> Any:
    return x * number(x)


ALONG: dict[str, Any] = {
    "jvp": lambda x, v: ad.jvp(vector, (x,), (v,))[1],
    "linearize": lambda x, v: ad.linearize(vector, x)[1](v),
    "vjp": lambda x, v: ad.vjp(vector, x)[1](v)[0],
    "hvp": lambda x, v: ad.hvp(number, (x,), (v,))[0],
    "jvp of grad of jvp": lambda x, v: ad.jvp(
        ad.grad(lambda y: ad.jvp(number, (y,), (v,))[1]), (x,), (v,)
    )[1],
}


@pytest.mark.parametrize("name", ALONG)
def test_products_of_every_example(name: str) -> None:
    f = ALONG[name]
    expected = [f(x, v) for x, v in zip(X, V, strict=True)]
    same(ad.vmap(f)(X, V), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("transform", [ad.jacobian, ad.jacfwd, ad.jacrev, ad.hessian])
def test_jacobians_of_every_example(transform: Any) -> None:
    f = transform(number if transform is ad.hessian else vector)
    same(ad.vmap(f)(X), [f(x) for x in X], rtol=1e-12, atol=1e-14)


def test_directions_mapped_over() -> None:
    _, push = ad.linearize(vector, X[0])
    same(ad.vmap(push)(V), [push(v) for v in V], rtol=1e-13)
    _, pullback = ad.vjp(vector, X[0])
    same(ad.vmap(lambda g: pullback(g)[0])(V), [pullback(v)[0] for v in V], rtol=1e-13)


def test_derivatives_of_mapped_functions() -> None:
    expected = [ad.jvp(number, (x,), (v,))[1] for x, v in zip(X, V, strict=True)]
    same(ad.jvp(ad.vmap(number), (X,), (V,))[1], expected, rtol=1e-13)
    mapped = ad.jacobian(ad.vmap(number))(X)
    same(mapped[np.arange(3), np.arange(3)], [ad.grad(number)(x) for x in X], rtol=1e-13)
    found = ad.grad(lambda x: ad.sum(ad.vmap(ad.grad(number))(x)))(X)
    same(found, [ad.hvp(number, (x,), (np.ones(2),))[0] for x in X], rtol=1e-12)
