"""`vjp`, `jvp` and `linearize`: what goes in, what comes out, what is refused."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same

X = np.array([0.3, -0.7, 1.1])
V = np.array([1.0, 0.5, -2.0])


class Two(NamedTuple):
    a: Any
    b: Any


def model(p: Any, x: Any) -> Any:
    h = ad.tanh(p["w"] @ x + p["b"])
    return {"h": h, "total": ad.sum(h * h)}


P = {"w": np.arange(6.0).reshape(2, 3) / 5, "b": np.array([0.1, -0.2])}
DP = {"w": np.cos(np.arange(6.0)).reshape(2, 3), "b": np.array([0.5, 0.7])}


def moved(h: float) -> Any:
    return ad.tree.map(lambda a, d: a + h * d, P, DP)


def test_a_tangent_is_the_difference_of_values() -> None:
    y, t = ad.jvp(model, (P, X), (DP, V))
    h = 1e-5
    up, down = model(moved(h), ad.Tensor(X + h * V)), model(moved(-h), ad.Tensor(X - h * V))
    for key in ("h", "total"):
        assert isinstance(t[key], np.ndarray)
        same(y[key], model(P, ad.Tensor(X))[key].data)
        same(t[key], (up[key].data - down[key].data) / (2 * h), rtol=1e-8, atol=1e-9)


def test_numbers_give_numbers() -> None:
    y, t = ad.jvp(lambda a, b: a * b + ad.sin(a), (2.0, 3.0), (1.0, 10.0))
    assert (type(y), type(t)) == (float, float)
    assert t == 3 + 20 + math.cos(2)
    y, pullback = ad.vjp(lambda a, b: a * b, 2.0, 3.0)
    assert (y, pullback(2.0)) == (6.0, (6.0, 4.0))
    y, push = ad.linearize(lambda a, b: a * b, 2.0, 3.0)
    assert (y, push(1.0, 0.0), push(0.0, 1.0), push(None, 2.0)) == (6.0, 3.0, 2.0, 4.0)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtypes_stay(dtype: Any) -> None:
    x = np.array([1.0, 2.0], dtype)
    y, t = ad.jvp(ad.exp, (x,), (np.ones(2),))
    assert y.dtype == t.dtype == dtype
    y, pullback = ad.vjp(ad.exp, x)
    assert pullback(np.ones(2))[0].dtype == dtype


def test_bare_numbers_lose_no_digits() -> None:
    x = np.array(2.0)
    assert ad.jvp(ad.positive, (x,), (0.1,))[1] == 0.1
    assert ad.vjp(ad.positive, x)[1](0.1)[0] == 0.1
    same(ad.jvp(ad.positive, (X,), ([0.1, 0.2, 0.3],))[1], [0.1, 0.2, 0.3], rtol=0)
    assert ad.jvp(ad.positive, (np.float32(2.0) * np.ones(1, np.float32),), ([0.1],))[1] == (
        np.float32(0.1)
    )
    same(ad.jvp(ad.positive, (X + 0j,), ([0.1, 0.2j, 0.3],))[1], [0.1, 0.2j, 0.3], rtol=1e-7)


def test_trees_in_and_out() -> None:
    y, t = ad.jvp(
        lambda p: Two(p[0] * p[1]["k"], (p[0],)), ([2.0, {"k": 3.0}],), ([1.0, {"k": 0.5}],)
    )
    assert (y, t) == (Two(6.0, (2.0,)), Two(4.0, (1.0,)))
    y, pullback = ad.vjp(lambda p: Two(p[0] * p[1]["k"], (p[0],)), [2.0, {"k": 3.0}])
    assert pullback(Two(1.0, (10.0,))) == ([13.0, {"k": 2.0}],)
    assert pullback(Two(None, (10.0,))) == ([10.0, {"k": 0.0}],)


def test_a_pullback_serves_many_times() -> None:
    _, pullback = ad.vjp(lambda x: ad.sin(x) * x, X)
    slope = np.cos(X) * X + np.sin(X)
    for k in range(3):
        (g,) = pullback(k * V)
        same(g, k * V * slope, rtol=1e-14)
        g += 1


def test_a_linearization_serves_many_times() -> None:
    calls = []

    def f(x: Any) -> Any:
        calls.append(1)
        return ad.sin(x) * x

    _, push = ad.linearize(f, X)
    for k in range(3):
        same(push(k * V), k * V * (np.cos(X) * X + np.sin(X)), rtol=1e-14)
    assert len(calls) == 1


def test_what_is_returned_beside_the_result() -> None:
    def f(x: Any) -> Any:
        return x * x, {"x": x, "note": "kept"}

    y, t, aux = ad.jvp(f, (3.0,), (1.0,), has_aux=True)
    assert (y, t, aux) == (9.0, 6.0, {"x": 3.0, "note": "kept"})
    y, pullback, aux = ad.vjp(f, 3.0, has_aux=True)
    assert (y, pullback(1.0), aux["note"]) == (9.0, (6.0,), "kept")
    y, push, aux = ad.linearize(f, 3.0, has_aux=True)
    assert (y, push(1.0), aux["x"]) == (9.0, 6.0, 3.0)
    with pytest.raises(TypeError, match="must return a pair"):
        ad.jvp(lambda x: x, (1.0,), (1.0,), has_aux=True)


def test_what_does_not_vary_may_be_anything() -> None:
    def f(x: Any, label: str, order: Any) -> Any:
        assert label == "rows"
        return x[order] * 2

    _, t = ad.jvp(f, (X, "rows", np.array([2, 0])), (V, None, None))
    same(t, 2 * V[[2, 0]])
    _, t = ad.jvp(lambda p: p["a"] * p["b"], ({"a": 2.0, "b": 3.0},), ({"a": None, "b": 1.0},))
    assert t == 2.0


def test_results_that_do_not_depend() -> None:
    def f(x: Any) -> Any:
        return [ad.Tensor([1.0, 2.0]), 3.0, np.ones(2), x, "text", ad.floor(x)]

    _, t = ad.jvp(f, (2.5,), (1.0,))
    same(t[0], [0, 0])
    same(t[2], [0, 0])
    assert (t[1], t[3], t[4], t[5]) == (0.0, 1.0, None, 0.0)
    _, pullback = ad.vjp(f, 2.5)
    assert pullback([np.ones(2), 1.0, np.ones(2), 5.0, None, 1.0]) == (5.0,)


def test_one_node_as_two_results() -> None:
    _, pullback = ad.vjp(lambda x: (x * 2,) * 2, 1.0)
    assert pullback((1.0, 10.0)) == (22.0,)

    def f(x: Any) -> Any:
        y = x * 2
        return y, (y, x)

    same(ad.vjp(f, X)[1]((V, (V, V)))[0], 5 * V)
    same(ad.jvp(f, (X,), (V,))[1][1][0], 2 * V)


def test_values_and_tensors_in_one_function() -> None:
    def f(a: Any, x: Any) -> Any:
        first = ad.to_value(x, (0,))
        return ad.sum(ad.stack([a * first, ad.exp(first), a]) * x)

    def plain(a: Any, x: Any) -> Any:
        return np.sum(np.array([a * x[0], np.exp(x[0]), a]) * x)

    _, t = ad.jvp(f, (0.5, X), (2.0, V))
    h = 1e-6
    same(t, (plain(0.5 + 2 * h, X + h * V) - plain(0.5 - 2 * h, X - h * V)) / (2 * h), rtol=1e-8)
    grads = ad.grad(f, argnums=(0, 1))(0.5, X)
    same(t, grads[0] * 2 + grads[1] @ V, rtol=1e-14)


def test_nodes_in_nodes_out() -> None:
    v, x = ad.Value(2.0), ad.Tensor(X, requires_grad=True)
    y, t = ad.jvp(lambda v, x: x * v**2, (v, x), (1.0, V))
    assert isinstance(t, ad.Tensor)
    same(t.data, 4 * X + V * 4)
    t.sum().backward()
    same(v.grad, np.sum(2 * X + 4 * V))
    same(x.grad, np.full(3, 4.0))
    y, t = ad.jvp(ad.exp, (ad.Tensor(X),), (V,))
    assert isinstance(y, ad.Tensor)
    assert isinstance(t, ad.Tensor)
    assert not t.requires_grad


def test_directions_and_cotangents_can_be_differentiated_for() -> None:
    d = ad.Tensor(V, requires_grad=True)
    _, t = ad.jvp(lambda x: x * x, (X,), (d,))
    t.sum().backward()
    same(d.grad, 2 * X)
    d.zero_grad()
    _, pullback = ad.vjp(lambda x: x * x, X)
    (g,) = pullback(d)
    (g * g).sum().backward()
    same(d.grad, 2 * V * (2 * X) ** 2)
    e = ad.Value(3.0)
    _, push = ad.linearize(lambda x: x**2, 5.0)
    push(e).backward()
    assert e.grad == 10.0


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.filterwarnings("ignore:invalid value")
def test_a_strong_zero_stays_one() -> None:
    x = np.array([-1.0, 0.0, 4.0])
    _, t = ad.jvp(lambda x: ad.where(x > 0, ad.sqrt(ad.abs(x)), 0.0), (x,), (np.ones(3),))
    same(t, [0, 0, 0.25])
    _, t = ad.jvp(lambda x: ad.sqrt(ad.where(x > 0, x, 0.0)), (x,), (np.ones(3),))
    same(t, [0, 0, 0.25])
    _, t = ad.jvp(lambda x: ad.maximum(1.0, ad.log(x)), (np.array([0.0]),), (np.ones(1),))
    same(t, [0])
    _, t = ad.jvp(lambda x: ad.max(ad.sqrt(x)), (np.array([0.0, 4.0]),), (np.ones(2),))
    same(t, 0.25)
    second = ad.grad(
        lambda x: ad.sum(ad.jvp(lambda x: ad.where(x > 0, ad.sqrt(x), 0.0), (x,), (np.ones(2),))[1])
    )
    same(second(np.array([0.0, 4.0])), [0, -0.25 / 8])
    _, t = ad.jvp(lambda v: ad.sqrt(v * 0.0), (1.0,), (0.0,))
    assert t == 0.0


def test_complex_arguments_follow_the_convention() -> None:
    z, w = np.array([1 + 2j, -0.5j]), np.array([0.3 - 1j, 2.0])
    _, t = ad.jvp(lambda z: z**2, (z,), (w,))
    same(t, 2 * z * w)
    _, t = ad.jvp(lambda z: ad.abs(z), (z,), (w,))
    same(t, np.real(np.conj(z) * w) / np.abs(z), rtol=1e-14)
    _, pullback = ad.vjp(lambda z: z**2, z)
    same(pullback(w)[0], np.conj(2 * z) * w)
    c = ad.jvp(lambda z: z**2, (1 + 1j,), (1j,))[1]
    assert c == pytest.approx(2j * (1 + 1j))
    with pytest.raises(ad.NonDifferentiableError, match="tangent of argument 0 is complex"):
        ad.jvp(ad.exp, (X,), (1j * V,))
    with pytest.raises(ad.NonDifferentiableError, match="the cotangent is complex"):
        ad.vjp(ad.exp, X)[1](1j * V)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(
        ad.ShapeError, match=r"tangent of argument 0\['b'\] has shape \(3,\), expec"
    ):
        ad.jvp(model, (P, X), ({"w": DP["w"], "b": np.ones(3)}, V))
    with pytest.raises(ad.ShapeError, match="tangent of argument 0 has a dict at its root with"):
        ad.jvp(model, (P, X), ({"w": DP["w"]}, V))
    with pytest.raises(ad.ShapeError, match="tangent of argument 1 has shape"):
        ad.jvp(model, (P, X), (DP, 1.0))
    with pytest.raises(ad.ShapeError, match=r"tangent of argument 0 is .*; give one real number"):
        ad.jvp(lambda x: x, (1.0,), (V,))
    with pytest.raises(TypeError, match="given 2 primals and 1 tangents"):
        ad.jvp(model, (P, X), (DP,))
    with pytest.raises(TypeError, match=r"primals must be a tuple .* write \(primal,\)"):
        ad.jvp(ad.exp, X, V)  # type: ignore[arg-type]
    with pytest.raises(ad.ShapeError, match="cotangent given to the pullback has a leaf at its"):
        ad.vjp(model, P, X)[1](1.0)
    with pytest.raises(
        ad.ShapeError, match=r"the cotangent\['h'\] has shape \(5,\), expected \(2,\)"
    ):
        ad.vjp(model, P, X)[1]({"h": np.ones(5), "total": 1.0})
    with pytest.raises(TypeError, match=r"takes 1 tangent\(s\), .* given 2"):
        ad.linearize(ad.exp, X)[1](V, V)
    with pytest.raises(ad.NonDifferentiableError, match="argument 1 has dtype int64"):
        ad.vjp(lambda x, i: x[i], X, np.array([1, 2]))


@pytest.mark.parametrize("depth", [50_000, pytest.param(1_000_000, marks=pytest.mark.exhaustive)])
def test_forward_mode_of_a_deep_function(depth: int) -> None:
    def f(x: Any) -> Any:
        for _ in range(depth):
            x = x * 1.000001
        return x

    expected = 1.000001**depth
    assert ad.jvp(f, (1.0,), (2.0,))[1] == pytest.approx(2 * expected, rel=1e-9)


def test_recorded_forward_mode_of_a_deep_function() -> None:
    def f(x: Any) -> Any:
        for _ in range(10_000):
            x = ad.sin(x)
        return x

    def slope(x: Any) -> Any:
        return ad.jvp(f, (x,), (1.0,))[1]

    assert ad.grad(slope)(0.5) == pytest.approx(ad.grad(ad.grad(f))(0.5), rel=1e-10)
    array = np.array([0.5])
    same(ad.grad(lambda x: ad.sum(ad.jvp(f, (x,), (np.ones(1),))[1]))(array), [ad.grad(slope)(0.5)])


def test_changed_numbers_are_noticed() -> None:
    x = ad.Tensor(X)
    _, push = ad.linearize(lambda v: ad.sum(ad.exp(v) * x), X)
    push(V)
    x.data = V
    with pytest.raises(ad.StaleDataError):
        push(V)


def test_inside_no_grad() -> None:
    with ad.no_grad():
        y, t = ad.jvp(lambda x: ad.jvp(lambda z: z**3, (x,), (1.0,))[1], (2.0,), (1.0,))
        assert (y, t) == (12.0, 12.0)
        y, pullback = ad.vjp(ad.exp, X)
        same(pullback(V)[0], np.exp(X) * V)
