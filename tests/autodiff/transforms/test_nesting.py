"""Derivatives within derivatives, in every order of modes, none confused with another."""

from __future__ import annotations

import doctest
import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same


def by_jvp(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: ad.jvp(f, (x,), (1.0,))[1]


def by_vjp(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: ad.vjp(f, x)[1](1.0)[0]


def by_linearize(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: ad.linearize(f, x)[1](1.0)


DERIVATIVES: list[Any] = [ad.grad, by_jvp, by_vjp, by_linearize, ad.jacfwd, ad.jacrev]
each = pytest.mark.parametrize("d", DERIVATIVES, ids=lambda d: d.__name__)
pairs = pytest.mark.parametrize(
    ("outer", "inner"),
    list(itertools.product(DERIVATIVES, repeat=2)),
    ids=lambda d: d.__name__,
)


@pairs
def test_an_inner_derivative_does_not_see_the_outer_variable_as_its_own(
    outer: Any, inner: Any
) -> None:
    """Siskind and Pearlmutter, Perturbation Confusion and Referential Transparency, 2005."""
    assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1.0
    assert outer(lambda x: x * inner(lambda y: x + y)(x))(3.0) == 1.0
    assert outer(lambda x: x * inner(lambda y: x * y)(2.0))(3.0) == 6.0
    assert outer(lambda x: x * inner(lambda y: x * y * y)(x))(3.0) == 6 * 9.0
    assert outer(lambda x: inner(lambda y: x)(2.0) + x)(3.0) == 1.0


@pairs
def test_second_derivatives(outer: Any, inner: Any) -> None:
    assert outer(inner(ad.sin))(0.7) == pytest.approx(-math.sin(0.7), rel=1e-14)
    assert outer(inner(lambda x: x**4))(2.0) == 48.0
    assert outer(inner(lambda x: ad.to_value(ad.exp(ad.stack([x]) * 2), (0,))))(
        0.3
    ) == pytest.approx(4 * math.exp(0.6), rel=1e-13)


@pytest.mark.parametrize(
    "order",
    list(itertools.product([ad.grad, by_jvp, by_linearize], repeat=3)),
    ids=lambda order: "-".join(transform.__name__ for transform in order),
)
def test_third_derivatives(order: Any) -> None:
    f: Any = lambda x: ad.exp(2 * x) * x  # noqa: E731
    for d in order:
        f = d(f)
    # (x e²ˣ)''' = e²ˣ (8x + 12)
    assert f(0.5) == pytest.approx(math.exp(1.0) * 16, rel=1e-13)


@each
def test_an_outer_variable_in_the_direction(d: Any) -> None:
    # The tangent is x² · f'(y), so its derivative 2x · f'(y).
    found = d(lambda x: ad.jvp(lambda y: y**3, (2.0,), (x * x,))[1])(5.0)
    assert found == 10 * 12.0
    found = d(lambda x: ad.vjp(lambda y: y**3, 2.0)[1](x * x)[0])(5.0)
    assert found == 10 * 12.0


@each
def test_derivatives_inside_what_a_pullback_or_a_push_is_made_of(d: Any) -> None:
    def f(x: Any) -> Any:
        _, pullback = ad.vjp(lambda y: x * y**2, x)
        first = pullback(1.0)[0]
        return first * pullback(x)[0]

    # first = 2x², the second 2x³, so 4x⁵.
    assert d(f)(2.0) == 20 * 16.0


def test_a_pullback_made_outside_is_used_inside() -> None:
    _, pullback = ad.vjp(lambda y: y**3, 2.0)
    assert ad.grad(lambda x: pullback(x * x)[0])(5.0) == 120.0
    _, push = ad.linearize(lambda y: y**3, 2.0)
    assert ad.grad(lambda x: push(x * x))(5.0) == 120.0
    assert by_jvp(lambda x: push(x * x))(5.0) == 120.0


@pytest.mark.parametrize("inner", [ad.grad, ad.jacfwd, ad.jacrev])
@pytest.mark.parametrize("outer", [ad.grad, ad.jacfwd, ad.jacrev])
def test_arrays(outer: Any, inner: Any) -> None:
    x = np.array([0.3, 0.9])

    def f(x: Any) -> Any:
        return ad.sum(ad.exp(2 * x))

    found = outer(lambda x: ad.sum(inner(f)(x) * x))(x)
    same(found, 2 * np.exp(2 * x) * (1 + 2 * x), rtol=1e-14)
    array = np.array([2.0, 3.0])
    found = outer(lambda x: ad.sum(inner(lambda y: ad.sum(x * y * y))(array)))(array)
    same(found, 2 * array)


def test_an_inner_transform_of_plain_arrays_gives_nodes() -> None:
    kinds = []

    def f(x: Any) -> Any:
        y, t = ad.jvp(lambda a: a * x, (np.ones(2),), (np.ones(2),))
        jacobian = ad.jacobian(lambda a: a * x)(np.ones(2))
        _, pullback = ad.vjp(lambda a: a * x, np.ones(2))
        (g,) = pullback(np.ones(2))
        kinds.extend([type(y), type(t), type(jacobian), type(g)])
        return ad.sum(y) + ad.sum(t) + ad.sum(jacobian) + ad.sum(g)

    same(ad.grad(f)(np.array([1.0, 2.0])), [4, 4])
    same(ad.jacfwd(f)(np.array([1.0, 2.0])), [4, 4])
    assert set(kinds) == {ad.Tensor}


@pytest.mark.parametrize("first", [ad.jacfwd, ad.jacrev])
@pytest.mark.parametrize("second", [ad.jacfwd, ad.jacrev])
def test_hessians_in_every_order_of_modes(first: Any, second: Any) -> None:
    x = np.array([0.3, -0.7, 1.1])

    def f(x: Any) -> Any:
        return ad.logsumexp(x * x) + ad.prod(x) + ad.sum(ad.softmax(x, axis=0) ** 2)

    same(second(first(f))(x), ad.hessian(f)(x), rtol=1e-12, atol=1e-14)


def test_what_custom_operations_do_in_forward_mode() -> None:
    x, v = np.array([0.3, 0.9]), np.array([1.0, -2.0])

    def f(x: Any) -> Any:
        return ad.sin(x) * x

    slope = np.cos(x) * x + np.sin(x)
    same(ad.jvp(ad.checkpoint(f), (x,), (v,))[1], v * slope, rtol=1e-13)

    @ad.custom_function
    def doubled(x: Any) -> Any:
        return 2 * x

    @doubled.vjp
    def rule(g: Any, y: Any, x: Any) -> Any:
        return 3 * g

    same(ad.jvp(doubled, (x,), (v,))[1], 3 * v)

    @ad.custom_function
    def opaque(x: Any) -> Any:
        return 2 * x

    @opaque.vjp
    def plain_rule(g: Any, y: Any, x: Any) -> Any:
        return 2 * g.numpy()

    with pytest.raises(ad.NonDifferentiableError, match="reverse rule of 'opaque' written in"):
        ad.jvp(opaque, (x,), (v,))


def test_solutions_of_equations_in_forward_mode() -> None:
    a, v = np.array([0.3, 0.9]), np.array([1.0, -2.0])

    def fixed(a: Any) -> Any:
        return ad.fixed_point(lambda z, a: ad.cos(z) * a, np.array([0.5, 0.5]), a)

    def root(a: Any) -> Any:
        return ad.find_root(lambda z, a: z - ad.cos(z) * a, np.array([0.5, 0.5]), a)

    z = fixed(a).data
    for f in (fixed, root):
        # dz/da = cos z / (1 + a sin z)
        same(ad.jvp(f, (a,), (v,))[1], v * np.cos(z) / (1 + a * np.sin(z)), rtol=1e-9)
        slope = ad.grad(lambda x, f=f: ad.sum(ad.jvp(f, (x,), (v,))[1]))
        same(slope(a), ad.jvp(ad.grad(lambda x, f=f: ad.sum(f(x))), (a,), (v,))[1], rtol=1e-7)
        same(
            ad.jvp(lambda x, f=f: ad.jvp(f, (x,), (v,))[1], (a,), (v,))[1], slope(a) * v, rtol=1e-7
        )


def test_the_page_about_transforms_runs() -> None:
    page = Path(__file__).parents[3] / "docs" / "transforms.md"
    found = doctest.testfile(
        str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert found.attempted > 10
    assert found.failed == 0
