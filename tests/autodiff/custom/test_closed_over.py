"""Custom functions that compute with more than their arguments are refused, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import NonDifferentiableError

A = np.array([2.0, -1.0])


def times(a: Any) -> Any:
    made = ad.custom_function(lambda x: x * a)
    made.vjp(lambda g, y, x: g * a)
    return made


def both_ways(a: Any) -> Any:
    made = ad.custom_function(lambda x: (x * 2.0, ad.sum(a)))
    made.jvp(lambda ts, y, x: (ts[0] * 2.0, ts[0].sum() * 0.0))
    return made


def total(result: Any) -> Any:
    return ad.sum(sum(ad.sum(part) for part in result) if isinstance(result, tuple) else result)


# What a gradient is wanted for, and is not among the arguments.
TRACED: dict[str, Callable[[Callable[..., Any]], Any]] = {
    "grad": lambda make: ad.grad(lambda a: total(make(a)(A)))(A),
    "grad of what is given too": lambda make: ad.grad(lambda a: total(make(a)(a)))(A),
    "grad of a result": lambda make: ad.grad(lambda a: total(make(ad.sin(a))(A)))(A),
    "grad of a number": lambda make: ad.grad(lambda a: total(make(a)(2.0)))(3.0),
    "jvp": lambda make: ad.jvp(lambda a: make(a)(A), (A,), (A,)),
    "nested": lambda make: ad.grad(lambda a: ad.grad(lambda x: total(make(a)(x)))(A).sum())(A),
    "vmap of grad": lambda make: ad.vmap(ad.grad(lambda a: total(make(a)(2.0))))(A),
    "grad of vmap": lambda make: ad.grad(lambda a: ad.vmap(lambda x: total(make(a)(x)))(A).sum())(
        A
    ),
    "a leaf": lambda make: make(ad.Tensor(A, requires_grad=True))(A),
    "a Value": lambda make: make(ad.Value(3.0))(ad.Value(2.0)),
    "within checkpoint": lambda make: ad.checkpoint(lambda a: make(a)(A))(
        ad.Tensor(A, requires_grad=True)
    ),
}


@pytest.mark.parametrize("make", [times, both_ways])
@pytest.mark.parametrize("name", TRACED)
def test_what_needs_a_gradient_is_refused(name: str, make: Callable[..., Any]) -> None:
    with pytest.raises(NonDifferentiableError, match=r"computes with 'a' \(.*stop_gradient"):
        TRACED[name](make)


def test_weights_of_a_module_are_refused() -> None:
    layer = nn.Linear(2, 2)
    for function in (lambda x: layer(x), layer, layer.forward):
        made = ad.custom_function(function)
        made.vjp(lambda g, y, x: g)
        with pytest.raises(NonDifferentiableError, match=r"'weight' \(a leaf\) of '(layer|self)'"):
            made(A.astype("f4"))


def test_nodes_within_containers_are_refused() -> None:
    made = ad.custom_function(lambda x, more: x * more["w"])
    made.vjp(lambda g, y, x, more: (g * more["w"], None))
    w = ad.Tensor(A, requires_grad=True, name="w")
    with pytest.raises(NonDifferentiableError, match=r"computes with 'w' \(a leaf\)"):
        made(A, {"w": w})


def test_constants_are_no_false_alarm() -> None:
    leaf = ad.Tensor(A, requires_grad=True)
    frozen = nn.Linear(2, 2).requires_grad_(False)
    for a in (2.0, A, ad.Tensor(A), leaf.detach(), ad.stop_gradient(leaf), frozen.bias):
        x = ad.Tensor(A, requires_grad=True)
        times(a)(x).sum().backward()
        np.testing.assert_allclose(x.grad, np.broadcast_to(a.data if hasattr(a, "op") else a, 2))
    for use in (
        lambda x: x * ad.sum(leaf > 0),
        lambda x: x * ad.sum(leaf).item(),
        lambda x: x * ad.grad(lambda y: ad.sum(y**2))(A),
    ):
        made = ad.custom_function(use)
        made.vjp(lambda g, y, x: g)
        assert made(leaf).requires_grad


def test_without_gradients_anything_may_be_used() -> None:
    leaf = ad.Tensor(A, requires_grad=True)
    with ad.no_grad():
        assert times(leaf)(A).tolist() == (A * A).tolist()
    assert ad.vmap(lambda a: times(a)(a))(A).tolist() == (A * A).tolist()
