"""`grad` and `value_and_grad`: functions in, functions out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same


def cube(x: Any) -> Any:
    return x**3


def test_numbers_in_numbers_out() -> None:
    for x in (2.0, 2, np.float64(2)):
        g = ad.grad(cube)(x)
        assert type(g) is float
        assert g == 12.0
    value, g = ad.value_and_grad(cube)(2.0)
    assert (type(value), value, g) == (float, 8.0, 12.0)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_arrays_in_arrays_out(dtype: Any) -> None:
    x = np.array([1.0, 2.0], dtype)
    value, g = ad.value_and_grad(lambda x: ad.sum(x * x))(x)
    assert isinstance(g, np.ndarray)
    assert g.dtype == dtype
    same(g, [2, 4])
    assert isinstance(value, np.ndarray)
    assert value == 5
    g += 1
    same(x, [1, 2])
    scalar = ad.grad(cube)(np.asarray(2.0, dtype))
    assert (scalar.shape, scalar.dtype) == ((), dtype)


def test_nodes_in_nodes_out() -> None:
    v = ad.Value(2.0)
    g = ad.grad(cube)(v)
    assert isinstance(g, ad.Value)
    assert g.data == 12.0
    g.backward()
    assert v.grad == 12.0
    x = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True)
    h = ad.grad(lambda x: ad.sum(cube(x)))(x)
    assert isinstance(h, ad.Tensor)
    h.sum().backward()
    same(x.grad, [6, 12])
    fixed = ad.Tensor([1.0, 2.0])
    k = ad.grad(lambda x: ad.sum(cube(x)))(fixed)
    assert isinstance(k, ad.Tensor)
    same(k.data, [3, 12])
    assert isinstance(ad.grad(cube)(v.detach()), ad.Value)


def test_the_gradients_of_the_nodes_given_are_not_touched() -> None:
    v, x = ad.Value(2.0), ad.Tensor([1.0, 2.0], requires_grad=True)
    ad.grad(lambda v, x: ad.sum(x * v))(v, x)
    ad.grad(lambda v, x: ad.sum(x * v), argnums=1)(v, x)
    assert v.grad is x.grad is None


def test_several_arguments() -> None:
    def f(a: Any, b: Any, c: Any) -> Any:
        return a * b * b + c

    assert ad.grad(f, argnums=(0, 1))(2.0, 3.0, 4.0) == (9.0, 12.0)
    assert ad.grad(f, argnums=[2, 0])(2.0, 3.0, 4.0) == (1.0, 9.0)
    assert ad.grad(f, argnums=-1)(2.0, 3.0, 4.0) == 1.0
    assert ad.grad(f, argnums=(1,))(2.0, 3.0, 4.0) == (12.0,)
    assert ad.grad(f)(2.0, b=3.0, c=4.0) == 9.0
    mixed = ad.grad(lambda a, b: ad.sum(a * b), argnums=(0, 1))(2.0, np.array([1.0, 2.0]))
    assert mixed[0] == 3.0
    same(mixed[1], [2, 2])


def test_other_arguments_are_passed_as_they_are() -> None:
    seen = []

    def f(x: Any, label: str, *, scale: int) -> Any:
        seen.append((label, scale))
        return x * scale

    assert ad.grad(f)(2.0, "a", scale=3) == 3.0
    assert seen == [("a", 3)]


def test_the_name_and_documentation_of_the_function_are_kept() -> None:
    assert ad.grad(cube).__name__ == "cube"


def test_higher_derivatives_by_nesting() -> None:
    f: Any = ad.sin
    for n in range(1, 6):
        f = ad.grad(f)
        assert f(0.7) == pytest.approx(math.sin(0.7 + n * math.pi / 2), rel=1e-13)
    x = np.array([0.3, 0.9])
    second = ad.grad(lambda x: ad.sum(ad.grad(lambda y: ad.sum(ad.exp(2 * y)))(x)))(x)
    same(second, 4 * np.exp(2 * x), rtol=1e-14)


def test_derivatives_with_respect_to_two_variables() -> None:
    def f(x: Any, y: Any) -> Any:
        return x**2 * y**3

    mixed = ad.grad(lambda x, y: ad.grad(f, argnums=1)(x, y))(2.0, 3.0)
    assert mixed == 2 * 2 * 3 * 9
    assert ad.grad(lambda y: ad.grad(f)(2.0, y))(3.0) == 2 * 2 * 3 * 9


def test_an_inner_derivative_does_not_see_outer_uses_of_its_variable() -> None:
    """Perturbation confusion (Siskind and Pearlmutter, 2005)."""
    assert ad.grad(lambda x: x * ad.grad(lambda y: x + y)(1.0))(1.0) == 1.0
    assert ad.grad(lambda x: x * ad.grad(lambda y: x + y)(x))(3.0) == 1.0
    assert ad.grad(lambda x: x * ad.grad(lambda y: x * y)(x))(3.0) == 6.0
    assert ad.grad(lambda x: ad.grad(lambda y: x * y * y)(x))(3.0) == 12.0
    array = np.array([1.0, 2.0])
    found = ad.grad(lambda x: ad.sum(x * ad.grad(lambda y: ad.sum(x * y))(x)))(array)
    same(found, 2 * array)


def test_an_inner_derivative_at_a_number_keeps_what_its_closure_depends_on() -> None:
    assert ad.grad(lambda x: ad.grad(lambda y: x * y)(2.0))(3.0) == 1.0
    assert ad.grad(lambda x: ad.grad(lambda y: x * y * y)(2.0) * x)(3.0) == 24.0
    assert ad.grad(lambda x: ad.value_and_grad(lambda y: x * y)(2.0)[0])(3.0) == 2.0
    array = np.array([2.0, 3.0])
    found = ad.grad(lambda x: ad.sum(ad.grad(lambda y: ad.sum(x * y * y))(array)))(array)
    same(found, 2 * array)
    assert ad.grad(lambda x: ad.grad(lambda y: y * y)(2.0) * x)(3.0) == 4.0
    three = ad.grad(lambda x: ad.grad(lambda y: ad.grad(lambda z: x * y * z)(1.0))(1.0))(5.0)
    assert three == 1.0


def test_a_derivative_that_failed_leaves_no_trace() -> None:
    def fails(x: Any) -> Any:
        raise KeyError

    with pytest.raises(KeyError):
        ad.grad(fails)(1.0)
    assert type(ad.grad(lambda y: y * y)(2.0)) is float


def test_results_that_do_not_depend_have_gradient_zero() -> None:
    assert ad.grad(lambda x: 3.0)(2.0) == 0.0
    assert ad.grad(lambda x: ad.Value(3.0))(2.0) == 0.0
    same(ad.grad(lambda x: ad.Tensor(1.0))(np.ones(2)), [0, 0])
    assert ad.grad(lambda x, y: x * 2, argnums=(0, 1))(2.0, 1.0) == (2.0, 0.0)
    assert ad.grad(lambda x: x.detach() * 2)(2.0) == 0.0
    assert ad.grad(lambda x: ad.sum(ad.floor(x)))(2.5) == 0.0
    assert ad.value_and_grad(lambda x: 3.0)(2.0) == (3.0, 0.0)


def test_a_function_that_returns_its_argument() -> None:
    assert ad.grad(lambda x: x)(2.0) == 1.0
    v = ad.Value(2.0)
    assert ad.grad(lambda x: x)(v).data == 1.0


def test_gradients_are_taken_inside_no_grad_too() -> None:
    with ad.no_grad():
        assert ad.grad(cube)(2.0) == 12.0
        assert ad.grad(ad.grad(cube))(2.0) == 12.0


def test_the_function_may_switch_gradients_off_inside() -> None:
    @ad.no_grad()
    def f(x: Any) -> Any:
        return x * 2

    assert ad.grad(lambda x: x * f(x))(3.0) == 6.0


def test_arguments_without_a_gradient_are_refused() -> None:
    for wrong, dtype in ((np.array([1, 2]), "int64"), (True, "bool")):
        with pytest.raises(ad.NonDifferentiableError, match=f"argument 0 has dtype {dtype}"):
            ad.grad(lambda x: ad.sum(x))(wrong)
    with pytest.raises(ad.NonDifferentiableError, match="argument 0 has dtype int64"):
        ad.grad(lambda x: ad.sum(x))(ad.Tensor([1, 2]))
    with pytest.raises(TypeError):
        ad.grad(cube)("2")


def test_several_results_are_refused() -> None:
    with pytest.raises(ad.NonScalarBackwardError, match=r"with shape \(2,\)"):
        ad.grad(lambda x: x * 2)(np.ones(2))
    with pytest.raises(ad.NonScalarBackwardError, match=r"with shape \(2,\)"):
        ad.grad(lambda x: x * 2)(ad.Tensor([1.0, 2.0], requires_grad=True))
    with pytest.raises(ad.NonScalarBackwardError, match=r"returned ndarray of shape \(2,\)"):
        ad.grad(lambda x: np.ones(2))(2.0)
    with pytest.raises(ad.NonScalarBackwardError, match=r"returned tuple of shape tuple\(0: \*"):
        ad.grad(lambda x: (x, x))(2.0)


def test_a_position_without_an_argument_is_refused() -> None:
    with pytest.raises(TypeError, match=r"argnums=1, but cube was called with 1 positional"):
        ad.grad(cube, argnums=1)(2.0)
    with pytest.raises(TypeError, match="argnums=-2"):
        ad.grad(cube, argnums=(0, -2))(2.0)
    with pytest.raises(TypeError, match="was called with 0 positional"):
        ad.grad(cube)(x=2.0)
