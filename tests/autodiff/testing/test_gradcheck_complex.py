"""Gradient checks of complex functions: both parts of every number count."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.testing import check_parameters, check_vjp, gradcheck

Z = np.array([1 + 1j, 0.3 - 2j])
X = np.array([0.5, 1.5])


@pytest.fixture(autouse=True)
def no_part_is_dropped() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize(
    ("function", "inputs", "compared"),
    [
        (ad.exp, (Z,), 16),
        (ad.exp, (1 + 2j,), 4),
        (ad.exp, (ad.Tensor(Z),), 16),
        (lambda z: ad.abs(ad.exp(z)), (Z,), 8),
        (ad.fft.fft, (X,), 8),
        (ad.multiply, (Z, X), 24),
        (lambda z, x: (z * x, ad.abs(z)), (Z, 1.5), 30),
        (ad.conjugate, (Z,), 16),
    ],
)
def test_right_gradients_pass(function: Any, inputs: tuple[Any, ...], compared: int) -> None:
    report = gradcheck(function, *inputs, order=2)
    assert report.passed, str(report)
    assert len(report.entries) == compared


def test_places_say_which_part() -> None:
    report = gradcheck(lambda z: z * z.detach(), Z)
    assert [entry.place for entry in report.failures[:3]] == [
        "z.real[0] → output[0].real",
        "z.real[0] → output[0].imag",
        "z.real[1] → output[1].real",
    ]
    assert len(report.failures) == 8
    single = gradcheck(lambda z: z * z.detach(), 1 + 2j)
    assert single.failures[1].place == "z.real → output.imag"
    assert single.failures[1].output == ("imag",)


def test_a_wrong_imaginary_part_is_noticed() -> None:
    """Its real part alone would pass."""
    report = gradcheck(lambda x: ad.make_complex(x, x.detach() * x), X)
    assert {entry.place for entry in report.failures} == {
        "x[0] → output[0].imag",
        "x[1] → output[1].imag",
    }


def test_a_conjugate_too_many_is_named() -> None:
    report = check_vjp(np.exp, lambda g, z: g * np.exp(z), Z, names=["z"])
    (hint,) = report.hints
    assert hint.startswith("in the gradient for 'z' a conjugate is missing")
    assert check_vjp(np.exp, lambda g, z: g * np.conj(np.exp(z)), Z).passed
    report = check_vjp(lambda z: np.imag(z * z).sum(), lambda g, z: g * -2j * z, Z)
    assert report.hints[0].startswith("in the gradient for 'z' a conjugate is missing")


def test_rules_of_custom_functions() -> None:
    def square(z: Any) -> Any:
        return z * z

    right, wrong = ad.custom_function(square), ad.custom_function(square)
    right.vjp(lambda g, y, z: 2 * g * z)
    wrong.vjp(lambda g, y, z: 2 * g * ad.conjugate(z))
    assert gradcheck(right, Z, order=2).passed
    report = gradcheck(wrong, Z)
    assert not report.passed
    assert report.hints[0].startswith("in the gradient for 'z' a conjugate is missing")


def test_real_inputs_have_real_gradients() -> None:
    assert check_vjp(np.fft.fft, lambda g, x: 2 * np.fft.ifft(g).real, X).passed
    report = check_vjp(np.fft.fft, lambda g, x: 2 * np.fft.ifft(g), X, names=["x"])
    assert "the gradient for 'x' has dtype complex128" in str(report.findings[0])


def test_the_count_of_gradients_is_that_of_the_inputs() -> None:
    report = check_vjp(np.multiply, lambda g, z, w: (g, g, g), Z, Z)
    assert "returned 3 gradients for 2 inputs" in str(report.findings[0])


def test_writing_into_complex_arrays_is_noticed() -> None:
    def vjp(g: Any, z: Any) -> Any:
        g *= 2
        return g * np.conj(z)

    report = check_vjp(lambda z: z * z, vjp, Z)
    assert "the cotangent was modified in place" in str(report)


def test_complex_parameters() -> None:
    w = ad.Tensor(Z.astype(np.complex64), requires_grad=True)
    w.grad = np.ones(2, np.complex64)
    report = check_parameters(lambda: ad.abs(ad.exp(w) * X), {"w": w}, order=2)
    assert report.passed, str(report)
    assert w.dtype == np.complex64
    np.testing.assert_array_equal(w.data, Z.astype(np.complex64))
    np.testing.assert_array_equal(w.grad, [1, 1])
    assert not check_parameters(lambda: ad.abs(w * w.detach()), {"w": w}).passed


def test_single_precision_is_looked_at_too() -> None:
    assert gradcheck(ad.exp, Z.astype(np.complex64)).passed

    @ad.custom_function
    def rough(z: Any) -> Any:
        return z * z

    @rough.vjp
    def _(g: Any, y: Any, z: Any) -> Any:
        single = z.dtype == np.complex64
        return 2 * g * z * (1.01 if single else 1.0)

    assert gradcheck(rough, Z).passed
    assert not gradcheck(rough, Z.astype(np.complex64)).passed


def test_many_entries_are_screened_along_lines() -> None:
    z = np.exp(1j * np.arange(200.0))
    assert gradcheck(lambda z: z * z, z).passed
    report = gradcheck(lambda z: z * ad.where(np.arange(200) == 77, z.detach(), z), z)
    assert {entry.argument for entry in report.failures if entry.index == (77,)} == {
        "z.real",
        "z.imag",
    }


@pytest.mark.parametrize("part", ["cholesky", "eigvalsh"])
def test_what_a_symmetric_matrix_needs_is_said(part: str) -> None:
    function = getattr(ad.linalg, part)
    a = np.array([[4.0, 1.0], [1.0, 3.0]])
    report = gradcheck(function, a)
    assert any("check lambda a: f((a + a.conj().mT) / 2)" in hint for hint in report.hints)
    assert gradcheck(lambda a: function((a + a.conj().mT) / 2), a, order=2).passed
    hermitian = a + np.array([[0, 1j], [-1j, 0]])
    assert gradcheck(lambda a: function((a + a.conj().mT) / 2), hermitian).passed
