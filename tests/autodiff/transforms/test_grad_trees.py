"""`grad` over trees, by position and by name, with more than one result, of what is unused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclass
class Line:
    slope: Any
    offset: Any
    name: str = field(default="line", metadata={"static": True})


def test_the_gradient_has_the_structure_of_the_argument() -> None:
    given = {"w": [np.array([1.0, 2.0], np.float32), 3.0], "n": None, "p": Pair(4.0, (5.0,))}

    def f(t: Any) -> Any:
        return ad.sum(t["w"][0]) * t["w"][1] * t["p"].left + t["p"].right[0] ** 2

    value, g = ad.value_and_grad(f)(given)
    assert value == 3 * 3 * 4 + 25
    assert g["w"][0].dtype == np.float32
    same(g["w"][0], [12, 12])
    assert type(g["w"][1]) is float
    assert (g["w"][1], g["n"], g["p"]) == (12.0, None, Pair(9.0, (10.0,)))
    assert list(g) == list(given)


def test_dataclasses_keep_what_is_no_variable() -> None:
    g = ad.grad(lambda line, x: line.slope * x + line.offset)(Line(2.0, 1.0, "mine"), 3.0)
    assert g == Line(3.0, 1.0, "mine")


def test_lists_of_numbers_are_trees_of_numbers() -> None:
    assert ad.grad(lambda xs: xs[0] * xs[1] ** 2)([2.0, 3.0]) == [9.0, 12.0]
    assert ad.grad(lambda xs: xs[0] * xs[1] ** 2)((2, 3)) == (9.0, 12.0)


def test_trees_of_nodes_give_trees_of_nodes() -> None:
    v, t = ad.Value(2.0), ad.Tensor([1.0, 2.0], requires_grad=True)
    g = ad.grad(lambda p: p["v"] ** 2 * ad.sum(p["t"]))({"v": v, "t": t})
    assert isinstance(g["v"], ad.Value)
    assert isinstance(g["t"], ad.Tensor)
    (g["v"] + g["t"].sum()).backward()
    assert v.grad == 2 * 3 + 2 * 2 * 2
    same(t.grad, [4, 4])


def test_an_empty_tree_has_an_empty_gradient() -> None:
    assert ad.grad(lambda p, x: x * 2, argnums=(0, 1))({}, 3.0) == ({}, 2.0)
    assert ad.grad(lambda p: ad.Value(2.0))(None) is None


def test_nested_derivatives_over_trees() -> None:
    def f(p: Any) -> Any:
        return p["a"] ** 2 * p["b"] ** 3

    second = ad.grad(lambda p: ad.grad(f)(p)["a"])({"a": 2.0, "b": 3.0})
    assert second == {"a": 2 * 27.0, "b": 2 * 2 * 3 * 9.0}


def test_arguments_by_name() -> None:
    def f(x: Any, y: Any, *, z: Any = 1.0) -> Any:
        return x * y**2 * z

    assert ad.grad(f, argnames="y")(2.0, y=3.0) == 12.0
    assert ad.grad(f, argnames="y")(2.0, 3.0) == 12.0
    assert ad.grad(f, argnames="z")(2.0, 3.0, z=5.0) == 18.0
    assert ad.grad(f, argnames=["z", "x"])(2.0, 3.0, z=5.0) == {"z": 18.0, "x": 45.0}
    assert ad.grad(f, argnums=0, argnames=("z",))(2.0, 3.0, z=5.0) == (45.0, {"z": 18.0})
    assert ad.grad(f, argnums=(1, 0), argnames="z")(2.0, 3.0, z=5.0) == ((60.0, 45.0), 18.0)
    assert ad.grad(f, argnums=0, argnames="x")(2.0, 3.0) == (9.0, 9.0)
    with pytest.raises(TypeError, match="argnames='q', but f was called without it"):
        ad.grad(f, argnames="q")(2.0, 3.0)
    with pytest.raises(TypeError, match="argnames='z', but f was called without it"):
        ad.grad(f, argnames="z")(2.0, 3.0)
    with pytest.raises(TypeError, match=r"argnames='a', but .* was called without it"):
        ad.grad(lambda *a: a[0], argnames="a")(2.0)


def test_what_is_returned_beside_the_result() -> None:
    def f(x: Any) -> Any:
        y = x * x
        return ad.sum(y), {"squares": y, "note": "kept", "count": 3}

    x = np.array([1.0, 2.0])
    g, aux = ad.grad(f, has_aux=True)(x)
    same(g, 2 * x)
    assert isinstance(aux["squares"], np.ndarray)
    same(aux["squares"], x * x)
    assert (aux["note"], aux["count"]) == ("kept", 3)
    (value, again), g = ad.value_and_grad(f, has_aux=True)(x)
    assert value == 5
    same(again["squares"], x * x)
    same(g, 2 * x)


def test_what_is_returned_beside_can_be_differentiated_further_out() -> None:
    def outer(x: Any) -> Any:
        g, aux = ad.grad(lambda y: (y**2 * x, y * x), has_aux=True)(x)
        return g * aux

    # g = 2x², aux = x², so 2x⁴.
    assert ad.grad(outer)(3.0) == 8 * 27.0
    t = ad.Tensor([1.0, 2.0], requires_grad=True)
    _, aux = ad.grad(lambda x: (ad.sum(x), x * 3), has_aux=True)(t)
    aux.sum().backward()
    same(t.grad, [3, 3])


def test_a_function_without_a_pair_is_refused() -> None:
    for wrong in (lambda x: x, lambda x: (x, x, x), lambda x: [x, x]):
        with pytest.raises(TypeError, match=r"must return a pair \(result, aux\)"):
            ad.grad(wrong, has_aux=True)(1.0)
    with pytest.raises(ad.NonScalarBackwardError, match="with has_aux=True the function may"):
        ad.grad(lambda x: (x, x))(1.0)


def test_variables_without_influence() -> None:
    def f(p: Any) -> Any:
        return p["used"] * 2

    given = {"used": 1.0, "idle": np.ones(2, np.float32)}
    g = ad.grad(f)(given)
    assert g["idle"].dtype == np.float32
    same(g["idle"], [0, 0])
    assert ad.grad(f, unused="none")(given) == {"used": 2.0, "idle": None}
    with pytest.raises(ad.NonDifferentiableError, match=r"not depend on argument 0\['idle'\]"):
        ad.grad(f, unused="raise")(given)
    assert ad.grad(f, unused="raise")({"used": 1.0}) == {"used": 2.0}
    assert ad.grad(lambda x: 3.0, unused="none")(1.0) is None
    with pytest.raises(ValueError, match="'zeros', 'none' or 'raise', not 'nothing'"):
        ad.grad(f, unused="nothing")


def test_leaves_that_are_no_numbers_are_refused_with_their_place() -> None:
    @dataclass
    class Named:
        name: Any
        w: Any

    with pytest.raises(ad.NonDifferentiableError, match=r"argument 0\['a'\]\.name is 'x', a str"):
        ad.grad(lambda p: p["a"].w)({"a": Named("x", 1.0)})
    with pytest.raises(ad.NonDifferentiableError, match=r"argument 1\[1\] has dtype int64"):
        ad.grad(lambda x, p: p[0], argnums=1)(1.0, [1.0, np.array([1, 2])])
    with pytest.raises(ad.NonDifferentiableError, match=r"argument y is <object"):
        ad.grad(lambda y: y, argnames="y")(y=object())


def test_the_graph_of_what_the_function_took_from_elsewhere_stays() -> None:
    w = ad.Tensor([1.0, 2.0], requires_grad=True)
    y = w * w
    same(ad.grad(lambda x: ad.sum(x * y))(np.ones(2)), [1, 4])
    y.sum().backward()
    same(w.grad, [2, 4])
    v = ad.Value(3.0)
    u = v * v
    assert ad.grad(lambda x: x * u)(2.0) == 9.0
    u.backward()
    assert v.grad == 6.0


def test_a_result_from_elsewhere_has_gradient_zero() -> None:
    w = ad.Tensor([1.0, 2.0], requires_grad=True)
    y = ad.sum(w * w)
    assert ad.grad(lambda x: y)(2.0) == 0.0
    y.backward()
    same(w.grad, [2, 4])


def test_an_inner_derivative_does_not_walk_the_history_of_its_argument() -> None:
    x: Any = ad.Value(0.5)
    start = x
    for _ in range(20_000):
        x = x + 0.0
    for _ in range(2_000):
        # Minutes, if every step walked over all that came before.
        x = x - ad.grad(lambda y: y * y / 4)(x) * 1e-3
    x.backward()
    assert start.grad == pytest.approx((1 - 5e-4) ** 2000, rel=1e-12)


def test_nodes_are_constants_where_gradients_are_switched_off() -> None:
    v = ad.Value(3.0)
    with ad.no_grad():
        value, g = ad.value_and_grad(lambda x: x**2)(v)
    assert (value.data, g.data) == (9.0, 6.0)
    assert not value.requires_grad
    assert not g.requires_grad
    fixed = ad.Tensor([1.0, 2.0])
    value, g = ad.value_and_grad(lambda x: ad.sum(x * x))(fixed)
    assert isinstance(value, ad.Tensor)
    assert not value.requires_grad
    same(g.data, [2, 4])


def test_hooks_inside_the_function_are_called() -> None:
    seen = []

    def f(x: Any) -> Any:
        y = x * 3
        y.register_hook(seen.append)
        return ad.sum(y * y)

    same(ad.grad(f)(np.array([1.0])), [18])
    same(seen[0], [6])


def test_a_deep_function() -> None:
    def f(x: Any) -> Any:
        for _ in range(100_000):
            x = x * 1.00001
        return x

    expected = 1.00001**100_000
    assert ad.grad(f)(1.0) == pytest.approx(expected, rel=1e-9)
    same(ad.grad(f)(np.array(1.0)), expected, rtol=1e-9)
