"""Nodes that a function takes from around it: what a transform gives still depends on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.testing import gradcheck

A, ONE = np.array([2.0, -1.0]), np.array([1.0, 0.5])

# Each gives what depends on t through the derivative of a function of numbers only.
CASES: dict[str, Callable[[Any], Any]] = {
    "grad": lambda t: ad.grad(lambda y: (t * y**3).sum())(A),
    "value_and_grad": lambda t: ad.value_and_grad(lambda y: (t * y**3).sum())(A),
    "jvp": lambda t: ad.jvp(lambda y: t * y**3, (A,), (ONE,)),
    "vjp": lambda t: ad.vjp(lambda y: t * y**3, A)[1](ONE)[0],
    "linearize": lambda t: ad.linearize(lambda y: t * y**3, A)[1](ONE),
    "jacfwd": lambda t: ad.jacfwd(lambda y: t * y**3)(A),
    "jacrev": lambda t: ad.jacrev(lambda y: t * y**3)(A),
    "hessian": lambda t: ad.hessian(lambda y: (t * y**3).sum())(A),
    "hvp": lambda t: ad.hvp(lambda y: (t * y**3).sum(), (A,), (ONE,))[0],
}


@pytest.mark.parametrize("name", CASES)
def test_a_derivative_can_be_differentiated_for_what_it_closes_over(name: str) -> None:
    assert gradcheck(CASES[name], np.array([0.7, 1.3]), order=2).passed


@pytest.mark.parametrize("name", CASES)
def test_without_recording_numbers_come_out(name: str) -> None:
    t = ad.Tensor([0.7, 1.3], dtype="float64", requires_grad=True)
    with ad.no_grad():
        found = CASES[name](t)
    parts = found if isinstance(found, tuple) else (found,)
    assert not any(isinstance(part, ad.Tensor) and part.requires_grad for part in parts)


def test_scalars_of_an_enclosing_scope() -> None:
    x = ad.Value(3.0)
    y = x * ad.grad(lambda z: x * z)(2.0)
    y.backward()
    assert x.grad == 6.0
