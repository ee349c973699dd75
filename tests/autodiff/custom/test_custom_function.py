"""Functions with derivative rules of the user's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.errors import NonDifferentiableError, ShapeError
from autodiff.testing import gradcheck

X, Y = np.array([0.3, -1.2, 0.7]), np.array([[1.5, 0.4, 2.0], [0.9, 1.1, 0.2]])


def product() -> Any:
    @ad.custom_function
    def wave(x: Any, y: Any, k: int = 2) -> Any:
        return ad.sin(x) * y**k

    @wave.vjp
    def _(g: Any, z: Any, x: Any, y: Any, k: int = 2) -> Any:
        return g * ad.cos(x) * y**k, g * ad.sin(x) * k * y ** (k - 1)

    @wave.jvp
    def _(t: Any, z: Any, x: Any, y: Any, k: int = 2) -> Any:
        return t[0] * ad.cos(x) * y**k + t[1] * ad.sin(x) * k * y ** (k - 1)

    return wave


@pytest.mark.parametrize("rule", ["vjp", "jvp"])
def test_each_rule_alone_gives_gradients_of_both_orders(rule: str) -> None:
    wave = product().only(rule)
    assert gradcheck(wave, X, Y, order=2).passed
    assert gradcheck(lambda x, y: wave(x, y, k=3), X, Y, order=2).passed
    assert gradcheck(wave, 0.3, 1.2, order=2).passed


def test_one_check_covers_both_rules() -> None:
    wave = product()
    report = gradcheck(wave, X, Y, order=2)
    assert report.passed
    assert report.second is not None
    assert len(report.entries) == 2 * len(gradcheck(wave.only("vjp"), X, Y).entries)

    @wave.jvp
    def _(t: Any, z: Any, x: Any, y: Any, k: int = 2) -> Any:
        return t[0] * ad.cos(x) * y**k

    report = gradcheck(wave, X, Y)
    assert not report.passed
    assert "by its jvp rule" in str(report)
    assert {entry.argument for entry in report.failures} == {"y"}


def test_the_rule_takes_the_place_of_the_derivative() -> None:
    @ad.custom_function
    def straight_through(x: Any) -> Any:
        return np.round(x.data)

    @straight_through.vjp
    def _(g: Any, y: Any, x: Any) -> Any:
        return g

    x = ad.Tensor([0.4, 1.6], dtype=np.float32, requires_grad=True)
    y = straight_through(x)
    y.backward([1.0, 3.0])
    assert y.tolist() == [0.0, 2.0]
    assert x.grad.tolist() == [1.0, 3.0]
    assert x.grad.dtype == np.float32
    assert y.op is not None
    assert y.op.name == "straight_through"


def test_several_results_share_one_rule() -> None:
    @ad.custom_function
    def polar(x: Any, y: Any) -> Any:
        return ad.sqrt(x * x + y * y), ad.arctan2(y, x)

    @polar.vjp
    def _(g: Any, results: Any, x: Any, y: Any) -> Any:
        (a, b), (r, _) = g, results
        return a * x / r - b * y / r**2, a * y / r + b * x / r**2

    assert gradcheck(lambda x, y: ad.exp(polar(x, y)[0]) * polar(x, y)[1], X, Y[0], order=2).passed
    # A result nobody uses has a cotangent of zeros.
    assert gradcheck(lambda x, y: polar(x, y)[1], X, Y[0], order=2).passed


def test_numpy_and_plain_numbers_serve_in_rules() -> None:
    @ad.custom_function
    def cube(x: Any, note: str) -> Any:
        return x.numpy() ** 3

    @cube.vjp
    def _(g: Any, y: Any, x: Any, note: str) -> Any:
        return 3 * np.square(x) * g, None

    assert gradcheck(lambda x: cube(x, "note"), X, order=2).passed


def test_a_rule_works_inside_a_compiled_step() -> None:
    wave = product().only("vjp")
    w = ad.Tensor(X, requires_grad=True)

    def step() -> Any:
        w.zero_grad()
        loss = wave(w, ad.Tensor(Y)).sum()
        loss.backward()
        return loss

    expected = step().item()
    gradient = w.grad.copy()
    compiled = ad.compile(step)
    for _ in range(3):
        assert compiled().item() == expected
        assert np.array_equal(w.grad, gradient)


def test_a_function_without_a_rule_is_refused() -> None:
    bare = ad.custom_function(lambda x: x)
    with pytest.raises(NonDifferentiableError, match=r"no derivative rule.*\.vjp or @"):
        bare(1.0)
    assert "no rule yet" in repr(bare)


def answered(answer: Any, *args: Any) -> Any:
    @ad.custom_function
    def identity(*args: Any) -> Any:
        return args[0]

    identity.vjp(lambda g, y, *args: answer)
    return identity(*args)


def test_what_a_vjp_rule_returns_is_checked() -> None:
    x = ad.Tensor(X, requires_grad=True)
    with pytest.raises(TypeError, match=r"'identity' returned 3 cotangent\(s\).*2 positional"):
        answered((X, X, X), x, x).backward(X)
    with pytest.raises(ShapeError, match=r"shape \(2,\) for argument 0 of shape \(3,\)"):
        answered(X[:2], x).backward(X)
    assert x.grad is None


def test_what_a_jvp_rule_returns_is_checked() -> None:
    @ad.custom_function
    def identity(x: Any) -> Any:
        return x

    x = ad.Tensor(X, requires_grad=True)
    identity.jvp(lambda t, y, x: t[0].sum())
    with pytest.raises(ShapeError, match=r"tangent of shape \(\) for a result of shape \(3,\)"):
        identity(x).backward(X)
    identity.jvp(lambda t, y, x: None)
    with pytest.raises(TypeError, match="must return a tangent for each of its 1 result"):
        identity(x).backward(X)


def test_nodes_are_handed_over_by_position() -> None:
    with pytest.raises(TypeError, match=r"wave\(\) was given y= as a node"):
        product()(X, y=ad.Tensor(Y, requires_grad=True))


def test_complex_operands_follow_the_holomorphic_rule() -> None:
    @ad.custom_function
    def square(z: Any) -> Any:
        return z * z

    square.vjp(lambda g, y, z: 2 * z * g)
    z = np.array([1 + 2j, -0.5 + 0.3j])
    a, b = ad.Tensor(z, requires_grad=True), ad.Tensor(z, requires_grad=True)
    weights = np.array([1 - 1j, 2.0])
    ad.real(square(a) * weights).sum().backward()
    ad.real(b * b * weights).sum().backward()
    np.testing.assert_allclose(a.grad, b.grad, rtol=1e-14)


def test_a_result_of_integers_is_a_constant() -> None:
    @ad.custom_function
    def rank(x: Any) -> Any:
        return x * 2, ad.argsort(x)

    rank.vjp(lambda g, y, x: g[0] * 2)
    x = ad.Tensor(X, requires_grad=True)
    doubled, order = rank(x)
    assert not order.requires_grad
    assert order.tolist() == [1, 0, 2]
    doubled.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0, 2.0]


def test_forward_mode_uses_the_forward_rule() -> None:
    wave = product()
    calls: list[int] = []
    given = wave._jvp

    @wave.jvp
    def _(t: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        return given(t, *args, **kwargs)

    wave.vjp(lambda *args: 1 / 0)
    u, v = np.full_like(X, 0.5), np.full_like(Y, -0.3)
    y, slope = ad.jvp(wave, (X, Y), (u, v))
    np.testing.assert_allclose(y, np.sin(X) * Y**2)
    expected = np.cos(X) * Y**2 * u + 2 * np.sin(X) * Y * v
    np.testing.assert_allclose(slope, expected, rtol=1e-14)
    assert calls == [1]
    # One operand alone, and a derivative of the tangent.
    _, slope = ad.jvp(lambda x: wave(x, Y), (X,), (u,))
    np.testing.assert_allclose(slope, np.cos(X) * Y**2 * u, rtol=1e-14)
    bend = ad.grad(lambda x: ad.jvp(lambda x: wave(x, Y), (x,), (u,))[1].sum())(X)
    np.testing.assert_allclose(bend, (-np.sin(X) * Y**2 * u).sum(0), rtol=1e-13)


def test_forward_mode_of_several_results() -> None:
    @ad.custom_function
    def both(x: Any) -> Any:
        return ad.sin(x), ad.exp(x), ad.argsort(x)

    @both.jvp
    def _(t: Any, y: Any, x: Any) -> Any:
        return t[0] * ad.cos(x), t[0] * y[1], t[0] * 0

    (_, _, order), (ds, de, _) = ad.jvp(both, (X,), (np.ones(3),))
    np.testing.assert_allclose(ds, np.cos(X), rtol=1e-14)
    np.testing.assert_allclose(de, np.exp(X), rtol=1e-14)
    assert order.tolist() == [1, 0, 2]
    assert gradcheck(lambda x: both(x)[:2], X, order=2).passed
