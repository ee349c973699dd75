"""Fourier transforms: values as NumPy's, gradients as finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import derivative, same

RNG = np.random.default_rng(8)
X = RNG.standard_normal((3, 4, 5))
Z = X + 1j * RNG.standard_normal((3, 4, 5))

ONE = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]
SEVERAL = ["fftn", "ifftn", "rfftn", "irfftn", "fft2", "ifft2", "rfft2", "irfft2"]
OF_REAL = {"rfft", "ihfft", "rfftn", "rfft2"}

one = [
    (name, {"n": n, "axis": axis, "norm": norm})
    for name in ONE
    for n, axis, norm in [
        (None, -1, None),
        (3, 0, "ortho"),
        (2, 1, "forward"),
        (7, -2, "backward"),
        (1, 2, None),
    ]
]
several = [
    (name, {"s": s, "axes": axes, "norm": norm})
    for name in SEVERAL
    for s, axes, norm in [
        (None, (0, 1), None),
        ((2, 7), (-1, 0), "ortho"),
        ((4, -1), (1, 2), "forward"),
        ((6,), (2,), "backward"),
    ]
]


def operand(name: str) -> Any:
    return X if name in OF_REAL else Z


def weighted(y: Any, xp: Any) -> Any:
    """A real number that depends on every part of the results."""
    k = np.arange(y.size).reshape(y.shape)
    return xp.sum(xp.real(y) * np.cos(k + 1.0)) + xp.sum(xp.imag(y) * np.sin(k + 0.5))


def steepest(f: Callable[[Any], Any], x: Any) -> Any:
    """∂L/∂x + i ∂L/∂y of a function that is linear or quadratic."""
    found = np.zeros(x.shape, x.dtype)
    for place in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[place] = 1.0
        for turn in (1, 1j) if x.dtype.kind == "c" else (1,):
            step = turn * unit
            found[place] += turn * derivative(lambda h, step=step: f(x + h * step), 0.0, 0.1)
    return found


@pytest.mark.parametrize(("name", "options"), one + several)
def test_value_and_gradient(name: str, options: dict[str, Any]) -> None:
    theirs, ours = getattr(np.fft, name), getattr(ad.fft, name)
    x = ad.Tensor(operand(name), requires_grad=True)
    y = ours(x, **options)
    expected = theirs(operand(name), **options)
    same(y.data, expected, rtol=1e-13, atol=1e-14)
    assert y.dtype == expected.dtype
    weighted(y, ad).backward()
    numeric = steepest(lambda v: weighted(theirs(v, **options), np), operand(name))
    same(x.grad, numeric, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", ONE + SEVERAL)
def test_numpy_leads_here(name: str) -> None:
    x = ad.Tensor(operand(name), requires_grad=True)
    y = getattr(np.fft, name)(x)
    assert y.requires_grad
    same(y.data, getattr(np.fft, name)(operand(name)), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("name", ONE + SEVERAL)
def test_single_precision_is_kept(name: str) -> None:
    wide = operand(name)
    narrow = wide.astype(np.float32 if wide.dtype.kind == "f" else np.complex64)
    x = ad.Tensor(narrow, requires_grad=True)
    y = getattr(ad.fft, name)(x)
    assert y.dtype == getattr(np.fft, name)(narrow).dtype
    weighted(y, ad).backward()
    assert x.grad.dtype == narrow.dtype


@pytest.mark.parametrize("name", ONE)
def test_second_order(name: str) -> None:
    given = operand(name)[0]

    def first(v: Any) -> Any:
        x = ad.Tensor(v, requires_grad=True)
        y = getattr(ad.fft, name)(x)
        ad.sum(ad.square(ad.real(y)) * ad.real(y) + ad.square(ad.imag(y))).backward(
            create_graph=True
        )
        return x, x.grad

    x, g = first(given)
    x.zero_grad()
    weighted(g, ad).backward()
    same(x.grad, steepest(lambda v: weighted(first(v)[1].data, np), given), rtol=1e-8, atol=1e-8)


def test_energy_is_kept() -> None:
    x = ad.Tensor(X, requires_grad=True)
    y = ad.fft.fftn(x, norm="ortho")
    energy = ad.sum(ad.square(ad.abs(y)))
    energy.backward()
    same(energy.item(), np.sum(X * X))
    same(x.grad, 2 * X, rtol=1e-12, atol=1e-13)


def test_all_axes_by_default_and_as_many_as_there_are_lengths() -> None:
    same(ad.fft.fftn(Z).data, np.fft.fftn(Z), atol=1e-13)
    same(ad.fft.rfftn(X).data, np.fft.rfftn(X), atol=1e-13)
    same(ad.fft.fftn(Z, (2, 3)).data, np.fft.fftn(Z, (2, 3), (-2, -1)), atol=1e-13)
    assert ad.fft.fftn(Z, axes=()).shape == Z.shape


def test_integers_and_lists_pass_without_gradient() -> None:
    assert ad.fft.fft(np.arange(4)).dtype == np.complex128
    assert ad.fft.rfft([1.0, 2.0]).dtype == np.complex128
    with ad.default_dtype(np.float32):
        assert ad.fft.rfft([1.0, 2.0]).dtype == np.complex64
    assert not ad.fft.rfft(ad.Tensor(np.arange(4))).requires_grad


@pytest.mark.parametrize("n", [1, 4, 5])
def test_frequencies_and_their_order(n: int) -> None:
    same(ad.fft.fftfreq(n, 0.5).data, np.fft.fftfreq(n, 0.5))
    same(ad.fft.rfftfreq(n, 0.5).data, np.fft.rfftfreq(n, 0.5))
    assert ad.fft.fftfreq(n, dtype=np.float16).dtype == np.float16
    plane = RNG.standard_normal((n, 4))
    for axes in (None, 0, -1, (0, 1)):
        x = ad.Tensor(plane, requires_grad=True)
        y = ad.fft.fftshift(x, axes)
        same(y.data, np.fft.fftshift(plane, axes))
        same(np.fft.fftshift(x, axes).data, y.data)
        same(ad.fft.ifftshift(x, axes).data, np.fft.ifftshift(plane, axes))
        same(ad.fft.ifftshift(y, axes).data, plane)
        weighted(y, ad).backward()
        same(x.grad, steepest(lambda v, a=axes: weighted(np.fft.fftshift(v, a), np), plane), 1e-9)


def test_errors_name_what_was_given() -> None:
    with pytest.raises(ValueError, match="norm='both'"):
        ad.fft.fft(X, norm="both")
    with pytest.raises(ValueError, match="given 0 points"):
        ad.fft.fft(X, 0)
    with pytest.raises(ad.ShapeError, match="axis 3"):
        ad.fft.fft(X, axis=3)
    with pytest.raises(ad.ShapeError, match="axis -1"):
        ad.fft.rfft(1.0)
    with pytest.raises(ad.ShapeError, match="1 lengths"):
        ad.fft.fftn(X, (2,), (0, 1))
    with pytest.raises(ValueError, match="1 frequencies and n=None"):
        ad.fft.irfft(X[..., :1])
    with pytest.raises(ValueError, match="needs an axis"):
        ad.fft.rfftn(1.0)
    with pytest.raises(ad.NonDifferentiableError, match="'rfft' was given complex numbers"):
        ad.fft.rfft(Z)
    with pytest.raises(ad.ShapeError, match=r"'fft' was given shape \(2, 0\)"):
        ad.fft.fft(np.zeros((2, 0)))


def test_a_compiled_step_transforms() -> None:
    x = ad.Tensor(X, requires_grad=True)

    def step(v: Any) -> Any:
        x.zero_grad()
        loss = ad.sum(ad.square(ad.real(ad.fft.irfft(ad.fft.rfft(x * v) * 1j))))
        loss.backward()
        return loss

    compiled = ad.compile(step)
    for v in (X, X + 1.0, X - 0.5):
        same(compiled(v).data, step(v).data)
        found = x.grad
        step(v)
        same(found, x.grad)
