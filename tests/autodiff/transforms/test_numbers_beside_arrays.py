"""Floats and Values beside plain arrays: a tensor computation, whose gradient is a float."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import derivative, same
from tests.autodiff.table.elementwise_samples import BINARY, operands_for, title
from tests.autodiff.table.elementwise_samples import apply as function_of

XS = np.array([1.25, 2.5, 3.75])
W = 2.0

FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "w * x": lambda w, x: w * x,
    "x * w": lambda w, x: x * w,
    "w + x": lambda w, x: w + x,
    "x - w": lambda w, x: x - w,
    "w - x": lambda w, x: w - x,
    "w / x": lambda w, x: w / x,
    "x / w": lambda w, x: x / w,
    "w ** x": lambda w, x: w**x,
    "x ** w": lambda w, x: x**w,
    "x % w": lambda w, x: x % w,
    "np.multiply": lambda w, x: np.multiply(x, w),
    "np.maximum": lambda w, x: np.maximum(w, x),
    "maximum": lambda w, x: ad.maximum(x, w),
    "where": lambda w, x: ad.where(x > 2, w * w, x),
    "power": lambda w, x: ad.power(x, w),
    "clip": lambda w, x: ad.clip(x, w, 3.0),
    "dot": lambda w, x: ad.dot(w, x),
    "a list": lambda w, x: ad.multiply(w, x.tolist() if isinstance(x, np.ndarray) else x),
    "einsum": lambda w, x: ad.einsum(",i->i", w, x),
    "concatenate": lambda w, x: ad.concatenate([x, [w, 3.0]]),
    "interp": lambda w, x: ad.interp(w, x, x**2),
    "of a Value": lambda w, x: ad.exp(ad.sin(w) * w) * x,
}
each = pytest.mark.parametrize("name", FUNCTIONS)


def along(f: Callable[..., Any]) -> Any:
    def plain(w: Any) -> Any:
        return np.asarray(f(float(w), ad.Tensor(XS)).data)

    return np.asarray(derivative(plain, W))


@each
def test_every_transform_takes_the_float(name: str) -> None:
    f = FUNCTIONS[name]
    expected = along(f)

    def loss(w: Any) -> Any:
        return ad.sum(f(w, XS) ** 2)

    slope = along(lambda w, x: ad.sum(f(w, x) ** 2))
    g = ad.grad(loss)(W)
    assert type(g) is float
    same(g, slope, rtol=1e-8)
    value, tangent = ad.jvp(lambda w: f(w, XS), (W,), (1.0,))
    assert value.dtype == tangent.dtype == np.float64
    same(tangent, expected, rtol=1e-8, atol=1e-12)
    for transform in (ad.jacobian, ad.jacfwd, ad.jacrev):
        same(transform(lambda w: f(w, XS))(W), expected, rtol=1e-8, atol=1e-12)
    second = ad.grad(lambda w: ad.grad(loss)(w))(W)
    same(ad.hessian(loss)(W), second, rtol=1e-12)
    same(second, derivative(lambda w: ad.grad(loss)(float(w)), W), rtol=1e-6, atol=1e-9)
    rows = np.stack([XS, XS + 0.125])
    each_row = ad.vmap(lambda x: ad.sum(f(W, x) ** 2))(rows) if name != "a list" else None
    if each_row is not None:
        same(each_row[0], float(loss(W).item()), rtol=1e-12)


@each
def test_values_and_single_precision(name: str) -> None:
    f, w = FUNCTIONS[name], ad.Value(W)
    y = f(w, XS.astype(np.float32))
    if name != "a list":
        assert y.dtype == np.float32
    ad.sum(y * y).backward()
    assert type(w.grad) is float
    same(w.grad, along(lambda w, x: ad.sum(f(w, x) ** 2)), rtol=1e-5)


@each
def test_gradcheck_sees_the_whole_precision(name: str) -> None:
    f = FUNCTIONS[name]
    for x in (XS, XS.astype(np.float32)):
        assert ad.gradcheck(lambda w, x=x: ad.sum(f(w, x) ** 2), 2.1, order=2).passed


@pytest.mark.parametrize("entry", BINARY, ids=title)
def test_a_value_beside_an_array_in_every_function_of_two(entry: Any) -> None:
    operands = operands_for(entry, np.random.default_rng(1), (4,))
    for i in (0, 1):
        w, leaf = ad.Value(operands[i][0]), ad.Tensor(operands[i][0], requires_grad=True)
        found = function_of(entry, *(w if j == i else x for j, x in enumerate(operands)))
        expected = function_of(entry, *(leaf if j == i else x for j, x in enumerate(operands)))
        assert isinstance(found, ad.Tensor)
        same(found.data, expected.data, rtol=1e-15)
        ad.sum(found).backward()
        ad.sum(expected).backward()
        same(w.grad, leaf.grad, rtol=1e-15)


def test_a_float_by_hand_and_by_grad_is_the_same_function() -> None:
    def f(x: Any) -> Any:
        return ad.sin(x) * ad.exp(x)

    slope = (f(1.0 + 1e-6) - f(1.0 - 1e-6)).item() / 2e-6
    assert ad.grad(f)(1.0) == pytest.approx(slope, rel=1e-9)
    assert ad.log(2 * np.pi).item() == np.log(2 * np.pi)
    t = ad.Tensor(XS)
    assert np.dot(t, [0.1, 0.2, 0.3]).item() == np.dot(XS, [0.1, 0.2, 0.3])


def test_numpy_doubles_raise_single_precision_in_transforms_too() -> None:
    x = XS.astype(np.float32)
    for number, dtype in ((2.0, np.float32), (np.float64(2.0), np.float64)):
        seen: list[Any] = []

        def f(w: Any, seen: list[Any] = seen) -> Any:
            y = ad.multiply(w, x)
            seen.append(y.dtype)
            return ad.sum(y)

        assert type(ad.grad(f)(number)) is float
        assert f(number).dtype == dtype
        assert set(seen) == {np.dtype(dtype)}


def test_a_compiled_step_says_what_to_do_with_a_float() -> None:
    step = ad.compile(lambda x: ad.grad(lambda w: ad.sum(w * x))(2.0))
    with pytest.raises(ad.TracingError, match="use a tensor without axes"):
        step(XS)
    inner = ad.compile(lambda x: ad.grad(lambda w: ad.sum(w * x))(ad.Tensor(2.0)))
    for _ in range(3):
        assert inner(XS).item() == 7.5


def test_what_is_no_number_is_still_refused() -> None:
    with pytest.raises(TypeError, match="holds numbers"):
        ad.multiply(ad.Value(1.0), [None])
