"""Tensors without axes: a sum of two of NumPy's is a scalar, no array, wherever one is formed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Elementwise
from tests.autodiff.table.elementwise_samples import (
    DIFFERENTIABLE,
    apply,
    floating,
    operands_for,
    title,
)
from tests.sampled import sampled

Function = Callable[..., Any]


def plainly(f: Function, *xs: Any) -> Any:
    y, (x, *_) = f(*xs), [x for x in xs if x.dtype.kind == "f"]
    return ad.sum(y * y + y * x * x + 3 * x * x + 2 * x)


def in_many_ways(f: Function, *xs: Any, through_values: bool = True) -> Any:
    """The same number of operands without axes, each used often and otherwise each time."""
    y, (x, *_) = f(*xs), [x for x in xs if x.dtype.kind == "f"]
    wide = f(*[z[None] for z in xs])
    product = ad.to_value(x) * ad.to_value(x) if through_values else x * x
    indexed = x[()] * x.reshape(1).sum() + x[...] * x * y
    return ad.sum(wide * wide) + indexed + product + x * x + ad.stack([x, x]).sum()


def leaves(operands: list[Any]) -> list[Any]:
    return [ad.Tensor(x, requires_grad=x.dtype.kind == "f") for x in operands]


def backward(f: Function, operands: list[Any]) -> list[Any]:
    xs = leaves(operands)
    f(*xs).backward()
    f(*xs).backward()
    return [x.grad for x in xs if x.requires_grad]


def hooked(f: Function, operands: list[Any]) -> list[Any]:
    xs = leaves(operands)
    for x in xs:
        if x.requires_grad:
            x.register_hook(lambda g: g + (0.0 if isinstance(g, np.ndarray) else np.nan))
    f(*xs).backward(inputs=[x for x in xs if x.requires_grad])
    return [x.grad for x in xs if x.requires_grad]


def of_gradients(f: Function, operands: list[Any]) -> list[Any]:
    xs = leaves(operands)
    inputs = [x for x in xs if x.requires_grad]
    found = ad.gradients(f(*xs), inputs=inputs)
    every = ad.gradients(f(*xs))
    for x, g in zip(inputs, found, strict=True):
        np.testing.assert_array_equal(every[x], g)
    return list(found)


def twice(f: Function, operands: list[Any]) -> list[Any]:
    xs = leaves(operands)
    inputs = [x for x in xs if x.requires_grad]
    firsts = ad.gradients(f(*xs), inputs=inputs, create_graph=True)
    seconds = ad.gradients(sum(g.sum() for g in firsts), inputs=inputs)
    return [*(g.data for g in firsts), *seconds]


def transformed(f: Function, operands: list[Any]) -> list[Any]:
    places = floating(operands)
    tangents = [np.array(np.cos(operands[i])) for i in places]
    moving = [operands[i] for i in places]

    def g(*xs: Any) -> Any:
        given = list(operands)
        for i, x in zip(places, xs, strict=True):
            given[i] = x
        return f(*[x if isinstance(x, ad.Tensor) else ad.Tensor(x) for x in given])

    every = tuple(range(len(moving)))
    _, pull = ad.vjp(g, *moving)
    return [
        *ad.grad(g, every)(*moving),
        ad.jvp(g, moving, tangents)[1],
        ad.linearize(g, *moving)[1](*tangents),
        *pull(np.array(1.0)),
        *ad.jacfwd(g, every)(*moving),
        *ad.jacrev(g, every)(*moving),
        *ad.hvp(g, moving, tangents),
    ]


WAYS = [backward, hooked, of_gradients, twice, transformed]


@pytest.mark.parametrize("entry", sampled(DIFFERENTIABLE, 4), ids=title)
def test_of_every_entry_used_often(entry: Elementwise) -> None:
    operands = operands_for(entry, np.random.default_rng(3), *[()] * entry.arity)
    f = lambda *xs: apply(entry, *xs)  # noqa: E731
    for way in WAYS:
        found = way(lambda *xs: in_many_ways(f, *xs), operands)
        expected = way(lambda *xs: plainly(f, *xs), [x.reshape(1) for x in operands])
        for a, b in zip(found, expected, strict=True):
            assert isinstance(a, np.ndarray), way.__name__
            np.testing.assert_allclose(np.ravel(a), np.ravel(b), 1e-9, 1e-9, err_msg=way.__name__)


def scaled(rule: str) -> Any:
    made = ad.custom_function(lambda x: x * 3.0 + x * x)
    made.vjp(lambda g, y, x: g.at[()].multiply(3.0 + 2 * x))
    made.jvp(lambda ts, y, x: ts[0].at[()].multiply(3.0 + 2 * x))
    return made.only(rule)


# Of functions that are no entries of the elementwise table, or are several.
OTHERS: dict[str, Function] = {
    "sum": ad.sum,
    "mean": ad.mean,
    "prod": ad.prod,
    "max": ad.max,
    "logsumexp": ad.logsumexp,
    "linalg.norm": lambda x: ad.linalg.vector_norm(x, axis=()) if x.ndim == 0 else ad.abs(x),
    "ravel": lambda x: ad.ravel(x).reshape(x.shape),
    "transpose": ad.transpose,
    "broadcast_to": lambda x: ad.broadcast_to(x, (2, *x.shape)).sum(0),
    "flip": ad.flip,
    "astype": lambda x: x.astype("f4").astype("f8") + 0 * x,
    "index_set": lambda x: x.at[...].set(x * x),
    "index_add": lambda x: x.at[...].add(x * x),
    "index_max": lambda x: ad.index_max(x, ..., x - 1),
    "scatter": lambda x: ad.scatter(x, ..., x.shape),
    "getitem of a mask": lambda x: x[np.array(True)][0],
    "einsum": lambda x: ad.einsum("...,...->...", x, x),
    "inner": lambda x: ad.inner(x, x.sum()),
    "stack": lambda x: ad.stack([x, x])[1],
    "where": lambda x: ad.where(x > 9, x, x * x),
    "nan_to_num": ad.nan_to_num,
    "real": lambda x: ad.real(x * 1j * x * (1 - 1j)),
    "abs of complex": lambda x: ad.abs(x * (1 - 2j)) * x,
    "checkpoint": ad.checkpoint(lambda x: ad.sin(x) * x),
    "custom vjp": scaled("vjp"),
    "custom jvp": scaled("jvp"),
    "fixed_point": lambda x: ad.fixed_point(lambda y, x: 0.3 * ad.cos(y) + x, 0 * x.detach(), x),
    "find_root": lambda x: ad.find_root(lambda y, x: y**3 + y - x, 0 * x.detach(), x),
    "vmap": lambda x: ad.vmap(lambda y: ad.sin(y) * y)(x.reshape(1)).reshape(x.shape),
    "vmap, closed over": lambda x: ad.vmap(lambda y: y * x * x)(np.ones(2)).sum(0),
    "grad": lambda x: ad.grad(lambda y: ad.sum(y**3 * x))(x),
    "jvp": lambda x: ad.jvp(lambda y: y**3 * x, (x,), (x,))[1],
    "values": lambda x: ad.to_value(x.sum()) * x * ad.to_value(x.sum()),
    "attention": lambda x: ad.softmax(ad.stack([x, x * x]), 0)[0],
}


@pytest.mark.parametrize("name", OTHERS)
def test_of_other_functions_used_often(name: str) -> None:
    f, x = OTHERS[name], np.array(0.7)
    for way in WAYS:
        found = way(lambda *xs: in_many_ways(f, *xs), [x])
        expected = way(lambda *xs: plainly(f, *xs), [x.reshape(1)])
        for a, b in zip(found, expected, strict=True):
            assert isinstance(a, np.ndarray), way.__name__
            np.testing.assert_allclose(np.ravel(a), np.ravel(b), 1e-6, 1e-9, err_msg=way.__name__)


@pytest.mark.parametrize("name", ["sum", "where", "stack", "abs of complex", "custom vjp"])
def test_in_recorded_steps_and_watched(name: str) -> None:
    w, x = ad.Tensor(np.array(0.7), requires_grad=True), np.array(1.3)

    def step(x: Any) -> Any:
        w.zero_grad()
        in_many_ways(OTHERS[name], w * x, through_values=False).backward()
        return w.grad

    found = step(x)
    np.testing.assert_allclose(ad.compile(step)(x), found)
    with ad.detect_anomaly():
        np.testing.assert_array_equal(step(x), found)
    ad.explain_backward(in_many_ways(OTHERS[name], w))


@pytest.mark.parametrize("name", ["sum", "prod", "einsum", "real", "checkpoint", "custom jvp"])
def test_of_every_example(name: str) -> None:
    f, xs = OTHERS[name], np.array([0.7, 1.3])
    for derive in (ad.grad, ad.jacfwd, ad.hessian):
        one = derive(lambda x: in_many_ways(f, x, through_values=False))
        np.testing.assert_allclose(ad.vmap(one)(xs), [one(x) for x in map(np.array, xs)])


def test_complex_ones() -> None:
    z = ad.Tensor(np.array(0.3 + 0.4j), requires_grad=True)
    loss = lambda z: ad.abs(z[None] * z[None]).sum() + ad.abs(ad.exp(z)) + ad.real(z * z)  # noqa: E731
    loss(z).backward()
    (found,) = ad.gradients(loss(z), inputs=[z])
    wide = ad.grad(lambda z: loss(z.reshape(())))(np.array([0.3 + 0.4j]))
    for g in (z.grad, found, wide):
        assert isinstance(g, np.ndarray)
        np.testing.assert_allclose(np.ravel(g), np.ravel(wide))
