"""Jacobians, Hessians and products with Hessians."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same

X = np.array([0.3, -0.7, 1.1])
A = np.arange(6.0).reshape(2, 3) / 3

each_mode = pytest.mark.parametrize("transform", [ad.jacobian, ad.jacfwd, ad.jacrev])


def differences(f: Callable[..., Any], x: Any, h: float = 1e-5) -> Any:
    columns = []
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        step = step.reshape(x.shape)
        up, down = (f(ad.Tensor(x + s * step)).data for s in (1, -1))
        columns.append((up - down) / (2 * h))
    stacked = np.stack(columns, axis=-1)
    return stacked.reshape(*stacked.shape[:-1], *x.shape)


@each_mode
@pytest.mark.parametrize(
    "f",
    [
        lambda x: ad.tanh(A @ x),
        lambda x: ad.sum(x**3),
        lambda x: ad.stack([x, ad.exp(x)]),
        lambda x: ad.softmax(x, axis=0),
        lambda x: x[None, :] * x[:, None],
        lambda x: ad.Tensor([1.0, 2.0], dtype=np.float64),
    ],
)
def test_against_differences(transform: Any, f: Any) -> None:
    found = transform(f)(X)
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.float64
    same(found, differences(f, X), rtol=1e-8, atol=1e-9)


@each_mode
def test_matrices_as_arguments(transform: Any) -> None:
    found = transform(lambda m: ad.tanh(m) @ X)(A)
    assert found.shape == (2, 2, 3)
    same(found, differences(lambda m: ad.tanh(m) @ X, A), rtol=1e-8, atol=1e-9)


@each_mode
def test_numbers(transform: Any) -> None:
    assert transform(lambda x: x**3)(2.0) == 12.0
    assert type(transform(lambda x: x**3)(2.0)) is float
    assert type(transform(lambda x: 3.0)(2.0)) is float
    same(transform(lambda t: ad.stack([t, t * t]))(3.0), [1, 6])
    same(transform(lambda x: ad.to_value(x, (1,)) * 2)(X), [0, 2, 0])


@each_mode
def test_single_precision_stays(transform: Any) -> None:
    x = X.astype(np.float32)
    for f in (ad.exp, ad.sum, lambda x: ad.stack([ad.sum(x), 0.0])):
        assert transform(f)(x).dtype == np.float32
    assert transform(lambda t: t * x)(np.float32(2.0)).dtype == np.float32


@each_mode
def test_trees_in_and_out(transform: Any) -> None:
    def f(p: Any) -> Any:
        return {"s": p["a"] * ad.sum(p["x"]), "v": (p["x"] * p["a"], p["a"] ** 2)}

    found = transform(f)({"a": 2.0, "x": X})
    assert found["s"]["a"] == pytest.approx(X.sum())
    same(found["s"]["x"], [2, 2, 2])
    same(found["v"][0]["a"], X)
    same(found["v"][0]["x"], 2 * np.eye(3))
    assert found["v"][1]["a"] == 4.0
    same(found["v"][1]["x"], [0, 0, 0])


@each_mode
def test_places_and_what_comes_beside(transform: Any) -> None:
    def f(x: Any, y: Any, *, z: Any = 1.0) -> Any:
        return x * y * z, "note"

    assert transform(f, argnums=(1, 0), has_aux=True)(2.0, 3.0) == ((2.0, 3.0), "note")
    assert transform(f, argnames="z", has_aux=True)(2.0, 3.0, z=1.0) == (6.0, "note")
    found, _ = transform(f, argnames=["z", "y"], has_aux=True)(2.0, 3.0, z=5.0)
    assert found == {"z": 6.0, "y": 10.0}
    with pytest.raises(TypeError, match="argnums=2, but f was called with 2 positional"):
        transform(f, argnums=2)(2.0, 3.0)
    with pytest.raises(ad.NonDifferentiableError, match="argument 1 has dtype int64"):
        transform(f, argnums=1)(2.0, np.array([1, 2]))


@each_mode
def test_empty_arrays(transform: Any) -> None:
    assert transform(ad.exp)(np.zeros((0, 2))).shape == (0, 2, 0, 2)
    assert transform(ad.sum)(np.zeros(0)).shape == (0,)
    assert transform(lambda x: x[:0])(X).shape == (0, 3)


@each_mode
def test_results_that_are_integers(transform: Any) -> None:
    found = transform(lambda x: ad.argsort(x))(X)
    assert found.dtype == np.float64
    same(found, np.zeros((3, 3)))


@each_mode
def test_nodes_give_nodes(transform: Any) -> None:
    x = ad.Tensor(X, requires_grad=True)
    found = transform(lambda x: x**3)(x)
    assert isinstance(found, ad.Tensor)
    found.sum().backward()
    same(x.grad, 6 * X)
    v = ad.Value(2.0)
    slope = transform(lambda v: v**3)(v)
    assert isinstance(slope, ad.Value)
    slope.backward()
    assert v.grad == 12.0
    fixed = transform(lambda x: x**3)(ad.Tensor(X))
    assert isinstance(fixed, ad.Tensor)
    assert not fixed.requires_grad


def test_the_cheaper_mode_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    from autodiff.transforms import jacobians

    taken = []
    for name in ("by_rows", "by_columns"):
        original = getattr(jacobians, name)

        def spying(*args: Any, original: Any = original, name: str = name, **kwargs: Any) -> Any:
            taken.append(name)
            return original(*args, **kwargs)

        monkeypatch.setattr(jacobians, name, spying)
    ad.jacobian(ad.sum)(X)
    ad.jacobian(lambda t: t * X)(np.array(2.0))
    ad.jacobian(ad.exp, mode="reverse")(X)
    assert taken == ["by_rows", "by_columns", "by_rows"]
    with pytest.raises(ValueError, match="mode must be 'auto', 'forward' or 'reverse', not 'x'"):
        ad.jacobian(ad.sum, mode="x")


def test_complex_numbers() -> None:
    z = np.array([1 + 2j, -0.5j])
    for transform in (ad.jacobian, ad.jacfwd, ad.jacrev):
        same(transform(lambda z: z**2, holomorphic=True)(z), np.diag(2 * z))
        with pytest.raises(ad.NonDifferentiableError, match="complex numbers on both sides"):
            transform(lambda z: z**2)(z)
        with pytest.raises(ad.NonDifferentiableError, match="holomorphic=True is for"):
            transform(ad.exp, holomorphic=True)(X)
    same(ad.jacobian(lambda t: t * z)(np.array(2.0)), z)
    same(ad.jacobian(lambda z: ad.abs(z) ** 2)(z), np.diag(2 * z), rtol=1e-14)
    with pytest.raises(ad.NonDifferentiableError):
        ad.jacfwd(lambda z: ad.abs(z))(z)
    with pytest.raises(ad.NonDifferentiableError):
        ad.jacrev(lambda x: x * 1j)(X)


def test_hessians() -> None:
    h = ad.hessian(lambda x: ad.sum(x) ** 3 + ad.sum(x**3))(X)
    same(h, 6 * X.sum() * np.ones((3, 3)) + np.diag(6 * X), rtol=1e-13)
    assert ad.hessian(lambda x: x**3)(2.0) == 12.0
    found = ad.hessian(lambda a, x: a**2 * ad.sum(x * x), argnums=(0, 1))(2.0, X)
    assert found[0][0] == pytest.approx(2 * X @ X)
    same(found[0][1], 8 * X)
    same(found[1][0], 8 * X)
    same(found[1][1], 2 * 4 * np.eye(3))
    found = ad.hessian(lambda p: p["a"] ** 2 * p["b"])({"a": 2.0, "b": 3.0})
    assert found == {"a": {"a": 6.0, "b": 4.0}, "b": {"a": 4.0, "b": 0.0}}
    several = ad.hessian(lambda x: ad.stack([ad.sum(x**2), ad.sum(x**3)]))(X)
    same(several, [2 * np.eye(3), np.diag(6 * X)])
    h, aux = ad.hessian(lambda x: (ad.sum(x**2), {"x": x}), has_aux=True)(X)
    same(h, 2 * np.eye(3))
    same(aux["x"], X)
    x = ad.Tensor(X, requires_grad=True)
    ad.sum(ad.hessian(lambda x: ad.sum(x**4))(x)).backward()
    same(x.grad, 24 * X)


def test_products_with_hessians() -> None:
    v = np.array([1.0, 0.5, -2.0])

    def f(x: Any, y: Any) -> Any:
        return ad.sum(ad.exp(x) * y) + ad.sum(x) ** 3

    y = np.array([2.0, 1.0, 0.5])
    (found,) = ad.hvp(lambda x: f(x, y), (X,), (v,))
    same(found, ad.hessian(f)(X, y) @ v, rtol=1e-13)
    along_x, along_y = ad.hvp(f, (X, y), (v, -v))
    blocks = ad.hessian(f, argnums=(0, 1))(X, y)
    same(along_x, blocks[0][0] @ v - blocks[0][1] @ v, rtol=1e-13)
    same(along_y, blocks[1][0] @ v - blocks[1][1] @ v, rtol=1e-13, atol=1e-14)
    only, nothing = ad.hvp(f, (X, y), (v, None))
    same(only, found)
    assert nothing is None
    (found,) = ad.hvp(
        lambda p: p["a"] ** 2 * p["b"], ({"a": 2.0, "b": 3.0},), ({"a": 1.0, "b": 0.0},)
    )
    assert found == {"a": 6.0, "b": 4.0}
    with pytest.raises(ad.NonScalarBackwardError):
        ad.hvp(lambda x: x * x, (X,), (v,))
