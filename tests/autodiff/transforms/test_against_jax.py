"""The transforms beside those of JAX, on functions that use many operations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same

jax = pytest.importorskip("jax", reason="compares with JAX, which is not installed")
jnp = jax.numpy
jax.config.update("jax_enable_x64", True)

rng = np.random.default_rng(11)
P = {"w": rng.standard_normal((4, 3)), "layers": [(rng.standard_normal((2, 4)), np.zeros(2))]}
DP = ad.tree.map(lambda a: np.asarray(rng.standard_normal(a.shape)), P)
X = rng.standard_normal((5, 3))


def network(xp: Any, softmax: Any, logsumexp: Any) -> Any:
    def f(p: Any, x: Any) -> Any:
        h = xp.tanh(x @ p["w"].T)
        ((w, b),) = p["layers"]
        logits = h @ w.T + b
        top = xp.max(xp.abs(h), axis=1)
        spread = xp.var(h, axis=0) + xp.prod(x, axis=1).mean() ** 2
        return {
            "loss": logsumexp(logits, axis=1).mean() + xp.sum(spread),
            "p": softmax(logits, axis=1) * xp.sqrt(top + 1.0)[:, None],
        }

    return f


OURS = network(ad, ad.softmax, ad.logsumexp)
THEIRS = network(jnp, jax.nn.softmax, jax.scipy.special.logsumexp)


def alike(found: Any, expected: Any) -> None:
    assert ad.tree.structure(found) == ad.tree.structure(expected)
    for a, b in zip(ad.tree.leaves(found), ad.tree.leaves(expected), strict=True):
        same(a, np.asarray(b), rtol=1e-10, atol=1e-12)


def loss(f: Any) -> Any:
    return lambda p, x: f(p, x)["loss"]


def test_gradients() -> None:
    theirs = jax.jit(jax.value_and_grad(loss(THEIRS), argnums=(0, 1)))
    alike(ad.value_and_grad(loss(OURS), argnums=(0, 1))(P, X), theirs(P, X))


def test_products() -> None:
    alike(ad.jvp(OURS, (P, X), (DP, X)), jax.jit(lambda *a: jax.jvp(THEIRS, a, (DP, X)))(P, X))
    y, pullback = ad.vjp(OURS, P, X)
    cotangent = ad.tree.map(lambda a: np.cos(np.asarray(a)), y)
    alike((y, pullback(cotangent)), jax.jit(lambda *a: _pulled(a, cotangent))(P, X))
    y, push = ad.linearize(OURS, P, X)
    alike((y, push(DP, X)), ad.jvp(OURS, (P, X), (DP, X)))


def _pulled(primals: Any, cotangent: Any) -> Any:
    y, pullback = jax.vjp(THEIRS, *primals)
    return y, pullback(cotangent)


@pytest.mark.parametrize("name", ["jacfwd", "jacrev", "hessian"])
def test_jacobians_and_hessians(name: str) -> None:
    ours, theirs = (loss(OURS), loss(THEIRS)) if name == "hessian" else (OURS, THEIRS)
    found = getattr(ad, name)(ours, (1, 0))(P, X)
    alike(found, jax.jit(getattr(jax, name)(theirs, (1, 0)))(P, X))


def test_derivatives_along_derivatives() -> None:
    def through(f: Any, jvp: Any, grad: Any) -> Any:
        return grad(lambda p: jvp(lambda q: loss(f)(q, X), (p,), (DP,))[1])

    ours = through(OURS, ad.jvp, ad.grad)(P)
    alike(ours, jax.jit(through(THEIRS, jax.jvp, jax.grad))(P))
    alike(ad.hvp(lambda p: loss(OURS)(p, X), (P,), (DP,)), (ours,))


def test_holomorphic_functions() -> None:
    z = np.array([1 + 2j, -0.5j, 0.3])

    def f(xp: Any) -> Any:
        return lambda z: xp.exp(z) * z**2

    for name in ("jacfwd", "jacrev"):
        ours = getattr(ad, name)(f(ad), holomorphic=True)(z)
        theirs = getattr(jax, name)(f(jnp), holomorphic=True)(z)
        same(ours, np.asarray(theirs), rtol=1e-12, atol=1e-14)
    ours = ad.grad(lambda z: ad.sum(f(ad)(z)), holomorphic=True)(z)
    same(ours, np.asarray(jax.grad(lambda z: jnp.sum(f(jnp)(z)), holomorphic=True)(z)), rtol=1e-12)
