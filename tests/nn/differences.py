"""Gradients held against central differences in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autodiff as ad
from nn.module import Module


def numerical(f: Callable[[], float], array: np.ndarray[Any, Any], h: float = 1e-6) -> Any:
    """Central differences of ``f`` with respect to every entry of ``array``."""
    result = np.zeros_like(array)
    for index in np.ndindex(*array.shape):
        old = array[index]
        array[index] = old + h
        above = f()
        array[index] = old - h
        below = f()
        array[index] = old
        result[index] = (above - below) / (2 * h)
    return result


def assert_gradients(
    f: Callable[[], ad.Tensor], leaves: Sequence[ad.Tensor], rtol: float = 1e-6, atol: float = 1e-8
) -> None:
    """The gradients of the scalar ``f()`` agree with differences for all the leaves."""
    for leaf in leaves:
        assert leaf.dtype == np.float64
        leaf.zero_grad()
    f().backward()
    for leaf in leaves:
        expected = numerical(lambda: f().item(), leaf.data)
        assert leaf.grad is not None, f"{leaf.name} got no gradient"
        np.testing.assert_allclose(leaf.grad, expected, rtol, atol, err_msg=str(leaf.name))


def assert_module_gradients(module: Module, shape: tuple[int, ...], seed: int = 0) -> None:
    """A module's gradients agree for its input and its parameters, at a random point."""
    rng = np.random.default_rng(seed)
    module.to(np.float64)
    x = ad.Tensor(rng.standard_normal(shape), requires_grad=True, name="x")
    cotangent = rng.standard_normal(module(x).shape)
    assert_gradients(lambda: (module(x) * cotangent).sum(), [x, *module.parameters()])
