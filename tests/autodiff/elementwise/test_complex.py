"""Complex numbers: the convention of their gradients, their functions, what is refused."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same

Z = np.array([1 + 2j, -0.5 + 0.3j, 0.7 - 1.1j])
W = np.array([0.3 - 1j, 2 + 0.5j, -1 + 1j])


def leaf(z: Any = Z) -> ad.Tensor:
    return ad.Tensor(z, requires_grad=True)


def test_the_gradient_points_where_a_real_number_grows_fastest() -> None:
    z = leaf()
    ad.sum(ad.abs(z) ** 2).backward()
    same(z.grad, 2 * Z)
    # A step against it makes |z - w| smaller: it is no conjugate of the right one.
    z = leaf()
    ad.sum(ad.abs(z - W) ** 2).backward()
    same(Z - 0.5 * z.grad, W, rtol=1e-14)


@pytest.mark.parametrize("kind", ["backward", "create_graph", "gradients", "retained", "grad"])
def test_every_way_to_a_gradient_has_one_convention(kind: str) -> None:
    z = leaf()
    y = z * W
    expected, inner = np.conj(W) * (Z * W), Z * W
    if kind == "retained":
        y.retain_grad()
    loss = 0.5 * ad.sum(ad.abs(y) ** 2)
    if kind == "gradients":
        found = ad.gradients(loss)
        same(found[y], inner)
        same(found[z], expected)
    elif kind == "grad":
        same(ad.grad(lambda z: 0.5 * ad.sum(ad.abs(z * W) ** 2))(Z), expected)
    else:
        loss.backward(create_graph=kind == "create_graph")
        same(z.grad.data if kind == "create_graph" else z.grad, expected)
        if kind == "retained":
            same(y.grad, inner)


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_gradient_given_to_backward_is_in_the_same_convention(create_graph: bool) -> None:
    # L = Re(conj(w) y) has the gradient w by y.
    a, b = leaf(), leaf()
    ad.sum(ad.real(ad.exp(a) * np.conj(W))).backward()
    ad.exp(b).backward(W, create_graph=create_graph)
    same(np.asarray(b.grad.data if create_graph else b.grad), a.grad, rtol=1e-14)
    if create_graph:
        c = leaf()
        ad.exp(c).backward(ad.Tensor(W), create_graph=True)
        same(c.grad.data, a.grad, rtol=1e-14)


def test_gradients_add_up() -> None:
    z = leaf()
    for _ in range(2):
        ad.sum(ad.imag(z * z)).backward()
    same(z.grad, 2 * np.conj(-1j * 2 * Z))


def test_a_real_operand_of_a_complex_result_gets_a_real_gradient() -> None:
    x = ad.Tensor(np.array([1.0, 2.0, 3.0]), requires_grad=True)
    ad.sum(ad.abs(x * 1j + Z) ** 2).backward()
    assert x.grad.dtype == np.float64
    same(x.grad, 2 * (x.data + Z.imag))
    v = ad.Value(2.0)
    ad.sum(ad.real(v * ad.Tensor(Z))).backward()
    assert v.grad == pytest.approx(Z.real.sum())


def test_single_precision_stays_single() -> None:
    x = ad.Tensor(np.ones(2, np.float32), requires_grad=True)
    y = x * 1j
    assert y.dtype == np.complex64
    assert ad.abs(y).dtype == np.float32
    ad.sum(ad.abs(y)).backward()
    assert x.grad.dtype == np.float32
    z = leaf(Z.astype(np.complex64))
    ad.sum(ad.real(ad.exp(z) / 2)).backward()
    assert z.grad.dtype == np.complex64


def test_python_numbers_take_the_default_precision() -> None:
    assert ad.Tensor([1j, 2.0]).dtype == np.complex128
    with ad.default_dtype("float32"):
        assert ad.Tensor(1j).dtype == np.complex64


def test_derivatives_of_holomorphic_functions() -> None:
    derivative = ad.grad(ad.sin, holomorphic=True)
    assert derivative(1 + 2j) == pytest.approx(np.cos(1 + 2j))
    second = ad.grad(derivative, holomorphic=True)
    assert second(1 + 2j) == pytest.approx(-np.sin(1 + 2j))
    value, slope = ad.value_and_grad(lambda z: ad.sum(z**3), holomorphic=True)(Z)
    same(value, np.sum(Z**3))
    same(slope, 3 * Z**2, rtol=1e-13)
    z = leaf(np.array(0.5 + 1j))
    node = derivative(z)
    ad.real(node).backward()
    same(z.grad, np.conj(-np.sin(0.5 + 1j)), rtol=1e-14)


def test_the_gradient_of_a_complex_argument_is_a_python_number() -> None:
    found = ad.grad(lambda z: ad.abs(z))(3 + 4j)
    assert type(found) is complex
    assert found == pytest.approx(0.6 + 0.8j)
    assert ad.grad(lambda z, x: ad.abs(z) * x, argnums=1)(3 + 4j, 2.0) == pytest.approx(5.0)


def test_absolute_value_and_sign_at_zero() -> None:
    z = leaf(np.array([0j, 3 + 4j]))
    ad.sum(ad.abs(z)).backward()
    same(z.grad, [0, 0.6 + 0.8j])
    same(ad.sign(z).data, np.sign(z.data))
    z = leaf(np.array([0j, 1j]))
    ad.sum(ad.real(ad.sign(z))).backward()
    assert np.isfinite(z.grad).all()
    assert abs(z) is not None
    same(np.abs(z).data, [0, 1])
    assert not ad.abs(ad.Tensor([1j])).requires_grad
    same(ad.abs(np.array([3 + 4j])).data, [5])


def test_parts_and_how_they_are_put_together() -> None:
    z = leaf()
    for found, expected in (
        (ad.real(z), Z.real),
        (ad.imag(z), Z.imag),
        (ad.conj(z), Z.conj()),
        (ad.angle(z), np.angle(Z)),
        (ad.angle(z, deg=True), np.angle(Z, deg=True)),
        (ad.angle([-1, 1]), [np.pi, 0]),
        (ad.polar(np.abs(Z), np.angle(Z)), Z),
        (ad.view_as_real(z), Z.view(float).reshape(3, 2)),
        (ad.view_as_complex(Z.view(float).reshape(3, 2)), Z),
        (ad.isreal(z * [1, 0, 1]), [False, True, False]),
        (ad.iscomplex(z * [1, 0, 1]), [True, False, True]),
        (np.real(z), Z.real),
        (np.imag(z), Z.imag),
        (np.conjugate(z), Z.conj()),
        (np.angle(z), np.angle(Z)),
    ):
        same(found.data, expected, rtol=1e-14)
    assert ad.make_complex(0.0, np.inf).data == complex(0, np.inf)
    x = ad.Tensor(Z.view(float).reshape(3, 2), requires_grad=True)
    ad.sum(ad.abs(ad.view_as_complex(x)) ** 2).backward()
    same(x.grad, 2 * x.data)


def test_parts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(TypeError, match="given imaginary parts of dtype complex128"):
        ad.make_complex(1.0, 1j)
    with pytest.raises(ad.ShapeError, match=r"given shape \(3,\); the last axis must have len"):
        ad.view_as_complex(np.ones(3))


REFUSED: list[Callable[[Any], Any]] = [
    ad.relu,
    ad.softplus,
    ad.floor,
    ad.erf,
    ad.gelu,
    ad.max,
    ad.softmax,
    ad.logsumexp,
    lambda z: ad.maximum(z, 1.0),
    lambda z: ad.clip(z, 0.0, 1.0),
    lambda z: ad.arctan2(z, z),
    lambda z: z % 2.0,
]


@pytest.mark.parametrize("function", REFUSED)
def test_what_has_no_meaning_for_complex_numbers_is_refused(
    function: Callable[[Any], Any],
) -> None:
    with pytest.raises(
        ad.NonDifferentiableError, match=r"was given complex numbers.*autodiff\.abs"
    ):
        function(leaf())


def test_a_complex_result_is_no_place_to_begin() -> None:
    z = leaf()
    with pytest.raises(ad.NonScalarBackwardError, match=r"which is complex \(complex128\).*real"):
        ad.sum(z * z).backward()
    with pytest.raises(ad.NonScalarBackwardError, match="holomorphic=True"):
        ad.grad(lambda z: z * z)(1j)
    with pytest.raises(ad.NonDifferentiableError, match=r"is complex.*is real; give real numbers"):
        ad.abs(z).backward(W)
    with pytest.raises(ad.NonDifferentiableError, match="argument 0 has dtype float64, but holo"):
        ad.grad(ad.sin, holomorphic=True)(1.0)
    with pytest.raises(ad.NonDifferentiableError, match="the result has dtype float64"):
        ad.grad(ad.abs, holomorphic=True)(1j)
    with pytest.raises(ad.NonScalarBackwardError, match=r"\(3,\)"):
        ad.grad(ad.sin, holomorphic=True)(Z)


def test_imaginary_parts_are_not_dropped_unsaid() -> None:
    with pytest.raises(TypeError, match=r"astype\(float64\) of complex128 would drop"):
        leaf().astype(np.float64)
    with pytest.raises(TypeError, match="a Value is one real number"):
        ad.to_value(leaf(np.array(1j)))


def test_powers_of_negative_numbers() -> None:
    x = ad.Tensor(np.array([-2.0]), requires_grad=True)
    c = leaf(np.array([0.5 + 1j]))
    y = x**c
    same(y.data, (-2 + 0j) ** c.data, rtol=1e-14)
    ad.sum(ad.real(y)).backward()
    slope = y.data * np.log(-2 + 0j)
    same(c.grad, np.conj(slope), rtol=1e-14)
    same(x.grad, np.real(c.data * (-2 + 0j) ** (c.data - 1)), rtol=1e-14)


def test_the_page_about_complex_numbers_is_true() -> None:
    page = Path(__file__).parents[3] / "docs" / "elementwise" / "complex.md"
    options = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    assert doctest.testfile(str(page), module_relative=False, optionflags=options).failed == 0


def test_a_step_with_complex_numbers_is_compiled() -> None:
    matrix = np.array([[1 + 1j, 2.0], [0.5j, -1.0]])

    def step(z: Any) -> Callable[[Any], Any]:
        def run(x: Any) -> Any:
            z.zero_grad()
            moved = ad.tanh(matrix @ (z * 1j)) + x
            y = ad.sum(ad.abs(moved) ** 2) + ad.sum(ad.real(ad.conj(z) * z))
            y.backward()
            return y

        return run

    eager, recorded = leaf(Z[:2]), leaf(Z[:2])
    ordinary, compiled = step(eager), ad.compile(step(recorded))
    for x in (np.array([1.0, 2.0]), np.array([-1.0, 0.5])):
        same(compiled(x).data, ordinary(x).data, rtol=0)
        same(recorded.grad, eager.grad, rtol=0)
    assert compiled.recordings == 1


@pytest.mark.parametrize("create_graph", [False, True])
def test_hooks_and_chosen_inputs_see_the_gradient_of_the_convention(create_graph: bool) -> None:
    z = leaf()
    y = z * W
    seen = []
    y.register_hook(lambda g: seen.append(np.array(g.data if create_graph else g)))
    z.register_hook(lambda g: g * 1j)
    ad.backward(0.5 * ad.sum(ad.abs(y) ** 2), inputs=[z], create_graph=create_graph)
    same(seen[0], Z * W)
    same(z.grad.data if create_graph else z.grad, 1j * np.conj(W) * (Z * W), rtol=1e-14)
    y = leaf() * W
    (found,) = ad.gradients(
        ad.sum(ad.abs(y) ** 2),
        inputs=[y],
        create_graph=create_graph,
    )
    same(found.data if create_graph else found, 2 * Z * W, rtol=1e-14)
    z = leaf()
    y = z * 1.0
    ad.backward([y, y], [W, 1j * W])
    same(z.grad, W + 1j * W)
